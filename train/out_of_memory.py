"""Running out of memory in a training, explained in one sentence: what to make smaller."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from synthgym.base.errors import UserError


@contextlib.contextmanager
def explained_out_of_memory(smaller: str) -> Iterator[None]:
    """Turns what torch and Python say of too little memory, a GPU's or the machine's, into an error for the user.

    Args:
        smaller: What to give less of, as «smaller …».

    Raises:
        UserError: Memory ran out.
    """
    import torch

    try:
        yield
    except (RuntimeError, MemoryError) as error:  # torch's own is a RuntimeError
        short = isinstance(error, torch.OutOfMemoryError | MemoryError) or "can't allocate memory" in str(error)
        if not short:
            raise
        raise UserError(
            f"memory ran out; give smaller {smaller}. The last checkpoint is kept: the same command goes on from it, "
            "one of other settings begins anew in another folder"
        ) from error
