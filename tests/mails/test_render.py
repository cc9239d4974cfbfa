"""Rendering: what is undefined is an error, what is hostile is escaped."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot import render as rendering
from bot.errors import TemplateError
from bot.render import render
from bot.samples import REPORTER, SAMPLES
from bot.words import bar_cells, cap, count, day, insats, listed, months_between, quarter, squeeze
from rules.mails import Digest, MailFacts, ReadyTitle, Reminder, ReportDiffers
from rules.remind import ready

FIRST = {sample.mail: sample for sample in reversed(SAMPLES)}
HOSTILE = '<script>alert("1")</script> & {{ 7 * 7 }}'


def reminder() -> Reminder:
    """A reminder with one row."""
    return cast(Reminder, FIRST["overdue_1"].facts)


def test_undefined_value_is_an_error() -> None:
    """A template that asks for what is not there writes no mail."""
    for name in FIRST:
        with pytest.raises(TemplateError):
            render(cast(MailFacts, SimpleNamespace()), name, reporter=REPORTER)


def test_unknown_mail() -> None:
    """The error says which file is missing."""
    with pytest.raises(TemplateError, match=r"nothing\.subject\.txt"):
        render(reminder(), "nothing", reporter=REPORTER)


@pytest.mark.parametrize("name", ["../bot/errors", "_base", "two_months.subject"])
def test_name_is_no_path(name: str) -> None:
    """A name reaches nothing but mails."""
    with pytest.raises(TemplateError):
        render(reminder(), name, reporter=REPORTER)


def test_error_quotes_no_fact() -> None:
    """What went wrong is told without the facts."""
    broken = replace(reminder(), rows=(replace(reminder().rows[0], case="SECRET", mark=cast(date, "SECRET")),))
    with pytest.raises(TemplateError) as caught:
        render(broken, "overdue_1", reporter=REPORTER)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("name", [name for name, sample in FIRST.items() if isinstance(sample.facts, Reminder)])
def test_html_is_escaped(name: str) -> None:
    """A case number, a text or a title cannot bring tags into the mail; templates are not read twice."""
    row = cast(Reminder, FIRST[name].facts).rows[0]
    row = replace(row, case=HOSTILE, insats_text=HOSTILE, why=(HOSTILE,), advice=(HOSTILE,), former=HOSTILE, law=HOSTILE)
    row = replace(row, title=ready(HOSTILE, "a@kommun.example", HOSTILE))
    for rows in ((row,), (row, row)):
        facts = replace(cast(Reminder, FIRST[name].facts), rows=rows, owner=HOSTILE, in_place_of=HOSTILE, routine=HOSTILE)
        mail = render(facts, name, reporter=HOSTILE)
        assert "<script" not in mail.html
        assert "{{ 7 * 7 }}" in mail.text
        assert "&lt;script&gt;" in mail.html


def test_digest_and_differs_are_escaped() -> None:
    """Also where words are looked up."""
    digest = cast(Digest, FIRST["digest"].facts)
    rows = tuple(
        replace(section, name=name, rows=tuple(replace(row, case=HOSTILE, to=HOSTILE, what=HOSTILE) for row in section.rows))
        for section in digest.sections
        for name in (section.name, HOSTILE)
    )
    facts = replace(digest, sections=rows, health=(HOSTILE,), window=replace(digest.window, quarter=HOSTILE))
    assert "<script" not in render(facts, "digest", reporter=REPORTER).html
    differs = cast(ReportDiffers, FIRST["report_differs"].facts)
    assert "<script" not in render(replace(differs, case=HOSTILE, read=HOSTILE), "report_differs", reporter=REPORTER).html


def test_only_mailto_becomes_a_link() -> None:
    """Facts cannot bring another kind of link."""
    row = replace(reminder().rows[0], title=ReadyTitle("IVO", "javascript:alert(1)"))
    with pytest.raises(TemplateError):
        render(replace(reminder(), rows=(row,)), "overdue_1", reporter=REPORTER)


def test_line_breaks_in_facts_make_no_lines() -> None:
    """A case with line breaks stays on one line, in the subject too."""
    mail = render(replace(reminder(), rows=(replace(reminder().rows[0], case="E-7\r\nBcc: x@y.example"),)), "overdue_1", reporter=REPORTER)
    assert "\n" not in mail.subject
    assert "\nBcc" not in mail.text


def test_environment_is_built_once() -> None:
    """Templates are compiled once in a process."""
    assert rendering._html() is rendering._html()
    assert rendering._text() is not rendering._html()


def test_words() -> None:
    """The small words."""
    assert day(date(2026, 4, 15)) == "onsdag 2026-04-15"
    assert cap("onsdag") == "Onsdag"
    assert squeeze(" a \n b ") == "a b"
    assert [count(n, "dag", "dagar") for n in (0, 1, 2)] == ["0 dagar", "1 dag", "2 dagar"]
    assert [listed(x) for x in ((), "a", "ab", "abc")] == ["", "a", "a och b", "a, b och c"]
    assert quarter("2026Q1") == "första kvartalet 2026"
    assert quarter("?") == "?"
    assert months_between(date(2025, 11, 30), date(2026, 2, 28)) == 3
    row = reminder().rows[0]
    assert insats(row) == "9§4 Kontaktperson"
    assert insats(replace(row, insats="9§6", insats_text="9 § 6 Korttidsvistelse (väljs ENDAST om form …)")) == "9§6 Korttidsvistelse"
    assert insats(replace(row, insats_text="")) == "9§4"


@pytest.mark.parametrize(
    "done, total, cells", [(0, 8, (0, 20)), (1, 200, (1, 19)), (12, 20, (12, 8)), (199, 200, (19, 1)), (8, 8, (20, 0)), (0, 0, (20, 0))]
)
def test_bar(done: int, total: int, cells: tuple[int, int]) -> None:
    """Full only when all is done, empty only when nothing is."""
    assert bar_cells(done, total) == cells


def test_digest_survives_unknown_words() -> None:
    """A word that the digest does not know costs a general sentence, not the morning's mail."""
    digest: Any = FIRST["digest"].facts
    sections = tuple(replace(s, rows=tuple(replace(r, what="new_word", day=None, days=None) for r in s.rows)) for s in digest.sections)
    mail = render(replace(digest, sections=sections), "digest", reporter=REPORTER)
    assert "new_word" not in mail.text


def own_templates(folder: Path, **files: str) -> str:
    """A routine's own folder with some templates; a file's name is written with __ for a full stop."""
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, "utf-8")
    return str(folder)


def test_a_routine_has_mails_of_its_own(tmp_path: Path) -> None:
    """What stands in the routine's folder goes before the packaged templates, file by file, and may build on their parts."""
    own = own_templates(tmp_path, overdue_1__subject__txt="Ärende {{ f.rows[0].case }}: öns egna ord")
    mail, usual = render(replace(reminder(), templates=own), "overdue_1", reporter=REPORTER), FIRST["overdue_1"]
    assert mail.subject == "Ärende E-7: öns egna ord"
    assert mail.text == render(usual.facts, "overdue_1", reporter=REPORTER).text


def test_a_mail_that_only_the_routine_has(tmp_path: Path) -> None:
    """A new mail needs its three files and no line of code; another routine does not see it."""
    text = '{% extends "_base.txt" %}{% block body %}Hej om {{ f.rows[0].case }}{% endblock %}'
    own = own_templates(tmp_path, boka__subject__txt="Ärende {{ f.rows[0].case }}", boka__txt=text, boka__html=text.replace("txt", "html"))
    mail = render(replace(reminder(), templates=own), "boka", reporter=REPORTER)
    assert mail.text.startswith("Hej om E-7") and "Hej om E-7" in mail.html and REPORTER in mail.text
    with pytest.raises(TemplateError, match="boka"):
        render(reminder(), "boka", reporter=REPORTER)


def test_missing_files_are_named(tmp_path: Path) -> None:
    """Of a mail's three files those that are nowhere."""
    own = own_templates(tmp_path, boka__txt="x")
    assert rendering.missing("boka", own) == ("boka.subject.txt", "boka.html")
    assert rendering.missing("overdue_1", own) == rendering.missing("overdue_1") == ()


@pytest.mark.parametrize("wrong", ["{{ f.rows[0].nothing }}", "{% if %}", "{{ 1 / 0 }}", '{% extends "_nowhere.txt" %}'])
def test_a_broken_own_template_is_our_own_error(tmp_path: Path, wrong: str) -> None:
    """Whatever a municipality writes, a mail that cannot be written is told, and the service goes on."""
    own = own_templates(tmp_path, overdue_1__txt=wrong)
    with pytest.raises(TemplateError, match=r"overdue_1|_nowhere"):
        render(replace(reminder(), templates=own), "overdue_1", reporter=REPORTER)
