"""Mail templates that a municipality wrote, or took from somebody: no way out of the sandbox, an end to work and text, no fact in an error.

File names and headers are never built from what was received or from what a template says.
"""

import email
import email.policy
import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import cast

import pytest

from bot import sandbox
from bot.compose import compose
from bot.errors import TemplateError
from bot.render import Rendered, render
from bot.samples import REPORTER, SAMPLES
from rules.mails import Reminder
from tests.bot.town import ANNA, ask, ivobot, letter, rows, town

SECRET = "Kunigunda-77"
SECONDS = 30  # a bound has to hold on a busy machine; without one none of these ends at all


def reminder(folder: Path, source: str, file: str = "overdue_1.txt") -> Reminder:
    """A reminder about a case that no error may tell, written with this template."""
    (folder / file).write_text(source, "utf-8")
    facts = cast(Reminder, next(sample.facts for sample in SAMPLES if sample.mail == "overdue_1"))
    return replace(facts, templates=str(folder), rows=(replace(facts.rows[0], case=SECRET),))


def text_of(folder: Path, source: str) -> str:
    own = Path(mkdtemp(dir=folder))  # templates are read once in a process
    return render(reminder(own, source), "overdue_1", reporter=REPORTER).text.strip()


ESCAPES = (
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ f.__class__.__init__.__globals__ }}",
    "{{ f['__class__'] }}",
    "{{ f|attr('__class__') }}",
    "{{ f.rows|map(attribute='__class__')|first }}",
    "{{ [f]|map('attr', '__class__')|list }}",
    "{{ (f.rows|first).__dataclass_fields__ }}",
    "{{ '{0.__class__}'.format(f) }}",
    "{{ '{0.__class__}'|format(f) }}",
    "{{ ''|attr('format')('x') }}",
    "{{ [['{0.__class__}'].pop().format]|map('string')|list }}",
    "{{ '%s'|format(f) }}",
    "{{ '%s' % f }}",
    "{{ ''.format_map({}) }}",
    "{{ count.__globals__ }}",
    "{{ count.__code__ }}",
    "{{ day.__func__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ self.__init__ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ joiner.__init__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ range.__class__ }}",
    "{{ caller.__class__ }}",
    "{{ config }}",
    "{{ dict.mro() }}",
    "{% set x = f.rows.__class__ %}{{ x }}",
    "{% macro m() %}{% endmacro %}{{ m.__call__.__func__.__globals__ }}",
    "{{ f.rows[0].mark.__reduce__() }}",
    "{{ f.rows[0].mark.fromordinal(1) }}",
    "{{ f.rows[0].mark.replace(year=1) }}",
    "{{ f.rows[0].mark.strftime('%1000000000d') }}",
    "{% import 'os' as os %}{{ os.system('id') }}",
    "{% include '/etc/passwd' %}",
    "{% include '../config.toml' %}",
    "{% include '../../../../../../etc/hostname' %}",
    "{% extends '/etc/passwd' %}",
    "{% do f.rows.append(1) %}",
    "{% set f.case = 1 %}",
    "{{ f.rows.append(1) }}",
    "{{ {}.update(a=1) }}",
    "{{ [1].clear() }}",
    "{{ 'x'.encode() }}",
    "{{ print(1) }}",
    "{{ open('/etc/passwd') }}",
    "{{ ''|pprint }}",
    "{{ [1,2]|random }}",
    "{{ 1|_spend }}",
    "{{ -1000000000|_spend }}",
    "{{ -1000000000 | _spend }}",
)


@pytest.mark.parametrize("source", ESCAPES)
def test_no_way_out(tmp_path: Path, source: str) -> None:
    """Neither Python's inside nor the machine's files, nor a change of the facts."""
    with pytest.raises(TemplateError):
        text_of(tmp_path, source)


def test_a_link_out_of_the_folder_is_the_operators_own(tmp_path: Path) -> None:
    """A file is looked for by its name in two folders and nowhere else; a folder of the same name as a mail is no mail."""
    (tmp_path / "overdue_1.txt").mkdir()
    facts = cast(Reminder, next(sample.facts for sample in SAMPLES if sample.mail == "overdue_1"))
    mail = render(replace(facts, templates=str(tmp_path)), "overdue_1", reporter=REPORTER)
    assert mail == render(facts, "overdue_1", reporter=REPORTER)


ENDLESS = {
    "loops in loops": "{% for a in range(1000) %}" * 4 + "x" + "{% endfor %}" * 4,
    "loops that say nothing": "{% for a in range(1000) %}" * 6 + "{% endfor %}" * 6,
    "loops that pass over all": "{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(1000) if false %}{% endfor %}" * 1
    + "{% endfor %}" * 2,
    "loops that set": "{% for a in range(1000) %}{% for b in range(1000) %}{% set x = a %}{% endfor %}{% endfor %}",
    "a long range": "{{ range(100000000)|list|length }}",
    "a range of ranges": "{{ range(10**9)|sum }}",
    "power": "{{ 9**(9**9) }}",
    "power of a float": "{{ (9.0**9)**99999 }}",
    "power in a constant": "{% set x = 9**999999999 %}",
    "times": "{{ 'x' * 10000000000 }}",
    "times before": "{{ 10000000000 * 'x' }}",
    "times a list": "{{ ([0] * 1000000000)|length }}",
    "times a tuple": "{{ ((0,) * 1000000000)|length }}",
    "times step by step": "{% set n = namespace(x='x') %}{% for i in range(999) %}{% set n.x = n.x * 9 %}{% endfor %}",
    "squares": "{% set n = namespace(x=9) %}{% for i in range(999) %}{% set n.x = n.x * n.x %}{% endfor %}{{ n.x }}",
    "doubling by +": "{% set n = namespace(x='x') %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}{{ n.x|length }}",
    "doubling by ~": "{% set n = namespace(x='x') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}{{ n.x|length }}",
    "doubling inside": "{% set n = namespace(x='x') %}{% for i in range(99) %}{% set n.x = [(n.x ~ (n.x ~ '')) ~ n.x][0] %}{% endfor %}",
    "doubling a list": "{% set n = namespace(x=[0]) %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}{{ n.x|length }}",
    "doubling by join": "{% set n = namespace(x='x') %}{% for i in range(99) %}{% set n.x = [n.x, n.x]|join %}{% endfor %}",
    "doubling by a block": "{% set n = namespace(x='x') %}{% for i in range(99) %}{% set y %}{{ n.x }}{{ n.x }}{% endset %}{% set n.x = y %}"
    "{% endfor %}",
    "doubling by a macro": "{% macro m(x) %}{{ x }}{{ x }}{% endmacro %}{% set n = namespace(x='x') %}{% for i in range(99) %}"
    "{% set n.x = m(n.x) %}{% endfor %}",
    "join of much": "{% set x = 'x' * 99999 %}{% set l = [x] * 99999 %}{{ (l|join)|length }}",
    "join of a generator": "{% set x = 'x' * 99999 %}{% set l = [x] * 99999 %}{{ (l|map('trim')|join)|length }}",
    "a macro of itself": "{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}",
    "a macro twice of itself": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    "a macro of itself by caller": "{% macro m(n) %}{% if n %}{% call m(n - 1) %}{% endcall %}{% call m(n - 1) %}{% endcall %}{% endif %}"
    "{% endmacro %}{{ m(60) }}",
    "itself": "{% include 'overdue_1.txt' %}",
    "itself twice": "{% include 'overdue_1.txt' %}{% include 'overdue_1.txt' %}",
    "its own parent": "{% extends 'overdue_1.txt' %}",
    "its own block": "{% block b %}{{ self.b() }}{{ self.b() }}{% endblock %}",
    "a recursive loop": "{% for x in [[1]] recursive %}{{ loop(x) }}{{ loop(x) }}{% endfor %}",
    "padding": "{{ 'x'|center(10000000000) }}",
    "padding by a method": "{{ 'x'.ljust(10000000000) }}",
    "padding by a format": "{{ '%010000000000d' % 1 }}",
    "padding by another": "{{ '{:>10000000000}'.format(1) }}",
    "indent": "{{ 'x\n'|indent(10000000000) }}",
    "batches": "{{ [1]|batch(10000000000, 'x')|list }}",
    "slices": "{{ [1]|slice(10000000000)|list }}",
    "replacing": "{{ ('x' * 99999)|replace('x', 'x' * 99999)|length }}",
    "replacing by a method": "{{ ('x' * 99999).replace('x', 'x' * 99999)|length }}",
    "rounding": "{{ 1|round(1000000000, 'ceil') }}",
    "chance": "{{ lipsum(n=100000000) }}",
    "wrapping": "{{ ('x' * 99999)|wordwrap(1)|length }}",
    "a long file": "x" * 1_000_000,
    "a file of parts": "{% set x = 'x' * 99999 %}" + "{{ x }}" * 1000,
    "a deep file": "{% if 1 %}" * 5000 + "{% endif %}" * 5000,
    "deep brackets": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "many operators": "{{ 1" + "+1" * 50_000 + " }}",
    "much text in a loop": "{% for a in range(1000) %}" + "x" * 100_000 + "{% endfor %}",
    "comparing": "{% set x = 'x' * 99999 %}{% for a in range(1000) %}{% for b in range(1000) %}{% if x ~ a == x ~ b %}{% endif %}{% endfor %}"
    "{% endfor %}",
    "slicing": "{% set x = 'x' * 99999 %}{% for a in range(1000) %}{% for b in range(1000) %}{% set y = x[1:] %}{% endfor %}{% endfor %}",
    "sorting": "{% set x = ['x', 'y'] * 9999 %}{% for a in range(1000) %}{% for b in range(1000) %}{% set y = x|sort %}{% endfor %}{% endfor %}",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_an_end_to_work_and_text(tmp_path: Path, name: str) -> None:
    """What would never end, or fill the machine, is our own error within seconds."""
    begun = time.thread_time()
    with pytest.raises(TemplateError) as caught:
        text_of(tmp_path, ENDLESS[name])
    assert time.thread_time() - begun < SECONDS
    assert len(str(caught.value)) < 300


def test_what_a_mail_may_say(tmp_path: Path) -> None:
    """What the packaged templates use, and a municipality would, works: loops, macros, filters, our own words, text of a thousand rows."""
    assert (
        text_of(tmp_path, "{{ 'a' ~ 1 ~ f.rows[0].k }}|{{ 2 * 3 + 4 - 1 }}|{{ '-' * 3 }}|{{ 7 // 2 }}|{{ 7 % 2 }}|{{ 2**3 }}")
        == "a11|9|---|3|1|8"
    )
    assert text_of(tmp_path, "{% for r in f.rows %}{{ loop.index }} {{ loop.cycle('a', 'b') }}{{ loop.last }}{% endfor %}") == "1 aTrue"
    assert text_of(tmp_path, "{% macro m(x) %}<{{ x }}{{ caller() }}>{% endmacro %}{% call m(1) %}c{% endcall %}") == "<1c>"
    assert text_of(tmp_path, "{{ f.rows[0].mark|day }} {{ count(2, 'dag', 'dagar') }} {{ ['a', 'b']|listed }}").endswith("2 dagar a och b")
    assert text_of(tmp_path, "{{ f.rows[0].mark.isoformat()[:4] }}{{ 'Å'.lower() }}{{ 'a,b'.split(',')[1] }}").endswith("åb")
    assert text_of(tmp_path, "{% set n = namespace(x=0) %}{% for i in range(5) %}{% set n.x = n.x + i %}{% endfor %}{{ n.x }}") == "10"
    assert text_of(tmp_path, "{% for i in range(1000) %}{{ i }}: {{ 'x' * 1000 }}\n{% endfor %}").count("\n") == 999


def test_each_mail_has_its_own_measure(tmp_path: Path) -> None:
    """What one mail has used is not taken from the next."""
    for _ in range(15):
        assert len(text_of(tmp_path, "{% for i in range(1000) %}{{ 'x' * 1000 }}\n{% endfor %}")) > 1_000_000


def test_a_fact_is_never_read_as_a_template(tmp_path: Path) -> None:
    """What stands in a fact, or is put together out of it, is text."""
    facts = reminder(tmp_path, "{{ f.rows[0].case }}{% set x = '{{ 7' ~ ' * 7 }}' %}{{ x }}")
    hostile = replace(facts, rows=(replace(facts.rows[0], case="{{ 7 * 7 }}{% include 'x' %}"),))
    assert render(hostile, "overdue_1", reporter=REPORTER).text.strip() == "{{ 7 * 7 }}{% include 'x' %}{{ 7 * 7 }}"


LEAKS = (
    "{{ f[f.rows[0].case] }}",
    "{{ f.rows[0][f.rows[0].case] }}",
    "{{ {}[f.rows[0].case] }}",
    "{{ {}[f.rows[0].case].x }}",
    "{% include f.rows[0].case %}",
    "{% include [f.rows[0].case, 'also-' ~ f.rows[0].case] %}",
    "{% extends f.rows[0].case %}",
    "{% import f.rows[0].case as x %}",
    "{{ f.rows[0].case|int + f.rows[0].case }}",
    "{{ f.rows[0].case() }}",
    "{{ f.rows[0].case.nothing }}",
    "{{ f.rows[0].case.format() }}",
    "{{ f.rows[0].case|map(f.rows[0].case)|list }}",
    "{{ f.rows[0].case - 1 }}",
    "{{ f.rows[0].case % 1 }}",
    "{{ f.rows|map(attribute=f.rows[0].case)|first }}",
    "{{ f.rows[0].case|day }}",
    "{{ f.rows[0]|mailto }}",
    "{{ f.nothing }}",
    "{{ nothing }}",
    "{{ f.rows[99].case }}",
    "{{ 1 / 0 }}",
    "{% for a in 1 %}{% endfor %}",
    "{{ f.rows[0].case",
    "{% kunigunda %}",
)


@pytest.mark.parametrize("source", LEAKS)
def test_an_error_tells_no_fact(tmp_path: Path, source: str) -> None:
    """The sentence is stored, logged and shown; and with --debug the traceback is, so nothing hangs on the error either."""
    with pytest.raises(TemplateError) as caught:
        text_of(tmp_path, source)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_an_error_says_where(tmp_path: Path) -> None:
    """The author of a template is told the line, and the value that is not there when the template itself names it."""
    with pytest.raises(TemplateError, match=r"no value nothing, line 2 of overdue_1\.txt"):
        text_of(tmp_path, "x\n{{ f.nothing }}")
    with pytest.raises(TemplateError, match=r"UndefinedError, line 1 of overdue_1\.txt"):
        text_of(tmp_path, "{{ {}[f.rows[0].case].x }}")
    with pytest.raises(TemplateError, match=r"may not do, line 1"):
        text_of(tmp_path, "{{ f.__class__.x }}")


def test_html_of_its_own_is_escaped(tmp_path: Path) -> None:
    """A municipality's HTML cannot let a fact bring tags in by mistake: there is no filter that says so."""
    with pytest.raises(TemplateError):
        render(reminder(tmp_path, "{{ f.rows[0].case|safe }}", "overdue_1.html"), "overdue_1", reporter=REPORTER)
    facts = reminder(tmp_path, "<b>{{ f.rows[0].case ~ '<i>' }}</b>{{ ['<u>']|join }}", "overdue_1.html")
    hostile = replace(facts, rows=(replace(facts.rows[0], case="<script>"),))
    assert render(hostile, "overdue_1", reporter=REPORTER).html == "<b>&lt;script&gt;&lt;i&gt;</b>&lt;u&gt;\n"


def test_the_budget_is_left_behind(tmp_path: Path) -> None:
    """After an error nothing is counted on."""
    with pytest.raises(TemplateError):
        text_of(tmp_path, ENDLESS["doubling by +"])
    assert sandbox._budget.get() is None


HOSTILE = (
    "a\r\nBcc: evil@x.example",
    "a\nX-Ivobot: name=x; key=y",
    "a\r\n\r\n<html>",
    "a\0b",
    "=?utf-8?q?=0D=0ABcc:_evil@x.example?=",
    "\u202egnp.exe",
    "a\u2028Bcc: evil@x.example",
    "x" * 5000,
)


@pytest.mark.parametrize("said", HOSTILE)
def test_headers_are_never_built_from_what_a_template_says(said: str) -> None:
    """A subject is one line, encoded where it must be; it begins no header, whatever a template or a fact put in it."""
    raw = compose(
        Rendered(said, said, f"<p>{said}</p>"),
        name="overdue_1",
        key="a" * 40,
        message_id="<a@kommun.example>",
        sender="ivo@kommun.example",
        to=(ANNA,),
        date=datetime(2026, 4, 15, 8, tzinfo=UTC),
    )
    head = raw.partition(b"\r\n\r\n")[0]
    names = re.findall(rb"(?m)^([A-Za-z-]+):", head)
    assert sorted(names) == sorted(set(names)) and b"Bcc" not in names
    assert not re.search(rb"[^\r]\n|\r[^\n]|\0", head)
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert parsed["To"] == ANNA and parsed["X-Ivobot"] == f"name=overdue_1; key={'a' * 40}"


@pytest.mark.parametrize("value", [said for said in HOSTILE if "\n" in said or "\0" in said] + ["a@kommun.example, evil@x.example", ""])
def test_headers_are_never_built_from_a_bad_address(value: str) -> None:
    """An address, a name, a key or a Message-ID of ours that is none is an error, and a letter's Message-ID that is none is left out."""
    usual = {"name": "overdue_1", "key": "a" * 40, "message_id": "<a@kommun.example>", "sender": "ivo@kommun.example"}
    when = datetime(2026, 4, 15, 8, tzinfo=UTC)
    words = Rendered("s", "t\n", "<p>t</p>\n")
    for field in usual:
        with pytest.raises(TemplateError) as caught:
            compose(words, **(usual | {field: value}), to=(ANNA,), date=when)
        assert not value or value not in str(caught.value)
    for to, cc in (((value,), ()), ((ANNA,), (value,))):
        with pytest.raises(TemplateError):
            compose(words, **usual, to=to, cc=cc, date=when)
    raw = compose(words, **usual, to=(ANNA,), date=when, in_reply_to=value, references=(value, f"<{value}>"))
    assert b"evil" not in raw and b"In-Reply-To" not in raw


def test_file_names_are_never_built_from_what_was_received(tmp_path: Path) -> None:
    """Whatever a letter says, the files that the program makes are called by hashes and numbers of its own."""
    bad = "../../evil\u202e/Kunigunda.exe"
    place = town(tmp_path, rows("E-1", "../../evil"), IVOBOT_BOT__MODE="dry")
    for n, subject in enumerate(
        (f"IVO – Nyrapportering {bad}", "IVO – Nyrapportering, 9§4", f"IVO – Nyrapportering 2026-04-15, 9§4 {bad}")
    ):
        one = letter(subject, body=f"Ärende: {bad}\n", X_Ivobot="") | {"id": f"<{n}/../../evil@kommun.example>"}
        one["headers"].pop("X-Ivobot")
        place.drop(one, "2026-04-15T09:00")
    done = ivobot(place, "run", "--once", "--now", "2026-04-15T09:00")
    assert done.code == 0
    files = [path for path in (place.home / "data").rglob("*") if path.is_file()]
    assert [path for path in files if path.parent.name == "dry"]
    for path in files:
        assert re.fullmatch(r"ivobot\.db(-wal|-shm)?|hash-1\.key|[0-9a-f]{40}\.eml|[a-z-]+\.(key|lock|json)|round", path.name), path
    assert {path.name for path in tmp_path.iterdir()} == {"mailbox", "data", "register.csv"}
    ids = [row["message_id"] for row in ask(place, "SELECT message_id FROM mail WHERE message_id IS NOT NULL")]
    assert ids and all(re.fullmatch(r"<[0-9a-f]{40}@kommun\.example>", one) for one in ids)
