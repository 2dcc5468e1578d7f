"""SMPLify: fit a body to landmarks and silhouette, no network.

After Bogo et al., "Keep it SMPL" (ECCV 2016): a robust reprojection term, angle and shape priors, limits on
knees and elbows; plus metric 3D landmarks where the finder gives them, and the silhouette at the end. Stages:

    start         a pose read off the 3D landmarks (several guesses when only 2D is known), translation in
                  closed form
    landmarks i   Levenberg-Marquardt on theta, beta and translation; the Jacobian of body/collapsed.py
    silhouette i  Adam on the same terms plus the outline's IoU with the mask (render/silhouette.py), theta
                  kept near the landmarks' fit

Unknowns: 24 parent-relative rotations, B betas, translation. The focal length is given, never fitted: neither
landmarks nor outline can tell it from Tz on an ordinary photo.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import torch
from scipy.spatial.transform import Rotation
from torch import Tensor

from workbench.body import BodyModel, load_body
from workbench.body.collapsed import CollapsedLandmarks
from workbench.body.landmarks import LandmarkSet, landmark_regressor
from workbench.body.limits import angle_residuals, hinge_residuals
from workbench.body.posing import POSED_BY, pose_from_landmarks
from workbench.geometry import Camera, Crop
from workbench.geometry.camera import MIN_DEPTH_M, perspective_camera
from workbench.geometry.placing import translation_from_points
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.image.person import Person
from workbench.image.photo import Photo
from workbench.method import MethodInfo, Progress
from workbench.recovery import BodyParams, Recovery, Step
from workbench.render import silhouette_iou

FACING_CAMERA = np.diag([1.0, -1.0, -1.0])  # body axes to camera axes, person facing the lens
MIN_TZ_M = 0.25
MIN_LANDMARKS, MIN_SIZE_PX = 6, 8
OUTSIDE = 0.05  # say of a landmark outside the photo, where the finder can only guess
TRIAL_ITERATIONS = 8  # of each first orientation, when several are tried
_VAGUE = {"hip": 1.6} | dict.fromkeys(["heel", "index", "pinky", "thumb", "nose", "eye", "ear", "mouth"], 1.5)
"""2D noise, times the usual: where finder and body differ, and in the face, where eleven say one thing."""


@dataclass(frozen=True)
class SmplifySettings:
    """Weights of the energy. All sigmas are standard deviations: a residual of one sigma costs 1/2."""

    sigma_share: float = 0.012
    """2D noise as a share of the person's size (diagonal of the visible landmarks' box)."""
    sigma_3d_m: tuple[float, float, float] = (0.06, 0.06, 0.10)
    """Noise of the metric landmarks about the hip centre."""
    robust_sigmas: float = 5.0
    """Geman-McClure: residuals beyond this many sigmas lose their say."""
    sigma_hinge_rad: float = 0.1
    """How hard knees and elbows refuse to bend backwards."""
    sigma_beta: tuple[float, float] = (0.5, 1.0)
    """Spread of beta_0 (height, which one view cannot tell from distance) and of the others."""
    lm_iterations: int = 30
    silhouette_weight: float = 400.0
    silhouette_iterations: int = 60
    silhouette_reach_rad: float = 0.15
    """How far the outline may turn any joint away from the landmarks' fit."""
    silhouette_size: int = 256


@dataclass(frozen=True, eq=False)
class _Evidence:
    """One person's landmarks in the order of the body's landmark set."""

    xy_px: np.ndarray  # (K, 2)
    confidence: np.ndarray  # (K,) 0..1
    sigma_px: np.ndarray  # (K,)
    xyz_m: np.ndarray | None  # (K, 3) about the hip centre, camera axes
    hips: tuple[int, int]  # rows of the two hips
    focal_px: float
    center_px: np.ndarray  # (2,)


@dataclass(frozen=True, eq=False)
class _State:
    rotations: np.ndarray  # (J, 3, 3) parent-relative
    betas: np.ndarray  # (B,)
    t_m: np.ndarray  # (3,)

    def moved(self, step: np.ndarray) -> "_State":
        turns = 3 * len(self.rotations)
        rotations = Rotation.from_rotvec(step[:turns].reshape(-1, 3)).as_matrix() @ self.rotations
        betas = self.betas + step[turns:-3]
        t_m = self.t_m + step[-3:]
        return _State(rotations, betas, np.array([t_m[0], t_m[1], max(t_m[2], MIN_TZ_M)]))


_Block = tuple[float, np.ndarray, np.ndarray]  # cost, residuals (N,), Jacobian (N, P)


@dataclass(frozen=True, eq=False)
class _Energy:
    """The sum of all terms but the outline, with its Gauss-Newton model."""

    landmarks: CollapsedLandmarks
    evidence: _Evidence
    settings: SmplifySettings

    def __call__(self, state: _State) -> tuple[dict[str, float], np.ndarray, np.ndarray]:
        """Cost of each term, gradient (P,) and Gauss-Newton matrix (P, P) in (turns, betas, translation)."""
        x, by_rotation, by_beta = self.landmarks.evaluate(state.rotations, state.betas)
        by_all = np.concatenate(
            (by_rotation.transpose(0, 2, 1, 3).reshape(len(x), 3, -1), by_beta, np.zeros((len(x), 3, 3))),
            axis=2,
        )
        blocks = {"reprojection": self._reprojection(x + state.t_m, by_all)}
        if self.evidence.xyz_m is not None:
            blocks["landmarks 3D"] = self._metric(x, by_all, self.evidence.xyz_m)
        unknowns = by_all.shape[2]
        blocks["angles"] = _prior(*angle_residuals(state.rotations), 1.0, 0, unknowns)
        blocks["hinges"] = _prior(
            *hinge_residuals(state.rotations), self.settings.sigma_hinge_rad, 0, unknowns
        )
        first, rest = self.settings.sigma_beta
        sigma = np.where(np.arange(len(state.betas)) == 0, first, rest)
        blocks["shape"] = _prior(
            state.betas / sigma, np.diag(1 / sigma), 1.0, 3 * len(state.rotations), unknowns
        )
        terms, gradient, hessian = {}, np.zeros(unknowns), np.zeros((unknowns, unknowns))
        for name, (cost, residual, jacobian) in blocks.items():
            terms[name] = float(cost)
            gradient += jacobian.T @ residual
            hessian += jacobian.T @ jacobian
        return terms, gradient, hessian

    def _robust(self, residual: np.ndarray, jacobian: np.ndarray, confidence: np.ndarray) -> _Block:
        """Geman-McClure on each landmark's whitened residual vector, as reweighted least squares."""
        limit = self.settings.robust_sigmas**2
        squared = (residual**2).sum(axis=1)
        cost = (confidence * 0.5 * limit * squared / (limit + squared)).sum()
        root = (np.sqrt(confidence) * limit / (limit + squared))[:, None]
        return (
            float(cost),
            (root * residual).ravel(),
            (root[..., None] * jacobian).reshape(-1, jacobian.shape[2]),
        )

    def _reprojection(self, points_m: np.ndarray, by_all: np.ndarray) -> _Block:
        evidence = self.evidence
        depth = np.maximum(points_m[:, 2:], 0.05)
        normal = points_m[:, :2] / depth
        xy_px = evidence.focal_px * normal + evidence.center_px
        by_all = by_all.copy()
        by_all[:, :, -3:] = np.eye(3)
        jacobian = (by_all[:, :2] - normal[..., None] * by_all[:, 2:]) * (evidence.focal_px / depth)[
            ..., None
        ]
        sigma = evidence.sigma_px[:, None]
        return self._robust(
            (xy_px - evidence.xy_px) / sigma, jacobian / sigma[..., None], evidence.confidence
        )

    def _metric(self, x: np.ndarray, by_all: np.ndarray, xyz_m: np.ndarray) -> _Block:
        hips = list(self.evidence.hips)
        sigma = np.array(self.settings.sigma_3d_m)
        residual = (x - x[hips].mean(0) - xyz_m) / sigma
        return self._robust(
            residual, (by_all - by_all[hips].mean(0)) / sigma[:, None], self.evidence.confidence
        )


def _prior(residual: np.ndarray, jacobian: np.ndarray, sigma: float, first: int, unknowns: int) -> _Block:
    """A quadratic term on the unknowns from column `first` on."""
    padded = np.zeros((len(residual), unknowns))
    padded[:, first : first + jacobian.shape[1]] = jacobian / sigma
    residual = residual / sigma
    return float(0.5 * residual @ residual), residual, padded


def _levenberg_marquardt(
    energy: _Energy, state: _State, iterations: int
) -> Iterator[tuple[_State, dict[str, float]]]:
    """Every accepted state with the cost of its terms; stops when a step gains less than 1e-4 of the cost."""
    terms, gradient, hessian = energy(state)
    damping, cost = 1e-2, sum(terms.values())
    yield state, terms
    for _ in range(iterations):
        step = -np.linalg.solve(hessian + damping * np.diag(hessian.diagonal() + 1e-6), gradient)
        largest_rad = np.abs(step[: 3 * len(state.rotations)]).max()
        step /= max(largest_rad, 1.0)  # the linear model is worth nothing beyond a radian
        trial = state.moved(step)
        trial_terms, trial_gradient, trial_hessian = energy(trial)
        trial_cost = sum(trial_terms.values())
        if trial_cost >= cost:
            damping *= 4
            if damping > 1e6:
                return
            continue
        gain, cost = (cost - trial_cost) / cost, trial_cost
        state, terms, gradient, hessian = trial, trial_terms, trial_gradient, trial_hessian
        damping = max(damping / 3, 1e-6)
        yield state, terms
        if gain < 1e-4:
            return


def _first_poses(landmarks: LandmarkSet, evidence: _Evidence) -> list[np.ndarray]:
    """One pose from 3D landmarks; else a rest pose, tilted like the torso, at eight turns about its axis."""
    joints, rows = landmarks.model.num_joints, {name: row for row, name in enumerate(landmarks.names)}
    rest = np.tile(np.eye(3), (joints, 1, 1))
    if evidence.xyz_m is not None:
        at_rest = landmarks.collapsed.evaluate(rest, np.zeros(landmarks.model.num_betas))[0]
        now, then = ({name: x[row] for name, row in rows.items()} for x in (evidence.xyz_m, at_rest))
        return [pose_from_landmarks(now, then, joints)]
    xy = evidence.xy_px
    up = xy[rows["left_shoulder"]] + xy[rows["right_shoulder"]] - xy[rows["left_hip"]] - xy[rows["right_hip"]]
    tilt = Rotation.from_rotvec([0, 0, np.arctan2(up[0], -up[1])]).as_matrix()
    poses = []
    for yaw in Rotation.from_euler("y", np.arange(8)[:, None] * np.pi / 4).as_matrix():
        pose = rest.copy()
        pose[0] = tilt @ FACING_CAMERA @ yaw
        poses.append(pose)
    return poses


class Smplify:
    """Fits the body of its choice to each person's landmarks and mask."""

    info: ClassVar[MethodInfo] = MethodInfo(
        name="smplify",
        title="SMPLify (optimisation)",
        paper="after Bogo et al., Keep it SMPL, ECCV 2016, with 3D landmarks and the silhouette added",
        licence="Apache-2.0 (own implementation)",
        weights="none",
        camera="perspective; the focal length is given: the file's, yours, or the picture's diagonal",
        steps="a first pose, Levenberg-Marquardt on the landmarks, then Adam on the silhouette",
        reads=("landmarks", "mask"),
    )

    def __init__(self, body: BodyModel, settings: SmplifySettings | None = None):
        self.body = body
        self.settings = settings or SmplifySettings()
        self.landmarks = landmark_regressor(body)
        if missing := POSED_BY - set(self.landmarks.names):
            raise ValueError(
                f"SMPLify needs landmarks that body {body.name!r} lacks: {', '.join(sorted(missing))}. Use a "
                "body file that names its surface points, or one with SMPL's or SMPL-X's topology."
            )

    @classmethod
    def load(cls, device: str = "cpu") -> "Smplify":
        """With the default body."""
        return cls(load_body().to(device))

    def recover(
        self, photo: Photo, people: Sequence[Person], progress: Progress | None = None
    ) -> list[Recovery]:
        """Fit every person.

        Raises:
            ValueError: a person has too few landmarks, or a mask of another size than the photo.
        """
        recoveries = []
        for index, person in enumerate(people):
            if progress:
                progress(index / len(people), f"fitting person {index + 1} of {len(people)}")
            recoveries.append(self._recover_one(photo, person))
        return recoveries

    def _recover_one(self, photo: Photo, person: Person) -> Recovery:
        began = time.perf_counter()
        camera = perspective_camera(photo.rgb.shape[:2], torch.zeros(3), photo.focal_px)
        evidence = self._evidence(person, camera)
        energy = _Energy(self.landmarks.collapsed, evidence, self.settings)
        steps = [_step(name, state, terms, camera) for name, state, terms in self._stages(energy, person)]
        return Recovery(
            method=self.info.name,
            weights=self.info.weights,
            body=self.body.topology,
            person=person,
            params=steps[-1].params,
            camera=steps[-1].camera,
            steps=tuple(steps),
            seconds=time.perf_counter() - began,
        )

    def _stages(self, energy: _Energy, person: Person) -> Iterator[tuple[str, _State, dict[str, float]]]:
        """Name, state and terms after every iteration, from the first guess to the result."""
        state = self._start(energy)
        fit = _levenberg_marquardt(energy, state, self.settings.lm_iterations)
        for index, (state, terms) in enumerate(fit):
            yield f"landmarks {index}" if index else "start", state, terms
        if person.mask is not None and person.mask.any() and self.settings.silhouette_iterations:
            for index, (last, terms) in enumerate(self._silhouette(energy, state, person)):
                yield f"silhouette {index}", last, terms

    def _start(self, energy: _Energy) -> _State:
        """The best of the first poses, after a few iterations each."""
        starts = []
        for rotations in _first_poses(self.landmarks, energy.evidence):
            betas = np.zeros(self.body.num_betas)
            x = energy.landmarks.evaluate(rotations, betas)[0]
            e = energy.evidence
            t_m = translation_from_points(x, e.xy_px, e.confidence, e.focal_px, e.center_px)
            starts.append(_State(rotations, betas, np.array([*t_m[:2], max(t_m[2], 2 * MIN_TZ_M)])))
        if len(starts) == 1:
            return starts[0]
        trials = [list(_levenberg_marquardt(energy, start, TRIAL_ITERATIONS))[-1] for start in starts]
        costs = [sum(terms.values()) for _, terms in trials]
        return starts[int(np.argmin(costs))]

    def _silhouette(
        self, energy: _Energy, start: _State, person: Person
    ) -> Iterator[tuple[_State, dict[str, float]]]:
        """Adam on all terms plus the outline; the landmark terms enter through their analytic gradient."""
        settings, evidence = self.settings, energy.evidence
        like = self.body.v_template  # its device and precision
        crop, target, seen = _silhouette_target(person, settings.silhouette_size)
        target, seen = target.to(like.device), seen.to(like)
        base, betas, t_m = (torch.from_numpy(v).to(like) for v in (start.rotations, start.betas, start.t_m))
        reach = torch.zeros_like(base[..., 0], requires_grad=True)  # turn = silhouette_reach_rad tanh(reach)
        betas.requires_grad_()
        t_m.requires_grad_()
        per_unit = [(reach, 0.06), (betas, 0.04), (t_m, 0.02)]
        optimiser = torch.optim.Adam([{"params": [p], "lr": rate} for p, rate in per_unit], betas=(0.8, 0.95))
        decay = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, settings.silhouette_iterations)
        for iteration in range(settings.silhouette_iterations + 1):
            turn = settings.silhouette_reach_rad * reach.tanh()
            rotations = matrix_from_axis_angle(turn) @ base
            vertices = self.body.with_shape(betas).with_rotations(rotations).mesh().vertices_m + t_m
            xy = evidence.focal_px * vertices[:, :2] / vertices[:, 2:].clamp_min(MIN_DEPTH_M)
            xy = crop.from_photo_px(xy + xy.new_tensor(evidence.center_px))
            iou = silhouette_iou(xy, vertices[:, 2].detach(), self.body.faces, target, seen)
            state = _State(*(v.detach().cpu().double().numpy() for v in (rotations, betas, t_m)))
            terms, gradient, _ = energy(state)
            terms["silhouette"] = settings.silhouette_weight * (1 - float(iou.detach()))
            yield state, terms
            if iteration == settings.silhouette_iterations:
                return
            optimiser.zero_grad()
            (_with_gradient(gradient, rotations, betas, t_m) - settings.silhouette_weight * iou).backward()
            optimiser.step()
            decay.step()
            with torch.no_grad():
                t_m[2].clamp_(min=MIN_TZ_M)

    def _evidence(self, person: Person, camera: Camera) -> _Evidence:
        if person.keypoints_px is None:
            raise ValueError(
                "SMPLify needs a person's 2D landmarks, and the finder has none for this box. Draw the box "
                "around one whole person whose joints can be seen."
            )
        ids = list(self.landmarks.ids)
        keypoints = person.keypoints_px[ids].double().numpy()
        if person.mask is not None and tuple(person.mask.shape) != camera.size_hw:
            raise ValueError(
                f"A mask must have the photo's size {camera.size_hw}; got {tuple(person.mask.shape)}."
            )
        seen = keypoints[keypoints[:, 2] > 0.5, :2]
        size_px = np.linalg.norm(np.ptp(seen, axis=0)) if len(seen) else 0.0
        if len(seen) < MIN_LANDMARKS or size_px < MIN_SIZE_PX:
            raise ValueError(
                f"SMPLify needs {MIN_LANDMARKS} visible landmarks over {MIN_SIZE_PX} px; this person has "
                f"{len(seen)} over {size_px:.0f} px. A larger or sharper picture of the person may help."
            )
        names = self.landmarks.names
        vague = [max((v for part, v in _VAGUE.items() if part in name), default=1.0) for name in names]
        hips = (names.index("left_hip"), names.index("right_hip"))
        xyz_m = None if person.keypoints_m is None else person.keypoints_m[ids].double().numpy()
        if xyz_m is not None:
            xyz_m = xyz_m - xyz_m[list(hips)].mean(0)
        sigma_px = self.settings.sigma_share * size_px * np.array(vague)
        center = np.array(camera.center_px)
        inside = ((keypoints[:, :2] >= 0) & (keypoints[:, :2] <= 2 * center)).all(axis=1)
        confidence = keypoints[:, 2] * np.where(inside, 1.0, OUTSIDE)
        return _Evidence(keypoints[:, :2], confidence, sigma_px, xyz_m, hips, camera.focal_px, center)


def _with_gradient(gradient: np.ndarray, rotations: Tensor, betas: Tensor, t_m: Tensor) -> Tensor:
    """A scalar whose derivative is the given one, turns being exp(d) on the left of each rotation."""
    g = torch.from_numpy(gradient).to(t_m)
    moved = rotations @ rotations.detach().mT  # the identity, whose antisymmetric part is d to first order
    d = torch.stack((moved[:, 2, 1], moved[:, 0, 2], moved[:, 1, 0]), dim=1)
    return (g[: d.numel()] * d.flatten()).sum() + g[d.numel() : -3] @ betas + g[-3:] @ t_m


def _silhouette_target(person: Person, size: int) -> tuple[Crop, Tensor, Tensor]:
    """A square window on the person, the mask in it, and which of its pixels lie inside the photo."""
    crop = Crop.around(person.box_px, size, margin=1.25)
    assert person.mask is not None
    return crop, crop.cut_mask(person.mask.float()) > 0.5, crop.cut_mask(torch.ones_like(person.mask).float())


def _step(name: str, state: _State, terms: dict[str, float], camera: Camera) -> Step:
    theta = Rotation.from_matrix(state.rotations).as_rotvec()
    params = BodyParams(torch.from_numpy(state.betas).float(), torch.from_numpy(theta).float())
    camera = replace(camera, t_camera_body_m=torch.from_numpy(state.t_m).float())
    costs = {f"cost of {term}": torch.tensor(value) for term, value in terms.items()}
    return Step(name, params, camera, sum(terms.values()), costs)
