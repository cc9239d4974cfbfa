"""IVO's option lists as the e-service shows them. The data stand in `data/ivo_options.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def options() -> Mapping[str, Any]:
    """The whole list, as its file holds it."""
    return tomllib.loads((files("rules") / "data" / "ivo_options.toml").read_text("utf-8"))


@cache
def insatser() -> tuple[str, ...]:
    """The keys of the insatser, "9§1" to "9§10"."""
    return tuple(choice["key"] for choice in options()["insats"])


@cache
def text(insats: str, form: str = "") -> str:
    """How IVO writes an insats and its form; the insats itself where the list has none. Without the hint about unknown forms."""
    for choice in options()["insats"]:
        if choice["key"] == insats:
            texts = {f["key"]: f["text"] for f in choice["forms"]}
            return str(texts.get(form, texts.get("", insats))).split(" (väljs")[0]
    return insats
