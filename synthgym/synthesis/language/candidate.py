"""One candidate of the author that is a model, from topic to verified challenge: proposal, code, debugging.

Whatever is slow or paid for goes through the journal, under a slot that says where on this way it was. So the way can
be gone again after a kill: it leads by the same steps to where it ended, and on from there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic import BaseModel

from synthgym.agents.agent import Message
from synthgym.agents.chat.agent import assistant_message
from synthgym.agents.endpoint.errors import ContextOverflow, Flagged
from synthgym.base.errors import SynthgymError
from synthgym.base.seeds import rng
from synthgym.registry.challenge import Challenge, Provenance, load_challenge
from synthgym.registry.metrics import METRICS
from synthgym.registry.sealing import seal
from synthgym.synthesis.candidate_numbers import identity
from synthgym.synthesis.language.account import Account
from synthgym.synthesis.language.answers import Unusable, read_files, read_json, read_program, read_text
from synthgym.synthesis.language.calls import ATTEMPTS, Answer, Paid
from synthgym.synthesis.language.data.source import Offer, Source, Unfit
from synthgym.synthesis.language.declared import Declared
from synthgym.synthesis.language.prompts import asking, prompts_hash, render
from synthgym.synthesis.language.proposal import Proposal, misfits, problems
from synthgym.synthesis.language.settings import GENERATED, HUB
from synthgym.synthesis.language.topics import Topic
from synthgym.synthesis.language.verification import Try, Verify
from synthgym.synthesis.language.writing import Sheet
from synthgym.synthesis.ledger import Entry, verified
from synthgym.synthesis.report import Report
from synthgym.synthesis.twins import Fingerprint
from synthgym.synthesis.verification.contamination import Suite
from synthgym.synthesis.verification.difficulty import Attempt, calibration

if TYPE_CHECKING:
    from synthgym.synthesis.language.author import LanguageAuthor

_FORM_TRIES = 3
"""Answers that cannot be read before the candidate is given up."""
_LEAST_DESCRIPTION = 120
_NOT_MENDABLE = frozenset({"contaminated", "duplicate"})
"""Checks that no change of the programs would mend."""

_ADDRESS = re.compile(r"^(https?://[^/]+/)?(datasets/)?")
"""What models write before a data set's name."""

Value = TypeVar("Value")


class _Rejected(SynthgymError):
    """The candidate cannot become a challenge, as far as this attempt goes."""

    def __init__(self, check: str, reason: str, report: Report | None = None) -> None:
        self.check, self.reason, self.report = check, reason, report
        super().__init__(f"{check}: {reason}")


class Candidate:
    """See the module."""

    def __init__(
        self,
        author: LanguageAuthor,
        index: int,
        topic: Topic,
        date: str,
        split: Literal["train", "heldout"],
    ) -> None:
        self.author, self.index, self.topic, self.run = author, index, topic, author.run
        self.settings = author.settings
        self.date, self.split = date, split
        self.account = Account(index, topic.spent)
        self._attempt = 0

    def make(self) -> list[Entry]:
        """All of it; see `synthgym.synthesis.authors.Author.make`."""
        self.account.add(Entry(self.index, "", "passed", topic=self.topic.text))
        random = rng("restarts", self.author.seed, self.index)
        while True:
            try:
                self._try()
                return self.account.entries
            except _Rejected as rejected:
                again = self._attempt < self.settings.restarts and rejected.check not in _NOT_MENDABLE
                if not again or random.random() < self.settings.p_debug:
                    self._note("rejected", rejected)
                    return self.account.entries
                self._note("failed", rejected)
                self._attempt += 1
                self.account.round = 0

    # -- stages ------------------------------------------------------------------------------------------------------

    def _try(self) -> None:
        with self.account.at("proposal"):
            proposal, source = self._propose()
        sheet = Sheet(self.topic.text, proposal, source)
        challenge = sheet.challenge(
            identity(self.index, self.author.seed), self.topic.domain, self.split, self._provenance()
        )
        self.account.id = challenge.id
        with self.account.at("code"):
            if overlap := Suite.default().overlap(challenge):
                raise _Rejected("contaminated", overlap)
            challenge, files = self._write(sheet, challenge)
        with self.account.at("twins"):
            made = Fingerprint.of(challenge, sheet.draft(challenge, files).files)
            if twin := self.author.twins.duplicate_of(self.index, challenge.id, made):
                raise _Rejected("duplicate", twin)
        self._verify(sheet, challenge, files)

    def _propose(self) -> tuple[Proposal, Source | None]:
        """A proposal with data that is really there."""
        offers = [offer for each in self.author.catalogues for offer in each.offers()]
        messages = asking(
            render(
                "proposal",
                topic=self.topic.text,
                dataset=self.topic.dataset,
                offers=offers,
                hub=HUB in self.settings.datasets,
                generated=GENERATED in self.settings.datasets,
                most_mb=int(self.settings.most_mb),
                metrics=list(METRICS),
            )
        )
        wrong: list[tuple[str, str]] = []
        for number in range(self.settings.tries):
            slot = f"proposal/{number}"
            proposal, answer = self._ask(slot, messages, lambda answer: (read_json(answer, Proposal), answer), Proposal)
            source, wrong = self._look_up(proposal)
            if not wrong:
                return proposal, source
            near = self._near(proposal, slot) if wrong[0][0] != "proposal" else []
            again = render("again", problems=[text for _, text in wrong], offers=near)
            messages = [*messages, _assistant(answer), {"role": "user", "content": again}]
        raise _Rejected(wrong[0][0], "; ".join(text for _, text in wrong)[:1500])

    def _look_up(self, proposal: Proposal) -> tuple[Source | None, list[tuple[str, str]]]:
        """The first of the proposed data sets that fits; else what is wrong with each, as (kind, text)."""
        wrong = [("proposal", text) for text in problems(proposal)]
        if wrong:
            return None, wrong
        if proposal.kind == "module":
            if GENERATED in self.settings.datasets:
                return None, []
            return None, [("proposal", "datasets: 'generated' was not offered; expected a data set")]
        for name in proposal.datasets[:3]:
            try:
                source = self._open(_ADDRESS.sub("", name.strip()), proposal.config)
            except Unfit as unfit:
                wrong.append((unfit.kind, f"data set {name!r}: {unfit}"))
                continue
            found = misfits(proposal, source)
            if not found:
                return source, []
            wrong += [(kind, f"data set {name!r}: {text}") for kind, text in found]
        return None, wrong

    def _open(self, name: str, config: str | None) -> Source:
        for catalogue in self.author.catalogues:
            source = catalogue.open(name, config)
            if source is not None:
                return source
        raise Unfit("missing", "there is no such data set among those that were offered")

    def _near(self, proposal: Proposal, slot: str) -> list[Offer]:
        words = " ".join([*proposal.datasets[:1], proposal.title])
        return [offer for each in self.author.catalogues for offer in each.search(words, self._slot(f"{slot}/near"))]

    def _write(self, sheet: Sheet, challenge: Challenge) -> tuple[Challenge, dict[str, str]]:
        """Programs and description, each by a call of its own."""
        files: dict[str, str] = {}
        for part in sheet.parts:
            files[part] = self._ask(f"write/{part}", asking(sheet.prompt(part, files)), read_program)
        description = self._ask(
            "write/description",
            asking(sheet.prompt("description", files)),
            lambda answer: read_text(answer, _LEAST_DESCRIPTION),
        )
        return challenge.model_copy(update={"description": description}), files

    def _verify(self, sheet: Sheet, challenge: Challenge, files: dict[str, str]) -> None:
        """Verification, and debugging until it passes or the rounds are used up; accepts what passes."""
        earlier: list[str] = []
        declared = Declared.of(sheet.proposal, sheet.source)
        while True:
            self.account.begin("verify")
            made = challenge.model_copy(update={"provenance": self._provenance()})
            folder = self.run.staging_folder(str(self.index)) / made.id
            sheet.draft(made, files).write(folder)
            seal(folder)  # so that it can be shared without its solution
            report = self._report(Verify(folder, self.run.sandbox, declared))
            if report.ok and self.settings.attempts:
                self.account.add(verified(self.index, report, outcome="passed"))
                self.account.begin("attempts")
                self._attempt_it(folder, report)
            if report.ok:
                self.account.add(verified(self.index, report, self.run.accept(folder)))
                return
            if report.failed in _NOT_MENDABLE or self.account.round == self.settings.rounds:
                raise _Rejected(str(report.failed), str(report.reason), report)
            self.account.add(verified(self.index, report, outcome="failed"))
            self.account.round += 1
            with self.account.at("debug"):
                prompt = sheet.debug_prompt(files, str(report.failed), str(report.reason), earlier)
                new = self._ask(
                    f"debug/{self.account.round}", asking(prompt), lambda answer: read_files(answer, sheet.parts)
                )
            files = {**files, **new}
            earlier.append(f"{report.failed}: {str(report.reason)[:300]}")

    def _report(self, job: Verify) -> Report:
        """What verification found; a failure is kept, so that it is not another one the next time."""
        key = "report/" + self._slot(str(self.account.round))
        if key in self.run.journal:
            return Report(**self.run.journal.once(key, dict, Report))
        report = self.run.execute(job)
        if not report.ok:
            self.run.journal.once(key, lambda: asdict(report))
        return report

    def _attempt_it(self, folder: Path, report: Report) -> None:
        """Episodes of an agent: how hard it is, into the spec; or that the environment breaks down, into the report."""
        made = []
        for seed in range(self.settings.attempts):
            key = ATTEMPTS + self._slot(f"{self.account.round}/{seed}")
            job = Try(folder, seed, self.settings.agent, self.run.sandbox)
            if key not in self.run.journal:
                self.author.calls.check_limits()
            record = self.run.journal.once(key, partial(self.run.execute, job), Attempt | Paid)
            self.account.spent.tokens += record["prompt_tokens"] + record["completion_tokens"]
            self.account.spent.cost += record["cost"]
            if "failed" in record:
                report.failed, report.reason = "agent check", record["failed"]
                return
            made.append(Attempt(**record))
        load_challenge(folder).model_copy(update={"calibration": calibration(made)}).save(folder)

    # -- asking ------------------------------------------------------------------------------------------------------

    def _ask(
        self,
        slot: str,
        messages: list[Message],
        read: Callable[[Answer], Value],
        schema: type[BaseModel] | None = None,
    ) -> Value:
        """What is read from the model's answer; one that cannot be read goes back to it a few times."""
        problem, asked = "", messages
        for number in range(_FORM_TRIES):
            try:
                answer = self.author.calls.ask(self._slot(f"{slot}/{number}"), messages, self.account.spent, schema)
            except ContextOverflow as error:
                if messages is asked:
                    raise _Rejected("model context", f"{slot}: {error}") from None
                messages = asked  # without the answers that could not be used
                continue
            except Flagged as error:  # it would be refused the next time too
                raise _Rejected("flagged", f"{slot}: {error}") from None
            try:
                return read(answer)
            except Unusable as error:
                problem = str(error)
            complaint = f"That cannot be used: {problem}.\nAnswer again, whole, in the form that was asked for."
            messages = [*messages, _assistant(answer), {"role": "user", "content": complaint}]
        raise _Rejected("model output", f"{slot}: {problem}")

    def _slot(self, name: str) -> str:
        return f"{self.index}/{self._attempt}/{name}"

    def _note(self, outcome: str, rejected: _Rejected) -> None:
        if rejected.report:
            self.account.add(verified(self.index, rejected.report, outcome=outcome))
        else:
            self.account.add(Entry(self.index, self.account.id, outcome, rejected.check, rejected.reason))

    def _provenance(self) -> Provenance:
        calls = self.author.calls
        return Provenance(
            author=self.author.name,
            model=calls.model.name,
            prompts_hash=prompts_hash(),
            debug_rounds=self.account.round,
            tokens=self.account.total.tokens,
            cost=round(self.account.total.cost, 6),
            date=self.date,
            seed=self.author.seed,
        )


def _assistant(answer: Answer) -> Message:
    return assistant_message(answer.visible_text)
