"""Which packages an image has: said in one place, and the same for containers, for pip, and here."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from synthgym.registry.images import IMAGES, Image, environment_of, how_to_get, is_reference, why_not_installed

ROOT = Path(__file__).resolve().parents[2]


def requirements(file: Path) -> Iterator[Requirement]:
    """What a requirement file asks for, with the files that it names."""
    for line in file.read_text().splitlines():
        if line.startswith("-r "):
            yield from requirements(file.parent / line.removeprefix("-r "))
        elif line and not line.startswith(("#", "--")):
            yield Requirement(line)


def named(packages: tuple[str, ...]) -> set[str]:
    return {canonicalize_name(name) for name in packages}


@pytest.mark.parametrize(
    "name",
    [
        *IMAGES,
        "python:3.12-slim",
        "synthgym/cpu",
        "ghcr.io/user/name:tag",
        "localhost:5000/a/b__c/d-e.f:1.0_x",
        "[::1]:5000/a",
        "Registry.example/a",
        "a@sha256:" + "0" * 64,
        "a:tag@sha256:" + "0" * 64,
        "sha256:" + "0" * 64,
    ],
)
def test_names_of_images(name: str) -> None:
    assert is_reference(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "synthgym/..",
        "../../containers",
        "a/../b",
        "a//b",
        "/a",
        "a/",
        "a?all=1",
        "a#b",
        "a%2e%2e",
        "a b",
        "a\n",
        "Cpu",
        "a:",
        "a:-x",
        "a:" + "t" * 129,
        "a@sha256:12",
        "a" * 256,
        "http://a/b",
        "é",
        "-a",
        "a" * 100_000,
    ],
)
def test_what_names_no_image(name: str) -> None:
    assert not is_reference(name)


def test_each_image_has_a_requirement_file() -> None:
    assert {file.stem for file in (ROOT / "envs/images").glob("*.txt")} == set(IMAGES)


@pytest.mark.parametrize("image", IMAGES)
def test_containers_get_the_same_packages(image: str) -> None:
    wanted = list(requirements(ROOT / "envs/images" / f"{image}.txt"))
    assert {canonicalize_name(each.name) for each in wanted} == named(IMAGES[image].packages)


@pytest.mark.parametrize("image", IMAGES)
def test_containers_get_the_versions_that_are_tried(image: str) -> None:
    tried = {canonicalize_name(each.name): pin(each) for each in requirements(ROOT / "constraints.txt")}
    for each in requirements(ROOT / "envs/images" / f"{image}.txt"):
        assert pin(each) == tried[canonicalize_name(each.name)], each


def pin(requirement: Requirement) -> str:
    (only,) = requirement.specifier
    assert only.operator == "=="
    return Version(only.version).public  # torch's builds differ in the local part


@pytest.mark.parametrize("image", IMAGES)
def test_what_is_said_to_install_an_image_does(image: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras: dict[str, list[str]] = project["optional-dependencies"]

    def asked_for(lines: list[str]) -> Iterator[str]:
        for line in lines:
            requirement = Requirement(line)
            if requirement.name == "synthgym":
                for extra in requirement.extras:
                    yield from asked_for(extras[extra])
            else:
                yield requirement.name

    of_image = IMAGES[image]
    if of_image.containers_only:
        return
    lines = [*project["dependencies"], *(extras[of_image.extra] if of_image.extra else [])]
    assert named(of_image.packages) <= named(tuple(asked_for(lines)))
    assert of_image.extra is None or set(asked_for(extras[of_image.extra])) <= set(asked_for(extras["all"]))


def test_why_an_image_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert why_not_installed("cpu") is None
    assert "for containers only" in str(why_not_installed("gpu"))
    assert "'somebody/image:1' is none of synthgym's own (cpu, torch," in str(why_not_installed("somebody/image:1"))
    monkeypatch.setitem(IMAGES, "odd", Image("", ("numpy", "no-such-package", "nor-this"), extra="mlgym"))  # type: ignore[arg-type]
    said = why_not_installed("odd")
    assert said == (
        "the image 'odd' needs packages that are not installed (no-such-package, nor-this); install them with: "
        "pip install 'synthgym[mlgym]'"
    )


def test_what_goes_with_an_image() -> None:
    assert environment_of("cpu") == environment_of("somebody/image:1") == {}
    assert environment_of("jax")["JAX_PLATFORMS"] == "cpu"
    assert environment_of("transformers")["HF_HUB_OFFLINE"] == "1"
    assert how_to_get("jax") == "synthgym images build jax"
    assert how_to_get("somebody/image:1") == "docker pull somebody/image:1"
