"""The quarterly report: what its documents show, as values, and how these are made from the register's figures."""

from rules.report.lists import Change, Decision, Exposure, Fault, Reference, Request, Text
from rules.report.quality import Definition, Flaws, Quality, QualityLine
from rules.report.values import Ages, Band, Causes, InsatsRow, Ongoing, Past, PastRow, QuarterReport, Reader, Sexes, Waits

__all__ = [
    "Ages",
    "Band",
    "Causes",
    "Change",
    "Decision",
    "Definition",
    "Exposure",
    "Fault",
    "Flaws",
    "InsatsRow",
    "Ongoing",
    "Past",
    "PastRow",
    "Quality",
    "QualityLine",
    "QuarterReport",
    "Reader",
    "Reference",
    "Request",
    "Sexes",
    "Text",
    "Waits",
]
