"""What each mail says, as values: the facts that its templates put into Swedish words."""

from rules.mails.alarm import Alarm, Trouble
from rules.mails.answers import AskCase, Incident, Receipt, ReportDiffers, TitleRejected
from rules.mails.commands import AnsweredLine, DigestAnswer
from rules.mails.morning import Balance, Digest, DigestRow, DigestSection, WindowFacts
from rules.mails.quarters import Quarterly, QuarterlyRow
from rules.mails.register import FileTaken, RegisterReport, RowFault, RowNotice
from rules.mails.reminders import ReadyTitle, Reminder, ReminderRow

__all__ = [
    "Alarm",
    "AnsweredLine",
    "AskCase",
    "Balance",
    "Digest",
    "DigestAnswer",
    "DigestRow",
    "DigestSection",
    "FileTaken",
    "Incident",
    "MailFacts",
    "Quarterly",
    "QuarterlyRow",
    "ReadyTitle",
    "Receipt",
    "RegisterReport",
    "Reminder",
    "ReminderRow",
    "ReportDiffers",
    "RowFault",
    "RowNotice",
    "TitleRejected",
    "Trouble",
    "WindowFacts",
]

MailFacts = (
    Reminder | TitleRejected | ReportDiffers | AskCase | Receipt | Incident | RegisterReport | Digest | DigestAnswer | Quarterly | Alarm
)
