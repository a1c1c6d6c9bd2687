"""Gives the trainer its batches: collected when they are asked for, or while the one before is trained on."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor

from synthgym.train.rl.collecting.collector import Collected, Collector
from synthgym.train.rl.generation.endpoint import Endpoint
from synthgym.train.rl.optimizing.batches import Batch, make_batch
from synthgym.train.rl.settings import RLSettings


class Feed:
    """The batches of a run, in the order of its steps.

    With `overlap`, a batch is collected by the weights that the step before it begins with: one step stale, never more.

    Attributes:
        collected: What the last batch was made of.
        publishing: Seconds that it took to hand the last weights over.
        shares: Whether the trainer computes what sequences have in common once.
    """

    def __init__(self, collector: Collector, endpoint: Endpoint, settings: RLSettings, device: str) -> None:
        self.collector, self.endpoint, self.settings, self.device = collector, endpoint, settings, device
        self.collected: Collected | None = None
        self.publishing = 0.0
        self.shares = False
        self._next: Future[Collected] | None = None
        self._thread = ThreadPoolExecutor(1, "synthgym-collector")
        self._published: int | None = None

    def __call__(self, step: int) -> Batch:
        """The batch of a step, whose weights were trained so many steps."""
        if self.collected is not None:
            self.collector.forget(self.collected)
        self.publishing = 0.0
        if self._next is None:
            collected = self.collect(step)
        else:
            collected = self._next.result()
        if self.settings.overlap and step + 1 < self.settings.steps:
            self._publish(step)
            self._next = self._thread.submit(self.collector.collect, step + 1, step)
        self.collected = collected
        stale = step - collected.note.policy
        return make_batch(collected.used, self.settings, stale, self.device, shares=self.shares)

    def close(self) -> None:
        """Ends what is still being collected."""
        self.collector.stop()
        self.endpoint.close()
        self._thread.shutdown(wait=True, cancel_futures=True)
        self.collector.close()

    def collect(self, step: int) -> Collected:
        """The groups of a step, by the weights as they are; what an earlier run has collected is read."""
        known = self.collector.collected_before(step)
        if known is not None:
            return known
        self._publish(step)
        return self.collector.collect(step, step)

    def _publish(self, policy: int) -> None:
        if self._published != policy:
            start = time.monotonic()
            self.endpoint.publish(policy)
            self.publishing += time.monotonic() - start
            self._published = policy
