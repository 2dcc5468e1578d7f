"""Write .ci/constraints.txt: exact versions of everything that `make` and CI install.

    python .ci/pin.py python3.10 python3.11 python3.12

asks pip, for each of these interpreters, what it would install today for the ranges in pyproject.toml,
and writes one file; a version that is not the same for all carries an environment marker.
"""

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / ".ci" / "constraints.txt"

# Chosen by hand: the one version that is developed and tested against, and the wheel that carries
# BlazePose's two .tflite files. The latter is installed without its dependencies (see Makefile).
CHOSEN = {"torch": "2.13.0", "mediapipe": "0.10.21"}

EXTRAS = "build,dev,notebooks,training"

# torch brings its own CUDA libraries, or none, as the machine needs; setuptools belongs to the build.
UNPINNED = ("cuda-", "hmr-workbench", "nvidia-", "setuptools", "triton")

HEADER = """\
# Written by .ci/pin.py from the ranges in pyproject.toml; edit those and run `make pins`.
# Exact versions for Linux, with markers where they differ between Python versions. Constraints only
# limit what is installed: CUDA libraries are left to torch, so that it is CUDA where there is a GPU.
"""


def resolve(python: str, chosen: Path) -> tuple[str, dict[str, str]]:
    """Ask a fresh environment of `python` what pip would install; returns (x.y, {name: version})."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([python, "-m", "venv", folder], check=True)
        venv = f"{folder}/bin/python"
        pip = [venv, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-"]
        report = subprocess.run(
            [*pip, "-c", str(chosen), f"{ROOT}[{EXTRAS}]"], check=True, stdout=subprocess.PIPE
        ).stdout
        show = "import sys; print('%d.%d' % sys.version_info[:2])"
        version = subprocess.run([venv, "-c", show], check=True, stdout=subprocess.PIPE, text=True).stdout
    packages = (entry["metadata"] for entry in json.loads(report)["install"])
    return version.strip(), {p["name"].lower().replace("_", "-"): p["version"] for p in packages}


def lines(found: dict[str, dict[str, str]]) -> list[str]:
    """One line per package and version, from {x.y: {name: version}}."""
    pythons_of: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for python, packages in found.items():
        for name, version in packages.items():
            if not name.startswith(UNPINNED):
                pythons_of[name][CHOSEN.get(name, version)].append(python)
    out = []
    for name, versions in sorted(pythons_of.items()):
        for version, pythons in versions.items():
            marker = " or ".join(f"python_version == '{p}'" for p in pythons)
            out.append(f"{name}=={version}" + (f" ; {marker}" if len(pythons) < len(found) else ""))
    return out


def main(pythons: list[str]) -> None:
    if not pythons:
        sys.exit(__doc__)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as chosen:
        chosen.write("".join(f"{name}=={version}\n" for name, version in CHOSEN.items()))
        chosen.flush()
        found = dict(resolve(python, Path(chosen.name)) for python in pythons)
    for packages in found.values():
        packages.update(CHOSEN)
    CONSTRAINTS.write_text(HEADER + "\n".join(lines(found)) + "\n")
    print(f"{CONSTRAINTS.relative_to(ROOT)}: {len(lines(found))} pins for Python {', '.join(found)}")


if __name__ == "__main__":
    main(sys.argv[1:])
