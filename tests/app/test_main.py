"""Starting the app."""

import pytest

from workbench.app.__main__ import is_loopback, is_private, parse


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("my-machine", False)],
)
def test_who_can_reach_an_address(host, loopback, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SPACE_ID", raising=False)
    assert is_loopback(host) is loopback
    monkeypatch.setenv("SPACE_ID", "someone/space")  # its proxy is not on this machine
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("arguments", "private"),
    [
        ([], True),
        (["--public"], False),
        (["--share", "yes"], False),
        (["--host", "0.0.0.0"], False),
        (["--host", "0.0.0.0", "--public"], False),
    ],
)
def test_whose_browsers_may_be_given_a_licensed_body(arguments, private, monkeypatch: pytest.MonkeyPatch):
    for name in ("SPACE_ID", "GRADIO_SERVER_NAME"):
        monkeypatch.delenv(name, raising=False)
    assert is_private(parse(arguments)) is private
