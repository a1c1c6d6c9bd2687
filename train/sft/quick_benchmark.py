"""A quick benchmark in the middle of a training: a few episodes of the student as it is by then.

What a loss does not tell, whether the student gets anywhere, is seen before the training is over. Episodes are those of
`synthgym benchmark`, kept in ``OUT/quick``; they change nothing of what is trained.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

from synthgym.base.errors import UserError
from synthgym.registry.collections.finding import find_challenges, spread_over
from synthgym.train.evaluation.benchmark import benchmark
from synthgym.train.serving import serve
from synthgym.train.sft.settings import QuickSettings


class QuickBenchmark:
    """Plays the student as it is.

    Args:
        settings: On which challenges, how many episodes.
        base: Folder of the model that is trained.
        out: Folder of the training.
        rank: Of the adapter; None where all weights are trained.

    Raises:
        UserError: No challenge matches.
    """

    def __init__(self, settings: QuickSettings, base: Path, out: Path, rank: int | None) -> None:
        self.settings, self.base, self.out, self.rank = settings, base, out / "quick", rank
        found = [each for each in find_challenges(settings.envs, settings.split) if each[2].verified]
        if not found:
            raise UserError(f"benchmark.envs: no verified challenge of {settings.envs} in split {settings.split!r}")
        self.env_ids = [name for name, *_ in spread_over(found, settings.challenges)]
        self._open = contextlib.ExitStack()
        self._server: Any = None

    def __call__(self, step: int, model: Any, tokenizer: Any) -> dict[str, float]:
        """Plays the episodes of a step, or finds those that an interrupted run has played.

        Returns:
            Their mean improvement, and the share with an accepted submission.
        """
        name, folder = f"step-{step}", self.out / f"step-{step}-weights"
        model.save_pretrained(str(folder))
        tokenizer.save_pretrained(str(folder))
        try:
            with contextlib.ExitStack() as stack:
                if self.rank:
                    server = self._adapters_server(tokenizer)
                    server.load_adapter(name, folder)
                    stack.callback(server.unload_adapter, name)
                    spec = server.spec(name, **self._asked())
                else:
                    spec = stack.enter_context(serve(folder, engine=self.settings.engine, max_lora_rank=None)).spec(
                        **self._asked()
                    )
                done = benchmark(
                    self.env_ids,
                    [f"{name}={spec}"],
                    out=self.out / name,
                    episodes=self.settings.episodes,
                    jobs=self.settings.jobs,
                    sandbox=self.settings.sandbox,
                )[name]
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        played = done.finished + done.resumed
        return {
            "benchmark/mean_improvement": round(done.mean_improvement or 0.0, 4),
            "benchmark/submitted": round(done.submitted / played, 4) if played else 0.0,
        }

    def close(self) -> None:
        """Ends the server, if one was started."""
        self._open.close()
        self._server = None

    def _asked(self) -> dict[str, Any]:
        return {"temperature": self.settings.temperature, "max_tokens": self.settings.max_tokens, "timeout": 1200}

    def _adapters_server(self, tokenizer: Any) -> Any:
        """The base model with the template that is trained, which need not be its own."""
        if self._server is None:
            # Not in the run's folder, which holds no links: see `synthgym.base.files.plain_files`.
            served = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="synthgym-served-")))
            tokenizer.save_pretrained(str(served))
            for path in self.base.iterdir():
                if path.is_file() and not (served / path.name).exists():
                    (served / path.name).symlink_to(path.absolute())
            self._server = self._open.enter_context(serve(served, engine=self.settings.engine, max_lora_rank=self.rank))
        return self._server
