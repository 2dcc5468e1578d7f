"""One thread unless asked for more: the matrices of one photo are so small that threads only wait.

On a busy two-core machine the default made a fit's matrix products fifty times slower. Whoever trains or runs
batches sets HMR_THREADS.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from threadpoolctl import threadpool_limits

ENVIRONMENT = "HMR_THREADS"


def thread_count() -> int:
    """HMR_THREADS, or one.

    Raises:
        ValueError: the variable is not a positive whole number.
    """
    text = os.environ.get(ENVIRONMENT, "1")
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{ENVIRONMENT} must be a positive whole number of threads; got {text!r}.")
    return int(text)


def limit_threads() -> None:
    """For the start of a program: torch and the BLAS behind numpy use thread_count() threads."""
    torch.set_num_threads(thread_count())
    threadpool_limits(thread_count(), user_api="blas")


@contextmanager
def few_blas_threads() -> Iterator[None]:
    """For code that multiplies small matrices in a loop: numpy's BLAS is limited, and restored after."""
    with threadpool_limits(thread_count(), user_api="blas"):
        yield
