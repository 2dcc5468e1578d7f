"""How fast people with known answers are made."""

from pathlib import Path

from workbench.bench.measure import Row, median_cpu_s
from workbench.synth.landmarks import true_landmarks
from workbench.synth.noise import observed
from workbench.synth.people import people_of, sample_people
from workbench.synth.poses import sample_poses, seeded

NOTE = "CPU time, {threads} thread(s), median over runs"
COUNT = 4096
"""People per run: what a training epoch draws at once."""


def run(photo_path: Path | None, runs: int) -> list[Row]:
    """Measure; `photo_path` has no meaning here."""
    poses = sample_poses(COUNT)
    people = people_of(poses, seeded(0, "train"))
    truth = true_landmarks(people)

    def everything() -> None:
        drawn = sample_people(COUNT)
        observed(true_landmarks(drawn), drawn, seeded(0, "train"))

    ways = {
        "poses": lambda: sample_poses(COUNT),
        "shapes and cameras for given poses": lambda: people_of(poses, seeded(0, "train")),
        "true landmarks": lambda: true_landmarks(people),
        "observed landmarks": lambda: observed(truth, people, seeded(0, "train")),
        "all of this: people, true and observed landmarks": everything,
    }
    goals = {"all of this: people, true and observed landmarks": ">= 3000"}
    return [
        Row(name, COUNT / median_cpu_s(way, runs), "per s", goals.get(name, ""), runs)
        for name, way in ways.items()
    ]
