"""The card of a student on the Hugging Face Hub: what it is made of, how it was trained, and how it did."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import yaml

from synthgym.registry.hub.card import LICENCES_OF_THE_HUB, table
from synthgym.train.sharing.base import Base
from synthgym.train.sharing.record import Trained
from synthgym.train.sharing.scores import Standing
from synthgym.train.sharing.without_paths import without_paths

CARD_FILE = "README.md"

_PACKAGES = ("synthgym", "trl", "transformers", "peft", "torch")


def make_card(trained: Trained, repo_id: str, standing: Standing | None, command: Sequence[str]) -> str:
    """The card as Markdown. The same training gives the same card.

    Args:
        trained: What was trained.
        repo_id: Where it will be.
        standing: How it did in a benchmark, if it took part in one.
        command: That trained it.
    """
    parts = [
        _front_matter(trained),
        f"# {repo_id.split('/')[-1]}\n\n{_about(trained)}",
        f"## Base\n\n{_base(trained)}",
        _use(trained, repo_id),
        f"## How it did\n\n{_standing(standing)}",
        f"## Data\n\n{table(trained.data.head, trained.data.rows)}{_environments(trained)}",
        "## Training\n\nIt was bounded by steps, tokens or passes, never by the clock.\n\n"
        + table(["", ""], [[name, value] for name, value in trained.figures.items()]),
        _command(trained, command),
        f"### Every setting\n\n```yaml\n{yaml.safe_dump(trained.settings, sort_keys=False)}```\n",
        f"## Versions\n\nOf what pushed it: {_versions()}.\n",
    ]
    return "\n".join(part for part in parts if part)


def _front_matter(trained: Trained) -> str:
    head: dict[str, Any] = {"library_name": "peft" if trained.adapter else "transformers"}
    head["pipeline_tag"] = "text-generation"
    if trained.base.repo_id:
        head["base_model"] = trained.base.repo_id
        head["base_model_relation"] = "adapter" if trained.adapter else "finetune"
    head |= _licence(trained.base)
    head["tags"] = ["synthgym", "trl", *trained.tags, *(["lora"] if trained.lora else [])]
    return f"---\n{yaml.safe_dump(head, sort_keys=False, allow_unicode=True)}---\n"


def _licence(base: Base) -> dict[str, Any]:
    """The base's, as its card states it. The Hub checks the names; one it may not know is told as ``other``."""
    given = dict(base.licence or {})
    name = given.get("license")
    if isinstance(name, str) and base.repo_id is None and not name.startswith(LICENCES_OF_THE_HUB):
        return {"license": "other", "license_name": name}
    return given


def _about(trained: Trained) -> str:
    what = "An agent for machine-learning challenges, trained with synthgym"
    text = f"{what}: {trained.method}.\n\n"
    if trained.adapter:
        return (
            f"{text}**This is a LoRA adapter alone**, in the format of PEFT; it is of use with its base model only.\n"
        )
    put_in = ": a LoRA adapter was trained and put into its weights" if trained.lora else ""
    return f"{text}**This is the whole model**{put_in}, with its tokenizer and the chat template it was trained with.\n"


def _base(trained: Trained) -> str:
    base = trained.base
    text = f"[{base.repo_id}](https://huggingface.co/{base.repo_id})" if base.repo_id else f"`{base.name}`"
    if base.remark:
        text += f", {base.remark}"
    if base.revision:
        text += f", revision `{base.revision}`"
        if base.commit and base.commit != base.revision:
            text += f" (commit `{base.commit}`)"
    text += ".\n"
    if not base.repo_id:
        text += "\nIt was a folder of the machine that this was trained on, and is not known to be on the Hub.\n"
    licence = (base.licence or {}).get("license")
    told = f"Its licence, {licence}, is taken over." if licence else "Its licence is not known."
    return f"{text}\n{told}\n"


def _use(trained: Trained, repo_id: str) -> str:
    name = repo_id.split("/")[-1]
    lines = []
    model, student = repo_id, f"serve:{repo_id}"
    if trained.adapter:
        base = trained.base.repo_id or trained.base.name
        base += f"@{trained.base.commit}" if trained.base.commit else ""
        lines.append(f"hf download {repo_id} --local-dir {name}")
        model, student = f"{base} --adapter student={name}", f"serve:{base}?adapter={name}"
    lines.append(f"synthgym serve {model}")
    lines.append(
        "synthgym benchmark --envs 'synthgym/*' --split heldout "
        f"--agents {shlex.quote(f'student={student}')} --out runs/benchmark"
    )
    lines.append("synthgym aup runs/benchmark")
    return "## Serving it, and comparing it\n\n```bash\n" + "\n".join(lines) + "\n```\n"


def _standing(standing: Standing | None) -> str:
    if standing is None:
        return "It was pushed without the scores of a benchmark.\n"
    return (
        f"On {standing.about} Improvement is 0 for a challenge's starter and 1 for the best known solution; solved is "
        "what beats the starter by more than twice the noise.\n\n"
        f"{table(standing.improvement.head, standing.improvement.rows)}\n"
        f"{standing.aup_about}\n\n{table(standing.aup.head, standing.aup.rows)}"
    )


def _environments(trained: Trained) -> str:
    if not trained.environments:
        return ""
    names = "\n".join(f"- `{name}`" for name in trained.environments)
    return f"\n<details><summary>All {len(trained.environments):,} challenges</summary>\n\n{names}\n\n</details>\n"


def _command(trained: Trained, command: Sequence[str]) -> str:
    if not command:
        return ""
    words = [str(without_paths(word)) for word in command]
    if "--model" in words and trained.base.commit:
        words[words.index("--model") + 1] = f"{trained.base.repo_id}@{trained.base.commit}"
    return f"```bash\n{shlex.join(words)}\n```\n"


def _versions() -> str:
    found = [f"Python {platform.python_version()}"]
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)
