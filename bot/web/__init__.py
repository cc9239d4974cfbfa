"""What the service shows of itself over HTTP: whether it lives, how it is, and figures for monitoring. Nothing personal.

Needs the extra `web`, and is imported only when [web] listen is set.
"""
