"""Benchmarks: run by hand, on a quiet machine. The suite only sees that they run."""
