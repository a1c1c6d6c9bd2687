"""A model that writes challenges, played by a server on loopback: there is no model behind it.

Its answers are written by hand (`stories`, `forty`), as models have been seen to answer: proposals and programs that
are right, broken code of many kinds that is mended when the error is shown, JSON among words, a refusal, an answer that
was cut off. What it answers depends on the request alone, so that a request that is made again is answered alike. The
client is the real `openai` package.
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Iterable
from typing import Any

from endpoint import Answer, Endpoint, failure, reply
from stories import BROKEN, Story, description, fenced, file_of, programs, proposal

_FILE = re.compile(r"^### FILE: (\S+)\n```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


class AuthorModel:
    """What the server answers, by what is asked.

    Args:
        stories: The candidates, in the order in which topics are asked for.
        trouble: One request in so many fails at first: with 429, with 500, or with an answer that is no JSON.

        files: Data set → its file, where that is not as on the Hub.

    Attributes:
        asked: Seed of a request → how often it was answered.
    """

    def __init__(self, stories: Iterable[Story], trouble: int = 0, files: dict[str, str] | None = None) -> None:
        self.stories = list(stories)
        self.files = files or {}
        self.trouble = trouble
        self.asked: Counter[int] = Counter()
        self._named = 0
        self._requests = 0
        self._troubled: set[int] = set()
        self._lock = threading.Lock()

    def __call__(self, request: dict[str, Any]) -> Answer:
        with self._lock:
            seed = request.get("seed", 0)
            self._requests += 1
            if self.trouble and self._requests % self.trouble == 0 and seed not in self._troubled:
                self._troubled.add(seed)
                kind = len(self._troubled) % 3
                if kind == 0:
                    return failure(429, "slow down", retry_after="0.05")
                return failure(500, "overloaded") if kind == 1 else Answer(b"<html>bad gateway</html>")
            self.asked[seed] += 1
        prompt = str(request["messages"][1]["content"])
        if number := re.match(r"Name (\d+) topics", prompt):
            return self._topics(prompt, int(number[1]))
        story = next(story for story in self.stories if story.topic in prompt)
        turns = sum(message["role"] == "assistant" for message in request["messages"])
        return self._answer(story, prompt, turns)

    def _topics(self, prompt: str, count: int) -> Answer:
        """The next topics, and among them one again that is taken already, in other words."""
        taken = [story for story in self.stories if story.topic in prompt.partition("Keep clear")[2]]
        left = [story.topic for story in self.stories if story not in taken]
        named = left[:count]
        if taken and len(named) == count:
            named[3] = taken[0].topic.replace("The ", "Predict the ").replace(", for", " to serve")
        said = json.dumps({"topics": named})
        return reply(f"Here are the topics:\n```json\n{said}\n```", prompt_tokens=400, completion_tokens=200)

    def _answer(self, story: Story, prompt: str, turns: int) -> Answer:
        if story.flaw == "model output":
            return reply("I'm sorry, but I can't help with that.", prompt_tokens=900, completion_tokens=12)
        if prompt.startswith("Propose a challenge"):
            return self._proposal(story, turns)
        if "### FILE:" in prompt and "What went wrong" in prompt:
            return self._mend(story, prompt)
        if "the description that the agent reads" in prompt:
            return reply(description(story), prompt_tokens=1500, completion_tokens=150)
        part = part_of(prompt)
        program = broken(story)[part]
        if story.dataset in self.files:
            program = program.replace(repr(file_of(story)), repr(self.files[story.dataset]))
        if turns == 0 and story.topic.startswith("The yield"):  # the first answer is cut off
            return reply(fenced(program)[:200], finish="length", prompt_tokens=1200, completion_tokens=64)
        return reply(fenced(program), prompt_tokens=1200, completion_tokens=600)

    def _proposal(self, story: Story, turns: int) -> Answer:
        changed: dict[str, object] = {}
        if story.flaw == "no target":
            changed["target"] = "salary"
        if story.title.startswith("Brightness") and turns == 0:  # a name that is nearly right, put right when offered
            changed["datasets"] = ["sky/star"]
        if story.title.startswith("Hardness") and turns == 0:
            return reply('{"title": "Hardness of steel", "question": ', finish="length", completion_tokens=40)
        if story.title.startswith("Milk"):  # an address instead of a name
            changed["datasets"] = [f"https://huggingface.co/datasets/{story.dataset}"]
        if story.title.startswith("Marks") and turns == 0:
            changed["metric"] = "closeness"
        return reply(proposal(story, **changed), prompt_tokens=900, completion_tokens=180)

    def _mend(self, story: Story, prompt: str) -> Answer:
        """Mends one break that is still there; one that it was not shown the error of, it leaves."""
        if story.flaw:
            name = BROKEN[FLAWS[story.flaw]].part
            text = f"I see nothing wrong with it.\n\n### FILE: {name}\n```python\n{broken(story)[name]}```\n"
            return reply(text, prompt_tokens=3000, completion_tokens=600)
        right, shown = programs(story), dict(_FILE.findall(prompt))
        for name in story.breaks:
            each, text = BROKEN[name], shown[BROKEN[name].part]
            if text.count(each.new) > right[each.part].count(each.new) or (
                text.count(each.old) < right[each.part].count(each.old)
            ):
                fixed = text.replace(each.new, each.old, 1).rstrip()
                said = f"The cause is plain.\n\n### FILE: {each.part}\n```python\n{fixed}\n```\n"
                return reply(said, prompt_tokens=3000, completion_tokens=650)
        raise AssertionError(f"nothing is broken in {story.title}: {prompt.partition('# What went wrong')[2][:900]}")


FLAWS = {"leaky": "the target is left in", "impossible": "the reference is the starter", "slow": "it never ends"}
"""What is wrong with a program for good → how it is broken."""


def broken(story: Story) -> dict[str, str]:
    """The programs of a story as they are written at first."""
    files = programs(story)
    breaks = list(story.breaks)
    if story.flaw in FLAWS:
        breaks.append(FLAWS[story.flaw])
    for name in breaks:
        each = BROKEN[name]
        assert each.old in files[each.part], (name, story.title)
        files[each.part] = files[each.part].replace(each.old, each.new, 1)
    return files


def part_of(prompt: str) -> str:
    """The program that a prompt asks for."""
    what = prompt.rpartition("# What to write now: ")[2].splitlines()[0]
    return "better_strategy.py" if what.startswith("a better") else what


__all__ = ["AuthorModel", "Endpoint"]
