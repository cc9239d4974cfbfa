"""Killing the program at every point where something lasting is done, and at random: nothing is lost, nothing doubled."""
