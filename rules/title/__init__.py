"""Reads the title of a report: `read` says what it tells and what is wrong with it, `suggest` how it should be."""

from rules.title.answer import as_json, json_line, suggest
from rules.title.reader import read
from rules.title.vocabulary import Insatser, default_insatser, insatser

__all__ = ["Insatser", "as_json", "default_insatser", "insatser", "json_line", "read", "suggest"]
