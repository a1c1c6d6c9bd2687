"""What can only be settled when all candidates are there: twins, and training on what is held out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from synthgym.base.paths import remove_tree
from synthgym.registry.challenge import load_challenge
from synthgym.synthesis.contamination import Suite
from synthgym.synthesis.ledger import Entry
from synthgym.synthesis.twins import without_twins


def settle(out: Path, entries: list[Entry]) -> list[Entry]:
    """Says which challenges must not stand beside others of the collection; the same ones whatever came first.

    Args:
        out: The collection. Nothing is removed yet: first the ledger has to say so; see `clear`.
        entries: The ledger's lines, in the order of their candidates.

    Returns:
        The lines; those of challenges that must go say why.
    """
    return _apart(out, without_twins(out, _without_copies(entries)))


def clear(out: Path, entries: list[Entry]) -> None:
    """Removes the folders of challenges that were accepted at first, and then were not."""
    for entry in entries:
        if entry.outcome == "rejected" and entry.id and (out / entry.id).is_dir():
            remove_tree(out / entry.id)


def _without_copies(entries: list[Entry]) -> list[Entry]:
    """Keeps the first of challenges with the same content."""
    seen: dict[str, str] = {}
    kept = []
    for entry in entries:
        if entry.outcome == "accepted" and entry.content_hash:
            twin = seen.setdefault(entry.content_hash, entry.id)
            if twin != entry.id:
                entry = _rejected(entry, "duplicate", f"the same content as {twin}")
        kept.append(entry)
    return kept


def _apart(out: Path, entries: list[Entry]) -> list[Entry]:
    """Keeps no challenge to train on that overlaps with one that is held out."""
    accepted = {entry.id: load_challenge(out / entry.id) for entry in entries if entry.outcome == "accepted"}
    suite = Suite(tasks=(), held_out=Suite.default(accepted.values()).held_out)
    return [
        _rejected(entry, "contaminated", overlap)
        if entry.outcome == "accepted" and (overlap := suite.overlap(accepted[entry.id]))
        else entry
        for entry in entries
    ]


def _rejected(entry: Entry, check: str, reason: str) -> Entry:
    return replace(entry, outcome="rejected", check=check, reason=reason, content_hash=None)
