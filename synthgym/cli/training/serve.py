"""`synthgym serve`: a model of this machine as an endpoint, until Ctrl-C."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated, Literal

import typer

from synthgym.base.errors import UserError
from synthgym.base.messages import say

KEY_VARIABLE = "SYNTHGYM_SERVE_KEY"
_LOOK = 0.5


def serve(
    model: Annotated[
        str,
        typer.Argument(metavar="MODEL", help="A model's or an adapter's folder, user/name of the Hub, smollm2-135m."),
    ],
    adapter: Annotated[
        list[str] | None,
        typer.Option("--adapter", metavar="NAME=DIR...", help="LoRA adapters to serve beside it, by these names."),
    ] = None,
    engine: Annotated[
        Literal["auto", "vllm", "transformers"],
        typer.Option("--engine", help="auto: vLLM where it is installed, else transformers."),
    ] = "auto",
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="A free one by default.")] = None,
    context: Annotated[
        int | None, typer.Option("--context", min=1, help="Tokens of a conversation; by default all the model takes.")
    ] = None,
    max_lora_rank: Annotated[
        int, typer.Option("--max-lora-rank", min=0, help="Room for adapters of this rank; 0 for none.")
    ] = 64,
    threads: Annotated[int | None, typer.Option("--threads", min=1, help="CPU threads.")] = None,
    dtype: Annotated[
        Literal["auto", "float32", "bfloat16", "float16"],
        typer.Option("--dtype", help="Of the weights; auto is the model's own, and with vLLM on a CPU float32."),
    ] = "auto",
    device: Annotated[str, typer.Option("--device", help="Of transformers: auto, cpu, cuda, cuda:1.")] = "auto",
    gpu_memory: Annotated[
        float | None, typer.Option("--gpu-memory", min=0.01, max=1.0, help="vLLM's share of the GPU's memory.")
    ] = None,
    log: Annotated[Path | None, typer.Option("--log", metavar="FILE", help="Keeps what the server prints.")] = None,
) -> None:
    """Serves a model on this machine as an OpenAI-compatible endpoint, until Ctrl-C.

    It listens on the loopback interface only and asks for a key: the one in SYNTHGYM_SERVE_KEY, else one made for it,
    which is printed.
    """
    from synthgym.train.models.folder import model_and_adapter
    from synthgym.train.serving import serve as run
    from synthgym.train.serving.errors import ServerFailed

    adapters = dict(_named(each) for each in adapter or [])
    name, itself = model_and_adapter(model)
    asked = None
    if itself:
        asked = itself.absolute().name
        if asked in adapters:
            raise UserError(f"--adapter {asked}=…: {model} is an adapter of that name; give this one another")
        adapters[asked] = itself
    own = os.environ.get(KEY_VARIABLE)
    say(f"{model}: starting", flush=True)
    try:
        with run(
            name,
            engine=engine,
            adapters=adapters,
            port=port,
            key=own,
            log=log,
            context=context,
            max_lora_rank=max_lora_rank or None,
            threads=threads,
            dtype=dtype,
            device=device,
            gpu_memory=gpu_memory,
        ) as server:
            say(f"served by   {server.engine}")
            say(f"base URL    {server.base_url}")
            say(f"models      {', '.join([server.model, server.source.short_name, *server.adapters])}")
            say(f"key         {f'the one in {KEY_VARIABLE}' if own else server.key}")
            say(f"agent       {server.spec(asked)}   (with OPENAI_API_KEY set to the key)")
            say("Ctrl-C ends it", flush=True)
            while server.alive():
                time.sleep(_LOOK)
            raise ServerFailed(server.failure_text())
    except KeyboardInterrupt:
        say("ended")


def _named(text: str) -> tuple[str, Path]:
    name, equals, folder = text.partition("=")
    if not (name and equals and folder):
        raise UserError(f"--adapter {text}: expected NAME=DIR, as in --adapter tuned=runs/adapter")
    return name, Path(folder)
