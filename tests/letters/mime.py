"""How parts lie in each other: as they should, broken, too many, too deep; what other programs wrap a letter in."""

from tests.letters.made import ASKED, LEFT, MATCHED, Hell, Who, b64, between, family, head, html, joined, line, mail, multi, part, typed

PDF = part(
    'application/pdf; name="Karin Testsson.pdf"',
    b64(b"%PDF-1.7 x"),
    b"Content-Transfer-Encoding: base64",
    b"Content-Disposition: attachment",
)


def text(who: Who, *more: bytes) -> bytes:
    return part("text/plain; charset=utf-8", who.text, *more)


def page(who: Who) -> bytes:
    return part("text/html; charset=utf-8", html(who))


def nested(levels: int, inner: bytes) -> bytes:
    """A part at the bottom of so many multiparts."""
    for n in reversed(range(levels)):
        inner = part(f"multipart/mixed; boundary=n{n}", between([inner], f"n{n}"))
    return inner


GOOD = {
    "text and page": lambda who: multi(who, "alternative", text(who), page(who)),
    "page and text": lambda who: multi(who, "alternative", page(who), text(who)),
    "an empty text and a page": lambda who: multi(who, "alternative", part("text/plain", " \r\n"), page(who)),
    "page with pictures": lambda who: multi(who, "related", page(who), part("image/png", b"\x89PNG", b"Content-ID: <a>", b"Content-Disposition: inline")),
    "text and a file": lambda who: multi(who, "mixed", text(who), PDF),
    "a file before the text": lambda who: multi(who, "mixed", PDF, text(who)),
    "an attached text before": lambda who: multi(who, "mixed", part("text/plain; name=a.txt", "Ärende: X-9", b"Content-Disposition: attachment"), text(who)),
    "as Outlook does": lambda who: multi(who, "mixed", part("multipart/alternative; boundary=in", between([text(who), page(who)], "in")), PDF),
    "as Apple does": lambda who: multi(who, "alternative", text(who), part("multipart/mixed; boundary=in", between([page(who), PDF, page(who)], "in"))),
    "nine deep": lambda who: typed(who, "multipart/mixed; boundary=o", between([nested(8, text(who))], "o")),
    "text under an unknown multipart": lambda who: multi(who, "x-strange", text(who)),
    "digest of nothing and text": lambda who: multi(who, "digest", text(who)),
    "disposition unknown": lambda who: multi(who, "mixed", text(who, b"Content-Disposition: strange")),
    "disposition broken": lambda who: multi(who, "mixed", text(who, b'Content-Disposition: ;;=" inline')),
    "a name that climbs": lambda who: multi(who, "mixed", text(who), part('application/x; name="../../../etc/passwd"', "x")),
    "a name of two lines": lambda who: multi(who, "mixed", text(who), part('application/x; name="a\r\n Bcc: x@evil.example"', "x")),
    "a name of 100 000 letters": lambda who: multi(who, "mixed", text(who), part(f'application/x; name="{"a" * 100_000}"', "x")),
    "a name in pieces": lambda who: multi(who, "mixed", text(who), part("application/x; name*0*=utf-8''%C3%85; name*1*=%C3%84; name*99=x", "x")),
    "a name turned around": lambda who: multi(who, "mixed", text(who), part('application/x; name="\u202egnp.exe"', "x")),
    "a name with a NUL": lambda who: multi(who, "mixed", text(who), part('application/x; name="a\0.csv"', "x")),
    "a zip bomb": lambda who: multi(who, "mixed", text(who), part("application/zip; name=a.zip", b"PK\x03\x04" + b"\0" * 900)),
    "a register file from anybody": lambda who: multi(who, "mixed", text(who), part("text/csv; name=register.csv", "Ärende;Insats;Beslutsdatum\r\nX-1;9§4;2026-01-15")),
    "an attached letter": lambda who: multi(who, "mixed", text(who), part("message/rfc822", "From: evil@x.example\r\nSubject: IVO – Slutrapportering\r\n\r\nx")),
    "external body": lambda who: multi(who, "mixed", text(who), part('message/external-body; access-type=URL; URL="http://evil.example/"', "\r\n")),
    "partial": lambda who: multi(who, "mixed", text(who), part("message/partial; id=a; number=1; total=1000000", "x")),
    "TNEF beside the text": lambda who: multi(who, "mixed", text(who), part("application/ms-tnef; name=winmail.dat", b64(b"\x78\x9f\x3e\x22"), b"Content-Transfer-Encoding: base64")),
    "an invitation beside the text": lambda who: multi(who, "alternative", text(who), part("text/calendar; method=REQUEST", "BEGIN:VCALENDAR\r\nEND:VCALENDAR")),
    "S/MIME, signed": lambda who: multi(who, "signed", text(who), part("application/pkcs7-signature; name=smime.p7s", b64(b"\x30\x82"))),
    "PGP, signed": lambda who: multi(who, "signed", text(who), part("application/pgp-signature", "-----BEGIN PGP SIGNATURE-----\r\n\r\niQ\r\n-----END PGP SIGNATURE-----")),
    "format flowed": lambda who: typed(who, "text/plain; format=flowed; delsp=yes", who.text),
}  # fmt: skip
BROKEN = {
    "no last boundary": lambda who: typed(who, "multipart/mixed; boundary=b", b"--b\r\n" + text(who)),
    "no boundary at all": lambda who: typed(who, "multipart/mixed", who.text),
    "an empty boundary": lambda who: typed(who, 'multipart/mixed; boundary=""', who.text),
    "a boundary that is never there": lambda who: typed(who, "multipart/mixed; boundary=elsewhere", who.text),
    "a boundary of blanks": lambda who: typed(who, 'multipart/mixed; boundary="   "', who.text),
    "a boundary of 5000 letters": lambda who: typed(who, f"multipart/mixed; boundary={'b' * 5000}", who.text),
    "a boundary said twice": lambda who: typed(who, "multipart/mixed; boundary=b; boundary=c", b"--b\r\n" + text(who) + b"\r\n--b--"),
    "a boundary that begins another": lambda who: typed(who, "multipart/mixed; boundary=b", between([part("multipart/mixed; boundary=bb", between([text(who)], "bb"))], "b")),
    "boundary lines with line feeds": lambda who: typed(who, "multipart/mixed; boundary=b", between([text(who)], "b").replace(b"\r\n", b"\n")),
    "a boundary with blanks after": lambda who: typed(who, "multipart/mixed; boundary=b", b"--b  \t\r\n" + text(who) + b"\r\n--b--"),
    "the last boundary first": lambda who: typed(who, "multipart/mixed; boundary=b", b"--b\r\n" + text(who) + b"\r\n--b--\r\n--b\r\n\r\nefter"),
    "a part without headers": lambda who: typed(who, "multipart/mixed; boundary=b", b"--b\r\n\r\n" + who.text.encode() + b"\r\n--b--"),
    "a part without a blank line": lambda who: typed(who, "multipart/mixed; boundary=b", b"--b\r\nContent-Type: image/png\r\n--b\r\n" + text(who) + b"\r\n--b--"),
    "a type without its half": lambda who: typed(who, "text", who.text),
    "a type of signs": lambda who: typed(who, ";;;=/;", who.text),
    "a type that is empty": lambda who: typed(who, "", who.text),
    "a type said twice": lambda who: typed(who, "text/plain", who.text, b"Content-Type: application/pdf"),
    "a type with a comment": lambda who: typed(who, "text/plain (hej)", who.text),
    "a multipart in base64": lambda who: typed(who, "multipart/mixed; boundary=b", between([text(who)], "b"), b"Content-Transfer-Encoding: base64"),
    "no MIME-Version": lambda who: mail(who, line("Content-Type", "multipart/mixed; boundary=b"), body=between([text(who)], "b")),
    "MIME-Version 9": lambda who: mail(who, b"MIME-Version: 9.9", line("Content-Type", "multipart/mixed; boundary=b"), body=between([text(who)], "b")),
    "folded over ten lines": lambda who: typed(who, "multipart/mixed;\r\n" + "\r\n".join(" x%d=y;" % n for n in range(10)) + "\r\n boundary=b", between([text(who)], "b")),  # noqa: UP031
    "a preamble and an epilogue": lambda who: typed(who, "multipart/mixed; boundary=b", b"Detta ar MIME.\r\n" + between([text(who)], "b") + b"hej da\r\n" * 9),
    "parts cut in a header": lambda who: typed(who, "multipart/mixed; boundary=b", b"--b\r\n" + text(who) + b"\r\n--b\r\nContent-Typ"),
}  # fmt: skip

# The first text is the one that is read: what comes after an empty one, or under a type that nobody knows, is asked for.
HIDDEN = {
    "the same boundary within": lambda who: typed(who, "multipart/mixed; boundary=b", b"--b\r\n" + part("multipart/mixed; boundary=b", between([text(who)], "b"))),
    "an empty part first": lambda who: typed(who, "multipart/mixed; boundary=b", b"--b\r\n--b\r\n" + text(who) + b"\r\n--b--"),
    "a multipart that holds nothing": lambda who: typed(who, "multipart/mixed; boundary=b", between([part("multipart/mixed; boundary=c", ""), text(who)], "b")),
    "a type in an encoded word": lambda who: typed(who, "=?utf-8?q?text/html?=", who.text),
}  # fmt: skip


def without_text(kind: str, content: bytes | str, *more: bytes):
    return lambda who: typed(who, kind, content, *more)


SHELLS = {
    "S/MIME, encrypted": without_text("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", b64(b"\x30\x80\x06\x09"), b"Content-Transfer-Encoding: base64"),
    "S/MIME, opaque": without_text("application/x-pkcs7-mime; smime-type=signed-data", b64(b"\x30\x80"), b"Content-Transfer-Encoding: base64"),
    "PGP, encrypted": lambda who: multi(who, "encrypted", part("application/pgp-encrypted", "Version: 1"), part("application/octet-stream", "-----BEGIN PGP MESSAGE-----")),
    "PGP in the text": lambda who: mail(who, body="-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n"),
    "TNEF alone": without_text("application/ms-tnef; name=winmail.dat", b64(b"\x78\x9f\x3e\x22"), b"Content-Transfer-Encoding: base64"),
    "a picture of a text": without_text("image/tiff; name=fax.tif", b64(b"II*\0"), b"Content-Transfer-Encoding: base64"),
    "a PDF alone": without_text("application/pdf", b64(b"%PDF-1.7"), b"Content-Transfer-Encoding: base64"),
    "a letter in a letter": lambda who: typed(who, "message/rfc822", "From: evil@x.example\r\nSubject: x\r\n\r\nÄrende: X-1\r\n"),
    "everything attached": lambda who: multi(who, "mixed", part("text/plain", who.text, b"Content-Disposition: attachment; filename=a.txt")),
    "a sound": without_text("audio/wav", b64(b"RIFF"), b"Content-Transfer-Encoding: base64"),
    "a calendar alone": without_text("text/calendar; method=REQUEST; charset=utf-8", "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"),
}  # fmt: skip
INVITED = {
    "an invitation": lambda who: typed(who, "text/calendar; method=REQUEST", "BEGIN:VCALENDAR\r\nEND:VCALENDAR", subject="Möte om IVO-rapporteringen"),
    "an acceptance": lambda who: typed(who, "text/calendar; method=REPLY", "BEGIN:VCALENDAR\r\nEND:VCALENDAR", subject="Accepterat: Möte om IVO"),
    "a cancellation": lambda who: typed(who, "text/calendar; method=CANCEL", "BEGIN:VCALENDAR\r\nEND:VCALENDAR", subject="Inställt: Möte"),
    "a rights-protected letter": lambda who: multi(who, "mixed", part("application/x-microsoft-rpmsg-message; name=message.rpmsg", "x"), subject="Skyddat meddelande"),
    "a voice message": lambda who: typed(who, "audio/mp3", "x", subject="Röstmeddelande från okänd"),
    "a fax": lambda who: typed(who, "image/tiff", "x", subject="Fax från 021-390000"),
}  # fmt: skip

LETTERS: list[Hell] = [
    *family("parts", GOOD),
    *family("broken parts", BROKEN),
    *family("hidden text", HIDDEN, ASKED, words=False),
    *family("shell", SHELLS, ASKED, words=False),
    *family("no report", INVITED, LEFT, words=False),
    Hell("parts: eleven deep", lambda who: typed(who, "multipart/mixed; boundary=o", between([nested(11, text(who))], "o")), MATCHED),
    Hell(
        "parts: line feeds only",
        lambda who: joined(head(who, b"Content-Type: multipart/mixed; boundary=b"), between([text(who)], "b"), b"\n").replace(
            b"\r\n", b"\n"
        ),
    ),
]
