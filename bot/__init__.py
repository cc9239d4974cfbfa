"""The shell: gathers and acts; what is decided is decided in `rules`."""
