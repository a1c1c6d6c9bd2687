"""For mkdocstrings: what examples are called."""

from __future__ import annotations

from typing import Any

import griffe


class ExamplesAreCode(griffe.Extension):
    """For mkdocstrings: an `Example` of ours is what Google's style calls `Examples`, code as at a prompt."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Called for everything that was read."""
        if obj.docstring:
            obj.docstring.value = obj.docstring.value.replace("\nExample:\n", "\nExamples:\n")
