"""What is installed from a wheel is complete: the data beside the code comes along."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = ("*.css", "*.js", "*.npz", "*.jpg", "*.safetensors", "*.md")
SOURCES = (
    "pyproject.toml",
    "setup.py",
    "MANIFEST.in",
    "README.md",
    "LICENSE",
    "NOTICE",
    "assets",
    "workbench",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, by the backend that pip would call, without pip's own environment and network."""
    pytest.importorskip("setuptools", minversion="77", reason="building needs setuptools of pyproject.toml")
    source = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source)
    out = tmp_path_factory.mktemp("wheel")
    build = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    made = subprocess.run(
        [sys.executable, "-c", build, str(out)], cwd=source, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    return next(out.glob("*.whl"))


def test_a_wheel_holds_all_code_and_data(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    code = {str(path.relative_to(ROOT)) for path in (ROOT / "workbench").rglob("*.py")}
    beside = {str(p.relative_to(ROOT)) for kind in DATA for p in (ROOT / "workbench").rglob(kind)}
    assets = {f"workbench/{p.relative_to(ROOT)}" for kind in DATA for p in (ROOT / "assets").rglob(kind)}
    assert len(beside) >= 5 and len(assets) >= 5  # or this test looks in the wrong place
    assert (code | beside | assets) - held == set()


def test_an_installed_package_finds_its_assets(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    ask = "from workbench import weights; print(weights.asset('open_body.npz'))"
    told = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=tmp_path,  # first on the path, before the checkout
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(told.stdout.strip()) == tmp_path / "workbench" / "assets" / "open_body.npz"
