"""Letters as anybody may have made them: what is read, what is refused, and that nothing escapes or takes long."""

import base64
import email
import email.policy
import html
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mailbox import address, encoded, text
from bot.mailbox.base import Letter, LetterId, Unreadable
from bot.mailbox.letter import parse

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
REFERENCE_PIECES = (
    "&amp",
    "&amp;",
    "&no",
    "tin;",
    "&notin;",
    "&notit",
    "&#12",
    "3",
    "&#123;",
    "&#x41",
    "&nbsp;",
    ";",
    "#",
    "&",
    " ",
    "g",
    "<",
)
ID = LetterId("1770000000.1_1.test")


def read(raw: bytes) -> Letter:
    found = parse(ID, raw, NOW)
    assert isinstance(found, Letter)
    return found


def with_subject(raw: bytes) -> str:
    return read(b"From: anna@kommun.example\nSubject:" + raw + b"\nTo: x@kommun.example\n\nhej").subject


def body_of(raw: bytes) -> str:
    return read(b"From: anna@kommun.example\n" + raw).body


@pytest.mark.parametrize(
    "raw, reason",
    [
        (b"", "empty"),
        (b"\n\r\n \t", "empty"),
        (b"\0" * 5000, "empty"),
        (b"hej", "no_header"),
        (b"\x00\xff\xfe no header at all\n\n", "no_header"),
        (b"Hej: detta\n\nFrom: a@kommun.example\n", "no_header"),  # a header of no known mail, and one in the body
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "no_header"),
    ],
)
def test_unreadable(raw, reason):
    """What is no letter goes to quarantine with one word of ours."""
    found = parse(ID, raw, NOW)
    assert isinstance(found, Unreadable) and (found.id, found.reason, found.again) == (ID, reason, False)


@pytest.mark.parametrize(
    "raw, expected",
    [
        (b" IVO", "IVO"),
        (b" =?utf-8?Q?IVO_=E2=80=93_Nyrapportering_9_=C2=A7_4?=", "IVO – Nyrapportering 9 § 4"),
        (b" =?UTF-8?b?SVZPIOKAkyA5wqc0?=", "IVO – 9§4"),
        (b" =?iso-8859-1?Q?9=A74?= =?iso-8859-1?Q?_2026?=", "9§4 2026"),  # white space between encoded words is none
        (b" =?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        (b" =?utf-8?q?9=C2?=\n =?utf-8?q?=A74?=", "9§4"),  # a character cut in two
        (b" IVO =?utf-8?q?=E2=80=93?=\r\n Nyrapportering\r\n\t2026-04-15", "IVO – Nyrapportering 2026-04-15"),
        (b" IVO \xe2\x80\x93 9\xc2\xa74", "IVO – 9§4"),  # raw UTF-8
        (b" IVO 9\xa74 \x96", "IVO 9§4 –"),  # raw Windows-1252
        (b" =?windows-1252?Q?=96?=", "–"),
        (b" =?iso-8859-1?Q?=96?=", "–"),  # labelled Latin-1, written by Windows
        (b" =?us-ascii?Q?=C3=A5?=", "å"),
        (b" =?utf-8*sv?Q?=C3=A5?=", "å"),
        (b" =?utf-8?Q?a=FFb?=", "a\ufffdb"),
        (b" =?utf-8?B?w6U?=", "å"),  # no padding
        (b" =?utf-8?B?w6U=w6U=?=", "åå"),
        (b" =?utf-8?Q?a=ZZ?=", "a=ZZ"),
        (b" =?nosuch?Q?=C3=A5?=", "å"),
        (b" =?idna?Q?xn--a?=", "xn--a"),
        (b" =?zlib?B?eJw=?=", "xœ"),
        (b" =?utf-8?X?a?=", "=?utf-8?X?a?="),
        (b" =?utf-8?Q?a", "=?utf-8?Q?a"),
        (b" =?utf-8?Q?a=0D=0ABcc:_b@x.example?=", "a  Bcc: b@x.example"),  # a line end inside a word
        (b" a\rBcc: b@x.example", "a Bcc: b@x.example"),
        (b" =?utf-7?Q?+2AA-?=", "\ufffd"),  # half a character
        (b" a\0b\x1b[31m\x7f", "a b [31m"),
        (b"", ""),
    ],
)
def test_subject(raw, expected):
    """Subjects by RFC 2047 and as they really come: plain text on one line, whatever it held."""
    assert with_subject(raw) == expected


def test_subject_in_full_length():
    """An identity number is looked for in all of it, so all of the header block counts."""
    assert with_subject(b" IVO " + b"x" * 60_000 + b" 19121212-1212").endswith(" 19121212-1212")
    words = b"".join(b" =?utf-8?q?abc?=\r\n" for _ in range(3000)) + b" =?utf-8?q?_19121212-1212?="
    assert with_subject(words).endswith("abc 19121212-1212")


def test_header_block_is_cut():
    """Beyond 64 kB there are no headers; the body still begins at the blank line."""
    found = read(b"From: anna@kommun.example\n" + b"X-A: " + b"b" * 70_000 + b"\nSubject: sent\n\nbody")
    assert (found.sender, found.subject, found.body) == ("anna@kommun.example", "", "body")


@pytest.mark.parametrize(
    "value, expected",
    [
        ("anna@kommun.example", "anna@kommun.example"),
        ("Anna.Larsson@Kommun.Example", "anna.larsson@kommun.example"),
        ("Anna Larsson <anna@kommun.example>", "anna@kommun.example"),
        ('"Larsson, Anna" <anna@kommun.example>', "anna@kommun.example"),
        ("Anna Larsson (Centralen) <anna@kommun.example>", "anna@kommun.example"),
        ("anna@kommun.example (Anna)", "anna@kommun.example"),
        ("=?utf-8?q?=C3=85sa?= <asa@kommun.example>", "asa@kommun.example"),
        ("Åsa Öberg <asa@kommun.example>", "asa@kommun.example"),
        ("<anna@kommun.example>", "anna@kommun.example"),
        ("anna@kommun.example <anna@kommun.example>", "anna@kommun.example"),
        ('"anna@kommun.example" <anna@elsewhere.example>', "anna@elsewhere.example"),
        ('"a \\" <a@own.example>" <evil@x.example>', "evil@x.example"),
        ("a@own.example <evil@x.example>", None),
        ("<a@own.example> <evil@x.example>", None),
        ("a@own.example, evil@x.example", None),
        ("a@own.example evil@x.example", None),
        ("evil@x.example;a@own.example", None),
        ("Anna <evil@x.example> a@own.example", None),
        ("Grupp: a@own.example;", None),
        ("<@x.example:a@own.example>", None),
        ("<a@own.example@x.example>", None),
        ('"a b"@own.example', None),
        ('a"b"@own.example', None),
        ('<"x"a@own.example>', None),
        ("a(b)@own.example", None),
        ("a@own.example(", None),
        ("a@own.example\0.x.example", None),
        ("a@own.example\x0b<evil@x.example>", None),
        ("a@own.example\u2028", None),
        ("a@\u043ewn.example", None),  # a Cyrillic o
        ("a@own", None),
        ("a@[127.0.0.1]", None),
        ("a@-own.example", None),
        ("a..b@own.example", None),
        ("@own.example", None),
        ("x" * 65 + "@own.example", None),
        ("undisclosed-recipients:;", None),
        ("Anna", None),
        ("", None),
        ("a" * 1000 + " <a@own.example>", None),
    ],
)
def test_sender(value, expected):
    """One address or none; the name before it decides nothing."""
    assert address.sender([value]) == expected


def test_several_from_headers():
    """Two From headers are doubt, also when they are equal."""
    assert read(b"From: a@own.example\nFrom: a@own.example\n\n").sender is None
    assert read(b"Subject: x\n\n").sender is None


def test_folded_from():
    """A folded From is one line; a folded address is none."""
    assert read(b"From: Anna\r\n <anna@kommun.example>\r\n\r\n").sender == "anna@kommun.example"
    assert read(b"From: anna@kom\r\n mun.example\r\n\r\n").sender is None


def test_no_name_is_kept():
    """Of From only the address is kept, of threads and lists only that they are there."""
    name = b"Karin Testsson"
    raw = b'From: "%b" <kt@kommun.example>\nList-Id: %b <x.kommun.example>\nContent-Type: application/pdf; name="%b.pdf"\n\nhej' % (
        name,
        name,
        name,
    )
    assert "Testsson" not in repr(read(raw))
    assert read(b"From: Testsson MAILER-DAEMON\n\nhej").headers == {"from": ("mailer-daemon",)}


def test_message_ids():
    """The letter's own Message-ID, what it answers, the nearest of a long thread first."""
    thread = b" ".join(b"<n%d@kommun.example>" % n for n in range(300))
    found = read(b"From: a@kommun.example\nMessage-ID: <a@b>\nIn-Reply-To: <n299@kommun.example>\nReferences: " + thread + b"\n\n")
    assert found.message_id == "<a@b>"
    assert found.answers[:2] == ("<n299@kommun.example>", "<n298@kommun.example>") and len(found.answers) == 100


@pytest.mark.parametrize("raw", [b"a@b", b"<a b>", b"<>", b"<a\0b>", b"<" + b"a" * 600 + b">", b"<\xc3\xa5@b>", b"=?utf-8?q?=3Ca=3E?="])
def test_message_ids_refused(raw):
    """A Message-ID that could not stand in our own headers as it is counts as none."""
    assert read(b"From: a@kommun.example\nMessage-ID: " + raw + b"\n\n").message_id == ""


@pytest.mark.parametrize(
    "raw, expected",
    [
        (b"\nhej\r\nd\xc3\xa5", "hej\nd\xe5"),
        (b"Content-Type: text/plain; charset=iso-8859-1\n\nd\xe5 \x96", "då –"),
        (b"Content-Type: text/plain; charset=utf-8\n\nd\xe5", "då"),  # the label is wrong
        (b'Content-Type: text/plain; charset="nosuch"\n\nd\xe5', "då"),
        (b"Content-Type: text/plain; charset=unicode_escape\n\n\\u0041", "\\u0041"),
        (b"Content-Type: text/plain; charset=utf-16\n\n" + "då".encode("utf-16"), "då"),
        (b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nZMOl!!\n*", "då"),
        (b"Content-Transfer-Encoding: quoted-printable\n\nd=C3=A5 =\nja=ZZ", "då ja=ZZ"),
        (b"Content-Transfer-Encoding: nosuch\n\nhej", "hej"),
        (
            b"Content-Type: text/html; charset=utf-8\n\n<style>p{}</style><p><b>\xc3\x84rende:</b>\nF-1<br>rad&nbsp;2</p>",
            "Ärende: F-1\nrad 2",
        ),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nett\n--b\n\ntv\xc3\xa5\n--b--\n", "ett"),
        (b'Content-Type: multipart/mixed; boundary="b c"\r\n\r\npre\r\n--b c\r\n\r\nett\r\n--b c--\r\npost', "ett"),
        (
            b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>h\n--b\nContent-Type: text/plain\n\nt\n--b--",
            "t",
        ),
        (
            b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>h\n--b\nContent-Type: text/plain\n\n \n--b--",
            "h",
        ),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment; filename=x\n\nfil\n--b\n\nt\n--b--", "t"),
        (
            b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bc\n\n--bc\n\nin\n--bc--\n--b--",
            "in",
        ),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nno end", "no end"),
        (b"Content-Type: multipart/mixed; boundary=b\n\nno boundary", "no boundary"),
        (b"Content-Type: multipart/mixed\n\n--b\n\nx", "--b\n\nx"),
        (b"Content-Type: application/pdf\n\n%PDF", ""),
        (b"Content-Type: ;;;\n\nhej", "hej"),
        (b"Content-Type: text\n\nhej", "hej"),
        (b"\na\0b", "a b"),
    ],
)
def test_body(raw, expected):
    """The first text, by its label or by a guess; a damaged letter gives what can be read."""
    assert body_of(raw) == expected


def test_a_character_at_the_cut():
    """A long text is cut without its label being doubted for the half character at the end."""
    raw = b"Content-Type: text/plain; charset=utf-8\n\nx" + "å".encode() * 300_000
    assert body_of(raw) == "x" + "å" * 63_999


@pytest.mark.parametrize(
    "source, expected",
    [
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<table><tr><td>Ärende</td><td>F-1</td></tr><tr><td>Insats", "Ärende F-1\nInsats"),
        ("<script>if (a<b) {}</script>x<SCRIPT>y", "x"),
        ("<!-- <p>no --><p>yes", "yes"),
        ("3 < 4 &amp; 5 &gt; 4", "3 < 4 & 5 > 4"),
        ("<head><title>t</title></head><body>x", "x"),
        ("<title>the title never ends", "the title never ends"),
        ("&#xD800;&#9999999999999;&bogus;", "\ufffd\ufffd&bogus;"),
        ("<p", ""),
        ("", ""),
    ],
)
def test_html(source, expected):
    """HTML as text: a line a block, no code, no comment."""
    assert text.plain(source) == expected


def bounce(status: bytes, third: bytes) -> Letter:
    return read(
        b"From: MAILER-DAEMON@kommun.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        b"--b\n\nIt failed.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
        + status
        + b"\n--b\n"
        + third
        + b"\n--b--\n"
    )


@pytest.mark.parametrize(
    "third",
    [
        b"Content-Type: message/rfc822\n\nFrom: x@kommun.example\nMessage-ID: <m1@kommun.example>\n\nMessage-ID: <no@kommun.example>",
        b"Content-Type: text/rfc822-headers\n\nMessage-Id:\n <m1@kommun.example>\nSubject: x\n",
        b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + base64.b64encode(b"Message-ID: <m1@kommun.example>\n\nx"),
    ],
)
def test_bounce(third):
    """The mail that a bounce concerns, and what became of it; the body of the returned mail names nothing."""
    found = bounce(b"Final-Recipient: rfc822; anna@kommun.example\nAction: failed\nStatus: 5.1.1", third)
    assert found.concerns == ("<m1@kommun.example>",)
    assert found.headers["action"] == ("failed",)


def test_bounce_by_its_status_part():
    """Some servers return nothing but the status, with the Message-ID in it."""
    found = bounce(b"Action: delayed\nX-Original-Message-ID: <m1@kommun.example>", b"\nx")
    assert found.headers["content-type"] == ("multipart/report; report-type=delivery-status",)
    assert (found.concerns, found.headers["action"]) == (("<m1@kommun.example>",), ("delayed",))


def test_headers_are_bounded():
    """Topmost first, twenty of a name, 998 characters each, on one line."""
    many = b"".join(b"Authentication-Results: mx%d; %s\n" % (n, b"x" * 2000) for n in range(25))
    values = read(b"From: a@kommun.example\n" + many + b"\n").headers["authentication-results"]
    assert len(values) == 20 and values[0].startswith("mx0;") and {len(value) for value in values} == {998}


HOSTILE = {
    "words": b"Subject: " + b" =?utf-8?q?a?=" * 50_000 + b"\n\n",
    "broken words": b"Subject: " + b"=?utf-8?q?" * 6_000 + b"\n\n",
    "tags": b"Content-Type: text/html\n\n" + b"<a " * 400_000,
    "titles": b"Content-Type: text/html\n\n" + b"<title>" * 200_000,
    "comments": b"Content-Type: text/html\n\n" + b"<!--" * 300_000,
    "references": b"Content-Type: text/html\n\n&#" + b"9" * 500_000,
    "parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000,
    "boundaries": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\r" * 2_000_000,
    "nested": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(10_000)),
    "nested alike": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 10_000,
    "headers": b"X: y\n" * 2_000_000,
    "returns": b"\r" * 2_000_000,
    "quotes": b'From: "' + b'\\"' * 490 + b"\n\n",
    "dots": b"From: " + b"a." * 480 + b"@x\n\n",
    "ids": b"References: " + b"<a@b> " * 10_000 + b"\n\n",
    "semicolons": b"Content-Type: text/plain" + b"; " * 30_000 + b"\n\n",
    "spaces": b"Content-Transfer-Encoding: quoted-printable\n\n" + b" \t" * 1_000_000,
    "punycode": b"Content-Type: text/plain; charset=punycode\n\n" + b"a-" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_letter_takes_long(name):
    """What took the standard library seconds or minutes is read in a moment; the limit leaves room for a busy machine."""
    begin = time.perf_counter()
    parse(ID, b"From: a@kommun.example\n" + HOSTILE[name], NOW)
    assert time.perf_counter() - begin < 2


def test_quicker_than_the_standard_library():
    """A usual letter of 19 kB, of which the attached text is the most."""
    received = b"".join(b"Received: from a.kommun.example by b with SMTP id %d; Thu, 15 Jan 2026 10:00:00 +0100\r\n" % n for n in range(20))
    raw = received + b"From: Anna <anna@kommun.example>\r\nSubject: =?utf-8?Q?IVO_=E2=80=93?=\r\n\r\n" + b"line of text\r\n" * 1200

    def best(work):
        times = []
        for _ in range(30):
            begin = time.perf_counter()
            work()
            times.append(time.perf_counter() - begin)
        return min(times)

    def standard():
        message = email.message_from_bytes(raw, policy=email.policy.default)
        return message["From"], message["Subject"], message.get_body()

    assert best(lambda: read(raw)) < best(standard)


LINES = st.sampled_from(
    (
        b"From: a@kommun.example|From:|Subject: =?utf-8?q?|?=|Content-Type: multipart/mixed; boundary=b|--b|--b--||\r| |\0|<p>&#x|+2AA-|"
        b"Content-Type: text/html; charset=utf-7|Content-Type: message/rfc822|Content-Transfer-Encoding: base64|Message-ID: <x@y>|"
        b"Content-Type: multipart/report; boundary=b|Content-Type: message/delivery-status"
    ).split(b"|")
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=3000), st.lists(st.one_of(LINES, st.binary(max_size=40)), max_size=40).map(b"\n".join)), st.booleans())
def test_whatever_comes(raw, begun):
    """Any bytes give a letter or an unreadable one, with fields that can be stored, and at most what is promised."""
    found = parse(ID, b"From: a@kommun.example\n" + raw if begun else raw, NOW)
    if isinstance(found, Unreadable):
        assert found.reason in {"empty", "no_header"}  # never "damaged": that is for what nobody thought of
        return
    found.subject.encode(), found.body.encode()
    assert not any(c < " " or c in "\x7f\x85\u2028\u2029" for c in found.subject)
    assert len(found.body) <= 64_000
    for value in [v for values in found.headers.values() for v in values]:
        value.encode()
        assert "\n" not in value and "\r" not in value and len(value) <= 998
    for id in (*found.answers, *found.concerns):
        assert id.isascii() and id.isprintable() and " " not in id
    if found.sender is not None:
        assert address.is_address(found.sender) and found.sender == found.sender.lower()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.text(alphabet='<>@,;:()"\\ \t\r\n\0abx.', max_size=60))
def test_whatever_stands_in_from(name, more):
    """A From line gives None or one plain address that stands in it: nothing can be injected through it."""
    found = address.sender([name + more])
    assert found is None or (found in (name + more).lower() and address.is_address(found))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_subject_round_trip(subject):
    """What a mail program encodes is read back, up to white space and what cannot stand in a line."""
    word = "=?utf-8?B?" + base64.b64encode(subject.encode("utf-8", "replace")).decode() + "?="
    assert encoded.words(f"IVO {word}") == "IVO " + subject.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("first", REFERENCE_PIECES)
@pytest.mark.parametrize("again", REFERENCE_PIECES)
def test_references_are_read_as_the_standard_library_reads_them(first: str, again: str) -> None:
    """Runs of one reference are looked up once; what they mean, and where the next begins, is not changed by it."""
    for last in REFERENCE_PIECES:
        for times in (1, 2, 3):
            source = first + again * times + last
            assert text.REFERENCES.sub(text._meant, source) == html.unescape(source), source


@pytest.mark.parametrize("gap", ["", " ", "\n\t "])
@pytest.mark.parametrize("tag", ["<br>", "</p><p class=x>", "<table><tr><td>", "</td></tr></table>", "<BR/>"])
def test_blocks_in_a_row_are_one_end_of_a_line(tag: str, gap: str) -> None:
    assert text.plain(f"a{(tag + gap) * 50}b<brx>c<br:x>d") == "a\nbc\nd"
