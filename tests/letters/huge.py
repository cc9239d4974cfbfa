"""Letters that are large, or of the shapes that took other programs seconds or minutes. Made when asked for, never stored.

Those of a megabyte are the worst that were found for this reader, each in a letter's shape; their time is measured.
"""

from tests.letters.made import MATCHED, OUTSIDE, REJECTED, WRONG, Hell, Who, b64, family, head, html, joined, line, mail, multi, part, typed

MEGABYTE = 1 << 20


def filled(prefix: bytes, piece: bytes, suffix: bytes = b"", size: int = MEGABYTE) -> bytes:
    """Pieces up to a size."""
    return prefix + piece * ((size - len(prefix) - len(suffix)) // len(piece)) + suffix


def body_of(kind: str, piece: bytes, *more: bytes):
    """A letter of one megabyte whose body begins with the case and goes on with pieces."""

    def make(who: Who) -> bytes:
        begin = html(who).encode() if "html" in kind else who.text.encode()
        return typed(who, kind, filled(begin, piece), *more)

    return make


def parts_of(piece: bytes, kind: str = "multipart/mixed; boundary=b"):
    """A multipart of one megabyte: the text, then pieces."""
    return lambda who: typed(
        who, kind, filled(b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + who.text.encode() + b"\r\n", piece)
    )


def header_of(piece: bytes):
    """A header block of one megabyte, the letter's own headers first."""
    return lambda who: joined([*head(who), filled(b"X-A: ", piece)], who.text)


MEASURED = {
    "text": body_of("text/plain", b"en rad text\r\n"), "one line": body_of("text/plain", b"x"), "NULs": body_of("text/plain", b"\0"), "returns": body_of("text/plain", b"\r"),
    "UTF-7": body_of("text/plain; charset=utf-7", b"+AOU-"), "UTF-16 that is none": body_of("text/plain; charset=utf-8", b"\xff\xfe"), "gb18030": body_of("text/plain; charset=gb18030", b"\x81\x30\x81\x30"),
    "HTML": body_of("text/html", b"<p>en rad</p>\r\n"), "open tags": body_of("text/html", b"<a "), "angles": body_of("text/html", b"<"), "titles": body_of("text/html", b"<title>"),
    "comments": body_of("text/html", b"<!--"), "entities": body_of("text/html", b"&amp"), "number entities": body_of("text/html", b"&#x"), "figures": body_of("text/html", b"9"),
    "tables": body_of("text/html", b"<td><tr>"), "blanks": body_of("text/html", b" "), "breaks": body_of("text/html", b"<br>"), "heads": body_of("text/html", b"<head></head>"), "styles": body_of("text/html", b"<style></style>"),
    "quoted-printable": body_of("text/plain", b"=C3=A5", b"Content-Transfer-Encoding: quoted-printable"), "soft line ends": body_of("text/plain", b"=\r\n", b"Content-Transfer-Encoding: quoted-printable"),
    "blanks in quoted-printable": body_of("text/plain", b" \t", b"Content-Transfer-Encoding: quoted-printable"), "equal signs": body_of("text/plain", b"=", b"Content-Transfer-Encoding: quoted-printable"),
    "parts": parts_of(b"--b\r\n\r\nx\r\n"), "parts without a blank line": parts_of(b"--b\r\n"), "boundaries in a row": parts_of(b"--b\r"), "boundaries in text": parts_of(b"x--b"), "boundaries that nearly are": parts_of(b"\n--bx"),
    "multiparts in a row": parts_of(b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\n"), "parts alike within": parts_of(b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"),
    "parts with large headers": parts_of(b"--b\r\nX-A: " + b"x" * 4000 + b"\r\n\r\nx\r\n"), "parts of many headers": parts_of(b"--b\r\n" + b"X:y\r\n" * 900 + b"\r\nx\r\n"),
    "attached letters": parts_of(b"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <a@b>\r\n\r\nx\r\n"), "attached headers": parts_of(b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n" + b"Message-ID:\r\n" * 300),
    "status parts": parts_of(b"--b\r\nContent-Type: message/delivery-status\r\n\r\n" + b"x-message-id: <\r\n" * 300, "multipart/mixed; boundary=b; x=y"),
    "names in pieces": parts_of(b"--b\r\nContent-Type: a/b" + b"; name*0=x" * 300 + b"\r\n\r\n"), "encoded names": parts_of(b'--b\r\nContent-Type: a/b; name="' + b"=?utf-8?q?a?= " * 200 + b'"\r\n\r\n'),
    "headers": header_of(b"b\r\nX-A: "), "one header": header_of(b"x"), "folds": header_of(b"\r\n "), "colons": header_of(b":"), "unfinished": header_of(b"\r\nX"), "returns in headers": header_of(b"\r"), "From lines": header_of(b"\r\nX-From: a@b.example"),
}  # fmt: skip
UNREAD = {
    "base64": lambda who: typed(
        who, "text/plain", b64(filled(who.text.encode(), b"en rad text\r\n", size=700_000)), b"Content-Transfer-Encoding: base64"
    ),
    "padding": lambda who: typed(who, "text/plain", filled(b64(who.text), b"="), b"Content-Transfer-Encoding: base64"),
    "base64 of signs": lambda who: typed(who, "text/plain", filled(b64(who.text), b"*"), b"Content-Transfer-Encoding: base64"),
    "a page in UTF-16": lambda who: typed(who, "text/html; charset=utf-16", filled(html(who).encode("utf-16"), "<p>å".encode("utf-16-le"))),
}
DEEP = {
    "10 000 attachments": lambda who: multi(who, "mixed", part("text/plain; charset=utf-8", who.text), *[part("image/png; name=a.png", "x", b"Content-Disposition: attachment")] * 10_000),
    "10 000 levels": lambda who: typed(who, "multipart/mixed; boundary=b0", b"--b0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + who.text.encode() + b"".join(b"\r\n--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(10_000))),
    "50 MB in a file": lambda who: multi(who, "mixed", part("text/plain; charset=utf-8", who.text), part("application/zip; name=a.zip", b"UEsDBA==" * (50 * MEGABYTE // 8), b"Content-Transfer-Encoding: base64", b"Content-Disposition: attachment")),
    "50 MB of text": lambda who: mail(who, body=filled(who.text.encode(), b"en rad text\r\n", size=50 * MEGABYTE)),
    "50 MB of HTML": lambda who: typed(who, "text/html; charset=utf-8", filled(html(who).encode(), b"<p>en rad</p>", size=50 * MEGABYTE)),
}  # fmt: skip
WORDS = "=?utf-8?q?a?=\r\n "
LETTERS: list[Hell] = [
    *family("a megabyte of", MEASURED),
    *family("a megabyte in", UNREAD),
    *family("huge", DEEP),
    Hell(
        "a megabyte of encoded words",
        lambda who: mail(who, subject=f"{WRONG} " + WORDS * (MEGABYTE // len(WORDS)) + "x"),
        REJECTED,
        words=False,
    ),
    Hell(
        "a megabyte of half encoded words",
        lambda who: mail(who, subject=f"{WRONG} " + "=?utf-8?q?" * (MEGABYTE // 10)),
        REJECTED,
        words=False,
    ),
    Hell(
        "a megabyte of quotes in From",
        lambda who: joined([*head(who)[2:], line("From", '"' + '\\"' * (MEGABYTE // 2))], who.text),
        OUTSIDE,
        None,
    ),
    Hell("a megabyte of References", lambda who: mail(who, b"References: " + b"<a@b> " * (MEGABYTE // 6)), MATCHED),
]
