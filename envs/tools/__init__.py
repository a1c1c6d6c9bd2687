"""Programs that run inside a sandbox. Python alone: packages are only for submitted networks, and for seeding them."""
