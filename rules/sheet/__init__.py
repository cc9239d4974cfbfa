"""The sheet for IVO's e-service: its tabs and fields in its own order, filled from the letter and the register, with what is missing."""

from rules.sheet.build import Given, sheet
from rules.sheet.choices import Choices, choices
from rules.sheet.merged import merged
from rules.sheet.model import Field, Level, Material, Problem, Said, Sheet, Source, Tab, Target
from rules.sheet.targets import chosen, final_done, targets
from rules.sheet.work import Item, Work, documented, work

__all__ = [
    "Choices",
    "Field",
    "Given",
    "Item",
    "Level",
    "Material",
    "Problem",
    "Said",
    "Sheet",
    "Source",
    "Tab",
    "Target",
    "Work",
    "choices",
    "chosen",
    "documented",
    "final_done",
    "merged",
    "sheet",
    "targets",
    "work",
]
