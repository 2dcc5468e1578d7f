"""HMR's losses: zero at the truth, more away from it, and who is moved by which."""

import torch

from workbench.training.hmr_losses import Solid, adversarial, critical, reprojection, solid, unspotted


def some_solid(n=5):
    rotations = torch.linalg.qr(torch.randn(n, 24, 3, 3))[0]
    return Solid(rotations, torch.randn(n, 10), torch.randn(n, 57, 3))


def test_zero_at_the_truth_and_only_there():
    truth = some_solid()
    assert all(value.eq(0).all() for value in solid(truth, truth).values())
    wrong = {"rotations": truth.rotations.mT, "betas": truth.betas + 1, "points_m": truth.points_m + 0.1}
    terms = {"rotations": "rotations", "betas": "betas", "points_m": "joints"}
    for name, value in wrong.items():
        errors = solid(truth._replace(**{name: value}), truth)
        assert {key for key, each in errors.items() if each.gt(0).any()} == {terms[name]}
    xy = torch.randn(5, 33, 2)
    assert reprojection(xy, xy, torch.ones(5, 33)).eq(0).all()


def test_only_landmarks_that_count_count():
    xy, counted = torch.zeros(2, 33, 2), torch.zeros(2, 33)
    moved = xy.clone()
    moved[:, 3] = 0.5
    assert reprojection(moved, xy, counted).eq(0).all()
    counted[0, 3] = counted[0, 4] = 1
    torch.testing.assert_close(reprojection(moved, xy, counted), torch.tensor([0.25, 0.0]))


def test_what_is_far_off_does_not_rule():
    xy = torch.zeros(1, 33, 2)
    far, farther = (reprojection(xy + by, xy, torch.ones(1, 33)) for by in (2.0, 200.0))
    assert far == farther


def test_network_and_discriminator_want_the_opposite():
    real, made_up = torch.ones(4, 25), torch.zeros(4, 25)
    assert critical(real, made_up) == 0 and adversarial(real).eq(0).all()
    assert adversarial(made_up).eq(25).all()
    scores = torch.full((4, 25), 0.5, requires_grad=True)
    up, down = (
        torch.autograd.grad(loss, scores)[0]
        for loss in (
            adversarial(scores).mean(),
            critical(real, scores),
        )
    )
    assert (up < 0).all() and (down > 0).all()


def test_factors_that_are_not_wrong_teach_nothing():
    scores = torch.rand(4, 25, requires_grad=True)
    wrong = (torch.rand(4, 25) < 0.3).float()
    [gradient] = torch.autograd.grad(unspotted(scores, wrong), scores)
    assert gradient[wrong == 0].eq(0).all() and gradient[wrong == 1].gt(0).all()
