"""The Gymnasium environment: one challenge, a shell in a sandbox, a hidden grader, a reward by improvement."""

from __future__ import annotations

import contextlib
import inspect
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Self, TypeGuard

import gymnasium as gym
from gymnasium.envs.registration import EnvSpec

from synthgym.base.counts import count
from synthgym.base.errors import (
    BadSubmission,
    GraderError,
    InfrastructureError,
    MissingDependencyError,
    SandboxError,
    SpecError,
    UserError,
)
from synthgym.base.jobs.forks import renew_in_forks
from synthgym.envs.briefing import briefing
from synthgym.envs.grading.module_grader import ModuleGrader
from synthgym.envs.grading.scoring import Grader
from synthgym.envs.measuring.first_use import confirm, is_trusted
from synthgym.envs.registration import find_collection, require_version
from synthgym.envs.reward import RewardFunction, make_reward
from synthgym.envs.rules import rules_of
from synthgym.envs.sandboxes import brings_image, lacks_image, open_sandbox, require_working, resolve_sandbox
from synthgym.envs.sandboxes.base import Profile, Sandbox, Setup
from synthgym.envs.sandboxes.printed import cut
from synthgym.envs.session import GRADER_FAILED, MAX_ACTION, SANDBOX_DIED, Session
from synthgym.envs.spaces import Command, Unicode
from synthgym.envs.step_limits import LimitedSpec, limit_around
from synthgym.envs.turns import Turns
from synthgym.envs.workspace import Prepared, prepare
from synthgym.registry.challenge import content_hash, load_challenge
from synthgym.registry.collections.check import require_sound
from synthgym.registry.collections.sources import folder_of
from synthgym.registry.collections.unpack import challenge_folder

OF_A_VECTOR = {"num_envs", "vectorization_mode", "vector_kwargs", "wrappers"}
"""Settings that `gymnasium.make_vec` puts into a vector's spec, and no single environment has."""


class ChallengeEnv(gym.Env[str, str]):
    """One challenge as an environment.

    An action is a command line or a script for the persistent shell of the workspace; the observation is what it
    printed. `validate` and `submit` are programs on the workspace's PATH, so ``python train.py && validate`` works.
    `submit` ends the episode (terminated); so do the limits on steps and on CPU time (truncated), after which the last
    validated submission is graded, or else the submission as it lies there. The limit on steps is the smallest that was
    set: `max_steps`, ``gymnasium.make(max_episode_steps=...)``, or a `TimeLimit` around it. Whoever ends an episode for
    a reason of their own calls ``env.unwrapped.finish()``.

    An action never makes `step` raise: it fails, is ended for its time, kills its shell, and that is the observation.
    A sandbox that dies (`SandboxError`) and a grader that fails (`GraderError`) do raise: they are no reward.

    ``info`` has the same keys at every reset and step: those of `synthgym.envs.infos.EpisodeInfo`. What is not known
    yet is None, but for ``submission``, always a dictionary: before the first one it was not accepted, for no error.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["ansi"],
        "render_fps": 1,
    }
    _made_with: Mapping[str, Any]
    _spec: EnvSpec | None = None

    def __new__(cls, *arguments: Any, **settings: Any) -> Self:
        """Keeps what it is made with, for its spec.

        Raises:
            UserError: It is what a vector is made with.
        """
        if OF_A_VECTOR & settings.keys():
            raise UserError(
                "expected the spec of one environment, got that of a vector: gymnasium.make_vec(spec) and "
                "synthgym.vector(spec) make such a vector again, and envs.envs[0].spec makes one of its environments"
            )
        env = super().__new__(cls)
        env._made_with = inspect.signature(cls.__init__).bind_partial(env, *arguments, **settings).arguments
        return env

    def __init__(
        self,
        collection: str | Path,
        challenge: str,
        content_hash: str | None = None,
        sandbox: str = "auto",
        reward: str | RewardFunction = "improvement",
        max_steps: int | None = None,
        max_observation: int = 20_000,
        render_mode: str | None = None,
        trust: bool = False,
        protocol: str | None = None,
    ) -> None:
        """Reads and checks the challenge; nothing runs before `reset`.

        Args:
            collection: Namespace of a known collection, such as ``synthgym``; or a folder or a pack: a `Path`, or text
                with a separator in it, such as ``./mine``.
            challenge: Id of the challenge, the name of its folder.
            content_hash: What the challenge is expected to be; another is refused.
            sandbox: ``auto``, ``docker``, ``docker:IMAGE``, ``bubblewrap``, ``swerex:CONFIG.yaml``, ``local`` (no
                isolation), or another backend that is installed.
            reward: ``improvement``, ``score``, ``submit_only``, or a function of a `ScoreEvent`.
            max_steps: Replaces the challenge's budget of steps.
            max_observation: Longest observation in characters; the middle of a longer one is left out, and said so.
            render_mode: ``ansi`` or None.
            trust: Whether to believe the scores that the challenge states although this machine did not verify them.
            protocol: Which rules an episode goes by, for challenges of a suite that has several; see
                `synthgym.envs.rules`.

        Raises:
            SpecError: The challenge's spec or folder is wrong, is not verified, or changed since it was registered; or
                `max_steps` or `max_observation` is no count.
            MissingDependencyError: No sandbox works here, or none that has the challenge's image; says how to get one.
            UnknownNameError: No such sandbox, reward or protocol.
            UserError: The collection is not known in this process; or `sandbox` or `reward` is of the wrong kind.
        """
        root, index = find_collection(collection, challenge)
        self.source = index.source if index else ""
        self.rules = rules_of(self.source, protocol)
        self.folder = folder_of(index, challenge) if index and self.source else challenge_folder(root, challenge)
        self.challenge = load_challenge(self.folder)
        if not self.source:
            require_sound(self.folder, self.challenge)
        elif not brings_image(sandbox) and (reason := lacks_image(self.challenge.image)):  # else it brings what it has
            raise MissingDependencyError(f"{collection}/{challenge}: cannot be run here: {reason}")
        if not self.challenge.verified:
            raise SpecError(f"{self.folder}: not verified yet: no baseline, reference and noise; run: synthgym verify")
        own_steps = self.challenge.budget.steps if max_steps is None else count("max_steps", max_steps, SpecError)
        longest = count("max_observation", max_observation, SpecError)
        self.expected_hash = content_hash
        self.trust = trust
        self.sandbox = resolve_sandbox(sandbox, self.challenge.image)
        self.reward = reward
        make_reward(reward, self.challenge)
        self.max_steps = self._most_steps = own_steps
        self.render_mode = render_mode
        self.action_space = Command(MAX_ACTION)
        self.observation_space = Unicode(longest)
        self.spec = self._own_spec()
        self._prepared: Prepared | None = None
        self._grader: Grader | None = None
        self._box: Sandbox | None = None
        self._session: Session | None = None
        self._broken: tuple[Session, InfrastructureError] | None = None  # by a step, and how
        self._no_session = "no episode was started"
        self._screen = ""
        self._final_reward = 0.0
        self._turns = Turns()
        self._renew()
        renew_in_forks(self, ChallengeEnv._renew)

    @property
    def spec(self) -> EnvSpec | None:
        """What makes another like it: that of `gymnasium.make`, or one of its own; with the limit that holds."""
        return self._spec

    @spec.setter
    def spec(self, spec: EnvSpec | None) -> None:
        if spec:
            require_version(spec.id, self.challenge)
        self._spec = LimitedSpec.of(spec, self._most_steps) if spec else None

    @property
    def over(self) -> bool:
        """Whether there was an episode and it is over."""
        return self._session is not None and self._session.over

    @property
    def idle(self) -> str | None:
        """Why there is no episode; None where there is one, be it over or not."""
        return self._no_session if self._session is None else None

    @property
    def name(self) -> str:
        """The environment's id where it was made by `gym.make`, else the challenge's name."""
        return self._spec.id if self._spec else self.challenge.env_name()

    @property
    def validations(self) -> int:
        """How often an agent may ask for a score in an episode."""
        return self.rules.validations(self.challenge, self.max_steps)

    # -- Gymnasium ---------------------------------------------------------------------------------------------------

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Starts an episode in a fresh sandbox; the observation is the briefing.

        Raises:
            SandboxError: The sandbox did not start.
            GraderError: `prepare.py` failed.
            UserError: There are options; an environment knows none.
            NotAsStated: The challenge was verified elsewhere, and its starter does not score here what it states.
            OutOfTurn: As in `step`.
        """
        if options:
            raise UserError(
                f"reset: unknown options {', '.join(map(repr, options))}; an environment has none, and a vector "
                "of environments has 'reset_mask'"
            )
        limit = limit_around(self)
        with self._turns.take(self._end_step):
            super().reset(seed=seed)
            with self._closing:  # what another thread closes is the episode before
                self._session, self._final_reward = None, 0.0
                self._broken = None
                self._no_session = "the last reset failed"
            self.max_steps = min(self._most_steps, limit or self._most_steps)
            session = self._started()
            return self._screen, self._info(session)

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Runs one command.

        Returns:
            What it printed, the reward, terminated, truncated, info.

        Raises:
            SandboxError: The sandbox died. It may be the agent's doing; see `finish`.
            GraderError: The grader failed. The same.
            gymnasium.error.ResetNeeded: The episode is over, or there is none; says why.
            OutOfTurn: A signal handler or a reward function calls it within a step of the same thread, which goes on.
        """
        with self._turns.take():
            session = self._episode()
            if session.over:
                raise gym.error.ResetNeeded("the episode is over; call reset() first")
            if not isinstance(action, str):
                raise TypeError(f"an action is text for the shell, expected str, got {type(action).__name__}")
            with self._ended_by_errors():
                self._screen = session.step(action)
            return self._screen, session.take_reward(), session.terminated, session.truncated, self._info(session)

    def finish(self) -> tuple[float, dict[str, Any]]:
        """Ends the episode, unless it is over, and grades it as a limit does: for whoever stops before the environment.

        A step that another thread makes meanwhile is ended first, and returns what came of it. Called again it changes
        nothing and returns the same.

        After a step that raised a `SandboxError` or a `GraderError` whose `in_play` is true it ends the episode with
        the exit status ``sandbox_died`` or ``grader_failed``: graded is what was last validated. That is for who is
        sure that the agent has broken it, as `run_episode` is when it has happened twice. It is not done while an empty
        sandbox does not work either, or the grader fails on the untouched starter.

        Returns:
            What the end pays beyond the rewards of the steps, so that an episode's return is their sum and this, in any
            case: 0 where a step ended it. And the final info.

        Raises:
            SandboxError: The sandbox died.
            GraderError: The grader failed.
            gymnasium.error.ResetNeeded: There is no episode; says why.
            OutOfTurn: As in `step`.
        """
        with self._turns.take(self.interrupt):
            if self._session is None and self._broken is not None:
                self._session, self._final_reward = self._settled(*self._broken)
                self._broken = None
            session = self._episode()
            if not session.over:
                with self._ended_by_errors():
                    session.finish()
                self._final_reward = session.take_reward()
            return self._final_reward, self._info(session)

    def render(self) -> str | None:
        """The last observation, for ``render_mode="ansi"``."""
        return self._screen if self.render_mode == "ansi" else None

    def briefing(self, max_steps: int | None = None) -> str:
        """What an episode begins with, without beginning one: for prompts that are written beforehand.

        Args:
            max_steps: A limit that something around sets, see `step_limits.limit_within`; the smallest is told.

        Raises:
            GraderError: `prepare.py` failed.
            NotAsStated: As in `reset`.
            OutOfTurn: As in `step`.
        """
        with self._turns.take():
            prepared = self._ready()[0]
            return self._briefing(prepared, min(self._most_steps, max_steps or self._most_steps))

    def interrupt(self) -> None:
        """Ends the command that runs, if one does; the episode goes on. For another thread than the one that steps."""
        if self._box is not None:
            self._box.interrupt()

    def close(self) -> None:
        """Ends the sandbox. Can be called at any time, twice too, and by any thread: a reset after it waits for it."""
        with self._closing:
            self._broken = None
            if self._session is not None:
                self._session, self._no_session = None, "the environment was closed"
            if self._box is not None:
                self._box.close()

    # -- parts -------------------------------------------------------------------------------------------------------

    def _renew(self) -> None:
        self._closing = threading.RLock()

    def _started(self) -> Session:
        """A new episode in a fresh sandbox, with its briefing on the screen."""
        prepared, grader = self._ready()
        setup = self._setup(prepared)
        if self._box is None:
            self._box = open_sandbox(self.sandbox, setup)
        self._box.setup = setup
        self._box.start()
        self._session = session = Session(self.challenge, grader, self._box, self.reward, self.max_steps, self.rules)
        session.max_observation = self.observation_space.max_length  # type: ignore[attr-defined]
        self._box.channel(session.answer)
        self._screen = self._briefing(prepared, self.max_steps)
        return session

    def _briefing(self, prepared: Prepared, steps: int) -> str:
        limits = self.rules.limits_line(self.challenge)
        text = briefing(self.challenge, prepared.workspace, steps, self.validations, limits)
        return cut(text, most=self.observation_space.max_length)  # type: ignore[attr-defined]

    def _end_step(self) -> None:
        """Ends the step of another thread; one that starts an episode is left alone."""
        if self._session is not None and self._box is not None:
            self._box.close()

    @contextlib.contextmanager
    def _ended_by_errors(self) -> Iterator[None]:
        """What is raised, by whatever, leaves a sandbox in a state that nobody knows."""
        session = self._session
        try:
            yield
        except BaseException as error:
            closed = self._session is not session  # by somebody else, in another thread
            self.close()
            if session is not None and session.steps and not closed and self._may_be_the_agents(error):
                error.in_play, self._broken = True, (session, error)
            self._no_session = f"the episode was ended by an error ({type(error).__name__}: {error})"
            raise

    def _may_be_the_agents(self, error: BaseException) -> TypeGuard[InfrastructureError]:
        """Whether an agent can have broken what failed: its sandbox, or a scorer that reckons with its answers."""
        return isinstance(error, SandboxError) or (
            isinstance(error, GraderError) and isinstance(self._grader, ModuleGrader)
        )

    def _settled(self, session: Session, error: InfrastructureError) -> tuple[Session, float]:
        """An episode that the agent has broken, and what its end pays.

        Raises:
            InfrastructureError: It is broken for anybody.
        """
        if isinstance(error, SandboxError):
            require_working(self.sandbox)
            session.finish_broken(SANDBOX_DIED)
        else:
            prepared, grader = self._ready()
            starter = prepared.workspace / self.challenge.submission.path
            with contextlib.suppress(BadSubmission):
                grader.grade(starter.read_bytes() if starter.is_file() else b"", "final")
            session.finish_broken(GRADER_FAILED)
        return session, session.take_reward()

    def _episode(self) -> Session:
        if self._session is None:
            raise gym.error.ResetNeeded(f"{self.idle}; call reset() first")
        return self._session

    def _own_spec(self) -> EnvSpec:
        """Without an id that is registered. It says that no two episodes are timed alike, which only a spec can say."""
        settings = {name: value for name, value in self._made_with.items() if name != "self"}
        if isinstance(settings.get("collection"), Path):
            settings["collection"] = str(settings["collection"].absolute())
        return EnvSpec(
            self.challenge.env_name(),
            f"{type(self).__module__}:{type(self).__qualname__}",
            nondeterministic=True,
            order_enforce=False,
            disable_env_checker=True,
            kwargs=settings,
        )

    def _ready(self) -> tuple[Prepared, Grader]:
        if self._prepared is None or self._grader is None:
            found = content_hash(self.challenge, self.folder)
            for origin, expected in (
                ("registered", self.expected_hash),
                ("verified", self.challenge.provenance.content_hash),
            ):
                if expected and found != expected:
                    raise SpecError(
                        f"{self.folder}: changed since it was {origin}: expected content {expected}, got {found}; "
                        "verify it again with: synthgym verify, and give it a new version"
                    )
            prepared = prepare(self.challenge, self.folder, self.sandbox)
            grader = self.rules.open_grader(self.challenge, prepared, self.sandbox)
            self._confirm(prepared, grader)
            self._prepared, self._grader = prepared, grader
        return self._prepared, self._grader

    def _confirm(self, prepared: Prepared, grader: Grader) -> None:
        """Before the first episode: whether stated scores can be believed, and are of this data."""
        if self.source:  # it was made here, of the user's own files, and its scores are those that the suite states
            return
        known = is_trusted(self.folder) and self.challenge.provenance.data_hash in ("", prepared.data_hash)
        if not self.trust and not known:
            confirm(self.challenge, self.folder, prepared, grader, self.sandbox)

    def _setup(self, prepared: Prepared) -> Setup:
        # One of those that the baseline was measured with: who changes nothing scores what the starter did.
        seed = int(self.np_random.integers(len(self.challenge.baseline.scores) or 2**32))
        return Setup(
            Profile.agent(self.challenge.budget),
            prepared.workspace,
            env={"SEED": str(seed)},
            image=self.challenge.image,
        )

    def _info(self, session: Session) -> dict[str, Any]:
        digest = self._prepared.content_hash if self._prepared else ""
        return self.rules.info({**session.info(), "challenge_hash": digest}, session.details)
