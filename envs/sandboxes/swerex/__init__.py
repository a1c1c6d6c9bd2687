"""Sandboxes by any deployment of swe-rex, and ours as one."""
