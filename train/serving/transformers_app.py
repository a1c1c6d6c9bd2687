"""The program of the engine transformers: its handler of chat completions, with a key, names and adapters around it.

`transformers serve` itself asks for no key, answers to a folder's path only, and does not load adapters: an adapter is
merged into a copy of the model here, which is served beside it under the adapter's name.
"""

from __future__ import annotations

import argparse
import asyncio
import hmac
import os
import shutil
import uuid
from pathlib import Path
from typing import Any

import torch
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from transformers import AutoModelForCausalLM, GenerationConfig
from transformers.cli.serving.chat_completion import ChatCompletionHandler
from transformers.cli.serving.model_manager import ModelManager
from transformers.cli.serving.utils import GenerationState
from transformers.utils import logging

from synthgym.train.serving.process import HOST
from synthgym.train.serving.transformers_server import APP_KEY_VARIABLE


class Served:
    """The models, and who answers for them.

    Args:
        scratch: Has the model in it, and takes what adapters are merged into.
        names: What the model is called.
        device: Where it computes.
        dtype: Of the weights.
        context: Tokens of a conversation, at most; None for no limit.
    """

    def __init__(self, scratch: Path, names: list[str], device: str, dtype: str, context: int | None) -> None:
        self.scratch, self.dtype, self.context = scratch, dtype, context
        self.base = scratch / "model"
        self.manager = ModelManager(device=device, dtype=dtype, model_timeout=-1)
        self.handler = ChatCompletionHandler(self.manager, GenerationState())
        self.folders = dict.fromkeys(names, self.base)
        self.own = frozenset(names)
        self.turn = asyncio.Lock()  # a seed holds for the whole process: one answer at a time
        self.open(self.base)

    def open(self, folder: Path) -> None:
        """Loads a model, and lays its own settings for sampling aside: what is not asked for is not done."""
        model, _ = self.manager.load_model_and_processor(self.manager.process_model_name(str(folder)))
        own = model.generation_config
        model.generation_config = GenerationConfig(
            do_sample=True,
            temperature=1.0,
            top_p=1.0,
            top_k=0,
            eos_token_id=own.eos_token_id,
            pad_token_id=own.pad_token_id,
            bos_token_id=own.bos_token_id,
        )

    async def chat(self, body: dict[str, Any]) -> Response:
        """One answer."""
        folder = self.folders.get(str(body.get("model")))
        if folder is None:
            return refused(404, f"The model `{body.get('model')}` does not exist.")
        body = {**body, "model": str(folder)}
        async with self.turn:
            if self.context and (too_long := self.too_long(body, folder)):
                return refused(400, too_long)
            answer: Response = await self.handler.handle_request(body, str(uuid.uuid4()))
            return answer

    def too_long(self, body: dict[str, Any], folder: Path) -> str | None:
        """What is said of a conversation that does not fit, in the words that other servers have for it."""
        assert self.context
        _, tokenizer = self.manager.load_model_and_processor(self.manager.process_model_name(str(folder)))
        shown = tokenizer.apply_chat_template(body["messages"], add_generation_prompt=True, tokenize=True)
        prompt = len(shown["input_ids"] if hasattr(shown, "keys") else shown)
        answer = int(body.get("max_tokens") or body.get("max_completion_tokens") or 1)
        if prompt + answer <= self.context:
            return None
        return (
            f"This model's maximum context length is {self.context} tokens. However, you requested {answer} output "
            f"tokens and your prompt contains {prompt} tokens. Please reduce the length of the messages."
        )

    async def load(self, name: str, folder: Path) -> Response:
        """Serves the model with an adapter merged into it."""
        if name in self.folders:
            return refused(400, f"The lora adapter '{name}' has already been loaded.")
        merged = self.scratch / "merged" / uuid.uuid4().hex
        async with self.turn:
            try:
                await asyncio.to_thread(self.merge, folder, merged)
            except Exception as error:
                shutil.rmtree(merged, ignore_errors=True)
                return refused(400, f"{type(error).__name__}: {error}")
            self.folders[name] = merged
        return Response(f"Success: LoRA adapter '{name}' added successfully.")

    def merge(self, adapter: Path, target: Path) -> None:
        """Writes the model with the adapter's changes in it, and loads it."""
        from peft import PeftModel

        model = AutoModelForCausalLM.from_pretrained(self.base, dtype=self.dtype, use_safetensors=True)
        merged: Any = PeftModel.from_pretrained(model, str(adapter)).merge_and_unload(safe_merge=True)
        merged.save_pretrained(target)
        for path in self.base.iterdir():
            if path.is_file() and path.suffix in (".json", ".jinja", ".txt") and not (target / path.name).exists():
                shutil.copy(path, target / path.name)
        for path in adapter.glob("chat_template.jinja"):  # the one that it was trained with
            shutil.copy(path, target / path.name)
        self.open(target)

    async def unload(self, name: str) -> Response:
        """Serves an adapter no more."""
        if name in self.own or name not in self.folders:
            return refused(404, f"The lora adapter '{name}' cannot be found.")
        async with self.turn:
            folder = self.folders.pop(name)
            self.manager.loaded_models[self.manager.process_model_name(str(folder))].delete_model()
            shutil.rmtree(folder, ignore_errors=True)
        return Response(f"Success: LoRA adapter '{name}' removed successfully.")


def refused(status: int, message: str) -> JSONResponse:
    """An error as OpenAI's clients read it."""
    return JSONResponse({"error": {"message": message, "type": "invalid_request_error", "code": status}}, status)


def make_app(served: Served, key: str) -> FastAPI:
    """The server: its paths are those of OpenAI, and for adapters those of vLLM."""
    app = FastAPI()

    @app.middleware("http")
    async def asks_for_the_key(request: Request, call_next: Any) -> Response:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if request.url.path.startswith("/v1") and not hmac.compare_digest(given.encode(), key.encode()):
            return refused(401, "Unauthorized")
        answer: Response = await call_next(request)
        return answer

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/v1/models")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [{"id": name, "object": "model"} for name in served.folders]}

    @app.post("/v1/chat/completions")
    async def chat(body: dict[str, Any]) -> Response:
        return await served.chat(body)

    @app.post("/v1/load_lora_adapter")
    async def load(body: dict[str, Any]) -> Response:
        return await served.load(str(body["lora_name"]), Path(body["lora_path"]))

    @app.post("/v1/unload_lora_adapter")
    async def unload(body: dict[str, Any]) -> Response:
        return await served.unload(str(body["lora_name"]))

    return app


def _there(device: str) -> bool:
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError):  # torch says it in either way
        return False
    return True


def main() -> None:
    """Serves until it is told to end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("scratch", type=Path)
    parser.add_argument("names", nargs="+")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--dtype", default="auto")
    parser.add_argument("--context", type=int)
    given = parser.parse_args()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    device = given.device
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if not _there(device):
        raise SystemExit(f"there is no device {device!r} here that torch could use")
    served = Served(given.scratch, given.names, device, given.dtype, given.context)
    app = make_app(served, os.environ.pop(APP_KEY_VARIABLE))
    uvicorn.run(app, host=HOST, port=given.port, log_level="error", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main()
