"""Bodies: charsets that are right, wrong, unknown or traps; transfer encodings; HTML as mail programs and attackers write it."""

from tests.letters.made import ASKED, MATCHED, Hell, Who, b64, family, html, mail, qp, typed

PLAIN = "text/plain; charset={}"


def charset(label: str, codec: str, text: str | None = None):
    """A body written in one charset under the label of another."""
    return lambda who: typed(who, PLAIN.format(label), (who.text if text is None else text.format(who.case)).encode(codec))


ASCII = "Arende: {}\r\nPersonen\r\n"  # for charsets without Swedish letters; the reader of bodies knows the word without its dots
CHARSETS = {
    **{
        label: charset(label, codec)
        for label, codec in (
            ("utf-8", "utf-8"),
            ("UTF8", "utf-8"),
            ("iso-8859-1", "latin-1"),
            ("latin1", "latin-1"),
            ("ISO-8859-15", "iso8859-15"),
            ("windows-1252", "cp1252"),
            ("cp1252", "cp1252"),
            ("utf-16", "utf-16"),
            ("utf-16le", "utf-16-le"),
            ("UTF-16BE", "utf-16-be"),
            ("utf-32", "utf-32"),
            ("utf-7", "utf-7"),
            ("ibm850", "cp850"),
            ("cp437", "cp437"),
            ("macintosh", "mac-roman"),
            ("cp865", "cp865"),
            ("gb18030", "gb18030"),
            ("iso-8859-4", "iso8859-4"),
            ("windows-1257", "cp1257"),
        )
    },
    **{
        f"{label}, ASCII only": charset(label, "ascii", ASCII)
        for label in ("koi8-r", "shift_jis", "iso-2022-jp", "euc-kr", "big5", "gb2312")
    },
    "us-ascii, really UTF-8": charset("us-ascii", "utf-8"),
    "us-ascii, really Windows": charset("us-ascii", "cp1252"),
    "utf-8, really Windows": charset("utf-8", "cp1252"),
    "iso-8859-1, really UTF-8": charset("iso-8859-1", "utf-8"),
    "utf-16, really UTF-8": charset("utf-16", "utf-8", "Ärende: {}\r\nudda."),
    "utf-8, really UTF-16 with its mark": charset("utf-8", "utf-16"),
    "none, really UTF-16 with its mark": lambda who: mail(who, body=b"\xff\xfe" + who.text.encode("utf-16-le")),
    "none, really big-endian UTF-16 with its mark": lambda who: mail(who, body=b"\xfe\xff" + who.text.encode("utf-16-be")),
    "utf-8 with its mark": charset("utf-8", "utf-8-sig"),
    "unknown": charset("x-user-defined", "utf-8"),
    "empty": charset("", "utf-8"),
    "quoted and broken": charset('"utf-8', "utf-8"),
    "with its language": lambda who: typed(who, "text/plain; charset*=us-ascii'sv'utf-8", who.text),
    "of 200 letters": charset("u" * 200, "utf-8"),
    "with a NUL": charset("utf\0-8", "utf-8"),
    "said twice": charset("utf-8; charset=utf-16", "utf-8"),
    **{
        f"the codec {codec}": charset(codec, "utf-8")
        for codec in (
            "idna",
            "punycode",
            "rot13",
            "base64",
            "hex",
            "zlib",
            "bz2",
            "uu",
            "unicode_escape",
            "raw_unicode_escape",
            "undefined",
            "mbcs",
            "quopri",
        )
    },
}


def carried(encoding: str, make):
    """A body in one transfer encoding."""
    return lambda who: typed(who, "text/plain; charset=utf-8", make(who), f"Content-Transfer-Encoding: {encoding}".encode())


CARRIED = {
    "base64": carried("base64", lambda who: b64(who.text)),
    "BASE64 in capitals": carried("BASE64", lambda who: b64(who.text)),
    "base64 on one line": carried("base64", lambda who: b64(who.text * 900).replace(b"\n", b"")),
    "base64 without padding": carried("base64", lambda who: b64(who.text).rstrip(b"=\n")),
    "base64 with rubbish": carried("base64", lambda who: b"!" + b"* \0".join(b64(who.text).split())),
    "base64 cut": carried("base64", lambda who: b64(who.text + "x" * 99)[:-7]),
    "base64 joined": carried("base64", lambda who: b64("Hej!\r\n\r\n") + b64(who.text)),
    "base64 with a line of text after": carried("base64", lambda who: b64(who.text) + b"\r\n____\r\nDetta mejl kommer utifran.\r\n"),
    "base64 said twice": carried("base64\r\nContent-Transfer-Encoding: 7bit", lambda who: b64(who.text)),
    "quoted-printable": carried("quoted-printable", lambda who: qp(who.text)),
    "quoted-printable, damaged": carried("quoted-printable", lambda who: qp(who.text) + b"=ZZ=\r\n=="),
    "quoted-printable, lower case": carried("Quoted-Printable", lambda who: qp(who.text).replace(b"=C3", b"=c3")),
    "quoted-printable with soft ends": carried("quoted-printable", lambda who: qp(who.text).replace(b"rende", b"ren=\r\nde=\n")),
    "quoted-printable of zeros": carried("quoted-printable", lambda who: qp(who.text) + b"=00=00=00"),
    "8bit": carried("8bit", lambda who: who.text.encode()),
    "binary": carried("binary", lambda who: who.text.encode() + bytes(range(256))),
    "7bit that is not": carried("7bit", lambda who: who.text.encode()),
    "unknown": carried("x-nothing", lambda who: who.text.encode()),
    "a sentence": carried("this is no encoding; really=not", lambda who: who.text.encode()),
}
UUENCODED = carried("x-uuencode", lambda who: b"begin 644 a.txt\n#0V%T\n`\nend\n")

HTML = {
    "alone": lambda who: typed(who, "text/html; charset=utf-8", html(who)),
    "of Word": lambda who: typed(who, "text/html", "<html xmlns:o='urn:x'><head><style><!-- p.MsoNormal{} --></style><!--[if mso]><xml>x</xml><![endif]-->"
                                 f"</head><body lang=SV><p class=MsoNormal><span>Ärende:&nbsp;<b>{who.case}</b></span><o:p></o:p></p></body></html>"),
    "of a phone": lambda who: typed(who, "text/html", f"<div dir=auto>Ärende: {who.case}<br><br>Skickat från min telefon</div>"),
    "without tags": lambda who: typed(who, "text/html", f"Ärende: {who.case}"),
    "never closed": lambda who: typed(who, "text/html", f"<html><head><title>x<body><p><b><i>Ärende: {who.case}"),
    "with scripts": lambda who: typed(who, "text/html", html(who, "<script>document.write('<p>Ärende: X-1')</script><img src=x onerror=alert(1)>")),
    "with a script before": lambda who: typed(who, "text/html", f"<script>var a='<p>';</script>{html(who)}"),
    "with a comment before": lambda who: typed(who, "text/html", f"<!-- -- > <p> -->{html(who)}"),
    "with entities": lambda who: typed(who, "text/html", f"<p>&Auml;rende&#58;&#x20;{who.case} &#0;&#xD800;&#99999999999;&nosuch;</p>"),
    "in a table": lambda who: typed(who, "text/html", f"<table><tr><td>Ärende</td><td>{who.case}</td></tr></table>"),
    "of 200 levels": lambda who: typed(who, "text/html", "<div>" * 200 + html(who) + "</div>" * 200),
    "in capitals": lambda who: typed(who, "TEXT/HTML; CHARSET=UTF-8", html(who).upper()),
    "in UTF-16": lambda who: typed(who, "text/html; charset=utf-16", html(who).encode("utf-16")),
    "with its charset in a meta tag": lambda who: typed(who, "text/html", b"<meta charset=iso-8859-1>" + html(who).encode("latin-1")),
    "with NULs": lambda who: typed(who, "text/html", f"<p>\0Ärende: {who.case}\0</p>\0"),
    "with a form and a mailto": lambda who: typed(who, "text/html", html(who, '<a href="mailto:x@evil.example?bcc=y@evil.example&subject=IVO">svara</a>')),
    "of attributes that never end": lambda who: typed(who, "text/html", html(who) + "<a href='" + "x" * 5000),
    "said to be RTF": lambda who: typed(who, "text/enriched", "<bold>x</bold>") ,
}  # fmt: skip
TRICKS = {
    "empty lines only before": lambda who: mail(who, body="\r\n" * 500 + who.text),
    "NULs between": lambda who: mail(who, body=f"\0\0Ärende: {who.case}\r\n\0\0"),
    "right-to-left marks": lambda who: mail(who, body=f"\u202bHej\u202c\r\nÄrende: {who.case}\r\n\u202e12-1"),
    "bare returns": lambda who: mail(who, body=f"Hej\rÄrende: {who.case}\rMvh"),
    "vertical tabs and form feeds": lambda who: mail(who, body=f"Hej\x0b\x0cÄrende: {who.case}\x0c"),
    "escapes of a terminal": lambda who: mail(who, body=f"\x1b[2J\x1b]0;x\x07\r\nÄrende: {who.case}\r\n"),
    "a line of 100 000 letters": lambda who: mail(who, body=f"Ärende: {who.case}\r\n" + "x" * 100_000),
    "a quoted letter below": lambda who: mail(who, body=f"Ärende: {who.case}\r\n\r\n-----Ursprungligt meddelande-----\r\nFrån: x\r\nÄmne: y\r\n"),
    "headers in it": lambda who: mail(who, body=f"Subject: Autosvar\r\nFrom: evil@x.example\r\nX-Ivobot: name=x\r\n\r\nÄrende: {who.case}\r\n"),
    "a template in it": lambda who: mail(who, body=f"Ärende: {who.case}\r\n{{{{ 7 * 7 }}}} {{% include 'x' %}} ${{7*7}}\r\n"),
    "SQL in it": lambda who: mail(who, body=f"Ärende: {who.case}\r\n'; DROP TABLE letter; --\r\n"),
    "an mbox line in it": lambda who: mail(who, body=f"Ärende: {who.case}\r\n\r\nFrom evil Wed Apr 15\r\nFrom: evil@x.example\r\n"),
    "a dot on a line": lambda who: mail(who, body=f"Ärende: {who.case}\r\n.\r\nQUIT\r\n"),
    "emoji": lambda who: mail(who, body=f"😀 Ärende: {who.case} 👩‍👩‍👧\r\n"),
    "half characters": lambda who: mail(who, body=b"\xed\xa0\x80\xed\xb0\x80 \xf4\x90\x80\x80\r\n" + who.text.encode("cp1252")),
    "decomposed": lambda who: mail(who, body=f"A\u0308rende: {who.case}\r\n"),
}  # fmt: skip


def nothing(who: Who) -> bytes:
    return mail(who, body="")


LETTERS: list[Hell] = [
    *family("charset", CHARSETS),
    *family("carried by", CARRIED),
    Hell("carried by: uuencode", UUENCODED, ASKED, words=False),
    *[Hell(f"HTML {name}", make, *((ASKED, "own", False) if "RTF" in name else (MATCHED,))) for name, make in HTML.items()],
    *family("body with", TRICKS),
    Hell("body: none", nothing, ASKED, words=False),
    Hell("body: white space", lambda who: mail(who, body=" \r\n\t\r\n\xa0"), ASKED, words=False),
]
