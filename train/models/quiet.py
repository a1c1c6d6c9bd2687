"""Libraries of models without their bars and notices."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator


@contextlib.contextmanager
def quiet_libraries() -> Iterator[None]:
    """Without the libraries' bars and notices, which would tear our own progress."""
    import datasets
    from transformers.utils import logging as library

    bars, dataset_bars = library.is_progress_bar_enabled(), not datasets.are_progress_bars_disabled()
    level = library.get_verbosity()
    library.disable_progress_bar()
    library.set_verbosity_error()
    datasets.disable_progress_bars()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        library.set_verbosity(level)
        if bars:
            library.enable_progress_bar()
        if dataset_bars:
            datasets.enable_progress_bars()
