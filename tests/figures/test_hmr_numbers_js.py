"""The picture of HMR's numbers: which there are, and which moved."""

from workbench.body.joints import SMPL_JOINTS
from workbench.networks.theta import HMR


def guess(**changes):
    theta = [[0.0] * 3 for _ in SMPL_JOINTS]
    return {"crop": [0.9, 0.0, 0.0], "theta": theta, "betas": [0.0] * 10, **changes}


def moves(javascript, now, before):
    expression = "m.movesOf(m.hmrNumbers(given.now, given.before, given.joints))"
    return javascript("hmr_numbers.js", expression, {"now": now, "before": before, "joints": SMPL_JOINTS})


def test_all_numbers_are_there_once(javascript):
    given = {"now": guess(), "joints": SMPL_JOINTS}
    groups = javascript("hmr_numbers.js", "m.hmrNumbers(given.now, null, given.joints)", given)
    assert sum(len(group["now"]) for group in groups) == HMR.size == 85
    names = [name for group in groups for name in group["names"]]
    assert len(set(names)) == len(names) and all(len(g["names"]) == len(g["now"]) for g in groups)


def test_what_moved_most_for_its_kind_comes_first(javascript):
    theta = [[0.0] * 3 for _ in SMPL_JOINTS]
    theta[4] = [1.0, 0.0, 0.0]  # half of a joint's range
    now = guess(crop=[0.9, 0.3, 0.0], theta=theta, betas=[0.01] * 10)  # a fifth, and too little to be said
    found = moves(javascript, now, guess())
    assert [move["name"] for move in found] == ["left_knee x", "tx"]
    assert found[0]["change"] == 1.0


def test_the_mean_body_has_not_moved(javascript):
    assert moves(javascript, guess(betas=[2.0] * 10), None) == []


def test_what_is_larger_than_its_picture_is_named(javascript):
    now = guess(crop=[0.9, -1.6, 0.0], betas=[3.0, 3.1] + [0.0] * 8)
    expression = "m.cutNumbers(m.hmrNumbers(given.now, null, given.joints))"
    assert javascript("hmr_numbers.js", expression, {"now": now, "joints": SMPL_JOINTS}) == ["tx", "β1"]
