"""Asking an OpenAI-compatible endpoint: one client, retries, and errors told apart, whatever its make."""
