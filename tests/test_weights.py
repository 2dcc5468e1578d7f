"""Finding weights: the order of places, what is said when there are none, and downloads that are checked."""

import hashlib
import io
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from workbench import weights
from workbench.weights import WeightFile, WeightsMissing, WeightsUnreadable

CONTENT = b"some weights" * 1000
ADDRESS = "https://example.org/toy.bin"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WeightFile:
    """A file that is nowhere, on a machine with an empty cache and no network."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("WORKBENCH_WEIGHTS_DIR", raising=False)
    monkeypatch.delenv("WORKBENCH_DOWNLOAD", raising=False)
    monkeypatch.setattr(urllib.request, "urlopen", lambda *a, **k: pytest.fail("reached for the network"))
    return WeightFile(
        name="toy",
        filename="toy.bin",
        licence="CC0",
        size_bytes=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        url=ADDRESS,
    )


def serve(monkeypatch: pytest.MonkeyPatch, content: bytes) -> list[str]:
    asked: list[str] = []

    def urlopen(url: str, timeout: float) -> io.BytesIO:
        asked.append(url)
        return io.BytesIO(content)

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    return asked


def put(folder: Path, name: str = "toy.bin") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(CONTENT)
    return path


def test_nothing_is_downloaded_unasked(file: WeightFile, tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing) as caught:
        weights.find(file)
    text = str(caught.value)
    for word in ("toy.bin", str(tmp_path / "cache"), "assets", ADDRESS, "WORKBENCH_DOWNLOAD=1", "CC0"):
        assert word in text


def test_places_are_searched_in_order(
    file: WeightFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = put(weights.cache_dir())
    assert weights.find(file) == cached
    folder = put(tmp_path / "mine")
    monkeypatch.setenv("WORKBENCH_WEIGHTS_DIR", str(folder.parent))
    assert weights.find(file) == folder
    named = put(tmp_path / "elsewhere", "renamed.bin")
    assert weights.find(file, named) == named
    assert weights.find(file, put(tmp_path / "elsewhere").parent) == tmp_path / "elsewhere" / "toy.bin"


def test_a_named_path_is_the_only_place(file: WeightFile, tmp_path: Path) -> None:
    put(weights.cache_dir())
    with pytest.raises(WeightsMissing, match="nowhere"):
        weights.find(file, tmp_path / "nowhere")


def test_a_package_is_found_without_importing_it(
    file: WeightFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "toypackage"
    path = put(package / "data")
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(str(tmp_path))
    inside = replace(file, package="toypackage", package_path="data/toy.bin")
    assert weights.find(inside) == path


@pytest.mark.parametrize("how", ["argument", "environment"])
def test_download_when_asked(file: WeightFile, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    asked = serve(monkeypatch, CONTENT)
    if how == "environment":
        monkeypatch.setenv("WORKBENCH_DOWNLOAD", "1")
    path = weights.find(file, allow_download=how == "argument")
    assert path.read_bytes() == CONTENT
    assert weights.find(file) == path  # from the cache now
    assert asked == [ADDRESS]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (CONTENT[:-1], "expected 12000 bytes, got 11999"),
        (CONTENT + b"!", "got more than"),
        (CONTENT[:-1] + b"!", "sha256"),
        (b"", "got 0"),
    ],
)
def test_a_wrong_download_leaves_nothing(
    file: WeightFile, monkeypatch: pytest.MonkeyPatch, content: bytes, words: str
) -> None:
    serve(monkeypatch, content)
    with pytest.raises(WeightsMissing, match=words):
        weights.find(file, allow_download=True)
    assert list(weights.cache_dir().iterdir()) == []


def test_no_connection_is_explained(file: WeightFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def urlopen(url: str, timeout: float) -> io.BytesIO:
        raise urllib.error.URLError("no route to host")

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    with pytest.raises(WeightsMissing, match="no route to host"):
        weights.find(file, allow_download=True)


def test_unknown_name() -> None:
    with pytest.raises(ValueError, match="pose_detection"):
        weights.find("pose_detectoin")


def test_every_known_file_can_be_checked() -> None:
    for name, file in weights.WEIGHTS.items():
        assert file.name == name
        assert file.licence
        assert file.url is None or (file.url.startswith("https://") and file.sha256 and file.size_bytes)


def test_command_line(
    file: WeightFile, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(weights, "WEIGHTS", {"toy": file})
    with pytest.raises(SystemExit) as caught:
        weights.main(["toy"])
    assert caught.value.code == 1
    assert "--download toy" in capsys.readouterr().err
    serve(monkeypatch, CONTENT)
    weights.main(["--download", "toy"])
    assert capsys.readouterr().out.strip() == str(weights.cache_dir() / "toy.bin")


def test_missing_asset_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "__file__", str(tmp_path / "workbench" / "weights.py"))
    with pytest.raises(WeightsMissing, match="assets"):
        weights.assets_dir()
    (tmp_path / "assets").mkdir()
    with pytest.raises(WeightsMissing, match=r"open_body\.npz"):
        weights.asset("open_body.npz")
    path = put(tmp_path / "assets", "open_body.npz")
    assert weights.asset("open_body.npz") == path


class Trap:
    """Runs code when unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return pytest.fail, ("code in the file was run",)


def test_tensors_come_back_from_both_kinds_of_files(tmp_path: Path) -> None:
    tensors = {"layer.weight": torch.randn(3, 4), "layer.bias": torch.randn(3)}
    save_file(tensors, tmp_path / "a.safetensors")
    torch.save(tensors, tmp_path / "b.pt")
    torch.save({"state_dict": tensors, "epoch": 3}, tmp_path / "c.ckpt")
    for name in ("a.safetensors", "b.pt", "c.ckpt"):
        loaded = weights.load_state_dict(tmp_path / name)
        assert loaded.keys() == tensors.keys()
        assert all(torch.equal(loaded[key], tensors[key]) for key in tensors)


def test_unsafe_and_broken_files_are_refused(tmp_path: Path) -> None:
    torch.save({"a": Trap()}, tmp_path / "trap.pt")
    torch.save({"epoch": 3}, tmp_path / "numbers.pt")
    torch.save([torch.zeros(2)], tmp_path / "list.pt")
    (tmp_path / "text.pt").write_text("hello")
    (tmp_path / "text.safetensors").write_text("hello")
    (tmp_path / "empty.pt").write_bytes(b"")
    for name in ("trap.pt", "numbers.pt", "list.pt", "text.pt", "text.safetensors", "empty.pt"):
        with pytest.raises(WeightsUnreadable, match=name):
            weights.load_state_dict(tmp_path / name)
    with pytest.raises(WeightsMissing):
        weights.load_state_dict(tmp_path / "none.pt")
