"""Which letters a machine sent, and whose the own mail server says a letter is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.automatic import HEADERS, authentic, automatic

REPORT = "IVO – Nyrapportering 2026-04-15, 9§4"
DSN = 'multipart/report; report-type=delivery-status; boundary="b"'
MDN = "multipart/report; boundary=b;\treport-type=disposition-notification"


def why(subject=REPORT, **headers):
    return automatic({name.replace("_", "-"): (value,) if isinstance(value, str) else value for name, value in headers.items()}, subject)


@pytest.mark.parametrize(
    "headers, expected",
    [
        ({}, None),
        ({"auto_submitted": "no"}, None),
        ({"auto_submitted": " NO (a person) "}, None),
        ({"auto_submitted": "auto-replied"}, "auto_submitted"),
        ({"auto_submitted": "auto-generated"}, "auto_submitted"),
        ({"auto_submitted": 'Auto-Notified; owner-email="bo@kommun.example"'}, "auto_submitted"),
        ({"auto_submitted": ("no", "auto-replied")}, "auto_submitted"),
        ({"precedence": "bulk"}, "bulk"),
        ({"precedence": " Junk "}, "bulk"),
        ({"precedence": "list"}, "list"),
        ({"precedence": "auto_reply"}, "auto_reply"),
        ({"precedence": "first-class"}, None),
        ({"x_precedence": "bulk"}, "bulk"),
        ({"list_id": "yes"}, "list"),
        ({"list_unsubscribe": "yes"}, "list"),
        ({"x_autoreply": "yes"}, "auto_reply"),
        ({"x_autoreply": "no"}, None),
        ({"x_autorespond": "IVO"}, "auto_reply"),
        ({"return_path": "<>"}, "null_return_path"),
        ({"return_path": " <> "}, "null_return_path"),
        ({"return_path": "<anna@kommun.example>"}, None),
        ({"return_path": ""}, None),
        ({"x_ivobot": "name=digest; key=abc"}, "own_mail"),
        ({"x_ivobot": "name=digest; key=abc", "auto_submitted": "auto-generated", "return_path": "<>"}, "own_mail"),
        ({"content_type": DSN}, "bounce"),
        ({"content_type": "multipart/report; boundary=b"}, "bounce"),
        ({"content_type": DSN, "auto_submitted": "auto-replied", "return_path": "<>"}, "bounce"),
        ({"content_type": DSN, "action": "failed"}, "bounce"),
        ({"content_type": DSN, "action": ("delivered", "failed")}, "bounce"),
        ({"content_type": DSN, "action": "delayed"}, "notice"),
        ({"content_type": DSN, "action": "delivered"}, "notice"),
        ({"content_type": MDN}, "read_receipt"),
        ({"content_type": "multipart/mixed; boundary=b"}, None),
        ({"from": "mailer-daemon@kommun.example"}, "bounce"),
        ({"from": "postmaster@kommun.example"}, "bounce"),
        ({"from": "mailer-daemon"}, "bounce"),
        ({"from": "postmaster.anna@kommun.example"}, None),
        ({"x_failed_recipients": "yes"}, "bounce"),
        ({"x_auto_response_suppress": "DR, OOF, AutoReply"}, None),  # Exchange writes it on what came through a distribution list
        ({"x_auto_response_suppress": "All"}, None),  # case systems write it on what a person sent
        ({"x_auto_response_suppress": "All", "in_reply_to": "yes"}, "suppressed"),
        ({"x_auto_response_suppress": "DR, OOF, AutoReply", "references": "yes"}, None),
        ({"x_auto_response_suppress": "All", "auto_submitted": "auto-generated"}, "auto_submitted"),
    ],
)
def test_headers(headers, expected):
    """By the headers, the most telling reason first; what asks for silence is not therefore a machine."""
    assert why(**headers) == expected


@pytest.mark.parametrize(
    "subject, expected",
    [
        ("Automatiskt svar: IVO – Nyrapportering 9§4", "out_of_office"),
        ("automatiskt svar : IVO", "out_of_office"),
        ("AUTOSVAR: IVO", "out_of_office"),
        ("Frånvaro: IVO – Nyrapportering 9§4", "out_of_office"),
        ("Frånvaromeddelande", "out_of_office"),
        ("Frånvaromeddelande – åter 15 april", "out_of_office"),
        ("[EXTERNT] Automatiskt svar: IVO", "out_of_office"),
        ("(ext) [Extern] Automatic reply: IVO", "out_of_office"),
        ("Automatic reply: IVO", "out_of_office"),
        ("Out of Office: IVO", "out_of_office"),
        ("Out of office, back on Monday", "out_of_office"),
        ("Out of Office AutoReply: IVO", "out_of_office"),
        ("Automaattinen vastaus: IVO", "out_of_office"),
        ("Kan inte levereras: IVO", "bounce"),
        ("Undeliverable: IVO", "bounce"),
        ("Undelivered Mail Returned to Sender", "bounce"),
        ("Delivery Status Notification (Delay)", "notice"),
        ("Läst: IVO – Nyrapportering 2026-04-15, 9§4", "read_receipt"),
        (REPORT, None),
        ("SV: " + REPORT, None),
        ("SV: Automatiskt svar: IVO", None),  # a person answers one
        ("Frånvaro", None),
        ("Frånvaro i gruppen på fredag", None),
        ("Frånvaron: hur gör vi", None),
        ("IVO – frånvaro: Anna", None),
        ("Fråga om automatiskt svar: hur gör jag", None),
        ("Out of office this week?", None),
        ("Läst och klart", None),
        ("Read this: IVO", None),
        ("Semester: vem tar IVO-rapporterna", None),
        ("", None),
        (":", None),
        (" " * 10_000, None),
        ("[ext] " * 10_000, None),
    ],
)
def test_subjects(subject, expected):
    """The words count at the beginning, before a colon or alone; inside an ordinary sentence they say nothing."""
    assert why(subject) == expected


def test_late_is_not_lost():
    """A mail system's letter about a delay is not a bounce, by its subject or its status part."""
    assert why("Fördröjt: IVO", **{"from": "postmaster@kommun.example"}) == "notice"
    assert why("Undeliverable: IVO", content_type=DSN, action="delayed") == "notice"


PASS = "mx.kommun.example; spf=pass smtp.mailfrom=kommun.example; dkim=pass header.d=kommun.example; dmarc=pass header.from=kommun.example"


@pytest.mark.parametrize(
    "results, expected",
    [
        ([], None),
        ([PASS], True),
        (["other.example; dmarc=fail"], None),
        (["mx.kommun.example; none"], None),
        (["MX.Kommun.Example 1; dmarc=PASS"], True),
        (['"mx.kommun.example"; dmarc=pass'], True),
        (["mx.kommun.example; dmarc=fail (p=none) header.from=kommun.example"], False),
        (["mx.kommun.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example; dmarc=fail"], False),
        (["mx.kommun.example; dmarc=pass; dmarc=fail"], False),
        (["mx.kommun.example; dmarc=bestguesspass action=none"], True),
        (["mx.kommun.example; dmarc=none; spf=pass smtp.mailfrom=kommun.example"], True),
        (["mx.kommun.example; dmarc=temperror; spf=fail"], False),
        (["mx.kommun.example; spf=fail"], False),
        (["mx.kommun.example; spf=softfail; dkim=none"], False),
        (["mx.kommun.example; spf=fail; dkim=pass header.d=kommun.example"], True),
        (["mx.kommun.example; spf=neutral; dkim=fail"], None),
        (["mx.kommun.example; spf=none; dkim=none (message not signed)"], None),
        (["mx.kommun.example; dkim/1 = pass header.d=x"], True),
        # only the topmost of the own server counts: the sender can write the others
        (["mx.kommun.example; dmarc=fail", PASS], False),
        (["mx.kommun.example; none", PASS], None),
        (["relay.example; dmarc=pass", "mx.kommun.example; dmarc=fail"], False),
        (["mx.kommun.example.evil.example; dmarc=pass", "mx.kommun.example; dmarc=fail"], False),
        # a verdict inside a comment or a quoted string is the sender's words
        (["mx.kommun.example; spf=fail (; dmarc=pass)"], False),
        (["mx.kommun.example; spf=fail (a (b; dmarc=pass) c; dmarc=pass)"], False),
        (["mx.kommun.example; spf=fail (never closed; dmarc=pass"], False),
        (['mx.kommun.example; spf=fail smtp.mailfrom="a; dmarc=pass"@evil.example'], False),
        # cut before the verdict, as many signatures can make it
        (["mx.kommun.example; " + "dkim=pass header.d=evil.example; " * 40 + "dmarc=fail"], False),
        (["mx.kommun.example"], None),
        ([""], None),
        ([";;;"], None),
    ],
)
def test_authentic(results, expected):
    """The own server's verdict; the other servers' and the sender's own words count for nothing."""
    assert authentic(results, "mx.kommun.example") is expected


@pytest.mark.parametrize(
    "results, expected",
    [
        (
            ["spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=kommun.example; dmarc=pass header.from=kommun.example;compauth=pass"],
            True,
        ),
        (["spf=softfail smtp.mailfrom=kommun.example; dkim=none; dmarc=fail action=oreject"], False),
        (["dkim=none (message not signed) header.d=none;dmarc=none action=none header.from=kommun.example;"], None),
        (["mx.evil.example; dmarc=pass", "dmarc=fail"], False),
    ],
)
def test_authentic_without_a_server_name(results, expected):
    """Exchange Online names no server in its header; it is asked for with an empty name."""
    assert authentic(results, "") is expected


@pytest.mark.parametrize(
    "verdict, expected",
    [
        ("spf=pass smtp.mailfrom=anna@kommun.example", True),
        ("spf=pass smtp.mailfrom=post.kommun.example", True),
        ("spf=pass smtp.mailfrom=evil.example", None),
        ("spf=pass smtp.mailfrom=example", None),
        ("spf=pass smtp.mailfrom=evilkommun.example", None),
        ("spf=fail smtp.mailfrom=x.example; dkim=pass header.d=evil.example", False),
        ("spf=fail smtp.mailfrom=x.example; dkim=pass header.i=@kommun.example", True),
        ("dmarc=pass header.from=kommun.example", True),
    ],
)
def test_authentic_for_a_domain(verdict, expected):
    """Without DMARC, a pass for somebody else's domain says nothing of ours."""
    assert authentic([f"mx.kommun.example; {verdict}"], "mx.kommun.example", "kommun.example") is expected


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(HEADERS)), st.lists(st.text(max_size=50), max_size=3).map(tuple)),
    st.text(max_size=100),
    st.lists(st.text(alphabet='ab.;=()" \\dmarcpassfail', max_size=80)),
)
def test_never_raises(headers, subject, results):
    """Whatever stands in them, one lower-case word or None; True, False or None."""
    reason = automatic(headers, subject)
    assert reason is None or reason.replace("_", "").isalpha()
    assert authentic(results, "a") in (True, False, None)
