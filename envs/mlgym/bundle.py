"""Several files of a workspace that are handed in together, as the bytes of one submission: a tar archive."""

from __future__ import annotations

import io
import tarfile
from fnmatch import fnmatch

from synthgym.base.errors import BadSubmission, TooLarge
from synthgym.envs.sandboxes.base import Sandbox


def collect(box: Sandbox, patterns: list[str], max_bytes: int) -> bytes:
    """The regular files of a workspace that fit one of the patterns, in which `*` goes over folders too.

    Equal files give equal bytes.

    Raises:
        BadSubmission: There are none; they are more than `max_bytes` together; the workspace has too many files.
    """
    names = [name for name in box.names() if any(fnmatch(name, pattern) for pattern in patterns)]
    if not names:
        raise BadSubmission(f"no file in the workspace is called like one of {', '.join(patterns)}")
    archive, left = io.BytesIO(), max_bytes
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name in names:
            if name.startswith("/") or ".." in name.split("/"):
                raise BadSubmission(f"{name!r}: expected a file in the workspace")
            try:
                data = box.read(name, left)
            except TooLarge:
                raise BadSubmission(f"what is handed in has more than the {max_bytes} bytes allowed") from None
            left -= len(data)
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return archive.getvalue()


def unpack(submission: bytes) -> dict[str, bytes]:
    """The files of a bundle that `collect` made, by their paths."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(submission)) as tar:
        for member in tar:
            file = tar.extractfile(member)
            assert file is not None
            found[member.name] = file.read()
    return found
