"""What the papers report, for reading beside our own tables and never in them.

These numbers come from other bodies (SMPL, SMPL-X), other joint regressors, other data, and trained weights
that this project does not ship; none was reproduced here. They are of another type than `bench.Result` on
purpose: no function takes both.

Keys and units are those of `metrics.METRICS` where a paper measures the same thing; percentages that papers
print of shares (E_f, mIoU) are turned into shares. Numbers are as printed otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedRow:
    """One line of a published table."""

    system: str
    values: Mapping[str, float]


@dataclass(frozen=True)
class PublishedTable:
    """Numbers measured alike, by others."""

    name: str
    title: str
    citation: str
    source: str
    """Where the numbers were read."""
    protocol: str
    """Data, joints and alignment; what is not known is said so."""
    rows: tuple[PublishedRow, ...]
    note: str = ""


def _pose_rows(keys: str, table: Mapping[str, tuple[float, ...]]) -> tuple[PublishedRow, ...]:
    names = keys.split()
    return tuple(PublishedRow(s, dict(zip(names, values, strict=True))) for s, values in table.items())


def _blade_rows(table: Mapping[str, tuple[float, ...]]) -> tuple[PublishedRow, ...]:
    """Columns of BLADE's tables: Tz, 1/Tz, Txy, f %, PA-MPJPE, MPJPE, PVE, mIoU %, P-mIoU %."""
    keys = "e_tz_m e_inv_tz e_txy_m e_f pa_mpjpe_mm mpjpe_mm pve_mm miou part_miou"
    shares = (1, 1, 1, 100, 1, 1, 1, 100, 100)
    scaled = {
        system: tuple(round(value / share, 6) for value, share in zip(values, shares, strict=True))
        for system, values in table.items()
    }
    return _pose_rows(keys, scaled)


_HMR = "Kanazawa et al., End-to-end Recovery of Human Shape and Pose, CVPR 2018"
_TOKEN = "Dwivedi et al., TokenHMR: Advancing HMR with a Tokenized Pose Representation, CVPR 2024"
_BLADE = "Wang et al., BLADE: Single-view Body Mesh Estimation through Accurate Depth Estimation, CVPR 2025"
_D2A = "Bright et al., Distribution and Depth-Aware Transformers for 3D Human Mesh Recovery, arXiv 2403.09063"
_DEPTH = (
    "Project report on ProHMR from depth maps (code: Chueli/hmr_depth), after Kolotouros et al., ICCV 2021"
)
_TEXTURE = "Project report on joint mesh and texture recovery (page: doublelei/doublelei-personal-web)"
_TOKEN_README = "github.com/saidwivedi/TokenHMR, README, commit 198645f"
_BLADE_README = "github.com/NVlabs/blade, README, commit 0097ac6"
_TOKEN_PROTOCOL = "14 joints of HMR2.0's 44 about its pelvis; not the regressor of SPIN-style 3DPW numbers"
_BLADE_PROTOCOL = "SMPL; joints about the mid hips; Tz, Txy of the pelvis; mIoU of the outline over pictures"
_POSE = "pve_mm mpjpe_mm pa_mpjpe_mm"

_TABLES = (
    PublishedTable(
        "hmr-h36m",
        "HMR on Human3.6M, protocol 1",
        _HMR,
        "github.com/akanazawa/hmr, doc/train.md: the released model",
        "14 LSP joints of HMR's own regressor about the mid hips; all cameras",
        _pose_rows(
            "mpjpe_mm pa_mpjpe_mm",
            {"HMR, released, mean": (86.20, 58.47), "HMR, released, median": (79.47, 52.95)},
        ),
    ),
    PublishedTable(
        "tokenhmr-3dpw",
        "TokenHMR on 3DPW",
        _TOKEN,
        _TOKEN_README,
        _TOKEN_PROTOCOL,
        _pose_rows(
            _POSE,
            {
                "TokenHMR, paper's model": (84.3, 70.9, 44.8),
                "TokenHMR, released": (84.8, 72.0, 45.5),
                "TokenHMR, demo": (85.0, 72.8, 47.1),
                "TokenHMR, BEDLAM only": (85.7, 71.6, 44.0),
            },
        ),
        "The paper's table differs by up to 1.1 mm: 84.6 / 71.0 / 44.3; BEDLAM only 86.0 / 70.5 / 43.8.",
    ),
    PublishedTable(
        "tokenhmr-emdb",
        "TokenHMR on EMDB",
        _TOKEN,
        _TOKEN_README,
        _TOKEN_PROTOCOL,
        _pose_rows(
            _POSE,
            {
                "TokenHMR, paper's model": (108.5, 89.5, 55.6),
                "TokenHMR, released": (110.0, 91.9, 56.4),
                "TokenHMR, demo": (112.2, 93.7, 58.9),
                "TokenHMR, BEDLAM only": (106.2, 89.6, 49.8),
            },
        ),
    ),
    PublishedTable(
        "tokenhmr-tokenizer",
        "TokenHMR's tokenizer: what poses lose on the way through it",
        _TOKEN,
        "paper",
        "Reconstruction of held-out poses, 2,048 codes of 256 numbers; SMPL-H body",
        _pose_rows(
            "pve_mm mpjpe_mm",
            {
                "160 tokens, AMASS": (8.3, 2.2),
                "160 tokens, MOYO": (19.9, 10.4),
                "320 tokens, AMASS": (8.1, 1.9),
            },
        ),
    ),
    PublishedTable(
        "blade-spec-mtp",
        "BLADE on SPEC-MTP (in the wild, close)",
        _BLADE,
        _BLADE_README,
        _BLADE_PROTOCOL,
        _blade_rows(
            {
                "TokenHMR": (0.909, 0.436, 0.095, 112.1, 64.2, 107.1, 124.3, 49.8, 19.0),
                "AiOS": (1.035, 0.464, 0.121, 112.1, 62.8, 101.6, 110.9, 48.7, 11.3),
                "BLADE, paper": (0.127, 0.112, 0.044, 15.9, 56.7, 94.1, 99.6, 69.9, 41.5),
                "BLADE, retrained": (0.135, 0.122, 0.054, 18.0, 56.8, 93.9, 102.0, 67.9, 39.4),
            }
        ),
        "One account of the paper prints mIoU 69.5 where the README has 69.9.",
    ),
    PublishedTable(
        "blade-humman",
        "BLADE on HuMMan (studio)",
        _BLADE,
        _BLADE_README,
        _BLADE_PROTOCOL,
        _blade_rows(
            {
                "TokenHMR": (2.599, 0.307, 0.044, 41.6, 46.4, 72.2, 82.0, 60.9, 31.1),
                "AiOS": (2.311, 0.292, 0.033, 41.6, 66.1, 91.8, 99.4, 72.0, 44.3),
                "BLADE, paper": (0.187, 0.058, 0.056, 8.3, 23.8, 41.1, 52.3, 70.6, 38.2),
                "BLADE, retrained": (0.149, 0.045, 0.059, 5.6, 27.8, 44.4, 52.1, 71.0, 41.9),
            }
        ),
    ),
    PublishedTable(
        "blade-pdhuman",
        "BLADE on PDHuman (synthetic)",
        _BLADE,
        _BLADE_README,
        _BLADE_PROTOCOL,
        _blade_rows(
            {
                "TokenHMR": (2.280, 1.034, 0.068, 55.0, 92.1, 141.5, 156.7, 53.0, 27.8),
                "AiOS": (2.312, 1.024, 0.149, 55.0, 106.6, 170.6, 183.4, 49.5, 16.0),
                "BLADE, paper": (0.107, 0.178, 0.049, 22.3, 61.4, 90.1, 102.6, 65.2, 41.4),
                "BLADE, retrained": (0.110, 0.185, 0.109, 21.5, 67.0, 101.9, 116.2, 62.3, 38.6),
            }
        ),
        "The authors note that PDHuman's labels do not align with its pictures.",
    ),
    PublishedTable(
        "blade-depth",
        "BLADE: which features to read the depth from",
        _BLADE,
        "paper",
        "E_Tz; the data set is not named where this was read",
        _pose_rows(
            "e_tz_m",
            {"DINOv2": (0.300,), "Sapiens": (0.210,), "Depth Anything V2": (0.154,), "BLADE": (0.127,)},
        ),
    ),
    PublishedTable(
        "d2a-3dpw",
        "D2A-HMR on 3DPW, by backbone",
        _D2A,
        "paper",
        "14 joints; the regressor is not named where this was read",
        (
            PublishedRow("HRNet-w64", {"pve_mm": 88.4, "mpjpe_mm": 80.5, "pa_mpjpe_mm": 48.4}),
            *_pose_rows(
                "mpjpe_mm pa_mpjpe_mm",
                {"HRNet-w40": (85.2, 52.1), "ResNet-101": (89.5, 55.8), "ResNet-50": (91.1, 59.9)},
            ),
        ),
        "Ablations of depth, distribution, silhouette and masking are left out: their labels are unclear.",
    ),
    PublishedTable(
        "d2a-h36m",
        "D2A-HMR on Human3.6M",
        _D2A,
        "paper",
        "the protocol is not named where this was read",
        _pose_rows("mpjpe_mm pa_mpjpe_mm", {"HRNet-w64": (53.8, 36.2)}),
    ),
    PublishedTable(
        "prohmr-depth",
        "ProHMR from depth maps on EgoBody",
        _DEPTH,
        "report",
        "22 SMPL-X joints in the depth camera's frame; the flow's mode only; all rows share a wrong crop",
        _pose_rows(
            "g_mpjpe_mm g_pve_mm",
            {"ResNet-50 baseline": (108.1, 158.1), "ConvNeXt and discriminator": (85.6, 109.0)},
        ),
        "One data set and crop that cannot be reproduced.",
    ),
    PublishedTable(
        "texture-agora",
        "Joint mesh and texture recovery on AGORA",
        _TEXTURE,
        "report",
        "64 x 64 textures on a white canvas, whole picture (inflated); FID's layer and count not given",
        _pose_rows("ssim psnr_db fid", {"report": (0.974, 26.134, 36.144)}),
    ),
)

PUBLISHED: dict[str, PublishedTable] = {table.name: table for table in _TABLES}
"""All tables, by name."""


def markdown(table: PublishedTable) -> str:
    """The table with its citation, protocol and a sentence that it is not ours."""
    keys = list(dict.fromkeys(key for row in table.rows for key in row.values))
    lines = [f"**{table.title}** (published, not measured here)", ""]
    lines += ["| system | " + " | ".join(keys) + " |", "|---" * (len(keys) + 1) + "|"]
    for row in table.rows:
        cells = (f"{row.values[key]:g}" if key in row.values else "-" for key in keys)
        lines.append(f"| {row.system} | " + " | ".join(cells) + " |")
    lines += ["", f"{table.citation}. Read in: {table.source}. Protocol: {table.protocol}."]
    return "\n".join([*lines, table.note] if table.note else lines)
