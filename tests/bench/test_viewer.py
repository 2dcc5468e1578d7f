"""The viewer's benchmark finds what it needs, or says what is missing; how fast is nobody's law."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from workbench.bench import chromium, notebook_viewer, visitors
from workbench.bench.__main__ import BENCHES, NOTES, main
from workbench.bench.figure_app import figure
from workbench.bench.measure import Row
from workbench.bench.serve import serving
from workbench.body import load_body
from workbench.figures.served_bodies import ServedBodies
from workbench.figures.world import to_display


def test_a_missing_browser_is_said(monkeypatch, capsys):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(ValueError, match="CHROMIUM"), chromium.browser():
        pass


def test_a_program_that_does_not_start_is_said():
    with pytest.raises(RuntimeError, match="did not start"), serving(("-c", "raise SystemExit(1)")):
        pass


def test_a_program_is_waited_for_and_ended():
    script = (
        "import sys, http.server as h; "
        "h.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[-1])), h.SimpleHTTPRequestHandler).serve_forever()"
    )
    with serving(("-c", script)) as served:
        assert served.url.startswith("http://127.0.0.1:") and served.start_s > 0
        assert Path(f"/proc/{served.pid}").exists()
    assert not Path(f"/proc/{served.pid}").exists()


def drawn(beta: float) -> Any:
    return figure(beta).data[0]


def test_the_usual_way_shows_the_same_body():
    mesh, taller = drawn(0.0), drawn(2.0)
    expected = to_display(load_body("open-smpl").v_template, "body")
    assert abs(mesh.x - expected[:, 0].numpy()).max() < 1e-6
    assert abs(mesh.z - expected[:, 2].numpy()).max() < 1e-6
    assert abs(taller.z - mesh.z).max() > 0.01


def test_the_notebook_is_one():
    made = json.loads(json.dumps(notebook_viewer._notebook()))
    assert [cell["cell_type"] for cell in made["cells"]] == ["code", "code"]
    for cell in made["cells"]:
        compile(cell["source"], "cell", "exec")


def test_without_jupyter_the_notebook_rows_are_left_out(monkeypatch):
    monkeypatch.setattr(notebook_viewer.importlib.util, "find_spec", lambda name: None)
    assert notebook_viewer.notebook_rows(None, 1) == []  # pyright: ignore[reportArgumentType]


def test_the_table_tells_how_it_was_measured(monkeypatch, capsys):
    monkeypatch.setitem(BENCHES, "viewer", lambda photo, runs: [Row("a view", 12.0, "ms")])
    assert main(["viewer"]) == 0
    assert NOTES["viewer"] in capsys.readouterr().out


def test_a_body_without_its_papers_stays_on_the_server(tmp_path, monkeypatch):
    visitors.save_licensed_twin(tmp_path / "SMPL_NEUTRAL.npz")
    monkeypatch.setenv("WORKBENCH_BODIES", str(tmp_path))
    bodies = ServedBodies(loopback=False)
    files = {entry["tag"]: entry["file"] for entry in bodies.entries()}
    assert files["open-smpl"] and files["smpl-neutral"] is None
    assert torch.equal(bodies.known("smpl-neutral").load().v_template, load_body("open-smpl").v_template)
