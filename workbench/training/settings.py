"""How long and how hard to train."""

from dataclasses import dataclass

VALIDATIONS = 20
"""Of a training that is told its steps alone."""
VALIDATE_S = 120.0
WARM, COOL = 0.03, 0.35
"""Shares of a training in which the learning rate rises, and falls to zero."""


@dataclass(frozen=True)
class TrainSettings:
    """How long and how hard."""

    steps: int | None = None
    minutes: float | None = None
    """Of this training in all, interruptions left out. Steps or minutes, or whichever ends first."""
    batch: int = 512
    """Samples per step, over all processes."""
    blocks: int = 4
    """Parts of a batch, each with random numbers of its own; a multiple of the number of processes."""
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    clip: float = 1.0
    """Largest norm of the gradient."""
    average_steps: int = 1000
    """Horizon of the weights' running mean, which is what is validated and exported."""
    precision: str = "32-true"
    """Fabric's: "bf16-mixed" where bfloat16 is fast."""
    seed: int = 0
    checkpoint_s: float = 60.0
    """Seconds between checkpoints; 0 means every step."""
    validate_s: float | None = None
    """Seconds between validations. None: VALIDATE_S; or, with steps alone, VALIDATIONS at equal distances, so
    that the clock decides nothing."""
    workers: int = 0
    """Processes that make data beside each training process; only for data made on the CPU."""

    def __post_init__(self) -> None:
        if self.steps is None and self.minutes is None:
            raise ValueError("Say how long to train: a number of steps, or of minutes.")
        for name in ("steps", "minutes", "batch", "blocks", "learning_rate", "clip", "average_steps"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ValueError(f"{name} must be positive; got {value}.")
        if self.batch % self.blocks:
            raise ValueError(f"A batch of {self.batch} cannot be made of {self.blocks} equal blocks.")

    def validation_is_due(self, step: int, seconds: float) -> bool:
        """Whether to validate now.

        Args:
            step: the number of steps done.
            seconds: since the last validation.
        """
        if self.validate_s is None and self.minutes is None:
            assert self.steps is not None
            return step % max(1, self.steps // VALIDATIONS) == 0
        return seconds >= (VALIDATE_S if self.validate_s is None else self.validate_s)


def learning_rate_share(done: float) -> float:
    """Rise, stay, fall to zero: a good start for longer, whenever it is cut off (Hägele et al., 2024)."""
    return min(1.0, done / WARM + 1e-3, (1 - done) / COOL)
