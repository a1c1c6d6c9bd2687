"""A challenge that a tiny student can play, and a student that knows how, but not what is best.

The challenge is a dial: `sh turn.sh 7` writes a submission that is worth 0.7. The student has seen every digit equally
often, so its episodes differ, and whoever learns from them turns the dial up.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import challenges
import gymnasium

import synthgym
from synthgym.agents.chat.agent import conversation, load_prompt
from synthgym.registry.challenge import Baseline, Budget, Metric, Reference
from synthgym.train.models.saving import save_model
from synthgym.train.rl.settings import RLSettings
from synthgym.train.sft.run import SFTSettings, sft
from synthgym.train.small.student import StudentConfig, new_student
from synthgym.train.small.tokenizer import train_tokenizer

TURN = """
digit=$1
{ echo y; row=0; while [ $row -lt 200 ]; do echo "0.$digit"; row=$((row + 1)); done; } > predictions.csv
echo "turned to $digit"
"""
PREPARE = """
import os
with open(os.environ["PUBLIC"] + "/test.csv", "w") as file:
    file.write("a\\n" + "1\\n" * 200)
with open(os.environ["PRIVATE"] + "/labels.csv", "w") as file:
    file.write("y\\n" + "1\\n" * 200)
"""


BASE: dict[str, Any] = {
    "steps": 10,
    "groups": 2,
    "num_generations": 8,
    "max_redraws": 1,
    "episodes_at_once": 8,
    "lora": None,
    "learning_rate": 1e-3,
    "max_completion_length": 32,
    "max_length": 512,
    "engine": "transformers",
    "report_to": [],
}


def settings(**changes: Any) -> RLSettings:
    """Settings of a short run of all of a tiny student's weights."""
    return RLSettings.model_validate({**BASE, **changes})


def write_dial(collection: Path, name: str) -> None:
    """A challenge whose improvement is the digit over ten."""
    challenge = challenges.table_spec(name).model_copy(
        update={
            "title": f"Dial {name}",
            "description": "Turn the dial.",
            "baseline": Baseline(command="sh turn.sh 0", scores=[1.0] * 5, mean=1.0, sd=0.0),
            "reference": Reference(command="sh turn.sh 9", score=0.0, by="tests"),
            "metric": Metric(name="rmse", direction="lower", optimum=0.0),
            "noise": 0.01,
            "budget": Budget(
                steps=2, validations=2, command_cpu_seconds=5, episode_cpu_seconds=20, disk_mb=16, memory_mb=256
            ),
        }
    )
    files = {"workspace/turn.sh": TURN, "grader/prepare.py": PREPARE, "grader/reference/turn.sh": TURN}
    challenges.write(collection, challenge, files)


def turns(digit: int) -> list[str]:
    """The replies of an episode that turns the dial to a digit, and hands in."""
    return [f"I turn it.\n```bash\n{command}\n```" for command in (f"sh turn.sh {digit}", "submit")]


class Place:
    """What the tests share.

    Attributes:
        env_ids: Of the challenges.
        model: Folder of the student.
        collection: Folder of the challenges.
    """

    def __init__(self, folder: Path) -> None:
        self.collection, self.model = folder / "dials", folder / "student"
        self.collection.mkdir(parents=True)
        for name in ("left", "right", "third"):
            write_dial(self.collection, name)
        (self.collection / "collection.yaml").write_text("namespace: dials\ntitle: Dials\n")
        self.env_ids = [str(name) for name in synthgym.register(self.collection)]

    def make_student(self, folder: Path) -> None:
        """Some steps on conversations that turn the dials to every digit alike."""
        messages = folder / "messages.jsonl"
        talks = [talk for env_id in self.env_ids for talk in self.talks(env_id)]
        messages.write_text("".join(json.dumps({"messages": talk}) + "\n" for talk in talks))
        tokenizer = train_tokenizer(talks, words=330, phrases=20)
        config = StudentConfig(width=64, layers=2, heads=2, inner=128, positions=512)
        save_model(new_student(config, tokenizer), tokenizer, folder / "base")
        sft(
            folder / "base",
            messages,
            self.model,
            SFTSettings(learning_rate=4e-3, batch=6, micro_batch=6, max_steps=120),
        )

    def talks(self, env_id: str) -> list[list[dict[str, Any]]]:
        """A conversation for each digit."""
        env = gymnasium.make(env_id, disable_env_checker=True)
        briefing, _ = env.reset(seed=0)
        env.close()
        system = load_prompt("short")
        talks = []
        for digit in range(10):
            turned, handed_in = turns(digit)
            shown = conversation(system, briefing, [(turned, f"turned to {digit}")])
            talks.append([*shown, {"role": "assistant", "content": handed_in}])
        return talks
