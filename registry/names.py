"""What challenges, specs and submissions are called: which names may be. Imports nothing, for who registers."""

from __future__ import annotations

SPEC_FILE = "challenge.yaml"

MOST_VERSION = 1_000_000
ID_PATTERN, MOST_ID = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", 200
"""What an id may be: a folder's name, and a part of what Gymnasium calls the environment."""
MOST_TITLE, MOST_NAME = 300, 1000

KINDS = ("file", "module")
"""Kinds of submissions of our own; any collection may have them."""

GRADERS = "synthgym.graders"
"""Entry-point group of graders for other kinds."""
