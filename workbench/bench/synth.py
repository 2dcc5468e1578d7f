"""How fast people with known answers are made, and methods are measured on them."""

import time
from dataclasses import dataclass
from pathlib import Path

from workbench.bench.measure import Row, median_cpu_s
from workbench.evaluation import bench
from workbench.evaluation.score import Scorer
from workbench.evaluation.sets import sample_of, true_body
from workbench.methods import load_method
from workbench.synth.landmarks import true_landmarks
from workbench.synth.noise import observed
from workbench.synth.people import people_of, sample_people
from workbench.synth.pictures import training_pictures
from workbench.synth.poses import sample_poses, seeded
from workbench.synth.sets import make_scene, set_seeds

NOTE = "CPU time, {threads} thread(s), median over runs; landmarks in batches of 512"
EVERYTHING = "all of this: people, their true and their observed landmarks"
METHOD = "regressor"
BENCHMARK = 1000
"""Scenes, or people, of the benchmark whose cost is told; fewer are measured, and it is scaled up."""


@dataclass(frozen=True)
class Sizes:
    """How many people each row is measured with."""

    people: int = 4096
    """Drawn at once. Poses come in chunks, and the rest of a chunk is thrown away."""
    batch: int = 512
    pictures: int = 512
    scenes: int = 60


def run(photo_path: Path | None, runs: int, sizes: Sizes = Sizes()) -> list[Row]:
    """Measure; `photo_path` has no meaning here."""
    pictures_s = median_cpu_s(lambda: training_pictures(sizes.pictures, seeded(0, "train")), runs)
    return [
        *_landmark_rows(runs, sizes),
        Row("pictures of 128 px, people included", sizes.pictures / pictures_s, "per s", ">= 300", runs),
        *_benchmark_rows(sizes.scenes),
    ]


def _landmark_rows(runs: int, sizes: Sizes) -> list[Row]:
    """Steps from poses to what a finder reports, each by itself, then all of them."""
    draw = seeded(0, "train")
    poses = sample_poses(sizes.people)
    rows = [slice(start, start + sizes.batch) for start in range(0, sizes.people, sizes.batch)]
    batches = [people_of(poses, draw).rows(each) for each in rows]
    truths = [true_landmarks(people) for people in batches]

    def everything() -> None:
        people = sample_people(sizes.people, draw)
        for batch in map(people.rows, rows):
            observed(true_landmarks(batch), batch, draw)

    ways = {
        "poses": lambda: sample_poses(sizes.people, draw),
        "shapes and cameras for given poses": lambda: people_of(poses, draw),
        "true landmarks": lambda: [true_landmarks(batch) for batch in batches],
        "observed landmarks": lambda: [observed(*pair, draw) for pair in zip(truths, batches, strict=True)],
        EVERYTHING: everything,
    }
    goals = {EVERYTHING: ">= 3000"}
    return [
        Row(name, sizes.people / median_cpu_s(way, runs), "per s", goals.get(name, ""), runs)
        for name, way in ways.items()
    ]


def _benchmark_rows(scenes: int) -> list[Row]:
    """Scenes, recoveries and scores of the set "test", all together; people not found count, as there."""
    method, scorer = load_method(METHOD), Scorer({true_body().topology: true_body()})

    def measure() -> int:
        made = (make_scene(seed, "test") for seed in set_seeds("test", scenes))
        samples = (sample_of(scene, method.info.reads, with_missed=False) for scene in made)
        return len(bench.run([method], samples, "test", scorer))

    people = measure()  # warm now
    before = time.process_time()
    measure()
    cost_s = (time.process_time() - before) * BENCHMARK
    what = f"benchmark of the {METHOD}: {BENCHMARK:,}"
    return [
        Row(f"{what} scenes, scaled up from {scenes}", cost_s / scenes, "cpu-s", "<= 60"),
        Row(f"{what} people, scaled up from {people} in these", cost_s / people, "cpu-s"),
    ]
