"""Where weights and project data come from. The only module that may reach the network, and only when asked.

A file is looked for, in this order, in

1. the path the caller names, which is then the only place;
2. the folder named by the environment variable WORKBENCH_WEIGHTS_DIR;
3. the installed package that carries it, found without importing that package;
4. the project's own assets/weights;
5. the cache, ~/.cache/hmr-workbench;
6. its official address, only with allow_download=True or WORKBENCH_DOWNLOAD=1, checked by size and sha256.
"""

import argparse
import hashlib
import importlib.util
import os
import tempfile
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

CHUNK_BYTES = 1 << 20
TIMEOUT_S = 30


class WeightsMissing(FileNotFoundError):
    """A file of weights is not on this machine; the message says where to get it and under which licence."""


class WeightsUnreadable(ValueError):
    """A file of weights is there, but it is not what it should be or is not safe to load."""


@dataclass(frozen=True)
class WeightFile:
    """One file of weights and everything needed to find it again."""

    name: str
    """Short name, such as "pose_detection"."""
    filename: str
    licence: str
    size_bytes: int | None = None
    sha256: str | None = None
    url: str | None = None
    """Official address; None when only the user can supply the file."""
    package: str | None = None
    """Importable package that carries the file."""
    package_path: str = ""
    """Path inside that package."""
    install: str | None = None
    """Command that installs that package."""
    homepage: str | None = None
    """Where people read about the file and accept its terms."""


_MEDIAPIPE = "python -m pip install --no-deps mediapipe==0.10.21"
WEIGHTS: Mapping[str, WeightFile] = {
    file.name: file
    for file in (
        WeightFile(
            name="pose_detection",
            filename="pose_detection.tflite",
            licence="Apache-2.0 (Google, BlazePose)",
            size_bytes=2_959_046,
            sha256="9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
            url="https://storage.googleapis.com/mediapipe-assets/pose_detection.tflite",
            package="mediapipe",
            package_path="modules/pose_detection/pose_detection.tflite",
            install=_MEDIAPIPE,
        ),
        WeightFile(
            name="pose_landmark_full",
            filename="pose_landmark_full.tflite",
            licence="Apache-2.0 (Google, BlazePose)",
            size_bytes=6_440_512,
            sha256="e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
            url="https://storage.googleapis.com/mediapipe-assets/pose_landmark_full.tflite",
            package="mediapipe",
            package_path="modules/pose_landmark/pose_landmark_full.tflite",
            install=_MEDIAPIPE,
        ),
    )
}


def find(
    file: str | WeightFile, path: str | os.PathLike[str] | None = None, allow_download: bool = False
) -> Path:
    """The path of a file of weights on this machine.

    Args:
        file: a name in WEIGHTS, or a WeightFile that a method declares itself.
        path: the file, or the folder that holds it; nothing else is searched then.
        allow_download: fetch the file from its official address when it is nowhere here. The environment
            variable WORKBENCH_DOWNLOAD=1 says the same.

    Raises:
        WeightsMissing: it is in none of the places, or the download failed.
        ValueError: the name is not known.
    """
    file = _known(file)
    if path is not None:
        given = Path(path).expanduser()
        given = given / file.filename if given.is_dir() else given
        if given.is_file():
            return given
        raise WeightsMissing(_missing_text(file, [given]))
    places = _places(file)
    for place in places:
        if place.is_file():
            return place
    if file.url and (allow_download or os.environ.get("WORKBENCH_DOWNLOAD") == "1"):
        return _download(file, cache_dir() / file.filename)
    raise WeightsMissing(_missing_text(file, places))


def cache_dir() -> Path:
    """Folder for downloaded files: $XDG_CACHE_HOME/hmr-workbench, usually ~/.cache/hmr-workbench."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "hmr-workbench"


def assets_dir() -> Path:
    """The project's assets folder: inside the package when installed from a wheel, beside it in a checkout.

    Raises:
        WeightsMissing: it is in neither place.
    """
    package = Path(__file__).resolve().parent
    places = (package / "assets", package.parent / "assets")
    for folder in places:
        if folder.is_dir():
            return folder
    raise WeightsMissing(
        f"The workbench needs its assets folder, which is neither {places[0]} nor {places[1]}. Install "
        "the project anew, or clone it and install it in place: python -m pip install -e ."
    )


def asset(name: str) -> Path:
    """The path of one of the project's own data files, such as "open_body.npz".

    Raises:
        WeightsMissing: there is no such file in the assets folder.
    """
    path = assets_dir() / name
    if not path.is_file():
        raise WeightsMissing(
            f"The workbench's own file {name} is not in {assets_dir()}. The checkout is incomplete: "
            "`git checkout -- assets` brings its files back; without a checkout, install the package anew."
        )
    return path


def load_state_dict(path: str | os.PathLike[str]) -> dict[str, Tensor]:
    """Named tensors from a .safetensors file or a PyTorch checkpoint, without running any code in it.

    A checkpoint that wraps its tensors under "state_dict" or "model" is unwrapped.

    Raises:
        WeightsMissing: there is no such file.
        WeightsUnreadable: the file is broken, holds something other than tensors, or could run code.
    """
    path = Path(path)
    if not path.is_file():
        raise WeightsMissing(f"No file of weights at {path}: give the path of a .safetensors or .pt file.")
    try:
        content = _read_tensors(path)
    except Exception as error:  # torch, pickle, zip and safetensors each raise their own kinds
        raise WeightsUnreadable(
            f"{path} could not be read as weights: {_first_line(error)}. Expected a .safetensors file or a "
            "PyTorch checkpoint that holds tensors only. Nothing else is loaded, because a pickle can run "
            "code; if you trust its origin, re-save its tensors once with safetensors.torch.save_file."
        ) from error
    for wrapper in ("state_dict", "model"):
        if isinstance(content, Mapping) and isinstance(content.get(wrapper), Mapping):
            content = content[wrapper]
    if not isinstance(content, Mapping) or not content:
        raise WeightsUnreadable(f"{path} should hold named tensors; it holds {_kind(content)}.")
    wrong = [str(key) for key, value in content.items() if not isinstance(value, Tensor)]
    if wrong:
        raise WeightsUnreadable(
            f"{path} should hold named tensors only, but {len(wrong)} of {len(content)} entries are "
            f"something else, such as {', '.join(wrong[:3])}. Give the model's weights, not a training state."
        )
    return {str(key): value for key, value in content.items()}


def _read_tensors(path: Path) -> object:
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return load_file(path)
    import torch

    return torch.load(path, map_location="cpu", weights_only=True)


def _known(file: str | WeightFile) -> WeightFile:
    if isinstance(file, WeightFile):
        return file
    if file not in WEIGHTS:
        raise ValueError(f"No weights are called {file!r}; the names are {', '.join(WEIGHTS)}.")
    return WEIGHTS[file]


def _places(file: WeightFile) -> list[Path]:
    places = []
    if folder := os.environ.get("WORKBENCH_WEIGHTS_DIR"):
        places.append(Path(folder).expanduser() / file.filename)
    if file.package and (package := _package_dir(file.package)):
        places.append(package / file.package_path)
    places.append(assets_dir() / "weights" / file.filename)
    places.append(cache_dir() / file.filename)
    return places


def _package_dir(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _missing_text(file: WeightFile, places: list[Path]) -> str:
    lines = [f"The weights {file.name} ({file.filename}) are not on this machine. Searched:"]
    lines += [f"  {place}" for place in places]
    if file.install:
        lines.append(f"Get them with: {file.install}")
    if file.url:
        size = f", {file.size_bytes / 1e6:.1f} MB" if file.size_bytes else ""
        known = file.name in WEIGHTS
        how = f"python -m workbench.weights --download {file.name}" if known else "WORKBENCH_DOWNLOAD=1"
        lines.append(f"{'or' if file.install else 'Get them'} with: {how}   ({file.url}{size})")
    if file.homepage:
        lines.append(f"Their page: {file.homepage}")
    lines.append("A file you have already: give its path, or put it in the folder WORKBENCH_WEIGHTS_DIR.")
    lines.append(f"Licence: {file.licence}")
    return "\n".join(lines)


def _download(file: WeightFile, target: Path) -> Path:
    """Fetch into a temporary file beside the target, check it, then move it there in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{file.filename}.")
    part = Path(name)
    try:
        with (
            os.fdopen(handle, "wb") as out,
            urllib.request.urlopen(file.url or "", timeout=TIMEOUT_S) as answer,
        ):
            while chunk := answer.read(CHUNK_BYTES):
                size += len(chunk)
                if file.size_bytes and size > file.size_bytes:
                    break
                digest.update(chunk)
                out.write(chunk)
        if file.size_bytes and size != file.size_bytes:
            more = "more than " if size > file.size_bytes else ""
            raise OSError(f"expected {file.size_bytes} bytes, got {more}{min(size, file.size_bytes)}")
        if file.sha256 and digest.hexdigest() != file.sha256:
            raise OSError(f"expected sha256 {file.sha256}, got {digest.hexdigest()}")
        part.replace(target)
    except OSError as error:  # URLError and timeouts are OSErrors
        raise WeightsMissing(
            f"Downloading {file.filename} from {file.url} failed: {_first_line(error)}.\n"
            f"{_missing_text(file, _places(file))}"
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return target


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return text.splitlines()[0].rstrip(".") if text else type(error).__name__


def _kind(value: object) -> str:
    return "nothing" if isinstance(value, Mapping) else f"a {type(value).__name__}"


def main(arguments: list[str] | None = None) -> None:
    """Print where each named file is; with --download, fetch those that are missing."""
    parser = argparse.ArgumentParser(prog="python -m workbench.weights", description=main.__doc__)
    parser.add_argument("names", nargs="*", default=list(WEIGHTS), help=f"any of: {', '.join(WEIGHTS)}")
    parser.add_argument("--download", action="store_true", help="fetch files that are missing")
    options = parser.parse_args(arguments)
    try:
        for name in options.names:
            print(find(name, allow_download=options.download))
    except (WeightsMissing, ValueError) as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
