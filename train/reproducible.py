"""Training that a seed decides, bit for bit: a fixed number of threads, and kernels that add in a fixed order.

Sums of floats depend on how they are split among threads, so the number of threads is a setting and not the machine's
affair; how busy the machine is decides nothing but the time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from synthgym.base.errors import UserError

THREADS = 1
"""CPU threads of all training here, unless told otherwise. A second makes the small student's training faster by two
fifths where nothing else runs, and many times slower where something does: at every step each waits for the other.
"""


def one_process() -> None:
    """Sees that nobody trains beside this process.

    Raises:
        UserError: It is one of several, as ``accelerate launch`` starts them. They would write the same folders.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        raise UserError("training here runs in one process, this is one of several; start it without accelerate launch")


@contextmanager
def reproducible(threads: int = THREADS) -> Iterator[None]:
    """Torch with `threads` CPU threads and deterministic kernels while the block runs.

    An operation that has no deterministic kernel raises on a CPU. On a GPU, where a few have none, torch warns.
    """
    import torch
    from torch.utils import deterministic

    before = torch.get_num_threads()
    strict, lenient = (
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
    )
    filled = deterministic.fill_uninitialized_memory
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True, warn_only=torch.cuda.is_available())
    deterministic.fill_uninitialized_memory = False  # it finds reads of memory that nobody wrote, and takes time
    try:
        yield
    finally:
        deterministic.fill_uninitialized_memory = filled
        torch.use_deterministic_algorithms(strict, warn_only=lenient)
        torch.set_num_threads(before)
