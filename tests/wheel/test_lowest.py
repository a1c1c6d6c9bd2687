"""The lowest versions that are declared work: the wheel beside them in an environment of its own."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
NO_NETWORK = ("Failed to establish a new connection", "Temporary failure in name resolution", "Network is unreachable")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1500),
    pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the lowest versions have wheels for Python 3.11"),
]


def run(*command: object, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    if any(words in done.stderr for words in NO_NETWORK):
        pytest.skip("the package index cannot be reached")
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def lowest() -> list[str]:
    """Every core dependency at the version that is declared as its lowest."""
    pins = []
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    for requirement in map(Requirement, declared):
        bounds = [each.version for each in requirement.specifier if each.operator == ">="]
        pins += [f"{requirement.name}=={bound}" for bound in bounds]
    assert len(pins) >= len(declared) - 1  # pydantic says which pydantic-core
    return pins


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lowest")
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "-q", "--only-binary", ":all:"]
    run(*pip, wheel, *lowest(), cwd=folder)
    return python


IMPORTS = """
import importlib, pkgutil, synthgym
extras = {"torch", "transformers", "trl", "datasets", "tokenizers", "swerex", "ray", "matplotlib"}
for module in pkgutil.walk_packages(synthgym.__path__, "synthgym."):
    if module.name.startswith(("synthgym.envs.tools.", "synthgym.registry.mlgym.prepare_")):
        continue  # programs of a sandbox
    if module.name == "synthgym.synthesis.language.data.describe_tables":
        continue  # another
    try:
        importlib.import_module(module.name)
    except ModuleNotFoundError as error:
        assert error.name in extras, (module.name, error.name)
"""


def test_every_module_of_the_core_can_be_imported(python: Path, tmp_path: Path) -> None:
    run(python, "-c", IMPORTS, cwd=tmp_path)


def test_an_episode_is_run_and_read_back_by_the_commands(python: Path, tmp_path: Path) -> None:
    command = python.with_name("synthgym")
    env = run(command, "list", "--split", "train", cwd=tmp_path).split()[0]
    assert env.startswith("synthgym/")
    run(command, "rollout", "--envs", env, "--agent", "scripted", "--out", "runs", cwd=tmp_path)
    run(command, "export", "runs", "--out", "messages.jsonl", cwd=tmp_path)
    assert '"role": "assistant"' in (tmp_path / "messages.jsonl").read_text(encoding="utf-8")


ASKS = """
import http.server, json, threading
from synthgym.agents.endpoint.model import Model

ANSWER = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [
    {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "ready"}}]}

class Endpoint(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.dumps(ANSWER).encode()
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
threading.Thread(target=server.serve_forever, daemon=True).start()
model = Model("m", f"http://127.0.0.1:{server.server_port}/v1", attempts=1)
assert model.complete([{"role": "user", "content": "Ready?"}]).content == "ready"
"""


def test_a_model_is_asked(python: Path, tmp_path: Path) -> None:
    run(python, "-c", ASKS, cwd=tmp_path)
