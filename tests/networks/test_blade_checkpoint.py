"""BLADE's checkpoints: their own names and shapes, the same answers, and nothing else is taken for one."""

import os
import pickle

import pytest
import torch

from tests.networks.small_depth import small_depth_config
from workbench.networks.blade_checkpoint import from_blade, load_depth_tz, to_blade
from workbench.networks.depth_anything import DepthTz, large_config
from workbench.weights import WeightsUnreadable, load_state_dict


@pytest.fixture(scope="module")
def network():
    """Random weights, its statistics too."""
    torch.manual_seed(0)
    made = DepthTz(small_depth_config()).eval()
    for module in made.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            assert module.running_mean is not None and module.running_var is not None
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    return made


@pytest.fixture(scope="module")
def state(network):
    """As a file has it, with what is not of the first stage."""
    unused = {
        "depth_head.dec_z.conv.weight": torch.zeros(8, 1, 1, 1),
        "depth_head.dec_z.conv.bias": torch.zeros(8),
    }
    return to_blade(network.state_dict()) | unused | {"pose_backbone.bbox_embed.weight": torch.zeros(3)}


def empty():
    return DepthTz(small_depth_config())


def test_there_and_back(network, state):
    other = load_depth_tz(state, empty()).eval()
    crops = torch.randn(2, 3, 56, 56)
    torch.testing.assert_close(other(crops), network(crops))


def test_several_gpus_and_old_files(network, state):
    named = {f"module.{name}": value for name, value in state.items() if "num_batches" not in name}
    again = from_blade(named, network.state_dict())
    assert all(torch.equal(again[k], v) for k, v in network.state_dict().items() if "num_batches" not in k)


def test_has_the_names_and_shapes_of_the_paper():
    """From the layers in NVlabs/blade: BLADE's heads, and Depth Anything V2 with ViT-L at 518 px."""
    with torch.device("meta"):
        state = to_blade(DepthTz(large_config()).state_dict())
    shapes = {name: tuple(value.shape) for name, value in state.items()}
    vit, dpt, head = "depth_backbone.pretrained.", "depth_backbone.depth_head.", "depth_head.dec_z."
    expected = {
        f"{vit}pos_embed": (1, 37 * 37 + 1, 1024),
        f"{vit}blocks.23.attn.qkv.weight": (3072, 1024),
        f"{vit}blocks.0.mlp.fc1.weight": (4096, 1024),
        f"{vit}blocks.0.ls2.gamma": (1024,),
        f"{dpt}projects.0.weight": (256, 1024, 1, 1),
        f"{dpt}resize_layers.0.weight": (256, 256, 4, 4),
        f"{dpt}resize_layers.3.weight": (1024, 1024, 3, 3),
        f"{dpt}scratch.layer2_rn.weight": (256, 512, 3, 3),
        f"{dpt}scratch.refinenet4.resConfUnit1.conv2.weight": (256, 256, 3, 3),
        f"{dpt}scratch.output_conv1.weight": (128, 256, 3, 3),
        f"{dpt}scratch.output_conv2.2.weight": (1, 32, 1, 1),
        "depth_interface.0.weight": (256, 256, 3, 3),
        "depth_interface.4.running_var": (256,),
        f"{head}query.weight": (1, 256),
        f"{head}decoder.layers.1.multihead_attn.in_proj_weight": (768, 256),
        f"{head}decoder.layers.0.linear1.weight": (1024, 256),
        f"{head}z_out.weight": (1, 256),
    }
    assert {name: shapes[name] for name in expected} == expected
    assert len({name.split(".")[3] for name in shapes if ".blocks." in name}) == 24
    assert not any("q_proj" in name or "neck" in name for name in shapes)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda s: s.pop("depth_interface.0.weight"), "missing: depth_interface.0.weight"),
        (lambda s: s.update({"depth_interface.6.weight": torch.zeros(2)}), "unknown: depth_interface.6"),
        (lambda s: s.update({"depth_interface.0.bias": torch.zeros(3)}), r"should be \(8,\), it is \(3,\)"),
        (lambda s: s["depth_head.dec_z.z_out.bias"].fill_(torch.nan), "not finite"),
        (lambda s: s["depth_interface.1.running_var"].fill_(-1), "negative variances"),
        (lambda s: [s.pop(k) for k in list(s) if not k.startswith("pose")], "None of its tensors"),
    ],
)
def test_nothing_else_is_taken_for_one(state, spoil, said):
    own = {name: value.clone() for name, value in state.items()}
    spoil(own)
    with pytest.raises(WeightsUnreadable, match=said) as caught:
        load_depth_tz(own, empty())
    assert "epoch_2.pth" in str(caught.value)


class Evil:
    def __reduce__(self):
        return os.system, ("touch pwned",)


def test_a_file_cannot_run_code(tmp_path, state, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({"state_dict": state, "meta": Evil()}, "blade_epoch_2.pth")
    (tmp_path / "plain.pth").write_bytes(pickle.dumps(Evil()))
    for name in ("blade_epoch_2.pth", "plain.pth"):
        with pytest.raises(WeightsUnreadable, match="could not be read"):
            load_state_dict(tmp_path / name)
    assert not (tmp_path / "pwned").exists()


def test_a_file_of_tensors_is_read(tmp_path, network, state):
    torch.save({"state_dict": state, "meta": {"epoch": 2}}, tmp_path / "blade_epoch_2.pth")
    other = load_depth_tz(load_state_dict(tmp_path / "blade_epoch_2.pth"), empty()).eval()
    crops = torch.randn(1, 3, 56, 56)
    torch.testing.assert_close(other(crops), network(crops))
