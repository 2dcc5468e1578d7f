"""The files that say what to install, and on which Python, must say the same."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pyright: ignore[reportMissingImports]

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.10", "3.11", "3.12")


def by_name(lines: list[str]) -> dict[str, Requirement]:
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


def requirement_lines(path: str) -> list[str]:
    lines = (line.strip() for line in (ROOT / path).read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def pins(python: str) -> dict[str, SpecifierSet]:
    """The constraints that hold on `python` ("3.11")."""
    environment = {**default_environment(), "python_version": python, "python_full_version": f"{python}.0"}
    rows = map(Requirement, requirement_lines(".ci/constraints.txt"))
    held = [
        r for r in rows if r.marker is None or r.marker.evaluate({k: str(v) for k, v in environment.items()})
    ]
    assert len({r.name for r in held}) == len(held), f"two pins of one package on Python {python}"
    return {canonicalize_name(r.name): r.specifier for r in held}


def front_matter() -> dict:
    return yaml.safe_load((ROOT / "README.md").read_text().split("---")[1])


def conda_environment() -> tuple[list[str], list[str]]:
    """What environment.yml takes from conda, and what from pip."""
    dependencies = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    return [d for d in dependencies if isinstance(d, str)], next(
        d for d in dependencies if isinstance(d, dict)
    )["pip"]


@pytest.mark.parametrize("python", PYTHONS)
def test_every_dependency_is_pinned_to_one_version_inside_its_range(python: str) -> None:
    extras = project()["optional-dependencies"]
    pinned = pins(python)
    installed = ("build", "dev", "notebooks", "training")
    for line in [*project()["dependencies"], *(line for extra in installed for line in extras[extra])]:
        wanted = Requirement(line)
        pin = pinned.get(canonicalize_name(wanted.name))
        assert pin is not None, f"{wanted.name} has no pin on Python {python}; run `make pins`"
        (exact,) = pin
        assert exact.operator == "=="
        assert wanted.specifier.contains(exact.version), f"{wanted} does not admit the pin {exact}"


def test_what_is_chosen_by_hand_is_pinned_on_every_python() -> None:
    for python in PYTHONS:
        assert pins(python)["torch"] == SpecifierSet("==2.13.0")
        assert pins(python)["mediapipe"] == SpecifierSet("==0.10.21")


def test_cuda_is_left_to_torch() -> None:
    names = {Requirement(line).name for line in requirement_lines(".ci/constraints.txt")}
    assert not [name for name in names if name.startswith(("nvidia", "cuda", "triton"))]


def test_space_requirements_are_the_projects_with_a_narrower_torch() -> None:
    space = by_name(requirement_lines("requirements.txt"))
    expected = by_name([*project()["dependencies"], *project()["optional-dependencies"]["space"]])
    del expected["gradio"]  # set by sdk_version in the README
    torch, expected_torch = space.pop("torch"), expected.pop("torch")
    assert {n: r.specifier for n, r in space.items()} == {n: r.specifier for n, r in expected.items()}
    offered = ("2.8.0", "2.9.1", "2.10.0", "2.11.0")  # by ZeroGPU
    assert list(torch.specifier.filter(offered)) == list(offered)
    assert list(expected_torch.specifier.filter(offered)) == list(offered)
    assert not torch.specifier.contains("2.12.0")


def test_conda_environment_lists_what_app_notebooks_and_training_need() -> None:
    conda, pip = conda_environment()
    assert "python=3.11" in conda
    assert "-e ." in pip
    extras = project()["optional-dependencies"]
    wanted = [*project()["dependencies"], *extras["notebooks"], *extras["training"]]
    assert by_name([line for line in pip if line != "-e ."]) == by_name(wanted)


def test_space_front_matter_agrees_with_pins() -> None:
    space = front_matter()
    assert space["sdk"] == "gradio"
    assert space["python_version"] in PYTHONS
    assert pins(space["python_version"])["gradio"] == SpecifierSet(f"=={space['sdk_version']}")
    assert (ROOT / space["app_file"]).is_file()
    assert space["license"] == project()["license"].lower()
    assert len(space["short_description"]) <= 60


def test_one_set_of_python_versions() -> None:
    supported = SpecifierSet(project()["requires-python"])
    assert tuple(supported.filter([f"3.{minor}" for minor in range(8, 16)])) == PYTHONS
    classifiers = [c.rpartition(" ")[2] for c in project()["classifiers"] if "Python :: 3." in c]
    assert tuple(classifiers) == PYTHONS
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    assert tuple(workflow["jobs"]["test"]["strategy"]["matrix"]["python"]) == PYTHONS
    accepted = re.search(r'case "\$\(VERSION\)" in (\S+)\)', (ROOT / "Makefile").read_text())
    assert accepted is not None
    assert tuple(accepted[1].split("|")) == PYTHONS


def imports_of(path: Path) -> Iterator[tuple[str, bool]]:
    """Top-level names of what a module imports, and whether it does so when it is itself imported."""
    tree = ast.parse(path.read_text())
    outer = set(tree.body)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node in outer) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0], node in outer


def test_every_import_is_declared() -> None:
    other_names = {"PIL": "pillow"}
    always = by_name(project()["dependencies"]).keys()
    sometimes = (
        by_name([line for extra in project()["optional-dependencies"].values() for line in extra]).keys()
        | always
    )
    ours = sys.stdlib_module_names | {"workbench"}
    for path in (ROOT / "workbench").rglob("*.py"):
        for name, at_once in imports_of(path):
            package = canonicalize_name(other_names.get(name, name))
            declared = always if at_once else sometimes
            assert name in ours or package in declared, (
                f"{path.relative_to(ROOT)} imports {name}: not declared"
            )
