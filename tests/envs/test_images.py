"""The image that a challenge asks for, on every sandbox: packages, variables, refusals, and which sandbox has it."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
from env_fixtures import AGENT, LIMITS, needs

from synthgym.base.errors import MissingDependencyError
from synthgym.envs.sandboxes import choose, lacks_image, open_sandbox, resolve_sandbox
from synthgym.envs.sandboxes.base import GRADER, Limits, Profile, Sandbox, Setup
from synthgym.envs.sandboxes.docker import images
from synthgym.envs.sandboxes.runtime import runtime
from synthgym.registry.images import IMAGES, Image, why_not_installed

LIBRARIES = {
    "torch": """
import torch
layer = torch.nn.Linear(10, 1)
layer(torch.ones(64, 10)).sum().backward()
""",
    "transformers": """
import accelerate, datasets, PIL.Image, torch, tqdm
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments
rows = datasets.Dataset.from_dict({"a": [1, 2, 3]}).map(lambda row: {"b": row["a"] + 1})
assert rows[2]["b"] == 4
config = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
assert BertForSequenceClassification(config)(torch.ones(2, 5, dtype=torch.long)).logits.shape == (2, 2)
""",
    "jax": """
import dotmap, flax.linen as nn, gymnax, jax, jax.numpy as jnp, optax, tqdm, yaml
from tensorflow_probability.substrates import jax as tfp
assert jax.jit(lambda x: (x @ x).sum())(jnp.ones((100, 100))) == 1e6
network = nn.Dense(3)
weights = network.init(jax.random.PRNGKey(0), jnp.ones((1, 4)))
optax.adam(0.1).init(weights)
environment, settings = gymnax.make("MountainCarContinuous-v0")
observation, state = environment.reset(jax.random.PRNGKey(0), settings)
tfp.distributions.Normal(0.0, 1.0).sample(seed=jax.random.PRNGKey(1))
""",
}
"""What programs do with the libraries of an image."""

WIDE = Profile("agent", memory_mb=4096, pids=256, disk_mb=1024)
FOUND = 'python -c \'import importlib.util as u; print(bool(u.find_spec("torch")), bool(u.find_spec("numpy")))\''


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> str:
    """An image of our own with packages that are not installed, and in no engine."""
    monkeypatch.setitem(IMAGES, "odd", Image("", ("numpy", "no-such-package"), extra="mlgym"))  # type: ignore[arg-type]
    return "odd"


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere.sock")


def installed(image: str) -> None:
    if reason := why_not_installed(image):
        pytest.skip(reason)


@pytest.mark.slow
@pytest.mark.parametrize("image", LIBRARIES)
@pytest.mark.parametrize("role", ["agent", "grader"])
def test_libraries_work(sealed: str, image: str, role: str, open_box: Callable[..., Sandbox]) -> None:
    if sealed == "docker" and not images.present(image):
        pytest.skip(f"the engine does not have the image {image!r}")
    if sealed == "bubblewrap":
        installed(image)
    profile = WIDE if role == "agent" else replace(GRADER, memory_mb=4096, pids=256, disk_mb=1024)
    box = open_box(sealed, profile, image=image)
    box.write("use.py", LIBRARIES[image].encode())
    done = box.run("python use.py", Limits(cpu_seconds=60, wall_seconds=90))
    assert done.returncode == 0, done.text
    assert not re.search("error|warning", done.text, re.IGNORECASE), "libraries complain of nothing"


def test_each_image_has_a_tree_of_its_own() -> None:
    installed("torch")
    site = f"python/lib/{next((runtime().root / 'python/lib').glob('python3.*')).name}/site-packages"
    cpu, torch = runtime("cpu").root / site, runtime("torch").root / site
    assert not (cpu / "torch").exists()
    assert (torch / "torch/__init__.py").is_file()
    assert not list(torch.glob("sklearn/datasets/data/*"))
    assert not (torch / "synthgym").exists()
    first, second = (each / "numpy/__init__.py" for each in (cpu, torch))
    package = Path(numpy.__file__).parent
    # Not where the packages are on another disk, or another user's, or a tree was made of what was installed before.
    of_now = all(runtime(image).root.stat().st_mtime > package.stat().st_mtime for image in ("cpu", "torch"))
    if of_now and first.stat().st_nlink > 1:
        assert first.samefile(second), "a second tree takes no room"


def test_what_packages_require_with_extras_comes_along() -> None:
    """`orbax-checkpoint`, which flax requires, requires etils[epath]; that is what requires zipp."""
    installed("jax")
    (zipp,) = runtime("jax").root.glob("python/lib/python3.*/site-packages/zipp/__init__.py")
    assert zipp.is_file()


def test_a_reset_with_another_image_is_another_sandbox(open_box: Callable[..., Sandbox]) -> None:
    installed("torch")
    for backend in ("bubblewrap", "local"):
        box = open_box(backend)
        assert box.run(FOUND, LIMITS).text == "False True\n"
        box.setup = replace(box.setup, image="torch")
        box.start()
        assert box.run(FOUND, LIMITS).text == "True True\n"
        box.setup = replace(box.setup, image="cpu")
        box.start()
        assert box.run(FOUND, LIMITS).text == "False True\n"


@pytest.mark.slow
def test_programs_of_packages_are_there(open_box: Callable[..., Sandbox]) -> None:
    installed("torch")
    for backend in ("bubblewrap", "local"):
        box = open_box(backend, WIDE, image="torch")
        box.write("numpy.py", b"raise SystemExit('the workspace is not in the way')")
        done = box.run("torchrun --help | head -1; f2py -v; command -v transformers", Limits(30, 60))
        assert done.text.startswith("usage: torchrun"), done.text
        assert done.returncode == 1, done.text


@pytest.mark.slow
def test_torchrun(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    if sealed == "docker" and not images.present("transformers"):
        pytest.skip("the engine does not have the image 'transformers'")
    if sealed == "bubblewrap":
        installed("transformers")
    box = open_box(sealed, WIDE, image="transformers")
    assert box.run("getent hosts $(hostname)", LIMITS).returncode != 0, "its name leads nowhere: torch has to be told"
    box.write(
        "ranks.py",
        b"import torch.distributed as all_of_us\n"
        b"all_of_us.init_process_group('gloo')\n"
        b"open(f'{all_of_us.get_rank()} of {all_of_us.get_world_size()}', 'w')\n",
    )
    done = box.run("torchrun --standalone --nproc_per_node 2 ranks.py", Limits(cpu_seconds=60, wall_seconds=90))
    assert done.returncode == 0, done.text
    assert box.run("ls -1", LIMITS).text == "0 of 2\n1 of 2\nranks.py\n"


def test_variables_of_an_image(backend: str, open_box: Callable[..., Sandbox]) -> None:
    if backend == "docker" and not images.present("jax"):
        pytest.skip("the engine does not have the image 'jax'")
    if backend in ("bubblewrap", "local"):
        installed("jax")
    box = open_box(backend, image="jax", env={"MPLBACKEND": "svg"})
    shown = box.run("echo $JAX_PLATFORMS $NPROC $MPLBACKEND ${HF_HUB_OFFLINE-none}", LIMITS).text
    assert shown == "cpu 1 svg none\n", "what a sandbox is given comes after what its image says"
    assert open_box(backend).run("echo ${JAX_PLATFORMS-none}", LIMITS).text == "none\n"


@pytest.mark.parametrize("backend_without", ["bubblewrap", "local"])
def test_images_that_only_containers_have(backend_without: str, odd: str) -> None:
    needs(backend_without)
    for image, words in {
        "gpu": r"'gpu' is for containers only.*sandbox='docker'",
        "somebody/image:1": r"'somebody/image:1' is none of synthgym's own.*sandbox='docker'",
        odd: r"not installed \(no-such-package\); install them with: pip install 'synthgym\[mlgym\]'",
    }.items():
        with pytest.raises(MissingDependencyError, match=words):
            open_sandbox(backend_without, Setup(AGENT, image=image))


# -- which sandbox has an image ----------------------------------------------------------------------------------------


def test_auto_takes_the_sandbox_that_has_the_image(odd: str) -> None:
    for backend in ("bubblewrap", "docker"):
        needs(backend)
    assert choose("cpu")[0] == "docker"
    for image in ("torch", "transformers", "jax"):
        installed(image)
        assert resolve_sandbox("auto", image) == ("docker" if images.present(image) else "bubblewrap")
    words = rf"no sandbox for the image 'odd'.*synthgym images build {odd}.*pip install 'synthgym\[mlgym\]'"
    with pytest.raises(MissingDependencyError, match=words):
        open_sandbox("auto", Setup(AGENT, image=odd))


def test_auto_without_an_engine(no_engine: None) -> None:
    needs("bubblewrap")
    installed("jax")
    assert resolve_sandbox("auto", "jax") == "bubblewrap"
    with pytest.raises(MissingDependencyError, match=r"nowhere\.sock.*none of synthgym's own") as caught:
        resolve_sandbox("auto", "somebody/image:1")
    assert "local" not in str(caught.value), "which has it no more than bubblewrap"


def test_an_image_that_an_engine_has_is_not_lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    needs("docker")
    name = images.tag_of("cpu")  # by the engine's name it is none of our own
    assert lacks_image(name) is None
    assert "docker pull nowhere/none:1" in str(lacks_image("nowhere/none:1"))
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere.sock")
    assert f"docker pull {name}" in str(lacks_image(name))


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Who came to the engine's socket; nobody answers them."""
    came: list[object] = []
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen()
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path / 's'}")

        def close_on() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                came.append(caller)
                caller.close()

        thread = threading.Thread(target=close_on, daemon=True)
        thread.start()
        yield came
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_no_engine_is_asked_for_what_is_installed(asked: list[object], odd: str) -> None:
    assert lacks_image("cpu") is None
    assert not asked
    assert "synthgym images build odd" in str(lacks_image(odd))
    assert asked
