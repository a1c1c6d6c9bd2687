"""Agent specs that name a model to be served, and the servers for as long as they are needed.

    serve:MODEL                                      a folder, user/name of the Hub, or smollm2-135m
    serve:ADAPTER                                    the folder of a saved adapter: its model, with it
    serve:MODEL?adapter=DIR&temperature=0            with an adapter, and with settings of `ChatSettings`
    serve:MODEL?engine=transformers&threads=2        and with settings of the server
    NAME=serve:…                                     called NAME in records

Specs of the same model and the same server settings share a server. Records call an agent by its model, or by its model
and its adapter, whatever the port.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pydantic import ValidationError

from synthgym.agents.specs import parse_spec, split_name
from synthgym.base.errors import UserError
from synthgym.base.validation import first_problem
from synthgym.train.models.folder import model_and_adapter
from synthgym.train.models.resolve import resolve
from synthgym.train.models.source import content_hash
from synthgym.train.serving.adapters import rank_of
from synthgym.train.serving.server import serve
from synthgym.train.serving.settings import Serving

_NOT_IN_NAMES = re.compile(r"[^\w.+-]+")
_FOR_SERVERS = ("engine", "device", "dtype", "threads", "gpu_memory", "thoughts")


@dataclass(frozen=True)
class ServeSpec:
    """One agent: a model, perhaps with an adapter, and how both are served and asked.

    Attributes:
        name: As records call it.
        model: As `resolve` knows it.
        adapter: Folder of a LoRA adapter.
        server: Settings of the server.
        chat: Settings of the agent.
    """

    name: str
    model: str
    adapter: Path | None
    server: tuple[tuple[str, str], ...]
    chat: tuple[tuple[str, str], ...]

    @property
    def context(self) -> int | None:
        """The context that the agent was given."""
        found = dict(self.chat).get("context")
        return int(found) if found else None


def read_spec(text: str) -> ServeSpec | None:
    """Reads a spec, and checks what can be checked before a server is started; None for another kind of agent.

    Raises:
        UserError: A setting is unknown, or has no value that it could have.
    """
    given, rest = split_name(text)
    named, _, query = rest.removeprefix("serve:").partition("?")
    if not rest.startswith("serve:") or not named:
        return None
    pairs = dict(parse_qsl(query, keep_blank_values=True))
    adapter = pairs.pop("adapter", None)
    server = tuple((name, pairs.pop(name)) for name in _FOR_SERVERS if name in pairs)
    chat = tuple(pairs.items())
    model, itself = model_and_adapter(named)
    if itself and adapter is not None:
        raise UserError(f"agent {text!r}: {itself} is an adapter itself: name its model ({model}), and one adapter")
    parse_spec(f"chat:model@http://127.0.0.1:1/v1?{urlencode(chat)}")
    _server_settings(dict(server), text)
    folder = Path(adapter) if adapter is not None else itself
    parts = [Path(model.partition("@")[0]).name or Path(model).absolute().name]
    if folder is not None:
        parts.append(folder.absolute().name)
    name = given or "+".join(_NOT_IN_NAMES.sub("-", part) for part in parts)
    return ServeSpec(name, model, folder, server, chat)


@contextlib.contextmanager
def serving(specs: Sequence[str], say: Callable[[str], None] = print) -> Iterator[list[str]]:
    """Starts the servers that specs ask for, and ends them with the block.

    Args:
        specs: Of agents of any kind.
        say: Told what is started.

    Yields:
        The specs, those of models to be served as ``NAME=chat:…`` of their servers.

    Raises:
        UserError: A spec, a model or an adapter is not what it should be.
        ServerFailed: A server did not come up.
    """
    read = [read_spec(spec) for spec in specs]
    shared: dict[tuple[str, tuple[tuple[str, str], ...]], list[ServeSpec]] = {}
    for each in read:
        if each:
            shared.setdefault((_place(each.model), each.server), []).append(each)
    made: dict[ServeSpec, str] = {}
    with contextlib.ExitStack() as stack:
        for group in shared.values():
            made |= stack.enter_context(_served(group, say))
        yield [made[each] if each else spec for each, spec in zip(read, specs, strict=True)]


@contextlib.contextmanager
def _served(group: list[ServeSpec], say: Callable[[str], None]) -> Iterator[dict[ServeSpec, str]]:
    """The specs of one server, as they are while it runs."""
    source = resolve(group[0].model, say=say)
    adapters = {each.adapter.absolute(): _adapter_name(each.adapter) for each in group if each.adapter}
    contexts = [each.context for each in group]
    settings: dict[str, Any] = dict(group[0].server)
    engine = settings.pop("engine", "auto")
    settings["context"] = None if None in contexts else max(filter(None, contexts))
    settings["max_lora_rank"] = max(map(rank_of, adapters), default=None)
    say(f"{group[0].model}: starting a server")
    with serve(
        source, engine=engine, adapters={name: folder for folder, name in adapters.items()}, **settings
    ) as server:
        say(f"{group[0].model}: served by {server.engine} at {server.base_url}")
        made = {}
        for each in group:
            adapter = adapters[each.adapter.absolute()] if each.adapter else None
            made[each] = f"{each.name}={server.spec(adapter, **dict(each.chat))}"
        yield made


def _place(model: str) -> str:
    """The same for the same folder, however it is written."""
    folder = Path(model).expanduser()
    return str(folder.absolute()) if folder.is_dir() else model


def _adapter_name(folder: Path) -> str:
    """A name that stands for what is in the folder: another adapter there later is another agent."""
    if not folder.is_dir():
        raise UserError(f"{folder}: expected the folder of a saved LoRA adapter; there is no such folder")
    return f"{_NOT_IN_NAMES.sub('-', folder.absolute().name)}@{content_hash(folder)[:8]}"


def _server_settings(given: dict[str, str], text: str) -> None:
    engine = given.pop("engine", "auto")
    if engine not in ("auto", "vllm", "transformers"):
        raise UserError(f"agent {text!r}: setting 'engine': expected auto, vllm or transformers, got {engine!r}")
    try:
        Serving.model_validate(given)
    except ValidationError as error:
        raise UserError(f"agent {text!r}: {first_problem(error, 'setting')}") from None
