"""What every method promises, whatever is inside."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from workbench.method import CHANNELS, Method
from workbench.methods import METHODS, load_method
from workbench.results import recovery_from_dict, recovery_to_dict


@pytest.fixture(scope="module", params=METHODS)
def method(request):
    """As loaded; with random weights where only the user can supply them."""
    own = {"hmr-paper": "paper_hmr", "blade-paper": "paper_blade"}
    if request.param in own:
        return request.getfixturevalue(own[request.param])
    return load_method(request.param)


def test_introduces_itself(method):
    assert isinstance(method, Method)
    assert METHODS[method.info.name] and method.info.weights in ("open", "official", "none")
    assert all(
        (method.info.title, method.info.paper, method.info.licence, method.info.camera, method.info.steps)
    )


def test_one_recovery_per_person_in_order(method, person_in):
    photo, one, *_ = person_in(Rotation.identity())
    _, two, *_ = person_in(Rotation.from_euler("y", 150, degrees=True), (-0.3, 0.0, 4.0))
    said = []
    recoveries = method.recover(photo, [one, two], lambda fraction, doing: said.append((fraction, doing)))
    assert [r.person for r in recoveries] == [one, two]
    assert said and all(0 <= fraction <= 1 and doing for fraction, doing in said)
    for recovery in recoveries:
        assert recovery.method == method.info.name and recovery.seconds > 0
        assert recovery.camera.size_hw == photo.rgb.shape[:2] and recovery.camera.tz_m > 0
        mesh = recovery.mesh(method.body)
        assert mesh.vertices_m.isfinite().all()
        assert len({step.name for step in recovery.steps}) == len(recovery.steps) > 0
        for step in recovery.steps:
            assert recovery.mesh(method.body, step).vertices_m.isfinite().all()
            assert not any(t.requires_grad for t in (*step.tensors.values(), step.params.theta))
        assert torch.equal(recovery.steps[-1].params.theta, recovery.params.theta)
        again, _ = recovery_from_dict(recovery_to_dict(recovery, {}))
        assert again.method == recovery.method


def test_nobody_in_nobody_out(method, person_in):
    photo, *_ = person_in(Rotation.identity())
    assert method.recover(photo, []) == []


def test_leaves_its_input_alone(method, person_in):
    photo, person, *_ = person_in(Rotation.identity())
    before = photo.rgb.copy(), person.keypoints_px.clone(), person.box_px.clone()
    method.recover(photo, [person])
    assert (photo.rgb == before[0]).all()
    assert torch.equal(person.keypoints_px, before[1]) and torch.equal(person.box_px, before[2])


def test_reads_no_more_than_it_says(method, person_in):
    """Pictures are not drawn, and masks not made, for methods that do not ask for them."""
    photo, person, *_ = person_in(Rotation.identity())
    unread = {channel for channel in CHANNELS if channel not in method.info.reads}
    noise = np.random.default_rng(0).integers(0, 256, photo.rgb.shape, np.uint8)
    other = replace(photo, rgb=noise) if "rgb" in unread else photo
    measured, wrong = torch.full(photo.size_hw, 3.2), torch.full(photo.size_hw, 0.7)
    photo = replace(photo, depth_m=measured)
    other = replace(other, depth_m=wrong if "depth" in unread else measured)
    blind = replace(person, mask=None) if "mask" in unread else person
    (seen,), (unseen,) = method.recover(photo, [person]), method.recover(other, [blind])
    assert set(method.info.reads) <= set(CHANNELS)
    assert torch.equal(seen.params.theta, unseen.params.theta)
    assert torch.equal(seen.camera.t_camera_body_m, unseen.camera.t_camera_body_m)


def test_unknown_names_list_the_known_ones():
    with pytest.raises(ValueError, match="smplify"):
        load_method("magic")
