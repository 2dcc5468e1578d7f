"""The panel shows a truth only where there is one."""

from dataclasses import replace

import torch

from tests.app.conftest import make_recovery
from workbench.app import handlers_truth
from workbench.app.session import PhotoSession
from workbench.app.tabs.truth import values
from workbench.synth.sets import SETS, make_scene

HOW = ("lsp14", "root", "beside")


def is_away(update) -> bool:
    return "hmr-away" in update.get("elem_classes", ())


def test_a_person_without_a_truth_shows_nobody_elses(recovered: PhotoSession):
    scene = make_scene(1, SETS["test"])
    nobody = replace(recovered.results[0].recovery.person, box_px=torch.tensor([-90.0, -90.0, -80.0, -80.0]))
    lost = replace(recovered.results[0], recovery=make_recovery(nobody))
    session = replace(recovered, scene=scene, results=(lost,))
    assert handlers_truth.pair_of(session, 0) is None
    column, compared, about, *_ = values(session, 0, *HOW)
    assert not is_away(column) and is_away(compared) and "No one" in about


def test_photos_have_no_panel(recovered: PhotoSession):
    for session in (recovered, PhotoSession()):
        assert is_away(values(session, 0, *HOW)[0])
