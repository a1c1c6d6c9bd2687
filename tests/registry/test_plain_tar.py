"""Tar archives: what honest programs make is read, and what is made to hang, unfold or nest ends at once."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from synthgym.base.errors import GraderError
from synthgym.envs.preparing import _unpack
from synthgym.registry.plain_tar import FILE, FOLDER, TarStream, read_tar
from synthgym.synthesis.tables.archives import members

NAMES = ["public/a.csv", "public/" + "b" * 90, "public/" + "/".join(["c" * 60] * 3) + "/d", "public/é ü", "private/e"]


def header(name: str, kind: bytes = b"0", size: int | bytes = 0, **fields: bytes) -> bytes:
    """A member's header; its checksum is right whatever else is not."""
    stated = size if isinstance(size, bytes) else b"%011o\0" % size
    parts = [name.encode()[:100].ljust(100, b"\0"), b"0000644\0", b"0000000\0", b"0000000\0", stated.ljust(12, b"\0")]
    parts += [b"00000000000\0", b" " * 8, kind, bytes(100), fields.get("magic", b"ustar\00000")]
    block = b"".join(parts).ljust(512, b"\0")
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


@pytest.mark.parametrize("format", [tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_archives_of_pythons(format: int) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=format) as archive:
        folder = tarfile.TarInfo("public")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for number, name in enumerate(NAMES):
            member = tarfile.TarInfo(name)
            member.size = 300 * number
            archive.addfile(member, io.BytesIO(bytes([65 + number]) * member.size))
    found = list(read_tar(made.getvalue()))
    assert [each.name.rstrip("/") for each in found] == ["public", *NAMES]
    assert [each.kind for each in found] == [FOLDER, *[FILE] * len(NAMES)]
    assert [bytes(each.data) for each in found[1:]] == [bytes([65 + n]) * 300 * n for n in range(len(NAMES))]


def test_archives_of_the_program(tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "public/link").symlink_to("a.csv")
    os.mkfifo(tmp_path / "public/fifo")
    with (tmp_path / "public/hole").open("wb") as file:
        file.truncate(100_000)
    made = subprocess.run(["tar", "-cf", "-", "public", "private"], cwd=tmp_path, stdout=subprocess.PIPE, check=True)
    found = {each.name.rstrip("/"): each for each in read_tar(made.stdout)}
    assert {name for name, each in found.items() if each.kind == FILE} == {*NAMES, "public/hole"}
    assert all(bytes(found[name].data).decode() == name for name in NAMES)
    assert (found["public/link"].kind, found["public/fifo"].kind) == (b"2", b"6")
    assert len(found["public/hole"].data) == 100_000


PAX_OF_ZEROS = padded(b"0" * 400_000)
HOSTILE: dict[str, bytes] = {
    "a sparse terabyte": header("public/a", b"S", 512, magic=b"ustar  \0") + bytes(1024),
    "a size below zero": header("public/a", b"0", b"\xff" * 12) + bytes(1024),
    "a size below zero of another kind": header("public/a", b"Z", b"\xff" * 11 + b"\0") + bytes(1024),
    "a size of words": header("public/a", b"0", b"a lot") + bytes(1024),
    "a size of 8 exabytes": header("public/a", b"0", b"\x80" + b"\x7f" * 11) + bytes(1024),
    "longer than the archive": header("public/a", b"0", 10**9) + bytes(1024),
    "pax of zeros": header("x", b"x", 400_000) + PAX_OF_ZEROS + header("public/a", b"0", 1) + padded(b"a"),
    "pax upon pax": b"".join(header("x", b"x", 512) + bytes(512) for _ in range(5000)) + header("public/a"),
    "long names upon long names": b"".join(header("L", b"L", 512) + padded(b"n") for _ in range(5000)) + header("a"),
    "a long name": header("L", b"L", 1 << 20) + b"n" * (1 << 20) + header("a"),
    "a link to elsewhere": header("public/a", b"2") + header("private"),
    "a device": header("public/a", b"3"),
    "out of it": header("public/../../a", b"0", 1) + padded(b"a"),
    "from the root": header("/etc/passwd", b"0", 1) + padded(b"a"),
    "a name to steer": header("public/\x1b[2J", b"0", 1) + padded(b"a"),
    "no tar": os.urandom(4096),
    "half a header": header("public/a")[:300],
    "twice the same folder": header("public", b"5") * 2,
}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_archive_costs_its_challenge(tmp_path: Path, hostile: str) -> None:
    start = time.monotonic()
    with pytest.raises(GraderError) as caught:
        _unpack(HOSTILE[hostile], tmp_path, "toys")
    assert len(str(caught.value)) < 1000
    assert time.monotonic() - start < 20  # of what used to take minutes, or for ever
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 1 << 20


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_is_looked_into_ends(hostile: str) -> None:
    assert sum(len(content) for _, content in members(HOSTILE[hostile])) < 1 << 20


def test_a_file_whose_name_is_taken(tmp_path: Path) -> None:
    with pytest.raises(GraderError, match="cannot be unpacked"):
        _unpack(header("public", b"5") + header("public/a") + header("public/a/b"), tmp_path, "toys")


class Once:
    """What is unpacked: it can be read, and nothing else."""

    def __init__(self, data: bytes) -> None:
        self.file = io.BytesIO(data)

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        return self.file.read(size)


@pytest.mark.parametrize("kind", [io.BytesIO, Once, lambda data: io.BufferedReader(io.BytesIO(data))])
@pytest.mark.parametrize("format", [tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT])
def test_a_stream_of_pythons(kind: Callable[[bytes], io.BytesIO], format: int) -> None:
    """Whatever is read of the members before."""
    names = [*NAMES, *(["p/" * 100 + "q"] if format != tarfile.USTAR_FORMAT else [])]
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=format) as archive:
        for number, name in enumerate(names):
            member = tarfile.TarInfo(name)
            member.size, member.mtime = 700_000 * number, 1.5  # type: ignore[assignment]
            archive.addfile(member, io.BytesIO(bytes([65 + number]) * member.size))
    for read in (0, 1, 700_000):
        stream, found = TarStream(kind(made.getvalue()), pax=True), []
        for name, member_kind, size in stream:
            if size >= read:
                assert set(stream.read(read)) <= {65 + len(found)}
            found.append((name, member_kind, size))
        assert found == [(name, FILE, 700_000 * number) for number, name in enumerate(names)]


def said(records: bytes) -> bytes:
    return header("x", b"x", len(records)) + padded(records) + header("a", b"0", 1) + padded(b"a")


@pytest.mark.parametrize(
    "records",
    [
        b"0 path=a\n",
        b"-9 path=a\n",
        b"99 path=a\n",
        b"path=a\n",
        b"9" * 30 + b" path=a\n",
        b"12 size=1e9\n",
        b"\0" * 60_000,
    ],
)
def test_what_pax_says_is_read_once(records: bytes) -> None:
    with pytest.raises(ValueError):
        list(TarStream(io.BytesIO(said(records)), pax=True))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_stream_ends(hostile: str) -> None:
    start, names = time.monotonic(), []
    with contextlib.suppress(ValueError):
        names = [name for name, _, _ in TarStream(io.BytesIO(HOSTILE[hostile]), pax=True)]
    assert len(names) < 3
    assert time.monotonic() - start < 5


def test_a_stream_that_ends_within_a_member() -> None:
    whole = header("a", b"0", 5000) + bytes(5000)
    for keep in (513, 4000, 5511):
        with pytest.raises(ValueError, match="within a member"):
            list(TarStream(io.BytesIO(whole[:keep]), pax=True))
