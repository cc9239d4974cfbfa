"""From facts to words: the Swedish subject, text and HTML of a mail, by the Jinja2 templates in `mail_templates/`.

A reminder of a routine with templates of its own is written with these where they are, else with the packaged ones. All of them run in
the sandbox (`bot.sandbox`): a municipality's own may come from anybody.
"""

import linecache
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import PurePath
from textwrap import TextWrapper

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PackageLoader
from jinja2.exceptions import SecurityError, TemplateNotFound, TemplateSyntaxError, UndefinedError
from markupsafe import Markup, escape

from bot.errors import BotError, TemplateError
from bot.sandbox import Sandbox, bounded
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
    """Our own error for whatever a template can do wrong. It names the mail and the line, never the facts: these may be secret."""
    try:
        with bounded():
            yield
    except BotError:
        raise
    except TemplateNotFound as error:
        place, wanted = _file_of(error), str(error.name)
        # A template may include what a fact names, so only a name that stands in it is told.
        shown = wanted if place is None or wanted in place[2] else f"that line {place[1]} of {place[0]} asks for"
        raise TemplateError(f"There is no mail template {shown}. Check the files in mail_templates.") from None
    except TemplateSyntaxError as error:  # its words are the file's own
        said = f"{error.message} (line {error.lineno} of {error.name})"
        raise TemplateError(f"The mail {name} could not be written: {said}. Check its files in mail_templates.") from None
    except UnicodeError:
        raise TemplateError(f"A file of the mail {name} is not UTF-8 text. Check its files in mail_templates.") from None
    except Exception as error:  # the message of any other may quote a value, so only its kind and place are told
        place = _file_of(error)
        said = _why(error, place) + (f", line {place[1]} of {place[0]}" if place else "")
        raise TemplateError(f"The mail {name} could not be written ({said}). Check its files in mail_templates.") from None


def _why(error: Exception, place: tuple[str, int, str] | None) -> str:
    """What went wrong, in words that stand in the template itself or are ours."""
    if isinstance(error, SecurityError):
        return "it does what a template may not do"
    asked = re.findall(r"'([A-Za-z_][A-Za-z0-9_]*)'", str(error)) if isinstance(error, UndefinedError) else []
    if place and asked and re.search(rf"\b{asked[-1]}\b", place[2]):
        return f"there is no value {asked[-1]}"
    return type(error).__name__


def _file_of(error: Exception) -> tuple[str, int, str] | None:
    """The template's file, line and text of that line at which an error was raised; None when it was not inside one."""
    found, trace = None, error.__traceback__
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith((".txt", ".html", ".j2")):
            found = (PurePath(file).name, trace.tb_lineno, linecache.getline(file, trace.tb_lineno))
        trace = trace.tb_next
    return found


@cache
def _text(own: str = "") -> Sandbox:
    """For subjects and texts: nothing is escaped, and lines are wrapped."""
    return _environment(own, autoescape=False)


@cache
def _html(own: str = "") -> Sandbox:
    """For HTML: everything is escaped, in the shared parts too, and no line breaks inside a date."""
    return _environment(own, autoescape=True)


def _environment(own: str, *, autoescape: bool) -> Sandbox:
    # Two environments instead of a choice by file name, so that a shared part (`_….j2`) is escaped as the mail that uses it.
    packaged: BaseLoader = PackageLoader("mail_templates", "")
    loader = ChoiceLoader([FileSystemLoader(own), packaged]) if own else packaged
    special: dict[str, Callable[..., str]] = {"day": _day_kept, "keep_dates": _keep_dates} if autoescape else {"fill": _fill}
    return Sandbox(loader, {**FILTERS, **special}, GLOBALS, autoescape=autoescape)


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


def _day_kept(value: date) -> Markup:
    return _keep_dates(day(value))


def _tidy(text: str) -> str:
    """No blanks at line ends, one empty line between paragraphs, one newline last."""
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n"
