"""From facts to words: the Swedish subject, text and HTML of a mail, by the Jinja2 templates in `mail_templates/`.

A reminder of a routine with templates of its own is written with these where they are, else with the packaged ones.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from textwrap import TextWrapper

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.exceptions import TemplateNotFound, TemplateSyntaxError
from markupsafe import Markup, escape

from bot.errors import TemplateError
from bot.words import FILTERS, GLOBALS, day, squeeze
from rules.mails import MailFacts, Reminder

_NO_BREAK = "\N{NO-BREAK SPACE}"  # the wrapper breaks lines at plain spaces only
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KEPT = re.compile(r"\b[0-9]+ [a-z] §|\b[0-9]+ §|§ [0-9]+")

ENDINGS = (".subject.txt", ".txt", ".html")  # the three files of a mail
TEXT_WIDTH = 76  # RFC 5322, 2.1.1 recommends at most 78 characters a line


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail in words. `subject` is one line; `text` and `html` say the same and end with a newline."""

    subject: str
    text: str
    html: str


def render(facts: MailFacts, name: str, *, reporter: str) -> Rendered:
    """The mail called `name` (a template's name, such as `two_months`) for these facts.

    reporter: the address (or addresses, with commas) that the mail's last sentence tells people to write to.
    Raises TemplateError for an unknown mail and for a template that asks for a value that does not exist.
    """
    with _told(name):
        values = {"f": facts, "name": name, "reporter": reporter}
        own = facts.templates if isinstance(facts, Reminder) else ""
        subject = squeeze(_text(own).get_template(f"{name}.subject.txt").render(values))
        text = _text(own).get_template(f"{name}.txt").render(values)
        html = _html(own).get_template(f"{name}.html").render(values, subject=subject)
    return Rendered(subject, _tidy(text), html.strip() + "\n")


def passage(facts: object, name: str) -> str:
    """The text of a shared part (`_NAME.txt`) alone: what a file is to say in the words of a mail. Raises TemplateError."""
    with _told(name):
        return _tidy(_text().get_template(f"_{name}.txt").render({"f": facts}))


def missing(name: str, own: str = "") -> tuple[str, ...]:
    """The files of a mail that are neither in the routine's own folder (`own`) nor among the packaged ones."""
    known = set(_text(own).list_templates())
    return tuple(f"{name}{ending}" for ending in ENDINGS if f"{name}{ending}" not in known)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Our own error for whatever a template can do wrong. It names the mail, never the facts: these may be secret."""
    try:
        yield
    except TemplateNotFound as error:
        raise TemplateError(f"There is no mail template {error.name}. Check the files in mail_templates.") from error
    except JinjaError as error:
        line = f" (line {error.lineno} of {error.name})" if isinstance(error, TemplateSyntaxError) else ""
        raise TemplateError(f"The mail {name} could not be written: {error.message}{line}. Check its files in mail_templates.") from error
    except UnicodeError as error:
        raise TemplateError(f"A file of the mail {name} is not UTF-8 text. Check its files in mail_templates.") from error
    except (TypeError, ValueError, AttributeError, KeyError, ArithmeticError, RecursionError, OSError) as error:
        # The message of such an error may quote a value, so only its kind is told.
        raise TemplateError(f"The mail {name} could not be written ({type(error).__name__}). Check its files in mail_templates.") from error


@cache
def _text(own: str = "") -> Environment:
    """For subjects and texts: nothing is escaped, and lines are wrapped."""
    found = _environment(own, autoescape=False)
    found.filters["fill"] = _fill
    return found


@cache
def _html(own: str = "") -> Environment:
    """For HTML: everything is escaped, in the shared parts too, and no line breaks inside a date."""
    found = _environment(own, autoescape=True)
    found.filters["day"] = lambda value: _keep_dates(day(value))
    found.filters["keep_dates"] = _keep_dates
    return found


def _environment(own: str, *, autoescape: bool) -> Environment:
    # Two environments instead of a choice by file name, so that a shared part (`_….j2`) is escaped as the mail that uses it.
    packaged: BaseLoader = PackageLoader("mail_templates", "")
    found = Environment(
        loader=ChoiceLoader([FileSystemLoader(own), packaged]) if own else packaged,
        undefined=StrictUndefined,
        autoescape=autoescape,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters.update(FILTERS)
    found.globals.update(GLOBALS)
    return found


def _fill(value: str, first: str = "", rest: str | None = None) -> str:
    """One wrapped paragraph. A date, a title's word or a link is never cut; `first` and `rest` open its lines."""
    indent = " " * len(first) if rest is None else rest
    wrapper = TextWrapper(TEXT_WIDTH, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)
    kept = _KEPT.sub(lambda found: found[0].replace(" ", _NO_BREAK), squeeze(value))
    return wrapper.fill(kept).replace(_NO_BREAK, " ")


def _keep_dates(value: str) -> Markup:
    """Escapes a text and keeps each ISO date in it on one line: browsers and Word break lines at hyphens."""
    plain = str(escape(value))  # of Markup, the pattern would give Markup, and escape the tags that it puts in
    return Markup(_DATE.sub(r'<span style="white-space:nowrap;">\g<0></span>', plain))


def _tidy(text: str) -> str:
    """No blanks at line ends, one empty line between paragraphs, one newline last."""
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n"
