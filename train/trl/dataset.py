"""Challenges as a data set of prompts: what a model is told at the start of each, and what rewards may want to know."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from synthgym.agents.chat.agent import conversation, load_prompt
from synthgym.agents.failures import of_one_challenge
from synthgym.base.counts import count
from synthgym.base.errors import GraderError, SpecError, UnknownNameError, UserError
from synthgym.base.messages import warn
from synthgym.base.progress import show_progress
from synthgym.envs.unplayable import unplayable
from synthgym.registry.challenge import Challenge
from synthgym.registry.collections.finding import Found, find_challenges
from synthgym.train.extras import needs_train
from synthgym.train.trl.environments import briefing, challenge_env, make

if TYPE_CHECKING:
    from datasets import Dataset

TOOLS = "tools"
"""The system prompt of models that call tools; the others ask for commands in fenced blocks."""

_TOOLS_PROMPT = (
    "You improve a machine-learning program in a workspace, by calling tools: bash runs a command there, validate "
    "scores your submission, submit hands it in and ends. Read the program first, change one thing at a time, keep "
    "what validates better, and submit before the steps run out."
)
_AT_ONCE = 4
_SPLITS = ("train", "heldout")


def challenge_dataset(
    ids: str | Iterable[str],
    split: str | None = None,
    *,
    seeds: int | Iterable[int] = 1,
    system: str = "short",
    **settings: Any,
) -> Dataset:
    """A row for each challenge and seed.

    A row's ``prompt`` is the conversation as an episode begins it: the system prompt, and the challenge's briefing. Its
    other columns are ``env_id``, ``seed``, ``metric``, ``direction``, ``baseline``, ``reference``, ``noise`` and
    ``split``. Each message also names its ``env_id`` and ``seed``: a rollout function of TRL's is told prompts only.

    Args:
        ids: Of environments, or patterns, as in ``synthgym/*``. What a pattern matches and cannot be run here is left
            out with a warning.
        split: Of those that match, the ones of this split only: ``train`` or ``heldout``.
        seeds: How many of each, from 0 on; or which.
        system: The system prompt: ``tools`` for models that call tools, or what `ChatSettings.prompt` takes, for models
            that reply with commands in fenced blocks: ``short``, ``researcher``, a file.
        **settings: For `gymnasium.make`, such as ``max_steps``: the same as the episodes are to be run with.

    Raises:
        UnknownNameError: Nothing matches; no such split or system prompt.
        SpecError: A challenge that was asked for by its id cannot be trained on.

    Example:
        >>> challenge_dataset("synthgym/digits-log-*", "train", system="tools")[0]["env_id"]
        'synthgym/digits-log-loss-a7c5-v0'
    """
    needs_train()
    from datasets import Dataset

    patterns = [ids] if isinstance(ids, str) else list(ids)
    if split is not None and split not in _SPLITS:
        raise UnknownNameError("split", split, _SPLITS)
    told = _TOOLS_PROMPT if system == TOOLS else load_prompt(system)
    wanted = _seeds(seeds)
    found = _playable(patterns, split)
    rows = [_row(each, seed, told) for each in _looked_at(found, patterns, settings) if each for seed in wanted]
    if not rows:
        raise UserError(f"none of the challenges that match {', '.join(patterns)} can be run here; see: synthgym list")
    return Dataset.from_list(rows)


def _seeds(seeds: int | Iterable[int]) -> list[int]:
    if not isinstance(seeds, Iterable):
        return list(range(count("seeds", seeds)))
    wanted = list(seeds)
    if not wanted or any(isinstance(seed, bool) or not isinstance(seed, int) or seed < 0 for seed in wanted):
        raise UserError(f"seeds: expected a count, or whole numbers of at least 0, got {wanted!r:.80}")
    return wanted


def _playable(patterns: list[str], split: str | None) -> list[Found]:
    """What matches and can be run here, or was asked for by its id."""
    import synthgym  # noqa: F401  its import makes the known collections known to Gymnasium

    found = find_challenges(patterns, split)
    reasons = {index.path: unplayable(index) for _, index, _ in found}
    kept = []
    for name, index, entry in found:
        reason = None if entry.verified else "not verified yet"
        reason = reasons[index.path].get(entry.id, reason)
        if reason is None or name in patterns:
            kept.append((name, index, entry))
        else:
            warn(f"left out: {name}: {reason}", stacklevel=3)
    if not kept:
        of_split = f" of split {split!r}" if split else ""
        raise UnknownNameError(f"verified environment{of_split}", ", ".join(patterns), [], "See: synthgym list")
    return kept


class _Seen(NamedTuple):
    """A challenge that can be trained on."""

    env_id: str
    split: str
    briefing: str
    challenge: Challenge


def _looked_at(found: list[Found], patterns: list[str], settings: dict[str, Any]) -> list[_Seen | None]:
    """Looks at challenges. The data of one that is new here is prepared, which takes a while."""
    seen: list[_Seen | None] = []
    threads = ThreadPoolExecutor(_AT_ONCE)
    try:
        with show_progress("challenges", len(found)) as progress:
            for each in threads.map(lambda each: _look(each, patterns, settings), found):
                seen.append(each)
                progress.advance()
    finally:
        threads.shutdown(cancel_futures=True)
    return seen


def _look(found: Found, patterns: list[str], settings: dict[str, Any]) -> _Seen | None:
    """Looks at a challenge; None for one that is not what it says and was not asked for by its id."""
    env_id, _, entry = found
    try:
        with of_one_challenge(env_id, settings.get("sandbox", "auto")):
            env = make(env_id, settings)
            try:
                return _Seen(env_id, entry.split, briefing(env), challenge_env(env).challenge)
            finally:
                env.close()
    except (SpecError, GraderError) as error:  # the latter of its `prepare.py`: nobody has acted
        if env_id in patterns:
            raise
        warn(f"left out: {env_id}: {error}", stacklevel=2)
        return None


def _row(seen: _Seen, seed: int, system: str) -> dict[str, Any]:
    challenge, named = seen.challenge, {"env_id": seen.env_id, "seed": seed}
    return {
        "prompt": [{**message, **named} for message in conversation(system, seen.briefing)],
        **named,
        "metric": challenge.metric.name,
        "direction": challenge.metric.direction,
        "baseline": challenge.baseline.mean,
        "reference": challenge.reference.score,
        "noise": challenge.noise,
        "split": seen.split,
    }
