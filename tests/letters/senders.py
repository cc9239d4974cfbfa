"""Who a letter says it is from, who it may be from, and what the own mail server says of it."""

from tests.letters.made import FALSE, MATCHED, OUTSIDE, SERVER, Hell, family, line, mail


def of(value: str):
    """A From line; {} stands for the sender's address."""
    return lambda who: mail(who, sender=value.replace("{}", who.sender))


def results(*values: str):
    """Authentication-Results as the own server writes it (its name is put where a value begins with a semicolon), topmost first."""
    return lambda who: mail(who, *(line("Authentication-Results", f"{SERVER}{v}" if v.startswith(";") else v) for v in values))


NAMED = {
    "bare": of("{}"), "in brackets": of("<{}>"), "a name": of("Karin Testsson <{}>"), "a quoted name": of('"Testsson, Karin" <{}>'),
    "an encoded name": of("=?utf-8?q?=C3=85sa?= <{}>"), "a raw name": of("Åsa Öberg <{}>"), 
    "HTML in quotes": of('"<img src=x onerror=alert(1)>" <{}>'), "its own address as the name": of("{} <{}>"),
    "another's address in quotes": of('"chef@kommun.example" <{}>'), "a comment behind": of("{} (Karin)"), "a comment of a foreign address": of("(evil@x.example) {}"),
    "a name with an escape": of('"a \\" <b>" <{}>'),
    "an encoded address": of("=?utf-8?q?evil=40x.example?= <{}>"), "an identity number as the name": of("191212-1212 <{}>"), "a template as the name": of("{{ 7 * 7 }} <{}>"),
    "a name in capitals": of("KARIN <{}>"), "emoji": of("😀 <{}>"), "a name that turns around": of("Karin\u2019s <{}>"),
}  # fmt: skip
DOUBTED = {
    "HTML in the name": of("<script>alert(1)</script> <{}>"), "an encoded line break": of("=?utf-8?q?a=0D=0ABcc:_evil=40x.example?= <{}>"),
    "two": of("{}, evil@x.example"), "two with a semicolon": of("{}; evil@x.example"), "two in brackets": of("<{}> <evil@x.example>"), "one before": of("evil@x.example <{}>"),
    "one behind": of("<{}> evil@x.example"), "a group": of("Grupp: {};"), "undisclosed": of("undisclosed-recipients:;"), "a route": of("<@x.example:{}>"),
    "two at signs": of("<{}@x.example>"), "a NUL": of("{}\0.x.example"), "a vertical tab": of("{}\x0bevil@x.example"), "a line separator": of("{}\u2028"),
    "right-to-left": of("\u202e{}"), "only a name": of("Karin Testsson"), "a name of 5000 letters": of("K" * 5000 + " <{}>"), "brackets that never end": of("<{}"),
    "quotes that never end": of('"Karin <{}>'), "quotes of escapes": of('"' + "\\\"" * 400 + " <{}>"), "comments in comments": of("(" * 400 + "{}" + ")" * 400),
    "an address of 300 letters": of("k" * 300 + "@kommun.example"), "a domain of one word": of("karin@localhost"), "an address literal": of("karin@[127.0.0.1]"),
    "a Cyrillic letter": of("karin@k\u043emmun.example"), "percent": of("<karin%kommun.example>"), "a bang path": of("kommun!karin"), "a quoted local part": of('"karin t"@kommun.example'),
    "two dots": of("karin..t@kommun.example"), "an encoded whole": of("=?utf-8?q?karin=40kommun.example?="), "a tab in the address": of("karin@\tkommun.example"),
}  # fmt: skip
ELSEWHERE = {
    "outside": "evil@x.example", "a domain that ends alike": "karin@evilkommun.example", "a domain that begins alike": "karin@kommun.example.evil.example",
    "a hyphen between": "karin@kommun-example.example", "punycode": "karin@xn--kommn-kva.example", "a robot's address outside": "noreply@x.example",
}  # fmt: skip
TRUE = {
    "DMARC pass": results("; dmarc=pass header.from=kommun.example"), "all pass": results("; spf=pass smtp.mailfrom=kommun.example; dkim=pass header.d=kommun.example; dmarc=pass"),
    "DKIM pass": results("; dkim=pass header.d=kommun.example"), "SPF pass": results("; spf=pass smtp.mailfrom=x@kommun.example"), "none": results("; none"),
    "no results": lambda who: mail(who), "of another server, failing": results("evil.example; dmarc=fail"), "a forged fail below": results("; dmarc=pass", f"{SERVER}; dmarc=fail"),
    "a version": results(" 1; dmarc=pass"), "comments": results("; (dmarc=fail) dmarc=pass (ok)"), "in capitals": results("; DMARC=PASS"), "empty": results(""),
    "SPF neutral": results("; spf=neutral smtp.mailfrom=kommun.example"), "rubbish": results(";;;===;\0"), "of another server, 30 times": results(*[f"mx{n}.x.example; dmarc=fail" for n in range(30)]),
}  # fmt: skip
FORGED = {
    "DMARC fail": results("; dmarc=fail header.from=kommun.example"), "SPF fail": results("; spf=fail smtp.mailfrom=kommun.example"), "SPF softfail": results("; spf=softfail"),
    "DMARC fail though SPF passes": results("; spf=pass smtp.mailfrom=kommun.example; dmarc=fail"), "a forged pass below": results("; dmarc=fail", f"{SERVER}; dmarc=pass"),
    "a pass in a comment": results("; dmarc=fail (dmarc=pass)"), "a pass in quotes": results('; dmarc=fail reason="; dmarc=pass"'), "a pass of another domain, SPF fails": results("; dkim=pass header.d=evil.example; spf=fail"),
    "longer than is kept": results("; x=" + "y" * 2000), "DMARC quarantine": results("; dmarc=quarantine"), "folded fail": results(";\r\n dmarc=fail"),
}  # fmt: skip
LETTERS: list[Hell] = [
    *family("sender", NAMED),
    *family("doubtful sender", DOUBTED, OUTSIDE, None),
    *[Hell(f"foreign sender: {name}", of(address), OUTSIDE, address) for name, address in ELSEWHERE.items()],
    *family("authenticated", TRUE),
    *family("spoofed", FORGED, FALSE),
    Hell("sender: an identity number as the address", of("191212-1212@kommun.example"), OUTSIDE, "191212-1212@kommun.example"),
    Hell("sender: an address in capitals", lambda who: mail(who, sender=who.sender.upper()), MATCHED),
    Hell("sender: folded", lambda who: mail(who, sender=f"Karin\r\n <{who.sender}>"), MATCHED),
    Hell("sender: folded within", lambda who: mail(who, sender=who.sender.replace("kommun", "kom\r\n mun")), OUTSIDE, None),
]
