"""The lessons: stored without outputs, in short cells, one after another; and they run from top to bottom."""

import os
import pydoc
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from workbench import lessons

ROOT = Path(__file__).resolve().parent.parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LONGEST_CELL = 15
LONGEST_S = 120
"""For one cell, on a busy machine."""
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def code(path: Path) -> list[NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def text(path: Path) -> str:
    return "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")


def test_lessons_are_numbered_from_one():
    assert [int(path.stem[:2]) for path in NOTEBOOKS] == list(range(1, len(NOTEBOOKS) + 1))
    assert NOTEBOOKS


@each
def test_nothing_but_the_lesson_is_stored(path: Path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert all(cell.metadata == {} for cell in notebook.cells)
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code(path))
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


@each
def test_cells_are_short_and_said_what_they_do(path: Path):
    assert all(len(cell.source.splitlines()) <= LONGEST_CELL for cell in code(path))
    assert all(cell.source.strip() for cell in read(path).cells)
    assert read(path).cells[0].source.startswith(f"# {int(path.stem[:2])} · ")
    assert not re.search(r"sys\.path|^[!%]", "\n".join(cell.source for cell in code(path)), re.MULTILINE)


@each
def test_a_lesson_has_all_its_parts_in_their_order(path: Path):
    """A prediction, the library's agreement, where it breaks, exercises, a summary, the way to the app."""
    parts = ["**Predict first.**", "## Where it breaks", "## Your turn", "## Summary", "*In the app:*"]
    said = re.sub(r"^## \d+\. ", "## ", text(path), flags=re.MULTILINE)
    places = [said.index(part) for part in parts[:-1]] + [said.rindex(parts[-1])]
    assert places == sorted(places)
    sources = "\n".join(cell.source for cell in code(path))
    assert sources.count("assert_close(") >= 3
    assert "_slider(" in sources
    checks = set(re.findall(r"lessons\.(check_\w+)\(", sources))
    assert 3 <= len(checks)
    assert checks <= set(lessons.__all__)


def test_every_check_has_an_exercise():
    used = {name for path in NOTEBOOKS for name in re.findall(r"check_\w+", str(code(path)))}
    assert {name for name in lessons.__all__ if name.startswith("check_")} <= used


@each
def test_every_prediction_is_answered_by_name(path: Path):
    said = text(path)
    start = said.index("**Predict first.**")
    asked = re.findall(r"^(\d)\. ", said[start : said.index("## ", start)], flags=re.MULTILINE)
    assert len(asked) >= 3
    for ordinal in ("first", "second", "third", "fourth", "fifth")[: len(asked)]:
        assert f"our {ordinal} prediction" in said, ordinal


@each
def test_every_exercise_names_its_model_answer(path: Path):
    exercises = text(path).split("**Exercise ")[1:]
    assert len(exercises) >= 3
    for exercise in exercises:
        place = re.search(r"\*Model answer:\* `(workbench\.[\w.]+)`", exercise)
        assert place, exercise[:80]
        assert callable(pydoc.locate(place[1])), place[1]


@each
def test_links_lead_to_lessons_and_files_that_exist(path: Path):
    for link in re.findall(r"\]\(([^)#]+)\)", text(path)):
        assert (path.parent / link).exists(), link
    for name in re.findall(r"`(workbench/[\w/.]+)`", text(path)):
        assert (ROOT / name).exists(), name


@pytest.mark.notebooks
@each
def test_it_runs_from_top_to_bottom(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """In a kernel of its own. Unanswered exercises say so, and nothing warns on stderr."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    notebook = read(path)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=LONGEST_S, kernel_name="python3", resources=resources).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [o.text for o in outputs if o.output_type == "stream" and o.name == "stderr"] == []
    shown = [o.data["text/plain"] for o in outputs if "text/plain" in o.get("data", {})]
    unanswered = [said for said in shown if "not done yet" in said]
    assert len(unanswered) == sum("    ..." in cell.source for cell in code(path))
    assert not [said for said in shown if said.startswith("✗")]
    assert any("application/vnd.jupyter.widget-view+json" in o.get("data", {}) for o in outputs)
