"""Two halves of what is hidden, one for `validate` and one for the final grade, made to agree.

Which row falls into which half depends on the hidden answers alone, so that nothing else about a challenge (a word of
its description, a file of its starter) moves a score. Rows are put in the order of their answers and parted two by two,
so that both halves have the same classes in the same shares, and the same quantiles.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgym.base.seeds import derive_seed
from synthgym.envs.grading.scoring import Phase


def stratified_halves(answers: NDArray[Any], identity: bytes) -> dict[Phase, NDArray[np.intp]]:
    """Parts rows into two disjoint halves that are alike in their answers.

    Args:
        answers: ``(n,)`` or ``(n, k)``, text or numbers: one row for each hidden row. Of several columns the first
            orders the rows, the next decides between its equals, and so on.
        identity: The bytes of the hidden answers, which decide the draw.

    Returns:
        For each phase the indices of its rows, ascending; ``final`` has one more where their number is odd.
    """
    rng = np.random.default_rng(derive_seed("halves", hashlib.sha256(identity).hexdigest()))
    columns = answers.reshape(len(answers), -1)
    shuffled = rng.permutation(len(answers))  # decides between rows with equal answers
    codes = [np.unique(column, return_inverse=True)[1].reshape(-1)[shuffled] for column in columns.T]
    ordered = shuffled[np.lexsort(codes[::-1])]
    pairs = ordered[: len(ordered) // 2 * 2].reshape(-1, 2)
    first = rng.integers(2, size=len(pairs))
    told = np.sort(pairs[np.arange(len(pairs)), first])
    return {"validate": told, "final": np.setdiff1d(ordered, told)}
