"""What all visitors share."""

import pytest

from tests.app.conftest import FakeMethod
from workbench.app import models
from workbench.methods import METHODS
from workbench.methods.hmr import SPIN_WEIGHTS


def test_the_view_knows_the_body_it_shows():
    assert len(models.topology(models.body().topology)["joints"]) == models.body().num_joints


def test_every_method_stays_loaded(monkeypatch):
    loaded = []

    def load(name: str, device: str) -> FakeMethod:
        loaded.append(name)
        return FakeMethod()

    monkeypatch.setattr(models, "load_method", load)
    models.method.cache_clear()
    for name in (*METHODS, *METHODS):
        models.method(name)
    models.method.cache_clear()
    assert loaded == list(METHODS)


def test_another_body_than_the_page_knows_is_refused():
    with pytest.raises(ValueError, match="other"):
        models.topology("other")


def test_a_method_says_what_it_still_needs(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_WEIGHTS_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert not models.missing("smplify")
    assert SPIN_WEIGHTS.filename in models.missing("hmr-paper")
    (tmp_path / SPIN_WEIGHTS.filename).touch()
    assert not models.missing("hmr-paper")
