"""What every mail must and must not say."""

import re
from dataclasses import fields, is_dataclass
from datetime import date
from importlib.resources import files

import pytest

from bot.facts import KINDS
from bot.samples import MAILBOX, REPORTER
from rules.mails import ReadyTitle, Reminder, ReminderRow, TitleRejected
from rules.model import Flaw, Verdict
from rules.title import read
from tests.mails.rendered import EVERY, Case, Page, links_in_text, opened

TODAY = date(2026, 4, 21)

HEADINGS = {"Ärende", "Ärenden", "Insats", "datum", "gäller"}  # a list in the text has a heading, a table in HTML has columns

every = pytest.mark.parametrize("case", EVERY, ids=lambda case: case.id)

FORBIDDEN = (  # what would read as an allowed waiting time, as blame, as jargon or as shouting
    "månader på dig",
    "månader på er",
    "frist",
    "inom tre månader",
    "inom 3 månader",
    "senast tre månader",
    "deadline",
    "du har missat",
    "ni har missat",
    "du har glömt",
    "försummat",
    "misslyckats",
    "ogiltig",
    "felkod",
    "systemet har",
    "error",
    "none",
    "undefined",
    "biståndsbedöm",
    "brukare",
    "klient",
    "!!",
)


def titles_in(value: object) -> list[ReadyTitle]:
    """Every ready title in some facts."""
    if isinstance(value, ReadyTitle):
        return [value]
    if isinstance(value, tuple):
        return [found for one in value for found in titles_in(one)]
    if is_dataclass(value):
        return [found for field in fields(value) for found in titles_in(getattr(value, field.name))]
    return []


def test_every_mail_has_three_files_and_samples() -> None:
    """A mail is a subject, a text and an HTML file; shared parts begin with _."""
    found = {path.name for path in files("mail_templates").iterdir() if path.is_file()} - {"__init__.py"}
    own = {name for name in found if not name.startswith("_")}
    mails = {case.sample.mail for case in EVERY}
    assert own == {f"{name}.{end}" for name in mails for end in ("subject.txt", "txt", "html")}
    assert mails >= set(KINDS)


def test_every_flaw_has_its_own_sentence() -> None:
    """Fourteen flaws, fourteen sentences."""
    said = {}
    for case in EVERY:
        if isinstance(case.sample.facts, TitleRejected) and case.sample.name.startswith("flaw_"):
            said[case.sample.facts.flaws] = " ".join(
                case.mail.text.partition("behöver ändras\n---")[2].partition("\nVarför")[0].split("- ")[-1:]
            )
    assert len(said) == len(Flaw) == len(set(said.values()))
    assert all(sentence.strip().count(".") == 1 for sentence in said.values())


@every
def test_closing(case: Case) -> None:
    """Every mail says that it was sent by a program, for whom, and whom to answer."""
    start = f"Det här mejlet är skickat automatiskt av ivobot för IVO-rapportören. Svara till {REPORTER} "
    assert start in " ".join(case.mail.text.split())
    assert start in Page(case.mail.html).text


@every
def test_forbidden_words(case: Case) -> None:
    """No guilt, no jargon, and no text that makes three months an allowed waiting time."""
    for said in (case.mail.subject, " ".join(case.mail.text.split()), Page(case.mail.html).text):
        assert [word for word in FORBIDDEN if word in said.lower()] == []
        assert not re.search(r"\b[A-ZÅÄÖ]{4,}\b", re.sub(r"ÅÅÅÅ-MM-DD", "", said)), "no shouting"


@every
def test_reminders_never_allow_waiting(case: Case) -> None:
    """Where an open decision is reminded of, the law's "without delay" stands beside the months."""
    facts = case.sample.facts
    if isinstance(facts, Reminder) and any(row.outcome is None for row in facts.rows):
        assert "ska verkställas utan dröjsmål hela tiden" in " ".join(case.mail.text.split())


@every
def test_subject(case: Case) -> None:
    """A subject is short, names the case of a single row, never an insats, and is no report, also when it is answered or forwarded."""
    subject = case.mail.subject
    assert 10 <= len(subject) <= 90
    assert "\n" not in subject
    for prefix in ("", "SV: ", "VB: ", "Re: ", "SV: VB: ", "[EXTERN] "):
        assert read(prefix + subject, TODAY).verdict is Verdict.NOT_A_REPORT
    assert not re.search(r"§|\blss\b|kontaktperson|daglig verksamhet|korttids|bostad", subject.lower())
    if case_number := getattr(case.sample.facts, "case", ""):
        assert case_number in subject
    if isinstance(case.sample.facts, Reminder) and len(case.sample.facts.rows) == 1:
        assert case.sample.facts.rows[0].case in subject
    if case.sample.mail != "ask_case":  # its facts hold neither case nor date
        assert re.search(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", subject) or case.sample.mail in ("report_differs", "receipt")


@every
def test_lines(case: Case) -> None:
    """Text is wrapped; only links may be longer."""
    for line in case.mail.text.splitlines():
        assert len(line) <= 100 or line.startswith("mailto:")
        assert line == line.rstrip()


@every
def test_same_facts_in_text_and_html(case: Case) -> None:
    """The same dates, cases, titles, numbers and links stand in both, and nearly the same words."""
    page = Page(case.mail.html)
    plain = " ".join(case.mail.text.split())
    pattern = r"[0-9]{4}-[0-9]{2}-[0-9]{2}|\b[A-Z]-[0-9]+\b|9§[0-9_]+|[\w.-]+@[\w.-]+|\b[0-9]+ (?:dagar|månader)"
    without_links = re.sub(r"mailto:\S+", "", plain)
    assert set(re.findall(pattern, without_links)) == set(re.findall(pattern, page.text))
    assert page.links == links_in_text(case.mail.text)
    words = r"[a-zåäöA-ZÅÄÖ]{4,}"
    assert set(re.findall(words, without_links)) ^ set(re.findall(words, page.text)) <= HEADINGS


@every
def test_links_hold_title_and_case_only(case: Case) -> None:
    """A link opens a message to the mailbox with exactly one of the titles, and at most the case in its body."""
    ready = {title.mailto: title.title for title in titles_in(case.sample.facts)}
    for link in Page(case.mail.html).links:
        address, subject, body = opened(link)
        assert address == MAILBOX
        assert subject == ready[link]
        assert subject in case.mail.text.replace("\n    ", "\n")
        assert body == "" or re.fullmatch(r"Ärende: [\w -]+", body)
    if case.sample.mail in ("overdue_1", "overdue_2", "title_rejected"):
        assert len(Page(case.mail.html).links) == len(ready) > 0


@every
def test_titles_stand_on_their_own_line(case: Case) -> None:
    """What is to be copied is a whole line of the text and a whole cell of the HTML."""
    for link in Page(case.mail.html).links:
        assert f"\n    {opened(link)[1]}\n" in case.mail.text


@pytest.mark.parametrize("name", ["officer_notice"])
def test_no_title_where_another_sends_the_report(name: str) -> None:
    """Who only is told gets no title to send."""
    for case in EVERY:
        if case.sample.mail in (name, "confirm_order", "plan_missing", "yearly_follow_up") or case.sample.name.startswith("provider"):
            assert "mailto:" not in case.mail.html
            assert "Nyrapportering" not in case.mail.text


@every
def test_reminder_tells_its_dates(case: Case) -> None:
    """Each row's case, insats, days, reasons and its law, or the routine, stand in the mail."""
    facts = case.sample.facts
    if not isinstance(facts, Reminder):
        return
    plain = " ".join(case.mail.text.split())
    for row in facts.rows:
        source = f"rutinen ”{facts.routine}”" if row.base else row.law
        for needed in (row.case, row.insats, source, str(row.start), *row.why, *row.advice, *_days(case.sample.mail, row)):
            assert needed in plain
        if row.former:
            assert row.former in plain
            assert str(row.total_days) in plain


def _days(name: str, row: ReminderRow) -> list[str]:
    match name:
        case "two_months":
            return [str(row.contact_by), str(row.mark)]
        case "day_before":
            return [str(row.summary_day), str(row.mark)]
        case "officer_notice":
            return [str(row.mark)]
        case "confirm_order" | "plan_missing" | "yearly_follow_up":
            return [str(row.base)]
        case _:
            return [str(row.mark), row.title.title]


def test_late_is_not_today() -> None:
    """A mail that goes out after its day does not say that the day is today."""
    for case in EVERY:
        if "late" in case.sample.name and case.sample.mail == "day_before":
            assert "i dag" not in case.mail.text.lower()
        if case.sample.mail == "day_before" and case.sample.name == "officer":
            assert "I dag är sista arbetsdagen innan 3 månader har gått" in case.mail.text
