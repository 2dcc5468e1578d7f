"""The page of a training: every loss and metric is a line with all of its points."""

from workbench.figures.training_curves import training_curves, write_training_page

ROWS = [
    {"step": 1.0, "loss": 4.0, "square": 3.0},
    {"step": 2.0, "loss": 2.0, "square": 1.0},
    {"step": 2.0, "samples": 1024.0, "seconds": 9.0, "error": 7.0},
    {"step": 3.0, "loss": 1.0, "square": 0.5},
]


def test_lines_hold_what_the_rows_say():
    traces = training_curves(ROWS).to_plotly_json()["data"]
    lines = {trace["name"]: (list(trace["x"]), list(trace["y"])) for trace in traces}
    assert lines == {
        "loss": ([1, 2, 3], [4.0, 2.0, 1.0]),
        "square": ([1, 2, 3], [3.0, 1.0, 0.5]),
        "error": ([2], [7.0]),
    }


def test_nothing_yet_is_a_page_too(tmp_path):
    write_training_page(tmp_path / "curves.html", [], "nothing")
    assert "nothing" in (tmp_path / "curves.html").read_text()


def test_the_page_needs_no_network(tmp_path):
    write_training_page(tmp_path / "curves.html", ROWS, "toy")
    page = (tmp_path / "curves.html").read_text()
    assert (tmp_path / "plotly.min.js").is_file() and 'src="plotly.min.js"' in page
    assert "cdn" not in page
