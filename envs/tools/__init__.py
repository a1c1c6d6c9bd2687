"""Programs that run inside a sandbox. Standard library only; the host imports `set_up` alone."""
