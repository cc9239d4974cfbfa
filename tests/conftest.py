"""Properties are tried on the same examples in every run; the fuzzers in `bench/` try new ones."""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")
