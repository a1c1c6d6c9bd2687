"""Checks between candidates, once all are there: duplicates, and training on what is held out."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from synthgym.base.errors import SpecError
from synthgym.base.files.paths import remove_tree
from synthgym.registry.challenge import load_challenge
from synthgym.synthesis.ledger import Entry
from synthgym.synthesis.twins import without_twins
from synthgym.synthesis.verification.contamination import Suite

_DUPLICATE, _CONTAMINATED = _CLASHES = ("duplicate", "contaminated")
"""Checks that are settled here."""


def reject_clashing(out: Path, entries: list[Entry]) -> list[Entry]:
    """Says which challenges must not stand beside others of the collection; the same ones whatever came first.

    Args:
        out: The collection. Nothing is removed yet: first the ledger has to say so; see `remove_rejected`.
        entries: The ledger's lines, in the order of their candidates.

    Returns:
        The lines; those of challenges that must go say why.
    """
    return _without_overlaps(out, without_twins(out, _without_copies(entries)))


def remove_rejected(out: Path, entries: list[Entry]) -> None:
    """Removes the folders of challenges that were accepted at first, and then did not stand beside the others.

    One that failed when somebody verified it again, perhaps after a change of their own, is theirs to mend or remove.
    """
    for entry in entries:
        if entry.outcome == "rejected" and entry.check in _CLASHES and entry.id and (out / entry.id).is_dir():
            remove_tree(out / entry.id)


def _without_copies(entries: list[Entry]) -> list[Entry]:
    """Keeps the first of challenges with the same content."""
    seen: dict[str, str] = {}
    kept = []
    for entry in entries:
        if entry.outcome == "accepted" and entry.content_hash:
            twin = seen.setdefault(entry.content_hash, entry.id)
            if twin != entry.id:
                entry = _rejected(entry, _DUPLICATE, f"the same content as {twin}")
        kept.append(entry)
    return kept


def _without_overlaps(out: Path, entries: list[Entry]) -> list[Entry]:
    """Keeps no challenge to train on that overlaps with one that is held out."""
    accepted = {}
    for entry in entries:
        if entry.outcome == "accepted":
            with contextlib.suppress(SpecError):  # changed or removed by hand since: that must not stop the others
                accepted[entry.id] = load_challenge(out / entry.id)
    suite = Suite(tasks=(), held_out=Suite.default(accepted.values()).held_out)
    return [
        _rejected(entry, _CONTAMINATED, overlap)
        if entry.outcome == "accepted" and entry.id in accepted and (overlap := suite.overlap(accepted[entry.id]))
        else entry
        for entry in entries
    ]


def _rejected(entry: Entry, check: str, reason: str) -> Entry:
    return replace(entry, outcome="rejected", check=check, reason=reason, content_hash=None)
