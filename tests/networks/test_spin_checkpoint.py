"""SPIN's checkpoints: its own names and shapes, the same answers, and nothing else is taken for one."""

import os

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation
from torch.nn import functional as F

from workbench.methods.hmr import HmrPaper, load_spin, spin_network
from workbench.networks.spin_checkpoint import from_spin, to_spin
from workbench.networks.theta import SPIN
from workbench.weights import WeightsUnreadable, load_state_dict

BLOCKS = (3, 4, 6, 3)


@pytest.fixture(scope="module")
def network():
    """Random weights, whose corrections matter, and a mean of rotations."""
    torch.manual_seed(0)
    made = spin_network().eval()
    rotations = torch.from_numpy(Rotation.random(24, rng=np.random.default_rng(0)).as_matrix()).float()[None]
    made.mean.data = SPIN.vector(rotations, torch.randn(1, 10), torch.tensor([[0.9, 0.0, 0.0]]))[0]
    made.correction.fc3.weight.data *= 3
    for module in made.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            assert module.running_mean is not None and module.running_var is not None
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    return made


@pytest.fixture(scope="module")
def state(network):
    return to_spin(network.state_dict())


def spin_shapes():
    """Names and shapes, from the layers in nkolot/SPIN models/hmr.py."""
    shapes = {}

    def convolution(name, norm, planes_in, planes, size):
        shapes[f"{name}.weight"] = (planes, planes_in, size, size)
        shapes.update({f"{norm}.{k}": (planes,) for k in ("weight", "bias", "running_mean", "running_var")})
        shapes[f"{norm}.num_batches_tracked"] = ()

    convolution("conv1", "bn1", 3, 64, 7)
    before = 64
    for stage, count in enumerate(BLOCKS):
        planes = 64 * 2**stage
        for block in range(count):
            at = f"layer{stage + 1}.{block}"
            convolution(f"{at}.conv1", f"{at}.bn1", before, planes, 1)
            convolution(f"{at}.conv2", f"{at}.bn2", planes, planes, 3)
            convolution(f"{at}.conv3", f"{at}.bn3", planes, 4 * planes, 1)
            if block == 0:
                convolution(f"{at}.downsample.0", f"{at}.downsample.1", before, 4 * planes, 1)
            before = 4 * planes
    for name, inputs, outputs in (
        ("fc1", 2048 + 144 + 13, 1024),
        ("fc2", 1024, 1024),
        ("decpose", 1024, 144),
        ("decshape", 1024, 10),
        ("deccam", 1024, 3),
    ):
        shapes[f"{name}.weight"], shapes[f"{name}.bias"] = (outputs, inputs), (outputs,)
    return shapes | {"init_pose": (1, 144), "init_shape": (1, 10), "init_cam": (1, 3)}


def naive_spin(state, crops, iterations):
    """The forward pass, written down from its layers: pose, shape and camera."""

    def convolution(x, name, norm, stride=1, padding=0):
        x = F.conv2d(x, state[f"{name}.weight"], stride=stride, padding=padding)
        means = [state[f"{norm}.{k}"] for k in ("running_mean", "running_var", "weight", "bias")]
        return F.batch_norm(x, *means)

    x = F.max_pool2d(convolution(crops, "conv1", "bn1", 2, 3).relu(), 3, 2, 1)
    for stage, count in enumerate(BLOCKS):
        for block in range(count):
            at, stride = f"layer{stage + 1}.{block}", 2 if stage and not block else 1
            y = convolution(x, f"{at}.conv1", f"{at}.bn1").relu()
            y = convolution(y, f"{at}.conv2", f"{at}.bn2", stride, 1).relu()
            y = convolution(y, f"{at}.conv3", f"{at}.bn3")
            if not block:
                x = convolution(x, f"{at}.downsample.0", f"{at}.downsample.1", stride)
            x = (x + y).relu()
    seen = x.mean((2, 3))
    parts = [state[name].expand(len(crops), -1) for name in ("init_pose", "init_shape", "init_cam")]
    for _ in range(iterations):
        y = torch.cat((seen, *parts), 1)
        for name in ("fc1", "fc2"):
            y = F.linear(y, state[f"{name}.weight"], state[f"{name}.bias"])
        decoders = ("decpose", "decshape", "deccam")
        parts = [
            part + F.linear(y, state[f"{name}.weight"], state[f"{name}.bias"])
            for part, name in zip(parts, decoders, strict=True)
        ]
    return torch.cat(parts, 1)


def test_names_and_shapes_are_spin_s(state):
    assert {name: tuple(value.shape) for name, value in state.items()} == spin_shapes()


def test_as_many_numbers_as_spin_s_regressor(network):
    assert sum(p.numel() for p in network.correction.parameters()) == 3_469_469


def test_there_and_back(network, state):
    again = from_spin(state, network.state_dict())
    assert again.keys() == network.state_dict().keys()
    assert all(torch.equal(value, network.state_dict()[name]) for name, value in again.items())


def test_answers_as_the_layers_written_down(network, state):
    crops = torch.randn(2, 3, 224, 224)
    with torch.no_grad():
        thetas = network(crops, 3)
        for iterations in (0, 1, 3):
            expected = naive_spin(state, crops, iterations)
            torch.testing.assert_close(thetas[iterations], expected, atol=1e-4, rtol=1e-4)
    assert (thetas[3] - thetas[0]).abs().max() > 0.05  # or the test says nothing


@pytest.mark.parametrize(("prefix", "zipped"), [("", False), ("module.", True)])
def test_a_file_like_spin_s(network, state, tmp_path, prefix, zipped):
    """A training's checkpoint, as torch 1 wrote it and as it is now; a parallel one has a prefix."""
    path = tmp_path / "model_checkpoint.pt"
    small = {prefix + name: value.half() for name, value in state.items()}
    training = {"optimizer": {"param_groups": []}, "epoch": 3, "dataset_perm": [2, 0, 1]}
    torch.save({"model": small, **training}, path, _use_new_zipfile_serialization=zipped)
    read = load_spin(load_state_dict(path))
    torch.testing.assert_close(read.mean, network.mean, atol=2e-3, rtol=0)
    torch.testing.assert_close(
        read.correction.fc3.weight, network.correction.fc3.weight, atol=1e-3, rtol=1e-3
    )


def test_counters_of_old_files_may_be_absent(network, state):
    old = {name: value for name, value in state.items() if not name.endswith("num_batches_tracked")}
    assert from_spin(old, network.state_dict()).keys() == network.state_dict().keys()


def without(state, name):
    return {key: value for key, value in state.items() if key != name}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: without(s, "decpose.bias"), r"1 of \d+ tensors are missing: decpose.bias"),
        (lambda s: s | {"head.weight": torch.zeros(3)}, "1 of its tensors are unknown: head.weight"),
        (lambda s: s | {"fc1.weight": torch.zeros(1024, 2208)}, r"fc1.weight should be \(1024, 2205\)"),
        (lambda s: s | {"fc2.bias": torch.full((1024,), torch.nan)}, "fc2.bias holds numbers that are not"),
        (lambda s: s | {"bn1.running_var": -s["bn1.running_var"]}, "bn1.running_var holds negative"),
        (lambda s: s | {"module.fc2.bias": s["fc2.bias"]}, "unknown: module.fc2.bias"),
        (lambda s: s | {"init_pose": s["init_pose"] * 3}, "holds no rotations"),
        (lambda s: {f"encoder.{k}" if "conv" in k else k: v for k, v in s.items()}, "checkpoint of CLIFF"),
        (lambda s: {"smpl_head.decpose.weight": torch.zeros(2)}, r"HMR2\.0 or TokenHMR"),
        (lambda s: {"something": torch.zeros(3)}, "no checkpoint of SPIN"),
    ],
    ids=["missing", "extra", "shape", "nan", "variance", "twice", "scaled", "cliff", "hmr2", "other"],
)
def test_other_files_are_refused(network, state, change, said):
    with pytest.raises(WeightsUnreadable, match=said):
        from_spin(change(state), network.state_dict())


def test_a_mean_in_another_6d_layout_is_refused(network, state):
    """Contiguous, as ProHMR writes it."""
    pose = state["init_pose"].reshape(24, 3, 2).mT.reshape(1, 144)
    with pytest.raises(WeightsUnreadable, match="interleaved"):
        from_spin(state | {"init_pose": pose}, network.state_dict())


class Payload:
    """What an attacker would pickle."""

    def __init__(self, victim):
        self.victim = victim

    def __reduce__(self):
        return os.mkdir, (str(self.victim),)


@pytest.fixture
def file(state, tmp_path, monkeypatch):
    """Where the paper preset looks for its checkpoint."""
    monkeypatch.setenv("WORKBENCH_WEIGHTS_DIR", str(tmp_path))
    path = tmp_path / "model_checkpoint.pt"
    torch.save({"model": {"fc2.weight": state["fc2.weight"]}}, path)
    return path


def test_nothing_in_a_file_is_run(file, tmp_path):
    victim = tmp_path / "victim"
    torch.save({"model": torch.load(file)["model"], "epoch": Payload(victim)}, file)
    with pytest.raises(WeightsUnreadable, match="can run"):
        HmrPaper.load()
    assert not victim.exists()
    torch.load(file, weights_only=False)  # unsafe on purpose: only this test made the file
    assert victim.exists()  # so the payload works where it is let


def test_a_file_cut_short_is_refused(file):
    file.write_bytes(file.read_bytes()[:-5000])
    with pytest.raises(WeightsUnreadable, match="could not be read"):
        HmrPaper.load()


def test_a_part_of_a_checkpoint_is_refused(file):
    with pytest.raises(WeightsUnreadable, match="tensors are missing"):
        HmrPaper.load()
