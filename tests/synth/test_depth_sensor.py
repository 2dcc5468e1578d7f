"""A depth camera's weaknesses, one at a time; without any it tells the truth."""

from dataclasses import replace

import pytest
import torch

from workbench.synth.depth_sensor import KINECT, PERFECT, DepthSensor, edges, measured_m, shadowed

FOCAL = 580.0


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def wall(depth_m, shape=(60, 80)):
    return torch.full(shape, depth_m)


def box_before_wall():
    depth = wall(3.0)
    depth[20:40, 30:50] = 1.5
    return depth


def test_a_perfect_sensor_is_the_identity():
    depth = torch.rand(40, 50, generator=seeded()) * 5 + 0.1
    depth[:5] = 0.0
    assert measured_m(depth, FOCAL, seeded(), PERFECT).equal(depth)


def test_a_seed_is_a_measurement():
    depth = box_before_wall()
    assert measured_m(depth, FOCAL, seeded(3)).equal(measured_m(depth, FOCAL, seeded(3)))
    assert not measured_m(depth, FOCAL, seeded(3)).equal(measured_m(depth, FOCAL, seeded(4)))


def test_the_error_grows_with_the_square_of_depth():
    sensor = replace(PERFECT, disparity_noise_px=0.1)
    spread = [float(measured_m(wall(z, (300, 300)), FOCAL, seeded(), sensor).std()) for z in (1.0, 2.0, 4.0)]
    assert spread[1] / spread[0] == pytest.approx(4, rel=0.1)
    assert spread[2] / spread[1] == pytest.approx(4, rel=0.1)


def test_depth_comes_in_steps_of_disparity():
    sensor = replace(PERFECT, step_px=0.125)
    ramp = torch.linspace(1.0, 5.0, 4000)[None].repeat(2, 1)
    got = measured_m(ramp, FOCAL, seeded(), sensor)
    disparity = sensor.baseline_m * sensor.focal_px / got / sensor.step_px
    torch.testing.assert_close(disparity, disparity.round(), atol=1e-3, rtol=0)
    step = ramp**2 * sensor.step_px / (sensor.baseline_m * sensor.focal_px)
    assert ((got - ramp).abs() <= 0.55 * step).all()


def test_nothing_is_measured_out_of_range():
    ramp = torch.linspace(0.1, 12.0, 500)[None].repeat(3, 1)
    sensor = replace(PERFECT, range_m=(0.5, 6.0))
    got = measured_m(ramp, FOCAL, seeded(), sensor)
    assert (got > 0).equal((ramp >= 0.5) & (ramp <= 6.0))


def test_edges_drop_out_and_flat_walls_do_not():
    sensor = replace(PERFECT, edge_m=0.1, edge_share=1.0)
    depth = box_before_wall()
    lost = measured_m(depth, FOCAL, seeded(), sensor) == 0
    assert lost.equal(edges(depth, 0.1)) and lost.any()
    assert (measured_m(wall(2.0), FOCAL, seeded(), sensor) > 0).all()


def test_the_projector_s_shadow_lies_to_the_right_of_what_is_near():
    shadow = shadowed(box_before_wall(), FOCAL * 0.075)
    width = FOCAL * 0.075 * (1 / 1.5 - 1 / 3.0)
    assert not shadow[:20].any() and not shadow[:, :50].any()
    assert abs(float(shadow[30].sum()) - width) <= 1.5
    assert not shadowed(wall(2.0), FOCAL * 0.075).any()


def test_steep_surfaces_send_nothing_back():
    flat = torch.linspace(2.0, 2.02, 80)[None].repeat(60, 1)
    steep = torch.linspace(2.0, 9.0, 80)[None].repeat(60, 1)
    sensor = replace(PERFECT, steep_cos=0.2, edge_m=1.0)
    assert (measured_m(flat, FOCAL, seeded(), sensor) > 0).all()
    assert not (measured_m(steep, FOCAL, seeded(), sensor) > 0).any()


def test_holes_have_their_share():
    sensor = replace(PERFECT, hole_share=0.05)
    got = measured_m(wall(2.0, (600, 600)), FOCAL, seeded(), sensor)
    assert float((got == 0).float().mean()) == pytest.approx(0.05, abs=0.01)


def test_a_real_sensor_is_near_the_truth_where_it_measures():
    depth = box_before_wall()
    got = measured_m(depth, FOCAL, seeded(), KINECT)
    there = got > 0
    assert 0.6 < float(there.float().mean()) < 1 and ((got - depth)[there].abs() < 0.1).all()


@pytest.mark.parametrize("wrong", [{"edge_share": 1.5}, {"baseline_m": 0.0}, {"range_m": (3.0, 1.0)}])
def test_impossible_sensors_are_refused(wrong):
    with pytest.raises(ValueError, match="Expected"):
        DepthSensor(**wrong)
