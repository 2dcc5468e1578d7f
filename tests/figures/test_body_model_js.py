"""The body in JavaScript makes the vertices of the body in Python, at every stage."""

import pytest
import torch

from workbench.body import BodyModel, load_body
from workbench.figures.browser_body import pack, parts

STAGES = ("template", "shaped", "corrected", "skinned", "restJoints", "joints")
OPEN = "(await m.loadBody('x', { file: async () => (await import('node:fs')).readFileSync(given.file) }))"
MOST_M = 1e-4


@pytest.fixture(scope="module", params=["open-smpl", "open-smplx"])
def body(request: pytest.FixtureRequest) -> BodyModel:
    return load_body(request.param)


@pytest.fixture(scope="module")
def file(body: BodyModel, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("packed") / "body.bin"
    path.write_bytes(pack(body))
    return str(path)


def points(flat: list[float]) -> torch.Tensor:
    return torch.tensor(flat).reshape(3, -1).T


@pytest.mark.parametrize("spread_rad", [0.0, 0.3, 1.5])
def test_all_stages_are_pythons(spread_rad, body, file, javascript):
    betas, expression = 1.5 * torch.randn(body.num_betas), 1.5 * torch.randn(body.num_expressions)
    theta = spread_rad * torch.randn(body.num_joints, 3)
    person = {"betas": betas.tolist(), "expression": expression.tolist(), "theta": theta.tolist()}
    expression_js = f"""((made) => Object.fromEntries({list(STAGES)}.map((stage) =>
      [stage, Array.from(made[stage])])))({OPEN}.stages(given.person))"""
    made = javascript("body_model.js", expression_js, {"file": file, "person": person})
    shaped = body.with_shape(betas, expression)
    posed = shaped.with_pose(theta)
    expected = (
        body.v_template,
        shaped.vertices_m,
        posed.rest_vertices_m,
        posed.mesh().vertices_m,
        shaped.joints_m,
        posed.joints_m,
    )
    for stage, wanted in zip(STAGES, expected, strict=True):
        assert (points(made[stage]) - wanted).norm(dim=1).max() < MOST_M, stage


def test_missing_coefficients_are_zero(body, file, javascript):
    theta = torch.zeros(body.num_joints, 3)
    made = javascript(
        "body_model.js",
        f"Array.from({OPEN}.pose(given.person).vertices)",
        {"file": file, "person": {"betas": [], "theta": theta.tolist()}},
    )
    assert (points(made) - body.v_template).norm(dim=1).max() < MOST_M


def test_weights_parts_and_regressor(body, file, javascript):
    joint = 5
    found = javascript(
        "body_model.js",
        f"""((body) => [Array.from(body.weightsOf({joint})), Array.from(body.parts), body.regressor[{joint}],
          body.keypoints, body.hands && body.hands.map((hand) => Array.from(hand.mean))])({OPEN})""",
        {"file": file},
    )
    weights, part, regressor, keypoints, hands = found
    assert torch.allclose(torch.tensor(weights), body.weights[:, joint], atol=2e-5)
    top = body.weights.sort(dim=1, descending=True).values
    clear = top[:, 0] - top[:, 1] > 1e-4  # elsewhere two joints are as good
    assert torch.equal(torch.tensor(part)[clear], torch.from_numpy(parts(body))[clear])
    assert body.joint_regressor is not None
    rebuilt = torch.zeros(len(body.v_template))
    for vertex, weight in regressor:
        rebuilt[vertex] = weight
    assert torch.allclose(rebuilt, body.joint_regressor[joint])
    assert keypoints == dict(body.keypoints)
    if body.hand_means is None:
        assert hands is None
    else:
        assert torch.allclose(torch.tensor(hands), body.hand_means)
