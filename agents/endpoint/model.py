"""A thin client for any OpenAI-compatible endpoint: retries, errors told apart, tokens counted.

The key comes from `OPENAI_API_KEY` and stays inside the client: it is in no setting, record, log line or error.
Failures that may pass (429, 5xx, time-outs, lost connections, answers that are no answers) are tried again, waiting as
long as the endpoint's `Retry-After` asks; after that, and for all others, a `ModelError` is raised. Nothing else leaves
`Model.complete`: whatever keeps a call from being made is no fault of who asked.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import tenacity
from pydantic import BaseModel

from synthgym.agents.agent import Message, Usage
from synthgym.agents.endpoint import system_role
from synthgym.agents.endpoint.capabilities import learnt_of
from synthgym.agents.endpoint.client import (
    OF_CONNECTIONS,
    Elsewhere,
    check_base_url,
    how_it_failed,
    never_connects,
    open_client,
    why_no_client,
)
from synthgym.agents.endpoint.complaints.complaint import Complaint, read_complaint
from synthgym.agents.endpoint.errors import BadRequest, ContextOverflow, ModelRefused
from synthgym.agents.endpoint.keys import key_for
from synthgym.agents.endpoint.price import Price
from synthgym.agents.endpoint.redaction import redact
from synthgym.agents.endpoint.refusals import URL_HINT, Asked, Transient
from synthgym.agents.endpoint.replies import Completion, NoAnswer, read_reply
from synthgym.agents.endpoint.reply_tokens import NoTokens, asking
from synthgym.agents.history import characters
from synthgym.base.errors import ModelError
from synthgym.base.http_bodies import EndlessAnswer
from synthgym.base.messages import logger

if TYPE_CHECKING:  # importing openai takes the better part of a second: only who calls a model pays
    import openai

log = logger(__name__)


class Model:
    """One model at one endpoint.

    Args:
        name: The model's name as the endpoint knows it.
        base_url: Such as ``http://127.0.0.1:8000/v1``; default: ``OPENAI_BASE_URL``, else OpenAI's own.
        parameters: Sent with every call: ``temperature``, ``top_p``, ``max_tokens`` and others the endpoint knows.
        timeout: Seconds without a byte from the endpoint after which a call has failed; it may take five times as long
            in all.
        attempts: Calls made before giving up on one answer.
        backoff: Seconds before the second attempt; doubled each time, with jitter.
        max_wait: Longest wait between two attempts. An endpoint that asks for more has failed.
        price: Counts cost where given.
        tokens: Asks for the tokens of every answer; one that does not tell them is none.
    """

    def __init__(
        self,
        name: str,
        base_url: str | None = None,
        *,
        parameters: dict[str, Any] | None = None,
        timeout: float = 120.0,
        attempts: int = 6,
        backoff: float = 1.0,
        max_wait: float = 120.0,
        price: Price | None = None,
        tokens: bool = False,
    ) -> None:
        self.name = name
        self.base_url = check_base_url(base_url or os.environ.get("OPENAI_BASE_URL") or None)
        self.parameters = dict(parameters or {})
        self._learnt = learnt_of(self.base_url, name)
        self._lock = threading.Lock()
        self.timeout, self.attempts, self.backoff, self.max_wait = timeout, attempts, backoff, max_wait
        self.price, self.tokens = price, tokens
        self._asked = Asked(self.where, self.base_url, self.parameters, tokens, max_wait, self._learnt)
        self.usage = Usage(cost=0.0 if price else None)

    def __repr__(self) -> str:
        return f"Model({self.name!r}, {self.base_url!r})"

    @property
    def where(self) -> str:
        """Model and endpoint, for messages."""
        return f"model {self.name!r} at {self.base_url or 'api.openai.com'}"

    def complete(
        self, messages: list[Message], *, seed: int | None = None, schema: type[BaseModel] | None = None
    ) -> Completion:
        """One answer to a conversation. May be called by several threads at once.

        Args:
            messages: The conversation.
            seed: Asks the endpoint to sample by it.
            schema: Asks for JSON of this form, where the endpoint can (structured output); what came is not checked
                here, and an endpoint that knows no such parameter is asked without it.

        Raises:
            ContextOverflow: The conversation is too long for the model.
            ModelRefused: No key, a wrong one, no client, an unknown model, a wrong address, no credit, no tokens.
            Flagged: What the conversation says is not wanted there.
            BadRequest: This very call is refused for another reason.
            ModelError: Anything else, after the retries.
        """
        client = self._open()
        wanted: dict[str, Any] = {}
        if seed is not None:
            wanted["seed"] = seed
        if schema is not None:
            wanted["response_format"] = _response_format(schema)
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self.attempts),
            wait=self._wait,
            retry=tenacity.retry_if_exception_type(Transient),
            before_sleep=self._count_retry,
            reraise=True,
        )
        try:
            completion: Completion = retrying(self._call, client, messages, wanted)
        except Transient as error:
            gave_up = f"gave up after {self.attempts} attempt{'s' * (self.attempts != 1)}"
            failure = ModelError(f"{self.where}: {error}; {gave_up}")
            if error.elsewhere and not self._learnt.answered:  # it does answer, but never chats
                failure = ModelRefused(f"{self.where}: no chats at this address: {error}; {URL_HINT}")
        else:
            self._count(completion)
            return completion
        raise failure  # outside the handler: the client's exceptions hold the request and with it the key

    def as_sent(self, messages: list[Message]) -> list[Message]:
        """A conversation as this model is sent it: without a system message where it is known to take none."""
        return system_role.merged(messages) if self._learnt.no_system else messages

    def check(self) -> None:
        """Looks at all that can be known without a call: the key, and whether there can be a client.

        Raises:
            ModelRefused: No call can be made.
        """
        self._open()

    def try_out(self, messages: list[Message]) -> str | None:
        """One short call, to learn before long work what will be refused every time. It is not counted.

        Args:
            messages: A short conversation.

        Returns:
            What else is wrong, such as that nobody answers: it may pass. None where all is well.

        Raises:
            ModelRefused: No call can be made, or every one will be refused.
        """
        most = min(int(self.parameters.get("max_tokens") or _SHORT), _SHORT)
        # Some models refuse so short an answer: the settings as they are decide.
        for parameters in ({**self.parameters, "max_tokens": most}, self.parameters):
            more: dict[str, Any] = {"timeout": self.timeout, "attempts": 1, "tokens": self.tokens}
            probe = Model(self.name, self.base_url, parameters=parameters, **more)
            try:
                probe.complete(messages)
            except ModelRefused as error:
                if parameters is self.parameters or "max_tokens" not in str(error):
                    raise
                text = str(error)
            except (BadRequest, ContextOverflow) as error:
                text = str(error)
            except ModelError as error:
                return str(error)
            else:
                return None
        raise ModelRefused(f"{text} (even a short call is refused)")

    def _open(self) -> openai.OpenAI:
        try:
            return open_client(self.base_url, key_for(self.base_url), self.timeout)
        except ModelRefused:
            raise
        except Exception as error:
            text = f"{self.where}: no client can be made for it: {why_no_client(error)}"
        raise ModelRefused(text)

    def _call(self, client: openai.OpenAI, messages: list[Message], wanted: dict[str, Any]) -> Completion:
        """One attempt. Parameters that the endpoint does not know are left out, which takes no further attempt."""
        first: Complaint | None = None
        ways: Iterator[frozenset[str]] = iter(())
        left_out: frozenset[str] | None = frozenset()
        while left_out is not None:
            with self._learnt.lock:
                if self._learnt.newer and "max_tokens" in self.parameters:
                    self.parameters["max_completion_tokens"] = self.parameters.pop("max_tokens")
                without = self._learnt.refused | left_out
                sent = {**self.parameters, **{name: value for name, value in wanted.items() if name not in without}}
            asked = self.as_sent(messages)
            answer = self._post(client, asked, asking(sent) if self.tokens else sent)
            if isinstance(answer, Completion):
                failed = first is not None and first.kind == "passing"  # might have been answered now in any form
                with self._learnt.lock:
                    self._learnt.answer(sent, frozenset() if failed else left_out)
                    self._learnt.tells_tokens |= self.tokens
                return answer
            if self._learnt.adapt(answer, sent, asked):
                continue
            if first is None:
                first, ways = answer, self._learnt.suspects(answer, sent)
            left_out = next(ways, None)
        assert first
        raise self._asked.error(first)

    def _post(self, client: openai.OpenAI, messages: list[Message], sent: dict[str, Any]) -> Completion | Complaint:
        """Asks once.

        Raises:
            Transient: Nothing came, or no answer.
            ModelRefused: Nothing could be sent.
        """
        import openai

        problem: Exception
        create = client.chat.completions.with_raw_response.create
        try:
            response = create(model=self.name, messages=messages, **sent).http_response  # type: ignore[arg-type]
        except openai.APITimeoutError:
            problem = Transient(f"no answer within {self.timeout:g} s")
        except (openai.APIConnectionError, EndlessAnswer, Elsewhere) as error:
            if never_connects(error):
                problem = ModelRefused(f"{self.where}: {how_it_failed(error)}; see {OF_CONNECTIONS}")
            else:
                problem = Transient(how_it_failed(error))
        except openai.APIStatusError as error:
            headers = {name.lower(): value for name, value in error.response.headers.items()}
            complaint = read_complaint(error.status_code, error.response.text, headers)
            moved = f" (redirected to {redact(str(error.response.url))})" if error.response.history else ""
            return replace(complaint, reason=complaint.reason + moved)
        except Exception as error:  # before anything was sent: all that went wrong later is one of the above
            problem = ModelRefused(f"{self.where}: no call can be made: {why_no_client(error)}")
        else:
            try:
                return read_reply(response.text, characters(messages), tokens=self.tokens)
            except RecursionError:
                problem = Transient("an answer that is not a chat completion (nested too deep)")
            except NoTokens as error:
                problem = self._asked.without_tokens(str(error))
            except NoAnswer as error:
                if error.body:
                    return read_complaint(200, error.body)
                said = f"an answer that is not a chat completion ({redact(str(error))})"
                problem = Transient(said, elsewhere=error.elsewhere)
        raise problem

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, Transient) and error.retry_after is not None:
            return error.retry_after
        # Jitter: workers that were refused together should not all come back together.
        return min(self.backoff * (2.0 ** (state.attempt_number - 1) + random.random()), self.max_wait)

    def _count_retry(self, state: tenacity.RetryCallState) -> None:
        with self._lock:
            self.usage.retries += 1
        error = state.outcome.exception() if state.outcome else None
        log.info("%s: %s; attempt %d", self.where, error, state.attempt_number)

    def _count(self, completion: Completion) -> None:
        with self._lock:
            usage = self.usage
            usage.calls += 1
            usage.prompt_tokens += completion.prompt_tokens
            usage.completion_tokens += completion.completion_tokens
            usage.estimated += completion.estimated
            if self.price:
                usage.cost = self.price.of(usage.prompt_tokens, usage.completion_tokens)


_SHORT = 16
"""Tokens of an answer that only shows that there is one."""


def _response_format(schema: type[BaseModel]) -> dict[str, Any]:
    """Structured output by a JSON schema that endpoints with strict schemas take.

    The client's own `parse` raises on an answer that was cut off or is no JSON, and its tokens would go uncounted.
    """
    import openai

    tool = openai.pydantic_function_tool(schema)
    strict = {"name": schema.__name__, "schema": tool["function"]["parameters"], "strict": True}
    return {"type": "json_schema", "json_schema": strict}
