"""Header blocks: missing, doubled, oversized, broken; line ends of every kind; Message-IDs and dates that are none."""

from tests.letters.made import ASKED, LEFT, RIGHT, End, Hell, Who, family, head, joined, line, mail, unreadable

NOBODY = End("Oklara", reason="outside")


def without(name: str):
    """A letter that lacks one header."""
    return lambda who: joined([one for one in head(who) if not one.lower().startswith(name.lower().encode() + b":")], who.text)


def changed(old: bytes, new: bytes):
    """A usual letter with some bytes of its header block changed."""

    def make(who: Who) -> bytes:
        block, _, body = mail(who).partition(b"\r\n\r\n")
        assert old in block, old
        return block.replace(old, new, 1) + b"\r\n\r\n" + body

    return make


def first(raw: bytes):
    """Something before the first header."""
    return lambda who: raw + mail(who)


def with_id(value: bytes):
    return lambda who: joined(head(who, id=value), who.text)


def dated(value: bytes):
    return changed(b"Date: Wed, 15 Apr 2026 08:00:00 +0200", b"Date:" + value)


FINE = {
    "no To": without("To"),
    "no Date": without("Date"),
    "no Message-ID": without("Message-ID"),
    "no Received": without("Received"),
    "From and Subject only": lambda who: joined([line("From", who.sender), line("Subject", RIGHT)], who.text),
    "blank lines before": first(b"\r\n\r\n\n"),
    "line feeds only": lambda who: joined(head(who), who.text.replace("\r\n", "\n"), b"\n"),
    "returns only": lambda who: mail(who).replace(b"\r\n", b"\r"),
    "line feeds, then a body with both": lambda who: joined(head(who), who.text, b"\n"),
    "both kinds of line end": changed(b"\r\nTo", b"\nTo"),
    "white space before the colon": changed(b"Subject:", b"Subject \t:"),
    "no white space after the colon": changed(b"Subject: ", b"Subject:"),
    "names in capitals": changed(b"Subject:", b"SUBJECT:"),
    "a line without a colon": changed(b"To: ", b"hej hej\r\nTo: "),
    "an mbox line first": first(b"From anna@kommun.example Wed Apr 15 08:00:00 2026\r\n"),
    "a quoted mbox line first": first(b">From x\r\n"),
    "a byte order mark first": lambda who: b"\xef\xbb\xbfX-First: y\r\n" + mail(who),
    "a continuation first": first(b" folded from nothing\r\n"),
    "a NUL in a header": changed(b"To: ", b"X-Nul: a\0b\r\nTo: "),
    "8-bit names": changed(b"To: ", b"\xc3\x85mne: IVO\r\nTo: "),
    "8-bit values": changed(b"To: ", b"X-A: \xff\xfe\xe5\r\nTo: "),
    "a header without a name": changed(b"To: ", b": tomt\r\nTo: "),
    "a header of 40 000 letters": changed(b"To: ", b"X-Long: " + b"x" * 40_000 + b"\r\nTo: "),
    "a header folded 5000 times": changed(b"To: ", b"X-Long: a" + b"\r\n a" * 5000 + b"\r\nTo: "),
    "a thousand headers": changed(b"To: ", b"X-A: b\r\n" * 1000 + b"To: "),
    "400 Received": changed(b"To: ", b"Received: from a by b; Wed, 15 Apr 2026 08:00:00 +0200\r\n" * 400 + b"To: "),
    "To said 500 times": changed(b"To: ", b"To: x@kommun.example\r\n" * 500 + b"To: "),
    "a thousand recipients": changed(b"To: ", b"To: " + b", ".join(b"p%d@kommun.example" % n for n in range(1000)) + b"\r\nTo: "),
    "a bare return in a header": changed(b"To: ", b"X-A: b\rFrom: evil@x.example\r\nTo: "),
    "a form feed in a header": changed(b"To: ", b"X-A: b\x0cFrom: evil@x.example\r\nTo: "),
    "a line separator in a header": changed(b"To: ", "X-A: b\u2028From: evil@x.example\u0085c\r\nTo: ".encode()),
    "Subject said twice alike": changed(b"To: ", line("Subject", RIGHT) + b"\r\nTo: "),
    "another Subject below": lambda who: joined([*head(who), b"Subject: Hej"], who.text),
    "an empty Cc": changed(b"To: ", b"Cc:\r\nTo: "),
    "a Bcc": changed(b"To: ", b"Bcc: x@evil.example\r\nTo: "),
    "Reply-To elsewhere": changed(b"To: ", b"Reply-To: evil@x.example\r\nTo: "),
    "Disposition-Notification-To": changed(b"To: ", b"Disposition-Notification-To: evil@x.example\r\nTo: "),
    "Return-Receipt-To": changed(b"To: ", b"Return-Receipt-To: evil@x.example\r\nTo: "),
    "Resent from elsewhere": changed(b"To: ", b"Resent-From: evil@x.example\r\nResent-To: x@kommun.example\r\nTo: "),
    "Apparently-To": changed(b"To: ", b"Apparently-To: evil@x.example\r\nTo: "),
    "Content-Length that lies": changed(b"To: ", b"Content-Length: 999999999999999999999\r\nTo: "),
    "Importance and Sensitivity": changed(b"To: ", b"Importance: high\r\nSensitivity: company-confidential\r\nTo: "),
    "Precedence unknown": changed(b"To: ", b"Precedence: first-class\r\nTo: "),
    "Auto-Submitted no": changed(b"To: ", b"Auto-Submitted: no\r\nTo: "),
    "a template in headers": changed(b"To: ", b"X-{{ 7 * 7 }}: {% include 'x' %}\r\nTo: "),
    "a shell's words in headers": changed(b"To: ", b"X-A: $(id) `id` () { :;}; /bin/id\r\nTo: "),
}  # fmt: skip
IDS = {
    "without brackets": with_id(b"abc@kommun.example"),
    "empty": with_id(b""),
    "empty brackets": with_id(b"<>"),
    "with white space": with_id(b"<a b@kommun.example>"),
    "of 5000 letters": with_id(b"<" + b"a" * 5000 + b"@kommun.example>"),
    "with a line break": with_id(b"<a\r\n b@kommun.example>"),
    "with a NUL": with_id(b"<a\0b@kommun.example>"),
    "with HTML": with_id(b"<script>alert(1)</script>"),
    "with 8 bits": with_id("<åäö@kommun.example>".encode()),
    "in an encoded word": with_id(b"=?utf-8?q?=3Ca=40b=3E?="),
    "with a Bcc behind": with_id(b"<a@kommun.example>\r\n\tBcc: x@evil.example"),
    "said twice": with_id(b"<a1@kommun.example>\r\nMessage-ID: <a2@kommun.example>"),
    "with an identity number": with_id(b"<19121212-1212@kommun.example>"),
    "that climbs": with_id(b"<../../../etc/passwd@kommun.example>"),
    "of Outlook": with_id(b"<[a1b2]@kommun.example>"),
    **{f"the same on different letters, {n}": with_id(b"<same@kommun.example>") for n in range(1, 6)},
}
DATES = {
    "empty": dated(b""), "words": dated(b" i morgon"), "year 0": dated(b" Wed, 15 Apr 0000 08:00:00 +0200"),
    "year 99999": dated(b" Wed, 15 Apr 99999 08:00:00 +0200"), "zone of 99 hours": dated(b" Wed, 15 Apr 2026 08:00:00 +9959"),
    "in 1969": dated(b" Thu, 1 Jan 1969 00:00:00 +0000"), "in 2099": dated(b" Thu, 1 Jan 2099 00:00:00 +0000"),
    "day 31 of February": dated(b" Tue, 31 Feb 2026 25:61:61 +0200"), "of 20 000 figures": dated(b" " + b"9" * 20_000),
    "comments in comments": dated(b" " + b"(" * 900 + b")" * 900), "said twice": dated(b" x\r\nDate: y"), "zeros": dated(b"\0\0\0"),
}  # fmt: skip
ANSWERED = {
    "References of 3000": lambda who: mail(who, b"References: " + b" ".join(b"<r%d@x.example>" % n for n in range(3000))),
    "References of rubbish": lambda who: mail(who, b"References: <<<>>><a<b>@c> \0 <d\r\n\te>"),
    "In-Reply-To a sentence": lambda who: mail(who, b"In-Reply-To: your letter of Monday"),
    "In-Reply-To of another": lambda who: mail(who, b"In-Reply-To: <unknown@x.example>"),
    "In-Reply-To itself": lambda who: mail(who, b"In-Reply-To: <hell-%d@kommun.example>" % who.n),
}
TWICE = {
    "From twice": lambda who: joined([line("From", who.sender), *head(who)], who.text),
    "From twice, one false": lambda who: joined([line("From", "evil@x.example"), *head(who)], who.text),
    "From twice, one folded": lambda who: joined([b"From:\r\n evil@x.example", *head(who)], who.text),
    "From in two cases": lambda who: joined([*head(who), b"FROM: evil@x.example"], who.text),
    "no From": without("From"),
    "an empty From": lambda who: mail(who, sender=""),
    "Sender but no From": lambda who: joined(
        [line("Sender", who.sender), *without("From")(who).split(b"\r\n\r\n")[0].split(b"\r\n")], who.text
    ),
}
LETTERS: list[Hell] = [
    *family("headers", FINE),
    *family("Message-ID", IDS),
    *family("Date", DATES),
    *family("thread", ANSWERED),
    *family("sender in doubt", TWICE, NOBODY, sender=None, words=True),
    Hell("headers: no Subject", without("Subject"), LEFT),
    Hell("headers: an empty Subject", lambda who: mail(who, subject=""), LEFT),
    Hell("headers: no blank line", lambda who: b"\r\n".join([*head(who), who.text.strip().encode()]), ASKED, words=False),
    Hell("headers: no body", lambda who: b"\r\n".join(head(who)), ASKED, words=False),
    Hell("headers: another Subject above", lambda who: joined([b"Subject: Hej", *head(who)], who.text), LEFT),
    Hell("headers: a blank line with a blank", lambda who: b"\r\n".join(head(who)) + b"\r\n \r\n" + who.text.encode(), ASKED, words=False),
    Hell("headers: cut in the Subject", lambda who: line("From", who.sender) + b"\r\nSubject: IVO", End("Åtgärda titel", reason="rejected", answer="title_rejected"), words=False),
    Hell("nothing: empty", lambda who: b"", unreadable("empty"), None, words=False),
    Hell("nothing: white space", lambda who: b"\r\n \t\r\n", unreadable("empty"), None, words=False),
    Hell("nothing: zeros", lambda who: b"\0" * 4096, unreadable("empty"), None, words=False),
    Hell("nothing: a text", lambda who: who.text.encode(), unreadable("no_header"), None, words=False),
    Hell("nothing: a picture", lambda who: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, unreadable("no_header"), None, words=False),
    Hell("nothing: a zip", lambda who: b"PK\x03\x04" + bytes(200), unreadable("no_header"), None, words=False),
    Hell("nothing: HTML", lambda who: b"<html><body>From: a@b</body></html>", unreadable("no_header"), None, words=False),
    Hell("nothing: UTF-16 throughout", lambda who: mail(who).decode("utf-8").encode("utf-16"), unreadable("no_header"), None, words=False),
    Hell("nothing: a byte order mark before From", lambda who: b"\xef\xbb\xbf" + joined(head(who)[1:], who.text), NOBODY, None),
    Hell("nothing: the headers beyond 64 kB", lambda who: joined([b"X-Long: " + b"x" * 70_000, *head(who)], who.text), unreadable("no_header"), None, words=False),
    Hell("nothing: headers of no mail", lambda who: b"Hej: du\r\nHur: mar\r\n\r\n" + who.text.encode(), unreadable("no_header"), None, words=False),
    Hell("nothing: random bytes", lambda who: bytes((n * 7919 + who.n) % 251 + 5 for n in range(3000)), unreadable("no_header"), None, words=False),
]  # fmt: skip
