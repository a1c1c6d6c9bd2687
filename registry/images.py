"""Images: what is installed where a challenge runs, by the name that its spec gives.

The one place that says so. bubblewrap and local sandboxes link these packages from where synthgym is installed; the
requirement files that containers are built from name the same ones, at the versions we try them with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata

_CPU = ("numpy", "pandas", "pyarrow", "scikit-learn", "scipy")
_TRANSFORMERS = ("torch", "transformers", "datasets", "accelerate", "pillow", "tqdm")
_JAX = ("jax", "jaxlib", "flax", "gymnax", "optax", "tensorflow-probability", "dotmap", "tqdm", "PyYAML")

# No sandbox of ours has a network: looking for the Hub, or torchrun for this machine by its name, would only take time.
_NO_NAMES = {"PET_LOCAL_ADDR": "localhost", "GLOO_SOCKET_IFNAME": "lo"}
_NO_HUB = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TOKENIZERS_PARALLELISM": "false"}
# NPROC is read by jax alone, which else starts a pool of threads as large as the machine.
_JAX_ON_CPU = {"JAX_PLATFORMS": "cpu", "NPROC": "1", "MPLBACKEND": "Agg"}


@dataclass(frozen=True)
class Image:
    """An image of our own.

    Attributes:
        about: What is in it, for people.
        packages: Distributions that a challenge may import; what they require comes along.
        environment: Variables that programs inside have, whatever the sandbox.
        extra: The extra of synthgym's that installs the packages; None where synthgym itself does.
        containers_only: Whether it is of use in containers only.
        loopback: Whether programs that compute together find each other by the loopback interface: torch's do.
    """

    about: str
    packages: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    extra: str | None = None
    containers_only: bool = False
    loopback: bool = False

    @property
    def install(self) -> str:
        """The command that installs its packages beside synthgym."""
        return f"pip install 'synthgym[{self.extra}]'" if self.extra else "pip install --upgrade synthgym"


IMAGES: Mapping[str, Image] = {
    "cpu": Image("numpy, pandas, pyarrow, scikit-learn, scipy", _CPU),
    "torch": Image("the same, and torch for CPUs", (*_CPU, "torch"), _NO_NAMES, "train", loopback=True),
    "gpu": Image(
        "the same, and torch for NVIDIA GPUs", (*_CPU, "torch"), _NO_NAMES, containers_only=True, loopback=True
    ),
    "transformers": Image(
        "torch's, and transformers, datasets, accelerate, pillow",
        (*_CPU, *_TRANSFORMERS),
        _NO_HUB | _NO_NAMES,
        "transformers",
        loopback=True,
    ),
    "jax": Image("cpu's, and jax, flax, optax, gymnax", (*_CPU, *_JAX), _JAX_ON_CPU, "jax"),
}
"""Images of our own, by the name that a challenge's spec gives."""


_MOST_REFERENCE, _MOST_NAME = 500, 255
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])"
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    rf"(?P<name>(?:{_HOST}(?::[0-9]+)?/)?{_PART}(?:/{_PART})*)"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
    r"(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?"
)
"""A reference as container engines define it: ``[host[:port]/]path[:tag][@digest]``."""
_ID = re.compile(r"sha256:[0-9a-f]{64}")


def is_reference(text: str) -> bool:
    """Whether a text names an image and nothing else: engines take it as a part of an address."""
    if len(text) > _MOST_REFERENCE:
        return False
    found = _REFERENCE.fullmatch(text)
    return bool(_ID.fullmatch(text)) or (found is not None and len(found["name"]) <= _MOST_NAME)


def environment_of(image: str) -> Mapping[str, str]:
    """Variables that programs have in sandboxes of an image; none for an image that is not ours."""
    return IMAGES[image].environment if image in IMAGES else {}


def has_loopback(image: str) -> bool:
    """Whether programs in an image may need the loopback interface; nothing is known of an image that is not ours."""
    return image not in IMAGES or IMAGES[image].loopback


def why_not_installed(image: str) -> str | None:
    """Why the packages installed beside synthgym do not make up an image, and what to do; None if they do.

    It looks for the packages that the image names, which is quick, and not for what those require.
    """
    if image not in IMAGES:
        own = ", ".join(IMAGES)
        return f"the image {image!r} is none of synthgym's own ({own}), and only containers can have others"
    known = IMAGES[image]
    if known.containers_only:
        return f"the image {image!r} is for containers only"
    absent = ", ".join(name for name in known.packages if not _is_installed(name))
    if not absent:
        return None
    return f"the image {image!r} needs packages that are not installed ({absent}); install them with: {known.install}"


def how_to_get(image: str) -> str:
    """How a container engine gets an image."""
    return f"synthgym images build {image}" if image in IMAGES else f"docker pull {image}"


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True
