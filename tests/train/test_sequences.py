"""What is trained on is what was sampled, once, and in the context that it was sampled in."""

from __future__ import annotations

import random

import pytest

from synthgym.agents.calls import Call, Calls, full_prompts
from synthgym.agents.trajectories.trajectory import Outcome, Reset, Step, Trajectory
from synthgym.base.errors import UserError
from synthgym.train.sequences import Sequence, sequences, sequences_of


def episode(dice: random.Random) -> list[Call]:
    """Calls as an agent makes them: prompts that go on, are shortened, or show a reply in other tokens."""
    calls = Calls()
    shown: list[int] = [dice.randrange(4) for _ in range(dice.randrange(1, 8))]
    for _ in range(dice.randrange(1, 9)):
        ids = [dice.randrange(4) for _ in range(dice.choice([0, 1, 2, 5]))]
        calls.add(shown, ids, [-dice.expovariate(1) for _ in ids])
        shown = [*shown, *ids]
        match dice.choice(["on", "on", "shortened", "otherwise"]):
            case "shortened":
                at = dice.randrange(len(shown))
                shown = [*shown[:at], *shown[at + dice.randrange(1, 6) :]]
            case "otherwise" if ids:
                shown = [*shown[: -len(ids)], *(dice.randrange(4) for _ in range(dice.randrange(1, 6)))]
        shown = [*shown, *(dice.randrange(4) for _ in range(dice.randrange(4)))]
    return calls.made


@pytest.mark.parametrize("seed", range(300))
def test_every_sampled_token_counts_once_and_in_its_own_context(seed: int) -> None:
    calls = episode(random.Random(seed))
    made = sequences(calls)
    prompts = full_prompts(calls)
    seen = []
    for sequence in made:
        assert len(sequence.ids) == len(sequence.mask) == len(sequence.logprobs)
        counted = [0] * len(sequence.ids)
        for reply in sequence.replies:
            call = calls[reply.call]
            assert sequence.ids[: reply.start] == prompts[reply.call], "it was sampled after exactly this"
            assert sequence.ids[reply.start : reply.end] == call.ids
            assert sequence.logprobs[reply.start : reply.end] == call.logprobs
            counted[reply.start : reply.end] = [1] * len(call.ids)
            seen.append(reply.call)
        assert sequence.mask == counted
        assert sequence.mask[-1] == 1
        assert all(number == 0.0 for number, mask in zip(sequence.logprobs, sequence.mask, strict=True) if not mask)
    assert seen == [position for position, call in enumerate(calls) if call.ids]
    assert sum(sum(sequence.mask) for sequence in made) == sum(len(call.ids) for call in calls)


@pytest.mark.parametrize("seed", range(100))
def test_sequences_are_as_few_as_can_be(seed: int) -> None:
    whole, kept = episode(random.Random(seed)), Calls()
    for prompt, each in zip(full_prompts(whole), whole, strict=True):
        if each.ids:
            kept.add(prompt, each.ids, each.logprobs)
    calls = kept.made
    prompts = full_prompts(calls)
    breaks = sum(
        prompt[: len(before) + len(each.ids)] != [*before, *each.ids]
        for before, each, prompt in zip(prompts, calls, prompts[1:], strict=False)
    )
    assert len(sequences(calls)) == (breaks + 1 if calls else 0)


def call(prompt: list[int], ids: list[int]) -> tuple[list[int], list[int], list[float]]:
    return prompt, ids, [-1.0] * len(ids)


def made(*given: tuple[list[int], list[int], list[float]]) -> list[Sequence]:
    calls = Calls()
    for each in given:
        calls.add(*each)
    return sequences(calls.made)


def test_a_conversation_that_goes_on_is_one_sequence() -> None:
    (one,) = made(call([1, 2], [3, 4]), call([1, 2, 3, 4, 5], [6]))
    assert one.ids == [1, 2, 3, 4, 5, 6]
    assert one.mask == [0, 0, 1, 1, 0, 1]
    assert one.logprobs == [0.0, 0.0, -1.0, -1.0, 0.0, -1.0]


def test_a_shortened_history_begins_another() -> None:
    first, second = made(call([1, 2], [3]), call([1, 2, 3, 4, 4], [5]), call([1, 2, 3, 9, 5, 4], [6]))
    assert first.mask == [0, 0, 1, 0, 0, 1]
    assert second.ids == [1, 2, 3, 9, 5, 4, 6]
    assert second.mask == [0, 0, 0, 0, 0, 0, 1], "replies that it was shown were sampled elsewhere"


def test_a_reply_shown_in_other_tokens_begins_another() -> None:
    first, second = made(call([1], [2, 3]), call([1, 23, 4], [5]))
    assert (first.ids, first.mask) == ([1, 2, 3], [0, 1, 1])
    assert (second.ids, second.mask) == ([1, 23, 4, 5], [0, 0, 0, 1])


def test_nothing_sampled_is_nothing_to_train_on() -> None:
    assert made(call([1, 2], [])) == []
    (one,) = made(call([1], []), call([1, 2], [3]), call([1, 2, 3, 4], []))
    assert (one.ids, one.mask) == ([1, 2, 3], [0, 0, 1])
    assert [reply.call for reply in one.replies] == [1]
    assert sequences([]) == []


def test_calls_without_what_they_share_are_joined_all_the_same() -> None:
    whole = [Call(prompt_ids=[1], ids=[2], logprobs=[-1.0]), Call(prompt_ids=[1, 2, 3], ids=[4], logprobs=[-1.0])]
    assert [each.mask for each in sequences(whole)] == [[0, 1, 0, 1]]
    with pytest.raises(ValueError, match="shares 9 tokens with one that has 2"):
        sequences([whole[0], whole[1].model_copy(update={"shared": 9})])


def test_an_episode_recorded_without_tokens_is_told() -> None:
    record = Trajectory(
        episode_id="e1",
        env_id="toy/one-v0",
        agent="a",
        seed=0,
        reset=Reset(observation="b"),
        outcome=Outcome(exit_status="submitted"),
    )
    assert sequences_of(record) == [], "its agent never came to say anything"
    acted = record.model_copy(update={"steps": [Step(action="submit", observation="", reward=0.0)]})
    with pytest.raises(UserError, match=r"episode e1 .* holds no tokens to train on; .*tokens=true"):
        sequences_of(acted)
    told = acted.model_copy(update={"calls": [Call(prompt_ids=[1], ids=[2], logprobs=[-1.0])]})
    assert [each.ids for each in sequences_of(told)] == [[1, 2]]
