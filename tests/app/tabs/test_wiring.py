"""Raw values from a browser become numbers and files, or nothing."""

import math
from pathlib import Path

import pytest

from workbench.app.tabs.wiring import path_of, typed


@pytest.mark.parametrize(
    ("raw", "number"),
    [(0.5, 0.5), (7, 1.0), (-3, 0.0), (math.inf, 1.0), (None, None), ("", None), ("0.5", None)],
)
def test_a_slider_stays_within_its_limits(raw, number):
    assert typed(raw, (0.0, 1.0)) == number


def test_only_uploads_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    cache = tmp_path / "cache"
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(cache))
    assert path_of({"path": str(cache / "a" / "photo.jpg")}) == str(cache / "a" / "photo.jpg")
    assert path_of(None) is None
    for path in ("/etc/passwd", str(cache / ".." / "photo.jpg"), None):
        with pytest.raises(ValueError, match="uploaded"):
            path_of({"path": path})
