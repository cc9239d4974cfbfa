"""Sample facts for every mail and its variants, with invented cases: for `ivobot mails`, and for the tests of the templates."""

from bot.samples.alarms import alarms
from bot.samples.answers import answers
from bot.samples.base import MAILBOX, REPORTER, Sample
from bot.samples.commands import commands
from bot.samples.digests import digests
from bot.samples.quarters import quarters
from bot.samples.reminders import reminders
from bot.samples.steps import steps

__all__ = ["MAILBOX", "REPORTER", "SAMPLES", "Sample"]

SAMPLES: tuple[Sample, ...] = (*reminders(), *steps(), *answers(), *digests(), *quarters(), *alarms(), *commands())
"""Every mail with every variant, in a fixed order; a mail's first sample is its plainest."""
