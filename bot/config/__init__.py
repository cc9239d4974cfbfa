"""The configuration: read once at the start, checked, frozen. Importing this costs pydantic; commands that need none do without."""

from bot.config.loading import load
from bot.config.mailboxes import MailboxBase, Maildir
from bot.config.model import Config
from bot.config.people import Officer, People, name_key
from bot.config.routine import active_routine

__all__ = ["Config", "MailboxBase", "Maildir", "Officer", "People", "active_routine", "load", "name_key"]
