"""Container images for workspaces: built from `envs/images/`, found by name, made fit, and pinned by their id."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import IO, Any

from synthgym.base.errors import MissingDependencyError, SandboxError, UserError
from synthgym.envs.sandboxes.docker.engine import address, answering, engine
from synthgym.envs.sandboxes.runtime import TOOLS
from synthgym.registry.images import IMAGES, how_to_get, is_reference

DOCKERFILES = Path(__file__).resolve().parents[2] / "images"
_WORKSPACE = "synthgym/workspace"
_SOURCE_LABEL, _TOOLS_LABEL = "synthgym.source", "synthgym.tools"
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
    return f"synthgym/{image}" if image in IMAGES else image


def build(
    variant: str,
    base: str = DEFAULT_BASE,
    ca: Path | None = None,
    wheels: Path | None = None,
    tell: Callable[[str], None] = print,
) -> str:
    """Builds an image of our own and makes it fit for workspaces.

    Args:
        variant: One of `synthgym.registry.images.IMAGES`.
        base: An image with Debian's or Ubuntu's package manager, or with Python.
        ca: Certificate authorities that downloads need here; by default what `CERTIFICATES` name. Not in the image.
        wheels: A folder with wheels that pip may take instead of downloading them.
        tell: Is given each line of the engine's.

    Returns:
        Its id.

    Raises:
        UserError: The engine cannot build it; says with which line.
    """
    ca = ca or certificates()
    context: dict[str, bytes | Path] = {f"{name}.txt": DOCKERFILES / f"{name}.txt" for name in IMAGES}
    context["requirements.txt"] = f"-r {variant}.txt\n".encode()
    context["ca.pem"] = ca or b""
    context["wheels/none.txt"] = b""  # a folder that is copied has to be there
    context |= {f"wheels/{wheel.name}": wheel for wheel in (wheels.glob("*.whl") if wheels else ())}
    context["Dockerfile"] = DOCKERFILES / "Dockerfile"
    _build(context, tag_of(variant), {"BASE": base}, tell)
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
    source: str = _find(image)["Id"]
    tag = f"{_WORKSPACE}:{hashlib.sha256((source + _tools()).encode()).hexdigest()[:16]}"
    made = _inspect(tag)
    if made is None:
        context: dict[str, bytes | Path] = {f"tools/{path.relative_to(TOOLS)}": path for path in TOOLS.rglob("*.py")}
        context["Dockerfile"] = DOCKERFILES / "workspace.Dockerfile"
        labels = {_SOURCE_LABEL: source, _TOOLS_LABEL: _tools()}
        _build(context, tag, {"BASE": source}, lambda line: None, labels)
        made = _inspect(tag)
        if made is None:
            raise SandboxError(f"docker: {tag} was built and is not there; was it removed meanwhile?")
    return str(made["Id"])


@cache
def _tools() -> str:
    """A digest of the programs that are put into images."""
    digest = hashlib.sha256()
    for path in sorted([*TOOLS.rglob("*.py"), DOCKERFILES / "workspace.Dockerfile"]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def prune() -> int:
    """Removes workspace images that nothing asks for any more: their programs or the image they were made from changed.

    Returns:
        How many. One that a container still runs in is left.
    """
    import docker.errors

    removed = 0
    with answering():
        api: Any = engine().api
        for made in api.images(name=_WORKSPACE):
            labels = made.get("Labels") or {}
            source = labels.get(_SOURCE_LABEL)
            if labels.get(_TOOLS_LABEL) == _tools() and source and _ask(source) is not None:
                continue
            try:
                for tag in made["RepoTags"]:
                    api.remove_image(tag)
                removed += 1
            except docker.errors.APIError as error:
                if error.status_code != 409:  # in use
                    raise
    _fit.cache_clear()
    return removed


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
    raise MissingDependencyError(
        f"the image {tag_of(image)!r} is not on this machine; get it with: {how_to_get(image)}"
    )


@cache
def _inspect_by_id(image_id: str, engine_address: str) -> dict[str, Any] | None:
    return _ask(image_id)


def _inspect(image: str) -> dict[str, Any] | None:
    return _inspect_by_id(image, address()) if image.startswith("sha256:") else _ask(image)


def _ask(image: str) -> dict[str, Any] | None:
    """What the engine knows of an image; None if it has none of that name.

    Raises:
        UserError: It is no name of an image: the engine is asked by an address that the name is a part of.
    """
    import docker.errors

    if not is_reference(image):
        raise UserError(f"image: expected a name such as 'cpu' or 'python:3.12-slim', got {image!r:.200}")

    with answering():
        api: Any = engine().api
        try:
            return dict(api.inspect_image(image))
        except docker.errors.NotFound:
            return None


def _pack(context: dict[str, bytes | Path], into: IO[bytes]) -> None:
    """Writes the files of a build as a tar archive; those with a path are read from there."""
    with tarfile.open(fileobj=into, mode="w") as archive:
        for name, source in sorted(context.items()):
            member = tarfile.TarInfo(name)
            member.mode = 0o644
            with source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as file:
                member.size = file.seek(0, os.SEEK_END)
                file.seek(0)
                archive.addfile(member, file)
    into.seek(0)


def _build(
    context: dict[str, bytes | Path],
    tag: str,
    arguments: dict[str, str],
    tell: Callable[[str], None],
    labels: dict[str, str] | None = None,
) -> None:
    with tempfile.TemporaryFile() as packed, answering():
        _pack(context, packed)
        lines: Iterator[dict[str, Any]] = engine().api.build(
            fileobj=packed,
            labels=labels,
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
