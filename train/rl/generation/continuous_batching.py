"""Generation in this process: the requests of many episodes in one batch that they join and leave.

Every request has a seed of its own, and its tokens are drawn by that alone: what else is in the batch changes a
probability by no more than the rounding of its sums. What a conversation has been read of is kept for its next turn.
"""

from __future__ import annotations

import random
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import torch

from synthgym.base.errors import ModelError, UserError
from synthgym.train.rl.generation.kv_cache import Kept, Slots

_MOST_GAPS = 2
"""So many times more columns than the longest row has tokens, before gaps are closed."""


@dataclass
class Read:
    """What was read of a conversation, to go on from.

    Attributes:
        ids: The tokens.
        kept: Their keys and values.
        version: Of the weights it was read with.
    """

    ids: list[int]
    kept: Kept
    version: int


@dataclass
class Request:
    """A reply that is wanted, and what has come of it.

    Attributes:
        prompt: Token ids.
        read: What was read of it before.
        ids: Sampled so far.
        logprobs: Their log-probabilities, at the temperature they were sampled at.
        cut_off: Whether it ended by its length.
    """

    prompt: list[int]
    most: int
    temperature: float
    seed: int
    read: Read | None = None
    ids: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    cut_off: bool = False
    error: Exception | None = None
    done: threading.Event = field(default_factory=threading.Event)
    random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)


class Generator:
    """Answers requests of several threads in a thread of its own.

    Args:
        model: A causal language model whose layers all see the whole conversation.
        ends: Token ids that end a reply.
        at_once: Rows of a batch, at most.
        threads: CPU threads.

    Raises:
        UserError: The model has layers of another kind.
    """

    def __init__(self, model: Any, ends: set[int], at_once: int, threads: int) -> None:
        text = model.config.get_text_config()
        kinds = set(getattr(text, "layer_types", None) or ["full_attention"])
        if kinds != {"full_attention"}:
            raise UserError(
                f"this model has layers of {', '.join(sorted(kinds))}; generation in this process knows full attention "
                "only: install vLLM (make vllm) and give engine=vllm"
            )
        self.model, self.ends, self.at_once, self.threads = model, ends, at_once, threads
        self.version = 0
        self.tokens = 0
        self._layers = int(text.num_hidden_layers)
        self._waiting: deque[Request] = deque()
        self._running: list[Request] = []
        self._lengths: list[int] = []
        self._slots = Slots(self._layers, model.device)
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="synthgym-generation", daemon=True)
        self._thread.start()

    def generate(self, request: Request) -> Request:
        """Waits for a reply.

        Raises:
            ModelError: None could be made.
        """
        with self._wake:
            if self._closed:
                raise ModelError("generation was stopped")
            self._waiting.append(request)
            self._wake.notify()
        request.done.wait()
        if request.error is not None:
            raise ModelError(f"generation failed: {request.error}") from request.error
        return request

    def close(self) -> None:
        """Ends the thread; whoever waits is told."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join()

    def _work(self) -> None:
        torch.set_num_threads(self.threads)
        with torch.inference_mode():
            while True:
                with self._wake:
                    while not (self._closed or self._waiting or self._running):
                        self._wake.wait()
                    if self._closed:
                        self._fail(ModelError("generation was stopped"))
                        return
                    room = self.at_once - len(self._running)
                    new = [self._waiting.popleft() for _ in range(min(room, len(self._waiting)))]
                try:
                    if new:
                        self._join(new)
                    if self._running:
                        self._go_on()
                except Exception as error:  # told to whoever waits: this thread has nobody to tell
                    with self._wake:
                        self._fail(error, new)
                    self._slots = Slots(self._layers, self.model.device)

    def _fail(self, error: Exception, new: list[Request] | None = None) -> None:
        for request in [*self._running, *self._waiting, *(new or [])]:
            request.error = error
            request.done.set()
        self._running, self._lengths = [], []
        self._waiting.clear()

    def _join(self, new: list[Request]) -> None:
        """Reads the prompts of new requests, and draws the first token of each."""
        slots, first = self._slots, self._slots.used
        known = [self._known(request) for request in new]
        most = max(known)
        width = max(len(request.prompt) - tokens for request, tokens in zip(new, known, strict=True))
        slots.reserve(first + len(new), most + width)
        ids = torch.zeros(len(new), width, dtype=torch.long)
        positions = torch.zeros(len(new), width, dtype=torch.long)
        fresh = torch.zeros(len(new), width, dtype=torch.bool)
        for row, (request, tokens) in enumerate(zip(new, known, strict=True)):
            slots.mask[first + row] = False
            if tokens:
                assert request.read
                slots.write(first + row, request.read.kept, tokens)
            rest = len(request.prompt) - tokens
            ids[row, width - rest :] = torch.tensor(request.prompt[tokens:])
            positions[row, width - rest :] = torch.arange(tokens, tokens + rest)
            fresh[row, width - rest :] = True
            request.read = None
        slots.mask[first : first + len(new), most : most + width] = fresh.to(slots.mask.device)
        logits = self._forward(first, most, ids, positions)
        slots.used = first + len(new)
        slots.end = max(slots.end, most + width)
        self._running += new
        self._lengths += [len(request.prompt) for request in new]
        self._draw(logits, range(first, slots.used))

    def _known(self, request: Request) -> int:
        """Tokens of the prompt that were read before; the last is always read, for what follows it."""
        read = request.read
        if read is None or read.version != self.version:
            return 0
        most = min(len(read.ids), len(request.prompt) - 1)
        if read.ids[:most] == request.prompt[:most]:
            return most
        return next(at for at in range(most) if read.ids[at] != request.prompt[at])

    def _go_on(self) -> None:
        """Reads the last token of every running request, and draws the next."""
        slots, rows = self._slots, self._slots.used
        if slots.end > _MOST_GAPS * max(self._lengths) and slots.end > slots.columns // 2:
            slots.squeeze()
        slots.reserve(rows, slots.end + 1)
        ids = torch.tensor([[request.ids[-1]] for request in self._running])
        positions = torch.tensor([[length] for length in self._lengths])
        slots.mask[:rows, slots.end] = True
        logits = self._forward(0, slots.end, ids, positions)
        slots.end += 1
        self._lengths = [length + 1 for length in self._lengths]
        self._draw(logits, range(rows))

    def _forward(self, first: int, start: int, ids: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
        """Logits of the last token of each row."""
        slots, rows, device = self._slots, ids.shape[0], self.model.device
        slots.first, slots.start = first, start
        logits: torch.Tensor = self.model(
            input_ids=ids.to(device),
            position_ids=positions.to(device),
            attention_mask=slots.mask[first : first + rows, : start + ids.shape[1]].long(),
            past_key_values=slots,
            use_cache=True,
            logits_to_keep=1,
        ).logits[:, -1]
        return logits

    def _draw(self, logits: torch.Tensor, rows: range) -> None:
        """Draws a token for each of these rows; those that are done leave the batch."""
        requests = [self._running[row] for row in rows]
        scale = torch.tensor([request.temperature or 1.0 for request in requests], device=logits.device)
        found = (logits.float() / scale[:, None]).log_softmax(-1)
        if not bool(torch.isfinite(found.max(-1).values).all()):
            raise ModelError("the model's probabilities are no numbers any more")
        sums = found.exp().double().cumsum(-1)
        at = torch.tensor([[request.random.random()] for request in requests], dtype=torch.double)
        drawn = torch.searchsorted(sums, at.to(sums.device) * sums[:, -1:], right=True)[:, 0]
        greedy = torch.tensor([request.temperature == 0 for request in requests], device=logits.device)
        drawn = torch.where(greedy, found.argmax(-1), drawn.clamp(max=found.shape[1] - 1))
        told = found.gather(1, drawn[:, None])[:, 0].tolist()
        for request, token, logprob in zip(requests, drawn.tolist(), told, strict=True):
            request.ids.append(token)
            request.logprobs.append(logprob)
        self.tokens += len(requests)
        for row in reversed(rows):
            request = self._running[row]
            ended = request.ids[-1] in self.ends
            if ended or len(request.ids) >= request.most:
                request.cut_off = not ended
                self._leave(row)

    def _leave(self, row: int) -> None:
        request = self._running[row]
        read = [*request.prompt, *request.ids[:-1]]
        request.read = Read(read, self._slots.read(row), self.version)
        self._slots.remove(row)
        self._running[row], self._lengths[row] = self._running[-1], self._lengths[-1]
        self._running.pop()
        self._lengths.pop()
        request.done.set()
