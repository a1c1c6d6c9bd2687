"""What a stranger's `prepare.py` may leave behind to be read: it costs its challenge at most, in words."""

from __future__ import annotations

import resource
import time
import uuid
from pathlib import Path

import challenges
import pytest

from synthgym.base.errors import GraderError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.workspace import prepare
from synthgym.registry.challenge import content_hash
from synthgym.synthesis.verification.verify import verify

SWAP = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", '''
import io, os, tarfile, time
os.chdir(os.path.dirname(PUBLIC))
def archive(kind):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for name in ("public", "private"):
            member = tarfile.TarInfo(name)
            member.type = tarfile.DIRTYPE
            tar.addfile(member)
        tar.addfile(tarfile.TarInfo("public/swapped"))
    return made.getvalue()
data = archive(0)
while True:
    with open("new", "wb") as file:
        file.write(data)
    os.replace("new", "out.tar")
    with open(os.path.join(PUBLIC, "train.csv"), "w") as file:
        file.write("swapped")
    os.unlink(os.path.join(PUBLIC, "train.csv"))
'''.replace("PUBLIC", repr(os.environ["PUBLIC"]))], start_new_session=True, stdin=subprocess.DEVNULL,
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
time.sleep(0.5)
"""

FILES = {
    "a sparse file of 15 MB": "open(public + '/hole', 'wb').truncate(15 << 20)",
    "a pickle that says it again": (
        "said = b'X\\0\\0\\x10\\0' + b'x' * (1 << 20) + b'q\\0' + b'0h\\0' * 300000\n"
        "open(public + '/a.pkl', 'wb').write(b'\\x80\\x04' + said + b'.')"
    ),
    "a zip that lists 200,000 members": (
        "e = b'PK\\1\\2' + bytes(24) + b'\\1\\0\\0\\0\\0\\0' + bytes(12) + b'a'\n"
        "l = b'PK\\3\\4' + bytes(22) + b'\\1\\0\\0\\0a'\n"
        "import struct\n"
        "end = struct.pack('<4s4H2LH', b'PK\\5\\6', 0, 0, 65535, 65535, len(e) * 200000, len(l), 0)\n"
        "open(public + '/a.zip', 'wb').write(l + e * 200000 + end)"
    ),
    "an array whose header nests": (
        "head = b'\\x93NUMPY\\1\\0' + (9000).to_bytes(2, 'little')\n"
        "open(public + '/a.npy', 'wb').write(head + b'-' * 8999 + b'\\n1')"
    ),
    "a gzip bomb": "import gzip\ngzip.open(public + '/a.gz', 'wb', 1).write(bytes(400 << 20))",
    "names that are no text": "open(os.fsencode(public) + b'/\\xff\\xfe', 'w')",
    "a loop of links": "os.symlink('b', public + '/a'); os.symlink('a', public + '/b')",
    "a path too long": (
        "here = os.getcwd(); os.chdir(public)\n"
        "for _ in range(29): os.mkdir('d' * 200); os.chdir('d' * 200)\n"
        "open('e' * 200, 'w'); os.chdir(here)"
    ),
    "60,000 files": "for n in range(60_000): open(f'{public}/{n}', 'w').close()",
    "labels that are a folder": "os.remove(private + '/labels.csv'); os.mkdir(private + '/labels.csv')",
    "labels that are a link": "os.remove(private + '/labels.csv'); os.symlink('/etc/passwd', private + '/labels.csv')",
    "3 million labels": "open(private + '/labels.csv', 'w').write('y\\n' + '1\\n' * 3_000_000)",
    "a label of 9 MB": "open(private + '/labels.csv', 'a').write('1' * 9_000_000 + '\\n')",
    "labels beyond reckoning": "open(private + '/labels.csv', 'a').write('1e300\\n')",
}
REFUSED = {
    "names that are no text": "more than plain text",
    "a loop of links": "no regular file",
    "a path too long": "File name too long|more than plain text|cannot be unpacked",
    "60,000 files": "more than 50,000 files|prepare.py failed",
    "labels that are a folder": "Is a directory|labels.csv",
    "labels that are a link": "no regular file",
    "3 million labels": "at most 2,000,000 labels",
    "a label of 9 MB": "labels are not a perfect submission|rows",
    "labels beyond reckoning": "expected numbers of at most 1e",
}


def challenge_of(folder: Path, more: str) -> Path:
    """The challenge with a few lines more in its `prepare.py`, as a folder."""
    path = challenges.write_table(folder)
    with (path / "grader" / "prepare.py").open("a") as file:
        file.write(f"\n{more}\n# never made ready before: {uuid.uuid4().hex}\n")
    challenge = challenges.table_spec()
    challenge.provenance.content_hash = content_hash(challenge, path)
    challenge.save(path)
    return path


def test_nothing_that_is_left_running_changes_what_is_packed(sealed: str, tmp_path: Path) -> None:
    path = challenge_of(tmp_path, SWAP)
    challenge = challenges.table_spec()
    prepared = prepare(challenge, path, sealed)
    files = {file.name for file in (prepared.workspace / "data").iterdir()}
    assert "swapped" not in files
    assert "test.csv" in files
    assert (prepared.private / "labels.csv").read_text().startswith("y\n")


@pytest.mark.sample(2)
@pytest.mark.parametrize("left", FILES)
def test_verification_ends_in_words_whatever_is_left(sealed: str, tmp_path: Path, left: str) -> None:
    path = challenge_of(tmp_path, FILES[left])
    begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = verify(path, sealed, write=False)
    assert report.failed != "unexpected", report.reason
    assert report.ok == (left not in REFUSED), report.reason
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 800_000  # kilobytes
    assert time.monotonic() - begin < 120


@pytest.mark.parametrize("left", ["3 million labels", "labels that are a folder", "a label of 9 MB"])
def test_an_episode_does_not_begin_on_such_data(sealed: str, tmp_path: Path, left: str) -> None:
    challenge_of(tmp_path, FILES[left])
    env = ChallengeEnv(str(tmp_path), "line", sandbox=sealed, trust=True)
    with pytest.raises(GraderError, match=REFUSED[left]):
        env.reset(seed=0)
    env.close()
