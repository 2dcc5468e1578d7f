"""What Python gives to the BLADE lab, and what the lab works out by itself."""

import json

import numpy as np
import pytest
import torch

from workbench.figures import blade_lab
from workbench.figures.served_bodies import ServedBodies


def test_the_configuration_is_plain_json_and_scans_what_the_slider_reaches():
    config = blade_lab.config(ServedBodies(loopback=True).entries())
    assert json.loads(json.dumps(config, allow_nan=False)) == config
    low, high = config["tz"]
    assert config["scan"] == sorted(config["scan"])
    assert low <= config["scan"][0] and config["scan"][-1] == high


@pytest.mark.parametrize("size", [(1, 1), (5, 7), (16, 8), (33, 50)])
def test_a_mask_comes_back_as_it_went(javascript, size):
    mask = torch.rand(size) > 0.5
    data = blade_lab.mask_data(mask)
    assert torch.equal(blade_lab.mask_from(data), mask)
    back = javascript("blade_masks.js", "m.maskToData(m.maskFromData(given))", data)
    assert back == data
    inside = javascript("blade_masks.js", "[...m.maskFromData(given).of]", data)
    assert inside == mask.flatten().int().tolist()


@pytest.mark.parametrize(
    "wrong",
    [None, {"size_hw": [2, 2]}, {"size_hw": [2, 2], "bits": "é"}, {"size_hw": [9, 9], "bits": "AA=="}],
)
def test_what_is_no_mask_is_refused(wrong):
    with pytest.raises(ValueError, match=r"[Mm]ask"):
        blade_lab.mask_from(wrong)


def painted(javascript, expression: str, mask: np.ndarray) -> np.ndarray:
    """A mask after what the lab does to it."""
    data = blade_lab.mask_data(torch.from_numpy(mask))
    result = javascript(
        "blade_masks.js",
        f"(() => {{ const mask = m.maskFromData(given); return [...({expression}).of]; }})()",
        data,
    )
    return np.array(result, dtype=bool).reshape(mask.shape)


def test_a_brush_paints_what_is_within_its_radius_of_its_way(javascript):
    empty = np.zeros((40, 60), dtype=bool)
    drawn = painted(javascript, "m.dabbed(mask, [[10, 20], [50, 20]], 6, 1)", empty)
    y, x = np.mgrid[:40, :60] + 0.5
    far = np.hypot(x - x.clip(10, 50), y - 20)
    assert drawn[far < 5].all() and not drawn[far > 7].any()
    erased = painted(javascript, "m.dabbed(mask, [[10, 20], [50, 20]], 8, 0)", drawn)
    assert not erased.any()


def test_spoiled_masks_lose_or_gain(javascript):
    mask = np.zeros((50, 40), dtype=bool)
    mask[10:40, 15:25] = True
    lost, grown, empty = (
        painted(javascript, f"m.{how}(mask)", mask) for how in ("withoutLower", "grown", "emptied")
    )
    assert (lost & ~mask).sum() == 0 and lost[:25].sum() == mask[:25].sum() and not lost[35:].any()
    assert grown[mask].all() and grown.sum() > mask.sum()
    assert not empty.any()
    for how in ("withoutLower", "grown", "emptied"):
        assert not painted(javascript, f"m.{how}(mask)", empty).any()


def distortion(javascript, tz: float) -> np.ndarray:
    points = np.array([[0.0, 0, 0], [0, 0, 0], [-0.3, 0.0, 0.4]]).reshape(-1)  # all x, all y, all z
    given = {"points": points.tolist(), "tz": tz}
    return np.array(
        javascript(
            "blade_distortion.js", "[...m.distortionPct(Float32Array.from(given.points), 0, given.tz)]", given
        )
    )


def test_distortion_is_none_at_the_pelvis_and_vanishes_with_distance(javascript):
    near, far, farther = (distortion(javascript, tz) for tz in (1.0, 5.0, 10.0))
    assert near == pytest.approx([100 * (1 / 0.7 - 1), 0, 100 * (1 / 1.4 - 1)], abs=1e-3)
    assert (np.abs(farther) <= 0.55 * np.abs(far) + 1e-6).all() and (np.abs(far) <= np.abs(near)).all()


def valley(javascript, points: list[tuple[float, float, float]]) -> str:
    given = [{"tz": tz, "iou": iou, "focal": focal} for tz, iou, focal in points]
    return javascript("blade_valley.js", "m.valleyWords(given)", given)


def test_words_tell_a_peak_from_a_plateau(javascript):
    peak = valley(
        javascript,
        [(0.5, 0.7, 250), (1.0, 0.95, 500), (2.0, 0.8, 1000), (4.0, 0.75, 2000), (8.0, 0.748, 4000)],
    )
    assert "agrees best at 1 m (IoU 0.95), and its neighbours are worse" in peak
    assert "is flat: the IoU changes by 0.002" in peak and "Tz grows 16 times and f 16 times" in peak
    flat = valley(javascript, [(2.0, 0.8, 1000), (4.0, 0.89, 2000), (6.0, 0.9, 3000), (8.0, 0.899, 4000)])
    assert "from 4 m to 8 m and beyond" in flat and "cannot tell these apart" in flat
    assert valley(javascript, [(1.0, 0.9, 500)]) == ""
