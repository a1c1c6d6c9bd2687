"""The Python that programs inside a sandbox get: a private tree, built once per machine, shared by all sandboxes.

It plays the part that an image plays for containers, for the sandboxes that share the host's files; there is one for
each image of `synthgym.registry.images` that a challenge asked for. Showing a sandbox
the host's own interpreter would show it too much: this package with its graders, everything else that is installed,
and scikit-learn's bundled data with the labels of public data sets. So the tree holds the standard library and the
packages that challenges may use, without that data, as hard links where possible::

    <cache>/runtimes/<key>/python/    bin/python, lib/python3.x with site-packages
    <cache>/runtimes/<key>/tools/     the programs of `synthgym.envs.tools`, bin/ of them for the PATH
    <cache>/runtimes/<key>/libraries/ the interpreter's shared libraries alone, where it has its own
    <cache>/runtimes/<key>/etc/       passwd, group and the like
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from synthgym.base.errors import MissingDependencyError
from synthgym.base.files.paths import build_once, cache_dir
from synthgym.envs.tools.set_up import compile_all, write_commands
from synthgym.registry.files import link_or_copy
from synthgym.registry.images import IMAGES, Image, why_not_installed

TOOLS = Path(__file__).resolve().parent.parent / "tools"
INSIDE_PYTHON, INSIDE_TOOLS = "/opt/python", "/opt/synthgym"

_LAYOUT = "10"  # of the tree; a change of this file that changes the tree needs another number
_FONTS = '<fontconfig><dir>/usr/share/fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>\n'
_STDLIB_LEFT_OUT = {"site-packages", "dist-packages", "test", "tests", "idlelib", "ensurepip", "lib2to3", "turtledemo"}
_BUNDLED_DATA = ("sklearn/datasets/data/", "sklearn/datasets/images/", "sklearn/datasets/descr/")


@dataclass(frozen=True)
class Runtime:
    """A built tree.

    Attributes:
        root: The tree on the host.
        library_dir: Where the interpreter looks for its own shared library, if that is outside the system's folders.
    """

    root: Path
    library_dir: str | None

    @property
    def python(self) -> Path:
        """The tree's interpreter, on the host."""
        return self.root / "python" / "bin" / "python"


@cache
def runtime(image: str = "cpu") -> Runtime:
    """The tree of an image, for this interpreter and its packages; built at the first call on a machine (some seconds).

    Raises:
        MissingDependencyError: A package of the image is not installed, or the image is one for containers only.
    """
    if reason := why_not_installed(image):
        raise MissingDependencyError(f"{reason}; for a container: sandbox='docker'")
    packages = IMAGES[image].packages
    distributions = list(_closure(IMAGES[image]))
    root = cache_dir() / "runtimes" / _key(packages, distributions)
    if not root.is_dir():
        build_once(root, lambda folder: _build(folder, packages, distributions))
    library_dir = sysconfig.get_config_var("LIBDIR") if sysconfig.get_config_var("Py_ENABLE_SHARED") else None
    if library_dir and _is_system(Path(library_dir)):
        library_dir = None
    return Runtime(root, library_dir)


def _is_system(folder: Path) -> bool:
    """Whether a sandbox sees the folder anyway: `/usr`, without what an administrator put there."""
    folder = folder.resolve()
    return folder.is_relative_to("/usr") and not folder.is_relative_to("/usr/local")


def _closure(image: Image) -> Iterator[metadata.Distribution]:
    """The image's distributions, and what they require, with the extras that they require it with."""
    seen: set[str] = set()
    followed: set[tuple[str, str]] = set()
    queue = [(name, "") for name in image.packages]
    while queue:
        name, extra = queue.pop()
        name = canonicalize_name(name)
        if (name, extra) in followed:
            continue
        followed.add((name, extra))
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            raise MissingDependencyError(
                f"the sandboxes' Python needs the package {name!r}, which is not installed; install it with: "
                f"{image.install}"
            ) from None
        if name not in seen:
            seen.add(name)
            yield found
        for text in found.requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                queue += [(requirement.name, each) for each in ("", *requirement.extras)]


def _key(packages: tuple[str, ...], distributions: list[metadata.Distribution]) -> str:
    digest = hashlib.sha256(f"{_LAYOUT} {packages} {sys.version} {os.path.realpath(sys.executable)}".encode())
    for item in sorted(distributions, key=lambda found: canonicalize_name(found.metadata["Name"])):
        digest.update(f"{item.metadata['Name']} {item.version} {item.locate_file('')}".encode())
    for path in sorted(TOOLS.rglob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _build(folder: Path, packages: tuple[str, ...], distributions: list[metadata.Distribution]) -> None:
    _build_python(folder / "python")
    for name in packages:
        _write_programs(metadata.distribution(name), folder / "python" / "bin")
    site = folder / "python" / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    for item in distributions:
        _link_distribution(item, site)
    # Debian's interpreter looks for packages in `dist-packages`.
    system = folder / "python" / "lib" / "python3"
    system.mkdir()
    (system / "dist-packages").symlink_to(os.path.relpath(site, system))
    _build_tools(folder / "tools")
    _build_etc(folder / "etc")
    for path, folders, _ in os.walk(folder):
        for name in folders:
            if not os.path.islink(os.path.join(path, name)):
                os.chmod(os.path.join(path, name), 0o755)


def _build_python(folder: Path) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    binary = folder / "bin" / f"python{version}"
    _link(Path(os.path.realpath(getattr(sys, "_base_executable", sys.executable))), binary)
    for name in ("python", "python3"):
        (binary.parent / name).symlink_to(binary.name)
    library = folder / "lib"
    for stdlib in {sysconfig.get_path("stdlib"), os.path.dirname(os.__file__)}:
        _link_tree(Path(stdlib), library / f"python{version}", lambda path: path.parts[0] in _STDLIB_LEFT_OUT)
    prefix_library = Path(sys.base_prefix) / "lib"
    if not _is_system(prefix_library):
        for path in prefix_library.glob("*.so*"):
            _link(path, library / path.name)
            _link(path, folder.parent / "libraries" / path.name)


def _link_distribution(item: metadata.Distribution, site: Path) -> None:
    if item.files is None:
        raise MissingDependencyError(
            f"the package {item.metadata['Name']!r} was installed without a list of its files; "
            "install it with pip, in a virtual environment"
        )
    for entry in item.files:
        name = entry.as_posix()
        if name.startswith("..") or "/tests/" in name or name.startswith(_BUNDLED_DATA):
            continue
        source = Path(str(item.locate_file(entry)))
        if source.is_file():
            _link(source, site / name)


def _write_programs(item: metadata.Distribution, folder: Path) -> None:
    """The programs that come with a package (`torchrun`, `accelerate`): its own name the host's interpreter."""
    for point in item.entry_points.select(group="console_scripts"):
        start = f"import sys; from {point.module} import {point.attr} as main; sys.argv[0] = {point.name!r}; main()"
        program = folder / point.name
        program.write_text(f'#!/bin/sh\nexec "$(dirname "$0")/python" -P -c "{start}" "$@"\n')
        program.chmod(0o755)


def _build_tools(folder: Path) -> None:
    # No links: an editor that writes in place would change the tree.
    shutil.copytree(TOOLS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    compile_all(str(folder), INSIDE_TOOLS)
    write_commands(str(folder / "bin"), f"{INSIDE_PYTHON}/bin/python", INSIDE_TOOLS)


def _build_etc(folder: Path) -> None:
    folder.mkdir()
    texts = {
        "passwd": "root:x:0:0:root:/:/bin/false\nagent:x:1000:1000:agent:/home/agent:/bin/bash\n",
        "group": "root:x:0:\nagent:x:1000:\n",
        "hosts": "127.0.0.1 localhost\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o644)
    if os.path.exists("/etc/ld.so.cache"):
        shutil.copyfile("/etc/ld.so.cache", folder / "ld.so.cache")
        (folder / "ld.so.cache").chmod(0o644)
    (folder / "alternatives").mkdir()
    # Else the system's programs that look for fonts, as matplotlib has them do, complain of it.
    (folder / "fonts").mkdir()
    (folder / "fonts" / "fonts.conf").write_text(_FONTS)


def _link_tree(source: Path, target: Path, left_out: Callable[[Path], bool]) -> None:
    for path, folders, names in os.walk(source):
        here = Path(path).relative_to(source)
        folders[:] = [name for name in folders if not left_out(here / name)]
        for name in names:
            _link(Path(path) / name, target / here / name)


def _link(source: Path, target: Path) -> None:
    """Gives a file a place in the tree, and the folders it is in; what is there already stays."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        link_or_copy(source, target)
