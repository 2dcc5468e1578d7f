"""What the discriminator takes for real: everybody's poses, calm ones and named ones, and what is spoiled."""

import pytest
import torch

from workbench.body.joints import SMPL_JOINTS
from workbench.body.presets import PRESETS_DEG, preset
from workbench.geometry.rotations import matrix_from_6d, matrix_from_axis_angle, sixd_from_matrix
from workbench.networks.discriminator import FACTORS
from workbench.synth.poses import sample_poses
from workbench.training import real_poses as module
from workbench.training.real_poses import named_poses, real_people, spoiled_people

SIZE = 400


@pytest.fixture(scope="module", autouse=True)
def few_calm():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CALM", 256)
        module.calm_poses.cache_clear()
        yield
    module.calm_poses.cache_clear()


@pytest.fixture(scope="module")
def bank():
    return sixd_from_matrix(sample_poses(64).rotations).half()


def generator():
    return torch.Generator().manual_seed(3)


def angles(a, b):
    """Between poses, rad: the mean over joints of all pairs."""
    trace = torch.einsum("njab,mjab->nmj", a, b)
    return ((trace - 1) / 2).clamp(-1, 1).acos().mean(-1)


def test_some_are_named_and_some_are_of_the_bank(bank):
    rotations, betas = real_people(bank, generator(), SIZE)
    assert betas.shape == (SIZE, 10)
    torch.testing.assert_close(rotations.det(), torch.ones(SIZE, 23))
    from_bank = angles(rotations, matrix_from_6d(bank[:, 1:].float())).amin(1) < 1e-2
    from_named = angles(rotations, matrix_from_6d(named_poses("cpu")[:, 1:].float())).amin(1) < 0.15
    expected = 1 - module.CALM_SHARE - module.NAMED_SHARE
    assert abs(float(from_bank.float().mean()) - expected) < 0.1
    assert abs(float(from_named.float().mean()) - module.NAMED_SHARE) < 0.06
    assert len(rotations) > int(from_bank.sum() + from_named.sum())


def test_named_poses_are_the_labs_and_their_mirror_images():
    named = matrix_from_6d(named_poses("cpu").float())
    own = torch.stack([matrix_from_axis_angle(preset(name, SMPL_JOINTS)) for name in PRESETS_DEG])
    assert len(named) == 2 * len(own)
    torch.testing.assert_close(named[: len(own)], own, atol=1e-3, rtol=0)


def test_calm_poses_are_nearer_to_the_keys():
    """The same drafts with less noise: without any, they are key poses and what lies between them."""
    still, calm, lively = (sample_poses(512, noise=noise).rotations[:, 1:] for noise in (0.0, 0.25, 1.0))
    near, far = (angles(poses[:200], still).amin(1).mean() for poses in (calm, lively))
    assert near < 0.6 * far


def test_spoiled_people_are_real_but_for_what_is_wrong(bank):
    real, real_betas = real_people(bank, generator(), SIZE)
    spoiled, betas, wrong = spoiled_people(bank, generator(), SIZE)
    assert wrong.shape == (SIZE, len(FACTORS))
    turned = wrong[:, :23] > 0
    assert torch.equal(spoiled[~turned], real[~turned])
    assert (spoiled - real).flatten(2).norm(dim=-1)[turned].gt(0).all()
    shaped = wrong[:, 24] > 0
    assert torch.equal(betas[~shaped], real_betas[~shaped])
    torch.testing.assert_close(betas[shaped], module.SPOILED_BETAS * real_betas[shaped])
    assert torch.equal(wrong[:, 23], turned.any(1).float())
