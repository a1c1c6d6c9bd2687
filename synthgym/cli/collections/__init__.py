"""Commands about challenges and collections: making, verifying, listing, sharing."""
