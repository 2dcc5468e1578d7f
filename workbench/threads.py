"""One thread unless asked for more: the matrices of one photo are so small that threads only wait.

On a busy two-core machine the default made a fit's matrix products fifty times slower. Whoever trains or runs
batches sets WORKBENCH_THREADS. Programs call limit_threads once, when they start; the library itself never
changes what belongs to the whole process.
"""

import os

import torch
from threadpoolctl import threadpool_limits

ENVIRONMENT = "WORKBENCH_THREADS"


def thread_count() -> int:
    """WORKBENCH_THREADS, or one.

    Raises:
        ValueError: the variable is not a positive whole number.
    """
    text = os.environ.get(ENVIRONMENT, "1")
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{ENVIRONMENT} must be a positive whole number of threads; got {text!r}.")
    return int(text)


def limit_threads() -> None:
    """Torch, and the BLAS behind numpy, use thread_count() threads from now on.

    Raises:
        ValueError: see thread_count.
    """
    torch.set_num_threads(thread_count())
    threadpool_limits(thread_count(), user_api="blas")
