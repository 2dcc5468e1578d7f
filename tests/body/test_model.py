"""Laws of the four stages; test_oracles.py compares their numbers."""

import dataclasses

import pytest
import roma
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.body.joints import SMPL_JOINTS, SMPL_PARENTS
from workbench.body.model import BodyModel

DOUBLE = torch.float64


def random_person(*batch, betas=10, spread=0.7):
    return torch.randn(*batch, betas, dtype=DOUBLE), spread * torch.randn(*batch, 24, 3, dtype=DOUBLE)


def test_identity_pose_gives_the_shaped_template(toy):
    nobody = toy.mesh(torch.zeros(10), torch.zeros(24, 3))
    torch.testing.assert_close(nobody.vertices_m, toy.v_template)
    torch.testing.assert_close(nobody.joints_m, toy.joint_regressor @ toy.v_template)
    shaped = toy.with_shape(random_person()[0])
    torch.testing.assert_close(shaped.with_pose(torch.zeros(24, 3)).mesh().vertices_m, shaped.vertices_m)


def test_joints_of_a_shape_are_regressed_from_its_vertices(toy):
    shaped = toy.with_shape(random_person(5)[0])
    torch.testing.assert_close(shaped.joints_m, toy.joint_regressor @ shaped.vertices_m)


def test_root_rotation_moves_the_body_rigidly_about_the_root_joint(toy):
    betas, theta = random_person()
    still = theta.clone()
    still[0] = 0
    before, after = toy.mesh(betas, still), toy.mesh(betas, theta)
    pivot, rotation = before.joints_m[0], roma.rotvec_to_rotmat(theta[0])
    torch.testing.assert_close(after.joints_m[0], pivot)
    torch.testing.assert_close(after.vertices_m, (before.vertices_m - pivot) @ rotation.T + pivot)


def test_moving_the_template_moves_the_result(toy):
    shift = torch.tensor([0.3, -1.0, 2.0], dtype=DOUBLE)
    moved = BodyModel.from_arrays(
        v_template=toy.v_template + shift,
        shapedirs=toy.shapedirs,
        posedirs=toy.posedirs,
        joint_regressor=toy.joint_regressor,
        weights=toy.weights,
        parents=toy.parents,
        faces=toy.faces,
    )
    person = random_person()
    torch.testing.assert_close(moved.mesh(*person).vertices_m, toy.mesh(*person).vertices_m + shift)


def test_shape_is_linear_before_posing(toy):
    a, b = random_person(2)[0]
    change_a, change_b, mixed = toy.with_shape(torch.stack((a, b, 2 * a - 3 * b))).vertices_m - toy.v_template
    torch.testing.assert_close(mixed, 2 * change_a - 3 * change_b)


def test_missing_betas_are_zero(toy):
    betas, theta = random_person()
    full = torch.cat((betas[:4], torch.zeros(6, dtype=DOUBLE)))
    torch.testing.assert_close(toy.mesh(betas[:4], theta).vertices_m, toy.mesh(full, theta).vertices_m)


@pytest.mark.parametrize("batch", [(), (2,), (2, 1)])
def test_no_betas_are_the_mean_shape(toy, batch):
    theta = random_person(*batch)[1]
    nobody, mean = (toy.mesh(torch.zeros(*batch, n, dtype=DOUBLE), theta) for n in (0, 10))
    torch.testing.assert_close(nobody.vertices_m, mean.vertices_m)
    torch.testing.assert_close(nobody.joints_m, mean.joints_m)


def test_pose_correctives_are_the_only_difference_between_shaped_and_unskinned(toy):
    betas, theta = random_person()
    posed = toy.with_shape(betas).with_pose(theta)
    bend = (roma.rotvec_to_rotmat(theta[1:]) - torch.eye(3)).flatten()
    torch.testing.assert_close(posed.rest_vertices_m - posed.shaped.vertices_m, toy.posedirs @ bend)


def test_a_joint_moves_only_what_hangs_on_it(toy):
    elbow = SMPL_JOINTS.index("left_elbow")
    below = {elbow}
    for joint, parent in enumerate(SMPL_PARENTS):
        if parent in below:
            below.add(joint)
    theta = torch.zeros(24, 3, dtype=DOUBLE)
    theta[elbow] = torch.tensor([0.1, -1.2, 0.3])
    posed = toy.with_shape(torch.zeros(10)).with_pose(theta)
    change = (posed.joints_m - toy.joint_template).norm(dim=1)
    moved = {j for j in range(24) if change[j] > 1e-9}
    assert moved == below - {elbow}, "the elbow turns about itself"
    # Vertices that none of these joints pull stay, apart from the correctives.
    free = toy.weights[:, sorted(below)].sum(1) == 0
    torch.testing.assert_close(posed.mesh().vertices_m[free], posed.rest_vertices_m[free])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_bones_keep_their_length(toy, seed):
    generator = torch.Generator().manual_seed(seed)
    theta = 2 * torch.randn(24, 3, generator=generator, dtype=DOUBLE)
    shaped = toy.with_shape(torch.randn(10, generator=generator, dtype=DOUBLE))
    parents = list(SMPL_PARENTS[1:])

    def lengths(joints):
        return (joints[1:] - joints[parents]).norm(dim=1)

    torch.testing.assert_close(lengths(shaped.with_pose(theta).joints_m), lengths(shaped.joints_m))


def test_matrices_and_axis_angles_agree(toy):
    betas, theta = random_person(2)
    by_matrix = toy.with_shape(betas).with_rotations(roma.rotvec_to_rotmat(theta))
    by_angle = toy.with_shape(betas).with_pose(theta)
    torch.testing.assert_close(by_matrix.mesh().vertices_m, by_angle.mesh().vertices_m)
    world = by_angle.rotations
    for joint, parent in enumerate(SMPL_PARENTS[1:], start=1):
        expected = world[:, parent] @ by_angle.local_rotations[:, joint]
        torch.testing.assert_close(world[:, joint], expected)


def test_a_batch_is_its_bodies_one_by_one(toy):
    betas, theta = random_person(3, 7)  # more than one chunk of skinning
    together = toy.mesh(betas, theta)
    assert together.vertices_m.shape == (3, 7, 162, 3)
    for i in range(3):
        for j in range(7):
            alone = toy.mesh(betas[i, j], theta[i, j])
            torch.testing.assert_close(together.vertices_m[i, j], alone.vertices_m)
            torch.testing.assert_close(together.joints_m[i, j], alone.joints_m)


def test_one_shape_takes_many_poses_and_one_pose_many_shapes(toy):
    betas, theta = random_person(4)
    poses = toy.mesh(betas[0], theta)
    torch.testing.assert_close(poses.vertices_m[2], toy.mesh(betas[0], theta[2]).vertices_m)
    shapes = toy.mesh(betas, theta[0])
    torch.testing.assert_close(shapes.vertices_m[2], toy.mesh(betas[2], theta[0]).vertices_m)
    grid = toy.mesh(betas[:, None], theta[:2])
    torch.testing.assert_close(grid.vertices_m[3, 1], toy.mesh(betas[3], theta[1]).vertices_m)


def test_an_empty_batch_is_empty(toy):
    mesh = toy.mesh(torch.zeros(0, 10), torch.zeros(0, 24, 3))
    assert mesh.vertices_m.shape == (0, 162, 3)
    assert mesh.joints_m.shape == (0, 24, 3)


@pytest.mark.parametrize("still", [True, False])
def test_gradients(toy, still):
    few = toy.subset(torch.tensor([0, 40, 161]))
    betas, theta = random_person()
    theta = 0 * theta if still else theta  # the axis of no rotation is undefined, its derivative is not
    inputs = (betas.requires_grad_(), theta.requires_grad_())
    assert torch.autograd.gradcheck(lambda b, t: few.mesh(b, t).vertices_m, inputs, fast_mode=True)
    assert torch.autograd.gradcheck(lambda b, t: few.mesh(b, t).joints_m, inputs, fast_mode=True)


@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")  # torch's own forward mode
def test_forward_derivatives_agree_with_backward_ones(toy):
    betas, theta = random_person()

    def joints(t):
        return toy.with_shape(betas).with_pose(t).joints_m

    forward, backward = torch.func.jacfwd(joints)(theta), torch.func.jacrev(joints)(theta)
    torch.testing.assert_close(forward, backward)


def test_subset_moves_as_the_whole(toy):
    ids = torch.tensor([5, 161, 0, 77])
    person = random_person(2)
    few, all_of_it = toy.subset(ids).mesh(*person), toy.mesh(*person)
    torch.testing.assert_close(few.vertices_m, all_of_it.vertices_m[:, ids])
    torch.testing.assert_close(few.joints_m, all_of_it.joints_m)


def test_subset_renumbers_faces_and_keypoints(toy):
    ids = torch.randperm(162)
    shuffled = toy.subset(ids)
    torch.testing.assert_close(ids[shuffled.faces], toy.faces)
    assert {name: int(ids[v]) for name, v in shuffled.keypoints.items()} == toy.keypoints
    corner = toy.subset(toy.faces[0])
    assert corner.faces.tolist() == [[0, 1, 2]]


def test_stages_keep_the_precision_of_the_model(toy):
    mesh = toy.to(dtype=torch.float32).mesh(torch.zeros(3, 10, dtype=DOUBLE), torch.zeros(3, 24, 3))
    assert mesh.vertices_m.dtype == torch.float32
    assert mesh.faces.dtype == torch.int64
    assert toy.mesh(torch.zeros(10), torch.zeros(24, 3)).vertices_m.dtype == DOUBLE


def test_stages_are_frozen(toy):
    shaped = toy.with_shape(torch.zeros(10))
    for stage, name in ((toy, "name"), (shaped, "betas"), (shaped.with_pose(torch.zeros(24, 3)), "joints_m")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(stage, name, None)


def test_surplus_betas_are_refused(toy):
    with pytest.raises(ValueError, match=r"at most 10 .* got shape \(11,\)"):
        toy.with_shape(torch.zeros(11))


def test_other_numbers_of_joints_are_refused(toy):
    with pytest.raises(ValueError, match=r"theta must end in shape \(24, 3\).* got \(23, 3\)"):
        toy.with_shape(torch.zeros(10)).with_pose(torch.zeros(23, 3))
    with pytest.raises(ValueError, match=r"rotations must end in shape \(24, 3, 3\).* got \(2, 1, 3, 3\)"):
        toy.with_shape(torch.zeros(10)).with_rotations(torch.zeros(2, 1, 3, 3))


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_numbers_that_are_none_are_refused(toy, bad):
    theta = torch.zeros(24, 3)
    theta[3, 1] = bad
    with pytest.raises(ValueError, match=r"theta must be finite; got (nan|inf) at index \[3, 1\]"):
        toy.mesh(torch.zeros(10), theta)
    with pytest.raises(ValueError, match="betas must be finite"):
        toy.mesh(torch.full((10,), bad), torch.zeros(24, 3))


def test_posedirs_must_fit_the_joints(toy):
    with pytest.raises(ValueError, match="207 for 24 joints; got 206"):
        BodyModel.from_arrays(
            v_template=toy.v_template,
            shapedirs=toy.shapedirs,
            posedirs=toy.posedirs[..., :206],
            joint_regressor=toy.joint_regressor,
            weights=toy.weights,
            parents=toy.parents,
            faces=toy.faces,
        )


def test_no_stage_leaves_the_device_of_the_model(toy):
    """On torch's "meta" device nothing is computed, but mixing it with another device is an error."""
    betas, theta = (x.to("meta") for x in random_person(9))
    posed = toy.to("meta").with_shape(betas).with_pose(theta)
    mesh = posed.mesh()
    for tensor in (
        mesh.vertices_m,
        mesh.joints_m,
        mesh.faces,
        posed.rest_vertices_m,
        posed.shaped.vertices_m,
    ):
        assert tensor.is_meta


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_the_same_on_a_gpu(toy):
    betas, theta = random_person(3)
    mesh = toy.to("cuda").mesh(betas.cuda(), theta.cuda())
    torch.testing.assert_close(mesh.vertices_m.cpu(), toy.mesh(betas, theta).vertices_m)
