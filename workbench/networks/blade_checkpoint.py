"""The first stage of BLADE's checkpoints (Wang et al., CVPR 2025) as weights of our network, and back.

    BLADE                                        here
    depth_backbone.pretrained.blocks.0, ...      depth.backbone, under the names of transformers
    depth_backbone.depth_head.scratch, ...       depth.neck, depth.head
    depth_interface.0, .1, .3, .4                interface, the same
    depth_head.dec_z.query, decoder, z_out       head.query, head.decoder, head.out
    depth_head.dec_z.conv                        nothing: it is not used there either
    pose_backbone, body_model_*, sapiens         nothing: the other stages

Nothing is guessed: every tensor of the first stage must be there, in its shape, and none besides.

Sources of the names: NVlabs/blade blade/models and DAv2/metric_depth/depth_anything_v2.
"""

import re
from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from workbench.networks.depth_anything import DepthTz
from workbench.networks.differences import differences
from workbench.weights import WeightsUnreadable

STAGE = ("depth_backbone.", "depth_interface.", "depth_head.")
"""What the names of the first stage begin with."""
PARALLEL = "module."
"""Before names, or inside them, when several GPUs trained."""
UNUSED = ("depth_head.dec_z.conv.weight", "depth_head.dec_z.conv.bias")
COUNTER = "num_batches_tracked"
_VIT, _DPT = "depth_backbone.pretrained.", "depth_backbone.depth_head."
_RENAMED: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"^head\.query$", "depth_head.dec_z.query.weight"),
    (r"^head\.decoder\.", "depth_head.dec_z.decoder."),
    (r"^head\.out\.", "depth_head.dec_z.z_out."),
    (r"^interface\.", "depth_interface."),
    (r"^depth\.backbone\.embeddings\.position_embeddings$", _VIT + "pos_embed"),
    (r"^depth\.backbone\.embeddings\.patch_embeddings\.projection\.", _VIT + "patch_embed.proj."),
    (r"^depth\.backbone\.embeddings\.", _VIT),
    (r"^depth\.backbone\.encoder\.layer\.(\d+)\.", _VIT + r"blocks.\1."),
    (r"^depth\.backbone\.layernorm\.", _VIT + "norm."),
    (r"\.attention\.o_proj\.", ".attn.proj."),
    (r"\.layer_scale(\d)\.lambda1$", r".ls\1.gamma"),
    (r"^depth\.neck\.reassemble_stage\.layers\.(\d)\.projection\.", _DPT + r"projects.\1."),
    (r"^depth\.neck\.reassemble_stage\.layers\.(\d)\.resize\.", _DPT + r"resize_layers.\1."),
    (r"^depth\.neck\.convs\.(\d)\.", lambda m: f"{_DPT}scratch.layer{int(m[1]) + 1}_rn."),
    (
        r"^depth\.neck\.fusion_stage\.layers\.(\d)\.",
        lambda m: f"{_DPT}scratch.refinenet{4 - int(m[1])}.",  # transformers counts from the coarsest
    ),
    (r"\.projection\.", ".out_conv."),
    (r"\.residual_layer(\d)\.convolution(\d)\.", r".resConfUnit\1.conv\2."),
    (r"^depth\.head\.conv1\.", _DPT + "scratch.output_conv1."),
    (r"^depth\.head\.conv2\.", _DPT + "scratch.output_conv2.0."),
    (r"^depth\.head\.conv3\.", _DPT + "scratch.output_conv2.2."),
)
_ATTENTION = ("q_proj", "k_proj", "v_proj")


def to_blade(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Our network's weights under BLADE's names; what is not used is left out.

    Args:
        state: of a `DepthTz`.
    """
    named: dict[str, Tensor] = {}
    for name, value in state.items():
        if f".{_ATTENTION[0]}." in name:
            parts = [state[name.replace(_ATTENTION[0], part)] for part in _ATTENTION]
            named[_joined_name(name)] = torch.cat(parts)
        elif not any(f".{part}." in name for part in _ATTENTION[1:]):
            named[_blade_name(name)] = value
    return named


def from_blade(state: Mapping[str, Tensor], network: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights for our network out of BLADE's.

    Args:
        state: the tensors of a checkpoint.
        network: the `state_dict` that is to be filled, for names and shapes.

    Raises:
        WeightsUnreadable: they are of another system, or not exactly BLADE's.
    """
    plain = {name.replace(PARALLEL, ""): value for name, value in state.items()}
    given = {name: v for name, v in plain.items() if name.startswith(STAGE) and name not in UNUSED}
    wanted = to_blade(network)
    counters = {name for name in wanted if name.endswith(COUNTER)} - given.keys()
    given |= {name: torch.zeros_like(wanted[name], device="cpu") for name in counters}
    if problems := differences(given, wanted):
        raise _refusal(problems)
    return {name: _taken(name, given).to(like.dtype) for name, like in network.items()}


def load_depth_tz(state: Mapping[str, Tensor], network: DepthTz | None = None) -> DepthTz:
    """The first stage with the weights of a checkpoint.

    Args:
        state: the checkpoint's tensors.
        network: to be filled; by default the paper's.

    Raises:
        WeightsUnreadable: they are not BLADE's.
    """
    if not any(name.replace(PARALLEL, "").startswith(STAGE) for name in state):
        raise _refusal("None of its tensors is of that stage.")  # before a large network is made
    network = network or DepthTz()
    network.load_state_dict(from_blade(state, network.state_dict()))
    return network


def _refusal(problems: str) -> WeightsUnreadable:
    return WeightsUnreadable(
        f"This is no checkpoint of BLADE with its first stage. {problems} Give the file epoch_2.pth of "
        "github.com/NVlabs/blade, whole and unchanged, whose depth network is Depth Anything V2 with ViT-L "
        "and the regular interface."
    )


def _taken(name: str, given: Mapping[str, Tensor]) -> Tensor:
    for place, part in enumerate(_ATTENTION):
        if f".{part}." in name:
            return given[_joined_name(name.replace(part, _ATTENTION[0]))].chunk(3)[place]
    return given[_blade_name(name)]


def _joined_name(name: str) -> str:
    """Of the one matrix that BLADE has for queries, keys and values."""
    return _blade_name(name.replace("attention.q_proj", "attn.qkv"))


def _blade_name(name: str) -> str:
    for pattern, replacement in _RENAMED:
        name = re.sub(pattern, replacement, name)
    return name
