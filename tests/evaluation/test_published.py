"""Published numbers keep their citation and stay apart from ours."""

import ast
import inspect
import re

import pytest

from workbench.evaluation import published
from workbench.evaluation.metrics import METRICS
from workbench.evaluation.published import PUBLISHED, markdown

OTHERS = {"part_miou", "ssim", "psnr_db", "fid"}
SHARES = {"e_f", "miou", "part_miou", "ssim"}


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_table_says_whose_it_is(name):
    table = PUBLISHED[name]
    assert re.search(r"(19|20)\d\d|arXiv|report", table.citation)
    assert table.source and table.protocol and table.rows
    text = markdown(table)
    assert "not measured here" in text and table.citation in text and table.protocol in text
    for row in table.rows:
        assert row.system in text
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in lines}) == 1 and len(lines) == len(table.rows) + 2


@pytest.mark.parametrize("name", PUBLISHED)
def test_keys_and_units_are_ours(name):
    for row in PUBLISHED[name].rows:
        assert set(row.values) <= set(METRICS) | OTHERS
        for key, value in row.values.items():
            assert value > 0
            if key in SHARES:
                assert value < 1.2, f"{key} looks like percent"
            if key.endswith("_mm"):
                assert 1 < value < 300
        if "pa_mpjpe_mm" in row.values:
            assert row.values["pa_mpjpe_mm"] < row.values["mpjpe_mm"] <= row.values.get("pve_mm", 1e9)


def test_no_import_leads_from_there_to_ours():
    imported = [
        node.module or ""
        for node in ast.walk(ast.parse(inspect.getsource(published)))
        if isinstance(node, ast.ImportFrom)
    ]
    assert not any(module.startswith("workbench") for module in imported)
