"""The jobs, one file each: gather, decide (in `rules`), act. Each may run twice and be killed anywhere."""
