"""Sandboxes by a container engine: Docker, or Podman."""
