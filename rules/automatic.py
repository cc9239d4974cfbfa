"""Which letters a machine sent, so that they are never read as reports and never answered. Pure; the words are in `data/automatic.toml`."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

HEADERS: Final = frozenset(
    [
        "authentication-results",
        "auto-submitted",
        "content-type",
        "from",
        "in-reply-to",
        "list-id",
        "list-post",
        "list-unsubscribe",
        "precedence",
        "references",
        "return-path",
        "x-auto-response-suppress",
        "x-autoreply",
        "x-autoreply-from",
        "x-autorespond",
        "x-autoresponse",
        "x-failed-recipients",
        "x-ivobot",
        "x-mail-autoreply",
        "x-precedence",
        "action",
    ]
)
"""The headers that `automatic` and `authentic` ask about. `action` is no header of the letter: it holds the Action fields of its
delivery status part (RFC 3464 2.3.3), so that a late letter is not taken for a lost one."""

MARKS: Final = re.compile(r"(?:\s*[\[(](?:ext|extern|external|externt|extern avsändare|external sender)[\])])*\s*", re.IGNORECASE)
ROBOTS: Final = re.compile(r"(?:mailer-daemon|postmaster)(?:@|$)")
REPORT_TYPE: Final = re.compile(r"report-type\s*=\s*\"?([a-z-]+)")

Headers = Mapping[str, tuple[str, ...]]


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((files("rules") / "data" / "automatic.toml").read_text(encoding="utf-8"))


def automatic(headers: Headers, subject: str) -> str | None:
    """Why a letter is automatic, in one word, or None for a person's letter. The most telling reason goes first:

    own_mail (X-Ivobot), bounce (not delivered), notice (delivered or late), read_receipt, out_of_office (by the subject), auto_submitted,
    auto_reply, null_return_path, list, bulk, suppressed. `headers` has names in lower case. Never raises.
    Sources: RFC 3834 (Auto-Submitted, Precedence, empty return path), RFC 3464 and 6522 (delivery reports), RFC 8098 (read receipts),
    RFC 2919 and 2369 (lists), [MS-OXCMAIL] 2.1.3.2.20 (X-Auto-Response-Suppress).
    """
    present = [reason for name, reason in _words()["present"].items() if any(_said(value) for value in headers.get(name, ()))]
    if "own_mail" in present:
        return "own_mail"
    return (
        _report(headers, subject)
        or ("bounce" if "bounce" in present else None)
        or _by_subject(subject)
        or ("auto_submitted" if any(_said(value) for value in headers.get("auto-submitted", ())) else None)
        or next(iter(present), None)
        or ("null_return_path" if any(value.strip() == "<>" for value in headers.get("return-path", ())) else None)
        or _precedence(headers)
        or ("suppressed" if _suppressed(headers) else None)
    )


def _said(value: str) -> bool:
    """Whether a header's word means yes: all but "no" and nothing do, comments and parameters aside (RFC 3834 5)."""
    return re.split(r"[;(]", value, maxsplit=1)[0].strip().lower() not in ("no", "none", "false", "")


def _report(headers: Headers, subject: str) -> str | None:
    """A mail system's report: a bounce unless it says itself that nothing failed."""
    content_type = " ".join(headers.get("content-type", ())).lower()
    kind = REPORT_TYPE.search(content_type)
    is_report = content_type.startswith("multipart/report")
    if is_report and kind and kind[1] == "disposition-notification":
        return "read_receipt"
    if not is_report and not any(ROBOTS.match(value.lower()) for value in headers.get("from", ())):
        return None
    actions = {value.strip().lower() for value in headers.get("action", ())}
    if actions:
        return "bounce" if "failed" in actions else "notice"
    by_subject = _by_subject(subject)
    return by_subject if by_subject in ("notice", "read_receipt") else "bounce"


def _by_subject(subject: str) -> str | None:
    """The kind of automatic letter that the subject begins as; the same words inside a sentence say nothing."""
    start = MARKS.match(subject)
    text = " ".join(subject[start.end() if start else 0 :][:200].lower().split())
    head, colon, _ = text.partition(":")
    for reason, prefixes in _words()["prefixes"].items():
        if colon and head.strip() in prefixes:
            return str(reason)
    for reason, wholes in _words()["whole"].items():
        if any(text == whole or text.startswith((f"{whole}.", f"{whole},", f"{whole} -", f"{whole} –", f"{whole}!")) for whole in wholes):
            return str(reason)
    return None


def _precedence(headers: Headers) -> str | None:
    values = (*headers.get("precedence", ()), *headers.get("x-precedence", ()))
    return next((str(reason) for value in values if (reason := _words()["precedence"].get(value.strip().lower().replace("-", "_")))), None)


def _suppressed(headers: Headers) -> bool:
    """X-Auto-Response-Suppress asks for no automatic answers; it does not say that the letter is one ([MS-OXCMAIL] 2.1.3.2.20).

    Exchange sets it on what comes through a distribution list, and case systems set it on what a person wrote: no report may be lost
    for it. Only "All" on an answer counts, as out-of-office replies have it.
    """
    every = any(value.strip().lower() == "all" for value in headers.get("x-auto-response-suppress", ()))
    return every and any(value.strip() for name in ("in-reply-to", "references") for value in headers.get(name, ()))


COMMENT: Final = re.compile(r"\([^()]*\)")
QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
METHOD: Final = re.compile(r"\s*([a-z0-9-]+)(?:\s*/\s*[0-9]+)?\s*=\s*([a-z]+)")
CUT: Final = 998


def authentic(results: Sequence[str], authserv_id: str, domain: str = "") -> bool | None:
    """What the own server's Authentication-Results say of the sender: True, False, or None when that server says nothing.

    results: the headers' values, topmost first. authserv_id: how the own server signs them; only its topmost header counts, because a
    sender can write the others. "" takes the topmost header that names no server, as Exchange Online writes it.
    A DMARC verdict decides. Without one, an SPF or DKIM pass is True (with `domain` given, the sender's, only for that domain or
    one under or over it), SPF fail or softfail without it False. A header cut at 998 characters before its verdict is False.
    Source: RFC 8601 2.2, 2.7; RFC 7489 3.1 (alignment). Never raises.
    """
    for value in results:
        text = _bare(value)
        who, *verdicts = text.split(";")
        named = who.split()[0] if who.split() else ""
        if METHOD.match(who):
            named, verdicts = "", [who, *verdicts]
        if named == authserv_id.strip().lower():
            return _judge(verdicts, len(value) >= CUT, domain.strip().lower())
    return None


def _bare(value: str) -> str:
    """Lower case, without comments, quoted strings made words; what stands after a comment that does not end is no verdict."""
    text = QUOTED.sub(lambda found: re.sub(r"[^A-Za-z0-9.-]", "_", found[0][1:-1]), value[:CUT].lower())
    for _ in range(5):
        text = COMMENT.sub(" ", text)
    return text.partition("(")[0]


def _judge(verdicts: Sequence[str], cut: bool, domain: str) -> bool | None:
    said: dict[str, set[str]] = {}
    for verdict in verdicts:
        if found := METHOD.match(verdict):
            passed = found[2] in ("pass", "bestguesspass")
            result = "unaligned" if passed and found[1] in ("spf", "dkim") and not _aligned(verdict, domain) else found[2]
            said.setdefault(found[1], set()).add(result)
    dmarc, spf, dkim = (said.get(method, set()) for method in ("dmarc", "spf", "dkim"))
    if dmarc & {"fail", "reject", "quarantine"}:
        return False
    if dmarc & {"pass", "bestguesspass"}:
        return True
    if cut:
        return False
    if "pass" in dkim:
        return True
    if spf & {"fail", "softfail", "hardfail"}:
        return False
    return True if "pass" in spf else None


def _aligned(verdict: str, domain: str) -> bool:
    """Whether a pass speaks for the sender's domain; every pass does where no domain is given."""
    if not domain:
        return True
    named = re.findall(r"(?:header\.d|header\.i|smtp\.mailfrom|smtp\.mail)\s*=\s*(?:[^\s;@]*@)?([a-z0-9.-]+)", verdict)
    return any(name == domain or name.endswith(f".{domain}") or (domain.endswith(f".{name}") and "." in name) for name in named)
