"""Programs that run inside a sandbox. Standard library only; never imported by the host."""
