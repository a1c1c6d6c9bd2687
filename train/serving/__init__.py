"""Serving a model on this machine as an OpenAI-compatible endpoint."""
