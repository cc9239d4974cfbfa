"""The sheet for IVO's e-service as text, JSON and an HTML page."""
