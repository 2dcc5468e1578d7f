"""Training pictures: a seed is a batch, and what they show is what their people are."""

import pytest
import torch

from workbench.body import load_body
from workbench.render import render_mask
from workbench.synth.low_poly import low_poly_body
from workbench.synth.people import sample_people
from workbench.synth.pictures import pictures_of, training_pictures


@pytest.fixture(scope="module")
def batch():
    return training_pictures(24, seed=3, size_px=96)


def test_a_seed_is_a_batch(batch):
    again = training_pictures(24, seed=3, size_px=96)
    assert again.rgb.equal(batch.rgb) and again.mask.equal(batch.mask) and again.depth_m.equal(batch.depth_m)
    assert again.people.betas.equal(batch.people.betas)
    assert not training_pictures(24, seed=4, size_px=96).rgb.equal(batch.rgb)


def test_masks_and_depth_agree(batch):
    assert batch.rgb.shape == (24, 3, 96, 96) and batch.mask.shape == (24, 96, 96)
    assert not (batch.mask & ~batch.full_mask).any()
    assert (batch.depth_m > 0).equal(batch.mask)
    assert (batch.full_mask.sum((1, 2)) > 50).all()


def test_the_person_is_where_the_exact_body_is(batch):
    """Up to cloth, and to what few triangles cut off."""
    body = load_body()
    overlap = []
    for i in range(len(batch.people)):
        bare = body.mesh(batch.people.betas[i], batch.people.theta[i]).vertices_m
        whole = render_mask(batch.people.camera(i), bare, body.faces)
        shown = batch.full_mask[i]
        overlap.append(float((whole & shown).sum() / (whole | shown).sum().clamp_min(1)))
    assert torch.tensor(overlap).median() > 0.75


def test_people_stand_out(batch):
    """A picture without its person would be another one."""
    rgb = batch.rgb.float()
    inside = (rgb * batch.mask[:, None]).sum((2, 3)) / batch.mask.sum((1, 2)).clamp_min(1)[:, None]
    outside = (rgb * ~batch.mask[:, None]).sum((2, 3)) / (~batch.mask).sum((1, 2))[:, None]
    assert float((inside - outside).abs().amax(1).median()) > 15


def test_low_poly_bodies_move_like_the_whole_one():
    few, kept = low_poly_body()
    whole, people = load_body(), sample_people(4, 1)
    all_of_them = whole.with_shape(people.betas).with_rotations(people.rotations).mesh().vertices_m
    some = few.with_shape(people.betas).with_rotations(people.rotations).mesh().vertices_m
    torch.testing.assert_close(some, all_of_them[:, kept], atol=1e-5, rtol=0)
    edges = few.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    assert len(few.faces) < 3000
    assert len(edges.unique(dim=0)) > 0.995 * len(edges)  # hardly a face is folded over


def test_wrong_numbers_are_refused():
    with pytest.raises(ValueError, match="at least 1"):
        training_pictures(0)
    with pytest.raises(ValueError, match="square"):
        pictures_of(sample_people(2), torch.Generator())
