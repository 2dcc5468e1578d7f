"""Starting the app."""

import pytest

from workbench.app.__main__ import is_loopback


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("my-machine", False)],
)
def test_who_can_reach_an_address(host, loopback, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SPACE_ID", raising=False)
    assert is_loopback(host) is loopback
    monkeypatch.setenv("SPACE_ID", "someone/space")  # its proxy is not on this machine
    assert not is_loopback(host)
