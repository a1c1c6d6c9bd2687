"""Agents by name: what `--agent` takes.

    scripted                                  the rule-based researcher
    chat:MODEL@BASE_URL                       a model at an OpenAI-compatible endpoint (without @…: OPENAI_BASE_URL)
    chat:MODEL@BASE_URL?temperature=0&context=2048   with settings of `ChatSettings`
    serve:MODEL                               in commands: a model that is served meanwhile; docs/guides/serving.md
    module:attr                               a function or class of one's own; the current folder is searched too
    NAME=SPEC                                 any of these, called NAME in records

Without NAME, the name is the class's own (its attribute `name`), else the spec itself. Give one where the spec differs
between runs that are the same, as with a server on a port of chance.
"""

from __future__ import annotations

import hashlib
import importlib
import operator
import os
import re
import sys
from dataclasses import dataclass
from typing import Any

from synthgym.agents.agent import Agent, as_agent, check_agent, own_name
from synthgym.agents.chat.agent import ChatAgent, load_prompt
from synthgym.agents.chat.settings import ChatSettings
from synthgym.agents.endpoint.endpoint import Endpoint, read_endpoint
from synthgym.agents.forms import BUILT_IN, FORMS
from synthgym.agents.source import source_hash
from synthgym.base.errors import UnknownNameError, UserError

_NAMED = re.compile(r"(?P<name>[\w.+-]+)=(?P<spec>.+)", re.DOTALL)


@dataclass(frozen=True)
class AgentSpec:
    """An agent to be made anew for every episode, wherever the episode runs.

    Attributes:
        text: As the user wrote it, less the name.
        name: As records call it.
        target: Instead of `text`: the function, class or instance itself. Other processes are sent it.
        source: Hash of the agent's source; see `synthgym.agents.source`. Of a model: of what it is asked with.
    """

    text: str
    name: str
    target: Any = None
    source: str = ""

    def make(self, seed: int) -> Agent:
        """The agent for an episode with this seed."""
        if self.target is not None:
            return as_agent(self.target, seed=seed, name=self.name)
        if (endpoint := self.endpoint) is not None:
            chat = ChatAgent(endpoint.model, endpoint.base_url, endpoint.settings, seed=seed)
            return as_agent(chat, name=self.name)
        return as_agent(_imported(BUILT_IN.get(self.text, self.text)), seed=seed, name=self.name)

    @property
    def endpoint(self) -> Endpoint[ChatSettings] | None:
        """The model that it asks, where, and how, as far as its text says; None for other agents."""
        return _read_chat(self.text) if self.target is None and self.text.startswith("chat:") else None

    def preflight(self, *, call: bool = True) -> str | None:
        """Whether its model can be asked, before the first episode; nothing to look at for agents without one of ours.

        Args:
            call: Also makes one short call; without it only what this machine knows is looked at, such as the key.

        Returns:
            What is wrong and may pass; None where all is well.

        Raises:
            ModelRefused: No call can be made, or every one will be refused.
        """
        agent = self.target if self.endpoint is None else self.make(0).inner
        if not isinstance(agent, ChatAgent):
            return None
        agent.check()
        return agent.preflight() if call else None


def parse_spec(spec: str | AgentSpec | object) -> AgentSpec:
    """Reads a spec and checks all of it that can be checked without calling anybody.

    Args:
        spec: A text as above; or a function, a class or an instance.

    Raises:
        UserError: It names nothing; suggests the nearest.

    Example:
        >>> parse_spec("student=chat:student@http://127.0.0.1:8000/v1?temperature=0").name
        'student'
    """
    if isinstance(spec, AgentSpec):
        return spec
    if not isinstance(spec, str):
        shown = check_agent(spec)
        name = own_name(spec) or shown
        return AgentSpec(text=f"object:{name}", name=name, target=spec, source=source_hash(spec))
    given, text = split_name(spec)
    name, source = _check_spec(text)
    return AgentSpec(text=text, name=given or name, source=source)


def split_name(spec: str) -> tuple[str | None, str]:
    """The name that a spec gives its agent, and the rest of it."""
    named = _NAMED.fullmatch(spec)
    return (named["name"], named["spec"]) if named else (None, spec)


def _check_spec(text: str) -> tuple[str, str]:
    """Checks what stands behind a spec; gives the name it has without another, and the hash of its source."""
    if text.startswith("chat:"):
        chat = _read_chat(text)
        asked = [chat.model, chat.settings.as_hashed(), load_prompt(chat.settings.prompt)]
        return text, hashlib.sha256("\0".join(asked).encode()).hexdigest()[:16]
    if text in BUILT_IN:
        return text, source_hash(_imported(BUILT_IN[text]))
    if text.startswith("serve:"):
        raise UserError(
            f"agent {text!r}: the commands rollout and benchmark start its server; in Python, "
            "synthgym.train.serving.serve does, whose spec() is an agent's"
        )
    if ":" not in text:
        raise UnknownNameError("agent", text, FORMS)
    agent = _imported(text)
    check_agent(agent)
    return own_name(agent) or text, source_hash(agent)


def _read_chat(text: str) -> Endpoint[ChatSettings]:
    return read_endpoint(text, ChatSettings, "agent", "chat")


def _imported(text: str) -> object:
    module_name, _, attribute = text.partition(":")
    if not re.fullmatch(r"\w+(\.\w+)*", module_name) or not attribute:
        raise UserError(f"agent {text!r}: expected module:attr, as in my_agents:Greedy")
    here = os.getcwd()
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and (module_name == error.name or module_name.startswith(error.name + ".")):
            raise UserError(f"agent {text!r}: no module {error.name!r} in {here} or installed") from None
        raise UserError(
            f"agent {text!r}: importing {module_name} needs a module that is missing: {error.name}"
        ) from None
    except Exception as error:
        raise UserError(f"agent {text!r}: importing {module_name} raised {type(error).__name__}: {error}") from error
    try:
        return operator.attrgetter(attribute)(module)
    except AttributeError:
        names = [name for name in vars(module) if not name.startswith("_")]
        raise UnknownNameError(f"agent in module {module_name}:", attribute, names) from None
