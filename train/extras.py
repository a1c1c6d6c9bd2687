"""The optional dependencies of training and of figures, and what to do where they are missing."""

from __future__ import annotations

from importlib.util import find_spec

from synthgym.base.errors import MissingDependencyError

PACKAGES = ("torch", "transformers", "trl", "datasets", "accelerate")


def needs_train() -> None:
    """Checks that the extra `train` is installed, without importing it.

    Raises:
        MissingDependencyError: It is not; names what is missing and how to get it.
    """
    missing = [package for package in PACKAGES if find_spec(package) is None]
    if missing:
        raise MissingDependencyError(
            f"training needs {', '.join(missing)}, not installed here; get them with: pip install 'synthgym[train]'"
        )


def needs_figures() -> None:
    """Checks that the extra `report` is installed, before work whose end is a figure.

    Raises:
        MissingDependencyError: It is not.
    """
    if find_spec("matplotlib") is None:
        raise MissingDependencyError(
            "figures need matplotlib, which is not installed; install it with: pip install 'synthgym[report]'"
        )
