"""Serving a model on this machine as an OpenAI-compatible endpoint."""

from synthgym.train.serving.server import Server, serve
from synthgym.train.serving.vllm_server import find_vllm

__all__ = ["Server", "find_vllm", "serve"]
