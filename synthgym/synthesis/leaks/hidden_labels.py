"""The hidden labels of a challenge of tables, as classes or as values."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from synthgym.envs.grading.file_grader import FileGrader
from synthgym.synthesis.leaks.chance import arrangements


@dataclass(frozen=True)
class HiddenLabels:
    """The hidden labels: classes by number, or values.

    Attributes:
        classes: For each row the number of its class; None for values.
        values: For each row its value; None for classes.
        names: The classes' names where they have any.
        beside: The labels of further columns, where several are asked for.
    """

    classes: NDArray[np.intp] | None = None
    values: NDArray[np.float64] | None = None
    names: tuple[str, ...] = ()
    beside: tuple[HiddenLabels, ...] = ()

    @classmethod
    def of(cls, grader: FileGrader) -> HiddenLabels:
        """What a grader hides."""
        truth = grader.truth
        if grader.metric.kind == "probability":
            chosen = truth.argmax(axis=1) if truth.shape[1] > 1 else (truth[:, 0].astype(np.float64) > 0.5)
            return cls(classes=chosen.astype(np.intp))
        columns = list(truth.T) if truth.ndim > 1 else [truth]
        first, *others = (cls._of_column(column, grader.metric.kind) for column in columns)
        return replace(first, beside=tuple(others))

    @classmethod
    def _of_column(cls, truth: NDArray[np.generic], kind: str) -> HiddenLabels:
        if kind == "value":
            return cls(values=truth.astype(np.float64))
        names, codes = np.unique(truth, return_inverse=True)
        return cls(classes=codes.astype(np.intp), names=tuple(str(name) for name in names))

    def __len__(self) -> int:
        """How many rows are hidden."""
        return len(self._rows)

    def at(self, picked: NDArray[np.intp]) -> HiddenLabels:
        """The labels of some rows."""
        if self.classes is not None:
            return HiddenLabels(classes=self.classes[picked], names=self.names)
        assert self.values is not None
        return HiddenLabels(values=self.values[picked])

    @property
    def distinct(self) -> int:
        """How many different labels there are."""
        return len(set(self._rows.tolist()))

    @property
    def series(self) -> NDArray[np.float64]:
        """The labels as numbers, row by row."""
        return self._rows.astype(np.float64)

    @property
    def bits(self) -> float:
        """What the order of the labels says."""
        return arrangements(self._rows)

    @property
    def _rows(self) -> NDArray[np.intp] | NDArray[np.float64]:
        rows = self.values if self.classes is None else self.classes
        assert rows is not None
        return rows
