"""SPIN's checkpoints (Kolotouros et al., ICCV 2019) as weights of our network, and back.

    SPIN                                      here
    conv1, bn1, layer1.0.conv1, ...           encoder.resnet, under the names of transformers
    fc1, fc2                                  correction.fc1, correction.fc2
    decpose, decshape, deccam                 correction.fc3, one below the other
    init_pose, init_shape, init_cam           mean

Nothing is guessed: every tensor must be there, in its shape, and none besides. The mean's pose must be made
of rotations when read as SPIN writes 6D, interleaved; in another layout the same numbers would make another
pose, silently.

Source: nkolot/SPIN models/hmr.py.
"""

import re
from collections.abc import Mapping

import torch
from torch import Tensor

from workbench.geometry.rotations import contiguous_from_interleaved, matrix_from_6d, sixd_from_matrix
from workbench.networks.differences import differences
from workbench.networks.theta import JOINTS, SPIN
from workbench.weights import WeightsUnreadable

OUTPUTS = {"pose": "decpose", "betas": "decshape", "camera": "deccam"}
MEANS = {"pose": "init_pose", "betas": "init_shape", "camera": "init_cam"}
PARALLEL = "module."
"""Before every name, when several GPUs trained."""
COUNTER = "num_batches_tracked"
"""Of batch norms: means nothing once training is over, and old files lack it."""
OTHER_SYSTEMS = {
    "smpl_head.": "HMR2.0 or TokenHMR",
    "flow.": "ProHMR",
    "encoder.conv1.weight": "CLIFF",
    "final_layers.": "ROMP",
    "pose_backbone.": "BLADE",
    "regressor.": "an HMR written in another way",
}
"""What the keys of others begin with."""
WORST_6D = 0.05
_RENAMED = (
    (r"^encoder\.resnet\.embedder\.embedder\.convolution\.", "conv1."),
    (r"^encoder\.resnet\.embedder\.embedder\.normalization\.", "bn1."),
    (r"^encoder\.resnet\.encoder\.stages\.(\d)\.layers\.(\d)\.", lambda m: f"layer{int(m[1]) + 1}.{m[2]}."),
    (r"\.layer\.(\d)\.convolution\.", lambda m: f".conv{int(m[1]) + 1}."),
    (r"\.layer\.(\d)\.normalization\.", lambda m: f".bn{int(m[1]) + 1}."),
    (r"\.shortcut\.convolution\.", ".downsample.0."),
    (r"\.shortcut\.normalization\.", ".downsample.1."),
    (r"^correction\.", ""),
)


def to_spin(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Our network's weights under SPIN's names.

    Args:
        state: of an `HmrNetwork` with ResNet-50 and SPIN's layout.
    """
    named = {_spin_name(name): value for name, value in state.items()}
    sizes = list(SPIN.sizes.values())
    mean = named.pop("mean").split(sizes)
    for kind in ("weight", "bias"):
        rows = named.pop(f"fc3.{kind}").split(sizes)
        named |= {f"{OUTPUTS[part]}.{kind}": own for part, own in zip(SPIN.sizes, rows, strict=True)}
    return named | {MEANS[part]: own[None] for part, own in zip(SPIN.sizes, mean, strict=True)}


def from_spin(state: Mapping[str, Tensor], network: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights for our network out of SPIN's.

    Args:
        state: the tensors of a checkpoint, with or without "module." before every name.
        network: the `state_dict` that is to be filled, for names and shapes.

    Raises:
        WeightsUnreadable: they are of another system, or not exactly SPIN's.
    """
    parallel = all(name.startswith(PARALLEL) for name in state)
    given = {name.removeprefix(PARALLEL) if parallel else name: value for name, value in state.items()}
    wanted = to_spin(network)
    given |= {
        name: torch.zeros_like(value, device="cpu")
        for name, value in wanted.items()
        if name.endswith(COUNTER) and name not in given
    }
    _require_same(given, wanted)
    _require_interleaved(given[MEANS["pose"]])
    whole = {
        f"fc3.{kind}": torch.cat([given[f"{OUTPUTS[part]}.{kind}"] for part in SPIN.order])
        for kind in ("weight", "bias")
    }
    whole["mean"] = torch.cat([given[MEANS[part]][0] for part in SPIN.order])
    return {name: (given | whole)[_spin_name(name)].to(like.dtype) for name, like in network.items()}


def _spin_name(name: str) -> str:
    for pattern, replacement in _RENAMED:
        name = re.sub(pattern, replacement, name)
    return name


def _require_same(given: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> None:
    if problems := differences(given, wanted):
        other = (who for mark, who in OTHER_SYSTEMS.items() if any(name.startswith(mark) for name in given))
        guess = "".join(f"It looks like a checkpoint of {who}. " for who in list(other)[:1])
        raise WeightsUnreadable(
            f"This is no checkpoint of SPIN. {guess}{problems} Give the file model_checkpoint.pt of "
            "github.com/nkolot/SPIN, whole and unchanged."
        )


def _require_interleaved(pose: Tensor) -> None:
    """The mean pose is made of rotations, as SPIN writes them."""
    six = contiguous_from_interleaved(pose.float().reshape(JOINTS, 6))
    off = float((sixd_from_matrix(matrix_from_6d(six)) - six).abs().max())
    if off > WORST_6D:
        raise WeightsUnreadable(
            "The mean pose in this checkpoint (init_pose) holds no rotations as SPIN writes them, in "
            f"interleaved 6D: they are off by {off:.2f}. The file was made by other code, and its poses "
            "would come out scrambled. Give SPIN's own model_checkpoint.pt."
        )
