"""A model of this machine as an OpenAI-compatible endpoint, by vLLM where it is installed, else by transformers.

The server listens on the loopback interface only, asks for a key that is made for it, takes nothing from the network,
and ends with the block, or with the process that started it, however that ends.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

from synthgym.agents.endpoint.keys import add_key, forget_key
from synthgym.agents.endpoint.redaction import redact
from synthgym.base.errors import FileError, UnknownNameError, UserError
from synthgym.base.json_reading import parse_json, read_object
from synthgym.train.models.folder import NO_TEMPLATE
from synthgym.train.models.resolve import resolve
from synthgym.train.models.source import ModelSource
from synthgym.train.serving import transformers_server, vllm_server
from synthgym.train.serving.adapters import check_adapter
from synthgym.train.serving.errors import AdapterDoesNotFit, ServerFailed
from synthgym.train.serving.process import HOST, ServerProcess, direct, free_port
from synthgym.train.serving.settings import Engine, Serving

_LAUNCH = {"vllm": vllm_server.launch, "transformers": transformers_server.launch}
_READY = {"vllm": 1800.0, "transformers": 600.0}
"""Seconds until a server is ready, at most, on a machine that has much else to do."""
_REQUEST = 300.0
_MOST_OF_ERROR = 1 << 20
_ADAPTER = re.compile(r"[\w.+@-]+")


@dataclass
class Server:
    """A running server.

    Attributes:
        base_url: For an OpenAI client.
        model: The name to ask for the model by. It holds a piece of the model's revision, so that records tell models
            apart; the name without it is answered too.
        engine: Who answers.
        context: Tokens of a conversation, at most; None where it is not known.
        key: What calls have to carry; agents of this process and of its workers know it.
        log: What the server prints.
    """

    base_url: str
    model: str
    engine: Engine
    context: int | None
    key: str = field(repr=False)
    log: Path
    source: ModelSource
    _process: ServerProcess = field(repr=False)
    _rank: int | None
    adapters: list[str] = field(default_factory=list)

    @property
    def tokens(self) -> bool:
        """Whether it tells token ids and log-probabilities."""
        return self.engine == "vllm"

    def spec(self, adapter: str | None = None, **settings: Any) -> str:
        """The server as an agent: what `synthgym rollout` and `synthgym benchmark` take.

        Args:
            adapter: The name of a loaded adapter, to be asked instead of the model itself.
            settings: Of `ChatSettings`.
        """
        if adapter is not None and adapter not in self.adapters:
            raise UnknownNameError("adapter", adapter, self.adapters)
        given = {name: str(value).lower() if isinstance(value, bool) else value for name, value in settings.items()}
        query = f"?{urlencode(given)}" if given else ""
        return f"chat:{adapter or self.model}@{self.base_url}{query}"

    def alive(self) -> bool:
        """Whether it is still running."""
        return self._process.alive()

    def failure_text(self) -> str:
        """What is known of its end; waits for it."""
        return str(self._process.failure())

    def load_adapter(self, name: str, folder: str | Path) -> None:
        """Serves a LoRA adapter beside the model, under a name of its own.

        Give changed weights a new name, and unload the old one: what was computed with weights of a name is kept.

        Raises:
            AdapterDoesNotFit: It is of another model, too large, or not what an adapter should be.
            ServerFailed: The server is gone.
        """
        place = Path(folder).absolute()
        _check_name(name, (self.model, self.source.short_name))
        if self._rank is None:
            raise UserError("this server was started without room for adapters; give it a max_lora_rank")
        check_adapter(place, self.source, self._rank)
        problem = self._post("load_lora_adapter", {"lora_name": name, "lora_path": str(place)})
        if problem:
            raise AdapterDoesNotFit(f"{folder}: the server does not take this adapter: {problem}")
        self.adapters.append(name)

    def unload_adapter(self, name: str) -> None:
        """Serves an adapter no more.

        Raises:
            UnknownNameError: There is none of this name.
            ServerFailed: The server is gone.
        """
        problem = self._post("unload_lora_adapter", {"lora_name": name})
        if problem:
            raise UnknownNameError("adapter", name, self.adapters)
        self.adapters.remove(name)

    def _post(self, path: str, body: dict[str, str]) -> str | None:
        """Asks the server itself for something; returns what it says against it."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"}
        request = urllib.request.Request(f"{self.base_url}/{path}", json.dumps(body).encode(), headers)
        try:
            with direct.open(request, timeout=_REQUEST):
                return None
        except urllib.error.HTTPError as error:
            if not self.alive():
                raise self._process.failure() from None
            return _message(error.read(_MOST_OF_ERROR))
        except OSError as error:
            if not self.alive():
                raise self._process.failure() from None
            raise ServerFailed(f"the model server at {self.base_url} does not answer: {redact(str(error))}") from None


def _check_name(name: str, taken: tuple[str, ...]) -> None:
    if not _ADAPTER.fullmatch(name) or name in taken:
        raise UserError(f"adapter {name!r}: expected a name of letters, digits and . _ + - that is not the model's")


def _check_template(source: ModelSource) -> None:
    """A server would come up without a chat template, and answer every request with an internal error."""
    if (source.folder / "chat_template.jinja").exists() or (source.folder / "chat_templates").is_dir():
        return
    try:
        about = read_object(source.folder / "tokenizer_config.json", finite=False)
    except (OSError, FileError):
        about = {}
    if not about.get("chat_template"):
        raise UserError(f"{source.name}: {NO_TEMPLATE}")


@contextlib.contextmanager
def serve(
    model: str | Path | ModelSource,
    *,
    engine: Literal["auto", "vllm", "transformers"] = "auto",
    adapters: Mapping[str, str | Path] | None = None,
    port: int | None = None,
    key: str | None = None,
    log: str | Path | None = None,
    timeout: float | None = None,
    **settings: Any,
) -> Iterator[Server]:
    """Serves a model while the block runs.

    Args:
        model: A folder, or another name that `synthgym.train.models.resolve` knows.
        engine: ``auto`` takes vLLM where it is installed.
        adapters: LoRA adapters to be served beside it: their folders, by the names they get.
        port: Of the loopback interface; a free one by default.
        key: What calls have to carry; by default one that nobody can guess.
        log: A file that what the server prints is added to; by default it is lost.
        timeout: Seconds to wait until it is ready.
        settings: Of `Serving`: `context`, `max_lora_rank`, `threads`, and others.

    Raises:
        UserError: There is no such model, the port is taken, or an adapter does not fit.
        MissingDependencyError: The engine is not installed.
        NotEnoughMemory: The machine has too little for it.
        ServerFailed: The server did not come up; holds the end of what it printed.

    Example:
        >>> with serve("runs/student") as server:
        ...     benchmark(ids, [server.spec(temperature=0)], out="runs/benchmark")
    """
    given = Serving.model_validate(settings)
    source = model if isinstance(model, ModelSource) else resolve(model)
    chosen = _choose(engine)
    adapters = dict(adapters or {})
    if given.context and source.context and given.context > source.context:
        raise UserError(f"context: {source.name} was made for {source.context} tokens, got {given.context}")
    if adapters:
        if given.max_lora_rank is None:
            raise UserError("adapters: there is no room for any with max_lora_rank=None")
        for adapter, folder in adapters.items():  # before minutes are spent on starting the server
            _check_name(adapter, (source.short_name,))
            check_adapter(Path(folder), source, given.max_lora_rank)
        given = given.model_copy(update={"max_loras": max(given.max_loras, len(adapters))})
    _check_template(source)
    port = free_port(port)
    base_url, name = f"http://{HOST}:{port}/v1", f"{source.short_name}@{source.revision[:8]}"
    key = key or secrets.token_hex(24)
    with contextlib.ExitStack() as stack:
        scratch = Path(tempfile.mkdtemp(prefix="synthgym-serve-"))
        stack.callback(shutil.rmtree, scratch, ignore_errors=True)
        place = Path(log) if log else scratch / "log"
        launch = _LAUNCH[chosen](source, given, port, [name, source.short_name], key, scratch)
        process = ServerProcess(launch, scratch, place)
        stack.callback(process.stop)
        process.wait_until_ready(timeout or _READY[chosen])
        add_key(base_url, key)
        stack.callback(forget_key, base_url)
        server = Server(
            base_url,
            name,
            chosen,
            given.context or source.context,
            key,
            place,
            source,
            process,
            given.max_lora_rank,
        )
        for adapter, folder in adapters.items():
            server.load_adapter(adapter, folder)
        yield server


def _choose(engine: Literal["auto", "vllm", "transformers"]) -> Engine:
    if engine == "auto":
        return "vllm" if vllm_server.find_vllm() else "transformers"
    if engine not in _LAUNCH:
        raise UnknownNameError("engine", engine, ["auto", *_LAUNCH])
    return engine


def _message(body: bytes) -> str:
    """What an error says."""
    try:
        said = parse_json(body)["error"]
        text = str(said["message"] if isinstance(said, dict) else said)
    except (ValueError, KeyError, TypeError):
        text = body.decode(errors="replace")
    return redact(text)[:500]
