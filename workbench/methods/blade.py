"""BLADE: depth first, then pose, then the camera (Wang et al., CVPR 2025).

    1  distance   Tz = network(what is seen)                          how far away is the pelvis?
    2  pose       body = frozen network + copy told of Tz             what does it look like from there?
    3  camera     f, Tx, Ty = argmax IoU(outline of body, mask)       Tz fixed; principal point in the middle

Close to the lens a body is distorted: x = f (X + Tx) / (Z + Tz), and Tz alone decides how much larger what is
near looks, while f only scales the picture. Other methods assume f and get Tz wrong with it; here f is never
assumed. Whatever the photo says of its focal length is not looked at.

Two presets share stages 2 and 3. "open" finds Tz from landmarks and outline (networks/tz_open.py); the paper
preset from features of Depth Anything V2, with the authors' weights, which the user supplies. Stage 2 in the
paper is AiOS and a copy, which is not open; here it is the landmark regressor and a copy
(networks/tz_conditioned.py). Stage 3 is solver/: it needs one person's whole outline, and says so where a
mask is not that.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, TypeVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from workbench.body import BodyModel, load_body
from workbench.body.light import light_body
from workbench.geometry.conventions import blade_camera, from_hmr
from workbench.geometry.rotations import axis_angle_from_matrix
from workbench.image.person import Person
from workbench.image.photo import Photo
from workbench.method import MethodInfo, Progress
from workbench.networks.blade_checkpoint import load_depth_tz
from workbench.networks.depth_anything import DepthTz, depth_crops
from workbench.networks.differences import differences
from workbench.networks.guesses import Guess
from workbench.networks.landmark_regressor import WEIGHTS as BASE_WEIGHTS
from workbench.networks.landmark_regressor import LandmarkRegressor, load_network
from workbench.networks.observations import Observations, Windows, observe_people
from workbench.networks.tz_conditioned import TzPose
from workbench.networks.tz_head import FARTHEST_M
from workbench.networks.tz_open import OpenTz
from workbench.recovery import BodyParams, Recovery, Step
from workbench.solver.camera import EVALUATIONS, check_tz
from workbench.solver.objective import FARTHEST_TZ_M, NEAREST_TZ_M
from workbench.solver.of_recovery import solved_or_kept
from workbench.weights import WeightFile, WeightsUnreadable, find, load_state_dict

BODIES = {"smpl": "open-smpl", "smplx": "open-smplx"}
"""Formats of the answer. The open bodies of both have the same skeleton and betas, within a centimetre."""
BODY_JOINTS = 22
"""The joints that both formats have; hands and face of SMPL-X stay at rest."""
STAGE_TWO = "pose"
"""Name of the last step before cameras are solved."""
TZ = "tz_m"
"""Name of the first stage's answer among the tensors of its step."""
TZ_WEIGHTS = WeightFile(
    name="blade_tz",
    filename="blade_tz.safetensors",
    licence="Apache-2.0 (trained by this project on people of its own making)",
)
POSE_WEIGHTS = WeightFile(
    name="blade_pose",
    filename="blade_pose.safetensors",
    licence="Apache-2.0 (trained by this project on people of its own making)",
)
PAPER_WEIGHTS = WeightFile(
    name="blade",
    filename="blade_epoch_2.pth",
    licence="BLADE's code and weights are NVIDIA's, for non-commercial research; Depth Anything V2 large is "
    "CC-BY-NC-4.0",
    homepage="https://github.com/NVlabs/blade (epoch_2.pth; rename it blade_epoch_2.pth)",
)
Network = TypeVar("Network", bound=nn.Module)
_ANSWER = "three stages: how far away the person is, the pose from there, then each evaluation of the camera"
_CAMERA = (
    f"perspective; f, Tx and Ty solved from the mask for the distance found, within {FARTHEST_M:.0f} m; "
    "principal point in the middle"
)
DOUBTFUL_TZ_M = 0.9 * FARTHEST_M
AT_THE_END = (
    f"Stage 1 knows distances up to {FARTHEST_M:.0f} m; this one is at its end: the true distance may be "
    "larger."
)


class ThreeStages(ABC):
    """On people in photos; presets differ in how they find Tz."""

    info: ClassVar[MethodInfo]

    def __init__(self, base: LandmarkRegressor, pose: TzPose, body: BodyModel):
        """Ready but for the first stage.

        Args:
            base, pose: the second stage: the frozen network, and the copy that was trained beside it.
            body: the open body in SMPL's format.
        """
        self.base, self.pose = base.eval(), pose.eval()
        self.body = body
        self.light = light_body(body, num_vertices=0)

    def recover(
        self,
        photo: Photo,
        people: Sequence[Person],
        progress: Progress | None = None,
        tz_m: float | None = None,
        evaluations: int = EVALUATIONS,
        body: str = "smpl",
    ) -> list[Recovery]:
        """Everybody; the networks see all at once, cameras are solved one by one.

        A person whose mask cannot be used keeps the camera that stage 2 implies; `Recovery.remarks` says why.

        Args:
            photo: with the people in it.
            people: with 2D landmarks, and masks where there are any.
            progress: told after each person.
            tz_m: the distance of all pelves, m; by default the first stage finds everybody's own.
            evaluations: of the camera solver, for each person.
            body: format of the answer, "smpl" or "smplx".

        Raises:
            ValueError: somebody's landmarks make no window, the distance cannot be, or there is no such body.
        """
        if body not in BODIES:
            raise ValueError(f"BLADE answers with a body of {' or '.join(BODIES)}; got {body!r}.")
        if tz_m is not None:
            check_tz(tz_m)
        if not people:
            return []
        began = time.perf_counter()
        observations, windows = observe_people(replace(photo, focal_px=None), people, ["mask"])
        observations = observations.to(self.base.mean.device)
        found = self._distances(photo, people, observations)
        # Nearer than that even the origin of the body may lie behind the lens.
        distances = found.clamp(NEAREST_TZ_M, FARTHEST_TZ_M)
        if tz_m is not None:
            distances = found = torch.full_like(found, tz_m)
        with torch.no_grad():
            guesses = self.pose(self.base, observations, self.light, distances)
        answer = self.body if body == "smpl" else load_body(BODIES[body]).to(self.body.v_template.device)
        shape = _Answer(self.body, answer, photo, windows)
        recoveries = []
        for row, person in enumerate(people):
            steps = shape.steps(guesses, distances, row)
            posed = self._recovery(shape.body, person, steps)
            others = [other for other in people if other is not person]
            tz = float(distances[row])
            # The paper's stage 3: the outline alone.
            solved = solved_or_kept(posed, shape.body, photo, tz, others, evaluations, keypoints=0.0)
            doubts = _moved(float(found[row]), tz)
            if tz_m is None and tz > DOUBTFUL_TZ_M:
                doubts = (*doubts, AT_THE_END)
            recoveries.append(replace(solved, remarks=(*doubts, *solved.remarks)))
            if progress:
                progress((row + 1) / len(people), f"camera of person {row + 1} of {len(people)}")
        seconds = (time.perf_counter() - began) / len(people)
        return [replace(recovery, seconds=seconds) for recovery in recoveries]

    @abstractmethod
    def _distances(
        self, photo: Photo, people: Sequence[Person], observations: Observations
    ) -> Float[Tensor, "N"]:
        """Stage 1: the depth of every pelvis, m."""

    def _recovery(self, body: BodyModel, person: Person, steps: tuple[Step, ...]) -> Recovery:
        last = steps[-1]
        return Recovery(
            self.info.name, self.info.weights, body.topology, person, last.params, last.camera, steps, 0.0
        )


class Blade(ThreeStages):
    """The open preset."""

    info: ClassVar[MethodInfo] = MethodInfo(
        name="blade",
        title="BLADE",
        paper="BLADE (Wang et al., CVPR 2025); what its networks read is the project's own",
        licence="Apache-2.0 (own implementation and weights)",
        weights="open",
        camera=_CAMERA,
        steps=_ANSWER,
        reads=("landmarks", "mask"),
    )

    def __init__(self, tz: OpenTz, base: LandmarkRegressor, pose: TzPose, body: BodyModel):
        super().__init__(base, pose, body)
        self.tz = tz.eval()

    @classmethod
    def load(cls, device: str = "cpu") -> "Blade":
        """With the weights of this project.

        Raises:
            WeightsMissing: the weights are nowhere.
            WeightsUnreadable: they are not of these networks.
        """
        base, pose = load_pose()
        return cls(load_tz().to(device), base.to(device), pose.to(device), _smpl(device))

    @torch.no_grad()
    def _distances(
        self, photo: Photo, people: Sequence[Person], observations: Observations
    ) -> Float[Tensor, "N"]:
        """Stage 1 on landmarks and outline."""
        return self.tz(observations)


class BladePaper(ThreeStages):
    """The paper preset: the first stage is the authors', with the weights that the user brings."""

    info: ClassVar[MethodInfo] = MethodInfo(
        name="blade-paper",
        title="BLADE, its own depth network (yours)",
        paper="BLADE (Wang et al., CVPR 2025), stage 1; stage 2 is the project's own",
        licence="Apache-2.0 (own implementation); BLADE's weights have terms of their own",
        weights="official",
        camera=_CAMERA,
        steps=_ANSWER,
        reads=("landmarks", "mask", "rgb"),
        supplied=(PAPER_WEIGHTS,),
    )

    def __init__(self, depth: DepthTz, base: LandmarkRegressor, pose: TzPose, body: BodyModel):
        super().__init__(base, pose, body)
        self.depth = depth.eval()

    @classmethod
    def load(cls, device: str = "cpu") -> "BladePaper":
        """With the user's checkpoint.

        Raises:
            WeightsMissing: there is no checkpoint here; the message says how to get it.
            WeightsUnreadable: it is not BLADE's.
        """
        depth = load_depth_tz(load_state_dict(find(PAPER_WEIGHTS)))
        base, pose = load_pose()
        return cls(depth.to(device), base.to(device), pose.to(device), _smpl(device))

    @torch.no_grad()
    def _distances(
        self, photo: Photo, people: Sequence[Person], observations: Observations
    ) -> Float[Tensor, "N"]:
        """Stage 1 on each person's square of the photo."""
        crops = depth_crops(photo, people)
        return torch.cat([self.depth(crop.to(observations.present.device)) for crop in crops])


class _Answer:
    """From guesses in windows to steps in the body that was asked for."""

    def __init__(self, smpl: BodyModel, body: BodyModel, photo: Photo, windows: Windows):
        self.smpl = smpl
        self.body = body
        self.photo = photo
        self.windows = windows

    def steps(self, guesses: Sequence[Guess], distances: Float[Tensor, "N"], row: int) -> tuple[Step, ...]:
        """One person's: the mean body at the distance found, then the pose as it is corrected."""
        names = ["distance", *(f"guess {k}" for k in range(1, len(guesses) - 1)), STAGE_TWO]
        tz_m = float(distances[row])
        return tuple(self._step(name, guess, row, tz_m) for name, guess in zip(names, guesses, strict=True))

    def _step(self, name: str, guess: Guess, row: int, tz_m: float) -> Step:
        betas, crop = guess.betas[row], guess.crop[row].cpu()
        pelvis_m = guess.joints_m[row, 0].cpu()
        window = from_hmr(crop, *self.windows.of(row))
        camera = blade_camera(window, self.photo.size_hw, tz_m, float(pelvis_m[2]))
        joints = len(guess.rotations[row]) if self.body is self.smpl else BODY_JOINTS
        theta = torch.zeros(self.body.num_joints, 3)
        theta[:joints] = axis_angle_from_matrix(guess.rotations[row, :joints]).cpu()
        own_pelvis_m = self.body.mesh(betas, theta.to(betas.device)).joints_m[0].cpu()
        t_m = camera.t_camera_body_m + pelvis_m - own_pelvis_m  # formats differ in where their origin is
        return Step(
            name,
            BodyParams(betas.cpu(), theta),
            replace(camera, t_camera_body_m=t_m),
            None,
            {TZ: torch.tensor(tz_m)},
        )


def _moved(found_m: float, tz_m: float) -> tuple[str, ...]:
    """A remark on a distance at which the first stage sees somebody, and nobody stands."""
    if found_m == tz_m:
        return ()
    return (
        f"The first stage finds a distance of {found_m:.2f} m, which cannot be; {tz_m:.1f} m is taken. "
        "Give the distance yourself if you know it.",
    )


def load_tz(state: Mapping[str, Tensor] | None = None) -> OpenTz:
    """The open preset's first stage.

    Args:
        state: its weights; None: those of this project.

    Raises:
        WeightsMissing: the weights are nowhere.
        WeightsUnreadable: they are not of this network.
    """
    return _filled(OpenTz(), load_state_dict(find(TZ_WEIGHTS)) if state is None else state, "blade_tz")


def load_pose(state: Mapping[str, Tensor] | None = None) -> tuple[LandmarkRegressor, TzPose]:
    """The second stage: the frozen network, and its copy that is told Tz.

    Args:
        state: the copy's weights; None: those of this project.

    Raises:
        WeightsMissing: the weights are nowhere.
        WeightsUnreadable: they are not of these networks.
    """
    base = load_network(load_state_dict(find(BASE_WEIGHTS)))
    own = load_state_dict(find(POSE_WEIGHTS)) if state is None else state
    return base, _filled(TzPose(base), own, "blade_pose")


def _filled(network: Network, state: Mapping[str, Tensor], trainee: str) -> Network:
    if problems := differences(state, network.state_dict()):
        raise WeightsUnreadable(
            f"These weights are not of {trainee}. {problems} Train it (python -m workbench.train {trainee}), "
            "or give its own file."
        )
    network.load_state_dict({name: value.float() for name, value in state.items()})
    return network


def _smpl(device: str) -> BodyModel:
    return load_body(BODIES["smpl"]).to(device)
