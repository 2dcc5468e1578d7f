"""HMR: what the loop, the prior and both presets promise, whatever their weights."""

from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from scipy.spatial.transform import Rotation

from workbench.body.light import open_light_body
from workbench.geometry.conventions import CropCamera
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.methods.hmr import (
    READS,
    REALISM,
    STAGES,
    THETA,
    USED,
    Hmr,
    HmrNetwork,
    HmrPaper,
    OpenHmr,
    hmr_network,
    load_network,
    spin_network,
)
from workbench.methods.landmark_regressor import LandmarkRegressor
from workbench.networks.discriminator import FACTORS
from workbench.networks.observation_encoder import EncoderSettings
from workbench.networks.observations import observe_people
from workbench.networks.spin_crops import spin_window
from workbench.networks.theta import HMR, SPIN, mean_person
from workbench.networks.traces import CROP_CAMERA
from workbench.weights import WeightsMissing, WeightsUnreadable

FC2 = "network.correction.fc2.weight"
PICTURE = "network.encoder.pictures.mask.layers.0.weight"
TURN = Rotation.from_euler("y", 25, degrees=True)


@pytest.fixture(scope="module")
def made_up(body):
    """The open preset with random weights that do much."""
    torch.manual_seed(0)
    network = OpenHmr(layout=SPIN, hidden=64, prior=16)
    network.network.correction.fc3.weight.data *= 3
    return Hmr(network, body)


class Flatten(torch.nn.Module):
    def forward(self, seen):
        return seen.flatten(1)


@pytest.mark.parametrize("layout", [HMR, SPIN])
def test_without_corrections_every_iteration_is_the_mean(layout):
    network = HmrNetwork(Flatten(), 7, layout, hidden=16).eval()
    torch.nn.init.zeros_(network.correction.fc3.weight)
    thetas = network(torch.randn(4, 7), 10)
    assert len(thetas) == 11
    assert all(torch.equal(theta, network.mean.expand(4, -1)) for theta in thetas)
    for got, expected in zip(layout.parts(thetas[-1][:1]), mean_person(), strict=True):
        torch.testing.assert_close(got, expected, atol=1e-6, rtol=0)


def test_each_iteration_adds_what_the_correction_says():
    network = HmrNetwork(Flatten(), 7, HMR, hidden=16).eval()
    seen = torch.randn(4, 7)
    thetas = network(seen, 3)
    for before, after in pairwise(thetas):
        torch.testing.assert_close(after, before + network.correction(seen, before))


def test_iterating_longer_begins_the_same():
    network = HmrNetwork(Flatten(), 7, HMR, hidden=16).eval()
    seen = torch.randn(4, 7)
    for short, long in zip(network(seen, 3), network(seen, 10)[:4], strict=True):
        torch.testing.assert_close(short, long)


def test_relu_is_what_parts_hmr_from_spin():
    """Without it, twice the input's change makes twice the answer's."""
    torch.manual_seed(0)
    for relu in (True, False):
        module = HmrNetwork(Flatten(), 7, SPIN, hidden=16, relu=relu).eval().correction
        theta, step = torch.randn(1, SPIN.size), torch.randn(1, 7)
        at = [module(k * step, theta) for k in (-10, 0, 10)]
        assert torch.allclose(at[0] + at[2], 2 * at[1], atol=1e-5) == (not relu)


def test_the_paper_s_3d_module_has_as_many_numbers():
    network = hmr_network()
    assert sum(p.numel() for p in network.correction.parameters()) == 3_321_941
    assert network.mean.shape == (85,)


def test_gradients_reach_every_weight(body, person_in):
    photo, person, *_ = person_in(TURN)
    network = OpenHmr(hidden=32, prior=16)
    observations, _ = observe_people(photo, [person, replace(person, mask=None)], ("mask", "rgb"))
    for guess in network(observations.only(("landmarks", "mask", "rgb")), open_light_body(1))[1:]:
        scores = network.discriminator(guess.rotations[:, 1:], guess.betas)
        (guess.xy.square().sum() + guess.joints_m.square().sum() + scores.sum()).backward(retain_graph=True)
    silent = {n for n, p in network.named_parameters() if p.grad is None or not p.grad.any()}
    known = {n for n in silent if "points.metric" in n or "no_camera" in n or "encoder.camera" in n}
    assert all("missing" in n or "encoder.blocks" in n for n in silent - known)


def test_a_step_for_every_iteration(made_up, person_in):
    photo, person, *_ = person_in(TURN)
    for iterations in (0, 1, STAGES, 10):
        [got] = made_up.recover(photo, [person], iterations=iterations)
        assert len(got.steps) == iterations + 1
        for step in got.steps:
            assert step.tensors[THETA].shape == (85,) and step.tensors[REALISM].shape == (len(FACTORS),)
            torch.testing.assert_close(step.tensors[THETA][75:], step.params.betas)
            torch.testing.assert_close(step.tensors[THETA][:3], step.tensors[CROP_CAMERA])
            turns = [
                matrix_from_axis_angle(x)
                for x in (step.tensors[THETA][3:75].reshape(24, 3), step.params.theta)
            ]
            torch.testing.assert_close(*turns, atol=1e-4, rtol=0)
            assert not any(t.requires_grad for t in (*step.tensors.values(), step.params.betas))
    with pytest.raises(ValueError, match="0 to 50 times"):
        made_up.recover(photo, [person], iterations=51)


def test_realism_of_a_step_is_that_of_its_pose(made_up, person_in):
    photo, person, *_ = person_in(TURN)
    [got] = made_up.recover(photo, [person])
    params = got.params
    scores = made_up.realism(params.theta, params.betas)
    torch.testing.assert_close(scores, got.steps[-1].tensors[REALISM], atol=1e-4, rtol=1e-4)
    turned = params.theta.clone()
    turned[0] = torch.randn(3)
    assert made_up.realism(turned, params.betas).equal(scores)  # people may face anywhere


def test_channels_are_switched_off(made_up, person_in):
    photo, person, *_ = person_in(TURN)
    blank = replace(person, mask=torch.zeros_like(person.mask))

    def answers(channels):
        return [made_up.recover(photo, [p], channels=channels)[0].params.theta for p in (person, blank)]

    with_mask, without = answers((*USED, "mask")), answers(USED)
    assert not with_mask[0].equal(with_mask[1]) and without[0].equal(without[1])
    assert answers(None)[0].equal(without[0]) and "rgb" in READS and "rgb" not in USED
    for unknown in ("depth", "smell"):
        with pytest.raises(ValueError, match=f"cannot read {unknown}; it reads landmarks"):
            answers(("landmarks", unknown))
    blind = answers(())
    assert blind[0].equal(blind[1])


def test_people_do_not_influence_each_other(made_up, person_in):
    photo, one, *_ = person_in(TURN)
    _, other, *_ = person_in(Rotation.identity(), (-0.3, 0.0, 4.0))
    alone, together = made_up.recover(photo, [one])[0], made_up.recover(photo, [other, one])[1]
    torch.testing.assert_close(alone.params.theta, together.params.theta, atol=1e-4, rtol=0)


@pytest.mark.parametrize(("share", "said"), [(None, "no 2D landmarks"), (0, "0 visible landmarks")])
def test_somebody_who_cannot_be_seen_is_refused(made_up, person_in, share, said):
    photo, person, *_ = person_in(TURN)
    unseen = None if share is None else person.keypoints_px * share
    with pytest.raises(ValueError, match=said):
        made_up.recover(photo, [replace(person, keypoints_px=unseen)])


def test_nobody_in_nobody_out(made_up, paper_hmr, person_in):
    photo, *_ = person_in(TURN)
    assert made_up.recover(photo, []) == paper_hmr.recover(photo, []) == []


def test_sizes_are_read_from_the_weights():
    settings = EncoderSettings(("landmarks", "camera"), width=64, blocks=1, per_landmark=4)
    for network in (OpenHmr(hidden=32, prior=8), OpenHmr(settings, SPIN, hidden=32, prior=8)):
        state = {name: value.half() for name, value in network.state_dict().items()}
        read = load_network(state)
        assert read.network.layout == network.network.layout
        assert read.settings == network.settings
        assert all(value.equal(read.state_dict()[name].half()) for name, value in state.items())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: {"something": torch.zeros(3)}, "1 of its tensors are unknown: something"),
        (lambda s: LandmarkRegressor(hidden=8).state_dict(), r"\d+ of \d+ tensors are missing"),
        (lambda s: {k: v for k, v in s.items() if "fc2.weight" not in k}, r"missing: \S+fc2.weight"),
        (lambda s: s | {"head.bias": torch.zeros(2)}, "unknown: head.bias"),
        (lambda s: s | {"network.mean": torch.zeros(86)}, r"mean should be \(157,\), it is \(86,\)"),
        (lambda s: s | {"network.mean": torch.zeros(())}, r"mean should be \(157,\), it is \(\)"),
        (lambda s: s | {FC2: torch.zeros(512)}, r"fc2.weight should be \(512, 512\)"),
        (lambda s: s | {"network.mean": torch.full((157,), torch.nan)}, "mean holds numbers that are not"),
        (lambda s: s | {PICTURE: torch.zeros(6, 1, 3, 3)}, r"should be \(16, 1, 3, 3\)"),
    ],
    ids=["other", "regressor", "missing", "extra", "mean", "scalar", "shape", "nan", "planes"],
)
def test_weights_of_another_network_are_refused(change, said):
    with pytest.raises(WeightsUnreadable, match=f"not of the open HMR. .*{said}.* Train it"):
        load_network(change(OpenHmr().state_dict()))


def test_the_paper_preset_asks_for_its_weights(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBENCH_WEIGHTS_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(WeightsMissing, match=r"model_checkpoint\.pt[\s\S]*nkolot/SPIN"):
        HmrPaper.load()


def test_the_paper_preset_refuses_the_open_body(body):
    with pytest.raises(ValueError, match="other joints"):
        HmrPaper(spin_network(), body)


def test_the_paper_preset_needs_no_more_than_a_box(paper_hmr, person_in):
    photo, person, *_ = person_in(TURN)
    box_alone = replace(person, keypoints_px=None, keypoints_m=None, mask=None)
    for got in paper_hmr.recover(photo, [person, box_alone]):
        assert (got.method, got.weights, got.body) == ("hmr-paper", "official", "smpl")
        assert len(got.steps) == STAGES + 1 and got.camera.size_hw == photo.size_hw
        assert got.mesh(paper_hmr.body).vertices_m.isfinite().all()
        assert REALISM not in got.steps[-1].tensors  # SPIN has no prior


def test_the_paper_preset_s_camera_is_that_of_its_window(paper_hmr, person_in):
    photo, person, *_ = person_in(TURN)
    [got] = paper_hmr.recover(photo, [person], iterations=0)
    window = spin_window(person)
    back = CropCamera.of(got.camera, window.center_px, window.side_px)
    numbers = torch.tensor([back.scale, back.tx_m, back.ty_m])
    torch.testing.assert_close(numbers, got.steps[0].tensors[CROP_CAMERA], atol=1e-4, rtol=1e-4)


def test_an_impossible_camera_is_said(body, person_in):
    photo, person, *_ = person_in(TURN)
    network = spin_network()
    network.mean.data[154] = -0.5
    with pytest.raises(ValueError, match=r"Person 1 of 2: .*-0\.5.*mean body"):
        HmrPaper(network, replace(body, topology="smpl")).recover(photo, [person, person], iterations=0)


def test_numbers_and_camera_agree_where_the_scale_is_held(made_up, person_in):
    photo, person, *_ = person_in(TURN)
    network = OpenHmr(hidden=16, prior=8)
    network.network.mean.data[154] = -2.0
    [got] = Hmr(network, made_up.body).recover(photo, [person], iterations=0)
    tensors = got.steps[0].tensors
    assert tensors[THETA][0] == tensors[CROP_CAMERA][0] > 0
