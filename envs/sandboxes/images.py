"""Container images for workspaces: built from `envs/images/`, found by name, made fit, and pinned by their id."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tarfile
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from synthgym.base.errors import MissingDependencyError, SandboxError, UserError
from synthgym.envs.sandboxes.engine import address, answering, engine
from synthgym.envs.sandboxes.runtime import TOOLS

DOCKERFILES = Path(__file__).resolve().parent.parent / "images"
VARIANTS = {
    "cpu": "numpy, pandas, scikit-learn, scipy",
    "torch": "the same, and torch for CPUs",
    "gpu": "the same, and torch for NVIDIA GPUs",
}
"""Images of our own: name in a challenge's spec → what is in it."""

DEFAULT_BASE = "python:3.12-slim"
CERTIFICATES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
"""Variables that name a bundle of certificate authorities, as pip and others read them."""


def certificates() -> Path | None:
    """The certificate authorities that this machine's environment names, or that its pip is set to."""
    named = next((os.environ[name] for name in CERTIFICATES if os.environ.get(name)), None)
    if named is None:
        ask = [sys.executable, "-m", "pip", "config", "get", "global.cert"]
        named = subprocess.run(ask, capture_output=True, text=True).stdout.strip()
    return Path(named) if named and os.path.isfile(named) else None


def tag_of(image: str) -> str:
    """What the engine calls an image: a variant of our own, or any other by its own name."""
    return f"synthgym/{image}" if image in VARIANTS else image


def build(variant: str, base: str = DEFAULT_BASE, ca: Path | None = None, tell: Callable[[str], None] = print) -> str:
    """Builds an image of our own and makes it fit for workspaces.

    Args:
        variant: One of `VARIANTS`.
        base: An image with Debian's or Ubuntu's package manager, or with Python.
        ca: Certificate authorities that downloads need here; by default what `CERTIFICATES` name. Not in the image.
        tell: Is given each line of the engine's.

    Returns:
        Its id.

    Raises:
        UserError: The engine cannot build it; says with which line.
    """
    ca = ca or certificates()
    context = {f"{name}.txt": (DOCKERFILES / f"{name}.txt").read_bytes() for name in VARIANTS}
    context["requirements.txt"] = f"-r {variant}.txt\n".encode()
    context["ca.pem"] = ca.read_bytes() if ca else b""
    context["Dockerfile"] = (DOCKERFILES / "Dockerfile").read_bytes()
    _build(_tar(context), tag_of(variant), {"BASE": base}, tell)
    _fit.cache_clear()
    return fit(variant)


def fit(image: str) -> str:
    """The id of a workspace image made from `image`; made now, if it was not yet.

    By the id, not by name: a tag that moves while this process runs does not change what its sandboxes are.

    Raises:
        MissingDependencyError: There is no such image on this machine; says how to get one.
        UserError: It is no image that workspaces can run in; says why.
        SandboxError: The engine does not answer.
    """
    return _fit(image, address())


@cache
def _fit(image: str, engine_address: str) -> str:
    source = _find(image)
    digest = hashlib.sha256(source["Id"].encode())
    for path in sorted([*TOOLS.rglob("*.py"), DOCKERFILES / "workspace.Dockerfile"]):
        digest.update(path.name.encode() + path.read_bytes())
    tag = f"synthgym/workspace:{digest.hexdigest()[:16]}"
    made = _inspect(tag)
    if made is None:
        context = {f"tools/{path.relative_to(TOOLS)}": path.read_bytes() for path in TOOLS.rglob("*.py")}
        context["Dockerfile"] = (DOCKERFILES / "workspace.Dockerfile").read_bytes()
        _build(_tar(context), tag, {"BASE": source["Id"]}, lambda line: None)
        made = _inspect(tag)
        if made is None:
            raise SandboxError(f"docker: {tag} was built and is not there; was it removed meanwhile?")
    return str(made["Id"])


def present(image: str) -> bool:
    """Whether the engine has an image."""
    return _inspect(tag_of(image)) is not None


def path_of(image_id: str) -> str:
    """The PATH that an image's programs are found by."""
    made = _inspect(image_id) or {}
    for entry in (made.get("Config") or {}).get("Env") or ():
        name, _, value = entry.partition("=")
        if name == "PATH":
            return str(value)
    return "/usr/local/bin:/usr/bin:/bin"


def _find(image: str) -> dict[str, Any]:
    found = _inspect(tag_of(image))
    if found is not None:
        return found
    if image in VARIANTS:
        raise MissingDependencyError(
            f"the image {tag_of(image)!r} is not on this machine; build it with: synthgym images build {image}"
        )
    raise MissingDependencyError(f"the image {image!r} is not on this machine; get it with: docker pull {image}")


@cache
def _inspect_by_id(image_id: str, engine_address: str) -> dict[str, Any]:
    return _ask_engine(image_id)


def _ask_engine(image: str) -> dict[str, Any]:
    with answering():
        api: Any = engine().api
        return dict(api.inspect_image(image))


def _inspect(image: str) -> dict[str, Any] | None:
    import docker.errors

    try:
        return _inspect_by_id(image, address()) if image.startswith("sha256:") else _ask_engine(image)
    except SandboxError as error:
        if isinstance(error.__cause__, docker.errors.NotFound):
            return None
        raise


def _tar(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in sorted(files.items()):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o644
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def _build(context: bytes, tag: str, arguments: dict[str, str], tell: Callable[[str], None]) -> None:
    with answering():
        lines: Iterator[dict[str, Any]] = engine().api.build(
            fileobj=io.BytesIO(context),
            custom_context=True,
            tag=tag,
            buildargs=arguments,
            rm=True,
            forcerm=True,
            decode=True,
            timeout=3600,
        )
        said: deque[str] = deque(maxlen=12)
        for line in lines:
            if text := line.get("stream", "").strip():
                said.append(text)
                tell(text)
            if "error" in line:
                before = "\n".join(said)
                raise UserError(
                    f"the image {tag!r} cannot be built; the engine said at last:\n{before}\n{line['error']}"
                )
