"""A task of MLGym's as an environment, in one of two fidelities."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Literal

from synthgym.base.errors import MissingDependencyError, UnknownNameError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.grading.scoring import Grader
from synthgym.envs.infos import optional
from synthgym.envs.mlgym.grading import MLGymGrader
from synthgym.envs.mlgym.session import MLGymSession, TaskSession
from synthgym.envs.registration import find_collection
from synthgym.envs.reward import RewardFunction
from synthgym.envs.sandboxes import brings_image, lacks_image
from synthgym.envs.sandboxes.base import Sandbox
from synthgym.envs.session import Session
from synthgym.envs.workspace import Prepared
from synthgym.registry.mlgym.challenge import challenge_folder
from synthgym.registry.mlgym.index import all_tasks, known_rows
from synthgym.registry.mlgym.needs import why_not
from synthgym.registry.mlgym.tasks import Task

Protocol = Literal["sealed", "mlgym"]
PROTOCOLS: tuple[Protocol, Protocol] = ("sealed", "mlgym")


class MLGymEnv(ChallengeEnv):
    """See `synthgym.envs.env.ChallengeEnv`, which it is in all but the following.

    ``protocol="sealed"``, the default, is for training: what `validate` tells and what counts are two halves of the
    test set (for a module: other games), scores are rounded to their noise, validations are budgeted, and the last
    submission that was validated counts where an episode is cut off.

    ``protocol="mlgym"`` is for comparing with published runs: `validate` scores on all of the test set, as often as
    there are steps, and shows what the evaluator prints; 50 steps; 25 seconds for a command, or the task's time for
    training where it names Python; what lies there when an episode is cut off is what counts.

    In both, the evaluator and the answers are in sandboxes of their own. Scores of the two are not comparable, so
    ``challenge_hash`` differs. ``info`` has ``protocol``, and ``metrics``: all that the evaluator printed last.
    """

    def __init__(
        self,
        collection: str | Path,
        challenge: str,
        content_hash: str | None = None,
        protocol: Protocol = "sealed",
        sandbox: str = "auto",
        reward: str | RewardFunction = "improvement",
        max_steps: int | None = None,
        max_observation: int = 20_000,
        render_mode: str | None = None,
        table: str | None = None,
    ) -> None:
        """Makes a challenge of the task, in the cache; nothing runs before `reset`.

        Args:
            collection: ``mlgym``, the checkout that is known; or the folder of one, as in `ChallengeEnv`.
            challenge: The task's name.
            content_hash: Not used: a checkout may change.
            protocol: ``sealed`` or ``mlgym``.
            sandbox: As in `ChallengeEnv`; so are the others.
            reward: As there.
            max_steps: As there.
            max_observation: As there.
            render_mode: As there.
            table: A file of what counts in tasks that we do not know; see `synthgym.registry.mlgym.table`. By default
                the one that the checkout was registered with.

        Raises:
            SpecError: There is no checkout any more, or the task's files are not what they should be.
            MissingDependencyError: The task cannot be run on this machine; says why.
            UnknownNameError: No such task, protocol, sandbox or reward.
            UserError: No checkout is known in this process.
        """
        if protocol not in PROTOCOLS:
            raise UnknownNameError("protocol", protocol, PROTOCOLS)
        self.protocol = protocol
        root, own_table = find_collection(collection, challenge)
        task, row = _find(root, challenge), known_rows(Path(table) if table else own_table).get(challenge)
        reason = why_not(task, row)
        if row and reason is None and not brings_image(sandbox):  # else the sandbox brings what it has
            reason = lacks_image(row.image)
        if reason:
            raise MissingDependencyError(f"mlgym/{challenge}: cannot be run here: {reason}")
        assert row is not None
        folder = challenge_folder(task, row)
        super().__init__(
            str(folder.parent), folder.name, None, sandbox, reward, max_steps, max_observation, render_mode
        )

    def _check(self) -> None:
        """Nothing: the challenge was made here, of the user's own checkout."""

    def _confirm(self, prepared: Prepared, grader: Grader) -> None:
        """Nothing: what is compared with is what MLGym published."""

    def _open_grader(self, prepared: Prepared) -> Grader:
        return MLGymGrader(self.challenge, prepared, self.sandbox, halves=self.protocol == "sealed")

    def _begin(self, grader: Grader, box: Sandbox) -> Session:
        assert isinstance(grader, MLGymGrader)
        grader.last = {}
        return self._kind(self.challenge, grader, box, self.reward, self.max_steps)

    @property
    def _kind(self) -> type[TaskSession]:
        return MLGymSession if self.protocol == "mlgym" else TaskSession

    def _info(self, session: Session) -> dict[str, Any]:
        info = super()._info(session)
        grader = self._grader
        assert isinstance(grader, MLGymGrader)
        digest = hashlib.sha256(json.dumps([info["challenge_hash"], self.protocol]).encode()).hexdigest()[:32]
        told = self.protocol == "mlgym" or info["exit_status"] is not None  # more digits than an agent may know
        return {
            **info,
            "challenge_hash": digest,
            "protocol": self.protocol,
            "metrics": optional(grader.last) if told else {},
        }

    @property
    def validations(self) -> int:
        """How often an agent may ask for a score in an episode."""
        return self.max_steps if self.protocol == "mlgym" else super().validations


def _find(root: Path, name: str) -> Task:
    tasks = {task.name: task for task in all_tasks(root)[0]}
    if name not in tasks:
        raise UnknownNameError("task of MLGym's", name, tasks)
    return tasks[name]
