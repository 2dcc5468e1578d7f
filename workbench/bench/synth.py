"""How fast people with known answers are made."""

from pathlib import Path

from workbench.bench.measure import Row, median_cpu_s
from workbench.synth.landmarks import true_landmarks
from workbench.synth.noise import observed
from workbench.synth.people import people_of, sample_people
from workbench.synth.pictures import training_pictures
from workbench.synth.poses import sample_poses, seeded

NOTE = "CPU time, {threads} thread(s), median over runs; landmarks in batches of 512"
COUNT = 4096
"""People drawn at once. Poses come in chunks, and the rest of a chunk is thrown away."""
BATCH = 512
BATCHES = [slice(start, start + BATCH) for start in range(0, COUNT, BATCH)]
PICTURES = 512
EVERYTHING = "all of this: people, their true and their observed landmarks"


def run(photo_path: Path | None, runs: int) -> list[Row]:
    """Measure; `photo_path` has no meaning here."""
    draw = seeded(0, "train")
    poses = sample_poses(COUNT)
    batches = [people_of(poses, draw).rows(rows) for rows in BATCHES]
    truths = [true_landmarks(people) for people in batches]

    def everything() -> None:
        people = sample_people(COUNT, draw)
        for batch in map(people.rows, BATCHES):
            observed(true_landmarks(batch), batch, draw)

    ways = {
        "poses": lambda: sample_poses(COUNT, draw),
        "shapes and cameras for given poses": lambda: people_of(poses, draw),
        "true landmarks": lambda: [true_landmarks(batch) for batch in batches],
        "observed landmarks": lambda: [observed(*pair, draw) for pair in zip(truths, batches, strict=True)],
        EVERYTHING: everything,
    }
    goals = {EVERYTHING: ">= 3000"}
    rows = [
        Row(name, COUNT / median_cpu_s(way, runs), "per s", goals.get(name, ""), runs)
        for name, way in ways.items()
    ]
    pictures_s = median_cpu_s(lambda: training_pictures(PICTURES, draw), runs)
    rows.append(Row("pictures of 128 px, people included", PICTURES / pictures_s, "per s", ">= 300", runs))
    return rows
