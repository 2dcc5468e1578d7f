"""Benchmarks: cost in CPU time and memory, as ratios within one run wherever machines differ."""
