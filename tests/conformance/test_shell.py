"""What every sandbox's shell does with what an agent may type."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conformance_parts import attempts, make
from env_fixtures import LIMITS

from synthgym.envs.conformance.checks import Attempt
from synthgym.envs.sandboxes.base import Sandbox


@pytest.mark.sample(9)
@attempts("shell")
def test_shell(backend: str, attempt: Attempt, sandbox_name: Callable[[str], str]) -> None:
    make(attempt, backend, sandbox_name)


@pytest.mark.sample(8)
@pytest.mark.parametrize(
    "sign", [r"\r", r"\x1b", r"\b", r"\n", r"\x1b[0", r"\x1b]", r"\x1b[1A", r"\xe6\xbc", r"\r\n\r", r"x\b", r"\x1b[A\n"]
)
def test_a_long_run_of_any_sign_costs_as_much_as_it_is_long(open_box: Callable[..., Sandbox], sign: str) -> None:
    box = open_box()
    script = f"import sys\nfor _ in range(2): sys.stdout.buffer.write(b'{sign}' * 1_000_000 + b'x' * 100_000)"
    box.write("loud.py", script.encode())
    result = box.run("python loud.py", LIMITS)
    assert (result.returncode, result.output.endswith(b"x")) == (0, True)
    assert result.elapsed < 8  # 1 s where the machine does nothing else
