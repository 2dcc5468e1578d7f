"""A page's files: named after their content, written once, kept while they are used."""

import os
from pathlib import Path

import pytest
from gradio.data_classes import _StaticFiles

from workbench.app import page_files
from workbench.app.page_files import KEEP_S


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def publish(name: str, content: bytes) -> Path:
    """Where the file of an address lies."""
    return Path(page_files.publish(name, content).removeprefix("gradio_api/file="))


def test_the_name_follows_the_content(cache):
    path = publish("body.bin", b"one")
    assert path.read_bytes() == b"one"
    assert path.suffix == ".bin" and path.name.startswith("body-")
    assert publish("body.bin", b"one") == path
    assert publish("body.bin", b"two") != path
    assert path.is_relative_to(cache)


def test_a_file_is_listed_once_however_often_it_is_published():
    publish("body.bin", b"one")
    before = len(_StaticFiles.all_paths)
    path = publish("body.bin", b"one")
    assert len(_StaticFiles.all_paths) == before
    assert _StaticFiles.all_paths.count(path) == 1


def test_a_damaged_file_is_written_anew():
    path = publish("body.bin", b"one")
    path.write_bytes(b"on")
    assert publish("body.bin", b"one").read_bytes() == b"one"


def test_files_that_nobody_uses_go_and_others_stay():
    used, forgotten = publish("body.bin", b"used"), publish("body.bin", b"forgotten")
    long_ago = forgotten.stat().st_mtime - 2 * KEEP_S
    os.utime(forgotten, (long_ago, long_ago))
    publish("body.bin", b"new")
    assert used.exists() and not forgotten.exists()
    assert len(list(used.parent.iterdir())) == 2


def test_a_folder_that_cannot_be_written_is_said(cache, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache / "file"))
    (cache / "file").write_text("no folder")
    with pytest.raises(ValueError, match="XDG_CACHE_HOME"):
        publish("body.bin", b"one")
