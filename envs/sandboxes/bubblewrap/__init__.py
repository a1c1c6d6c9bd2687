"""Sandboxes by bubblewrap: no engine, no image."""
