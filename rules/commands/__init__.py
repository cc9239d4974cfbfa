"""What a reporter writes in reply to a digest: rows that are reported, closed, postponed or settled, and taking it back."""

from rules.commands.model import LONGEST_DAYS, LONGEST_WHY, MOST, Command, Fault, Said, Unread, Verb
from rules.commands.own import own_lines
from rules.commands.reader import read
from rules.commands.sections import possible

__all__ = ["LONGEST_DAYS", "LONGEST_WHY", "MOST", "Command", "Fault", "Said", "Unread", "Verb", "own_lines", "possible", "read"]
