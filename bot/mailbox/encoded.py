"""Bytes of a letter turned to text, in time that grows no faster than the letter: charsets, RFC 2047 words, transfer encodings."""

import binascii
import codecs
import re
from encodings.aliases import aliases
from typing import Final

WORD: Final = re.compile(r"=\?([A-Za-z0-9_.:*+-]{1,60})\?([bBqQ])\?([^?]*)\?=")
BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
NOT_BASE64: Final = bytes(set(range(256)) - set(BASE64) - set(b"="))
PADDING: Final = re.compile(rb"=+")
# Only charsets whose decoders are linear, looked up without an import: Python also offers idna and punycode (quadratic) and codecs that are
# no charsets at all. ASCII and Latin-1 are guessed: these labels stand on letters that really are UTF-8 or Windows-1252
# (https://encoding.spec.whatwg.org/#names-and-labels).
CHARSETS: Final = re.compile(
    r"utf_(?:7|8|16|16_le|16_be|32)|cp(?:125[0-8]|437|850|865|866)|iso8859_(?:[2-9]|1[013456])|koi8_[ru]|mac_roman"
    r"|gb2312|gbk|gb18030|big5|euc_jp|iso2022_jp|shift_jis|euc_kr"
)
MARKS: Final = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
NOT_NAME: Final = re.compile(r"[^a-z0-9]+")
CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
BODY_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
SURROGATES: Final = re.compile(r"[\ud800-\udfff]")


def charset(label: str) -> str:
    """Python's name of a charset that is safe to decode with, or "" where it must be guessed. A language (RFC 2231) is left out."""
    name = NOT_NAME.sub("_", label[:60].partition("*")[0].strip().lower())
    name = aliases.get(name, name)
    return name if CHARSETS.fullmatch(name) else ""


def guess(raw: bytes) -> str:
    """Text of bytes without a usable label: UTF-8 where they are that, else Windows-1252. Never fails."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def body_text(raw: bytes, label: str, *, cut: bool = False) -> str:
    """A part's text by its mark (a mark tells more than a label: https://encoding.spec.whatwg.org/#decode), its label, or a guess.

    `cut`: the bytes may end inside a character.
    """
    marked = next((name for mark, name in MARKS if raw.startswith(mark)), "")
    for name in (marked, charset(label), "utf-8"):
        if name:
            try:
                text = codecs.getincrementaldecoder(name)("strict").decode(raw, final=not cut)
                return SURROGATES.sub("\ufffd", text) if name == "utf_7" else text  # the one decoder that gives half characters
            except (UnicodeError, LookupError):
                continue
    return raw.decode("cp1252", "replace")


def one_line(text: str) -> str:
    """No control characters, no line ends, no half characters: safe to store and to compare."""
    return SURROGATES.sub("\ufffd", CONTROLS.sub(" ", text)).strip()


def words(text: str) -> str:
    """Encoded words (RFC 2047) turned to text; what is damaged stays as it stands. Undecodable bytes give U+FFFD.

    Neighbours of one charset are joined as bytes first: many programs cut a character in two between words. Linear in the length.
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    held: list[bytes] = []
    label, end = "", 0
    for found in WORD.finditer(text):
        between = text[end : found.start()]
        joined = bool(held) and not between.strip()
        if held and not (joined and found[1].lower() == label):
            out.append(_decode(b"".join(held), label))
            held.clear()
        if not joined:
            out.append(between)
        label, end = found[1].lower(), found.end()
        held.append(base64(found[3].encode()) if found[2] in "bB" else quoted(found[3].encode(), header=True))
    if held:
        out.append(_decode(b"".join(held), label))
    out.append(text[end:])
    return "".join(out)


def _decode(raw: bytes, label: str) -> str:
    name = charset(label)
    try:
        return raw.decode(name, "replace") if name else guess(raw)
    except (UnicodeError, LookupError):
        return guess(raw)


def base64(raw: bytes) -> bytes:
    """The bytes behind base64 (RFC 2045 6.8), tolerant: what is not of its alphabet is passed over, a cut end is completed or dropped.

    Padding ends a stretch and the next begins anew, as some programs join encoded texts.
    """
    return b"".join(_stretch(piece) for piece in PADDING.split(raw.translate(None, NOT_BASE64)) if len(piece) > 1)


def _stretch(clean: bytes) -> bytes:
    clean = clean[:-1] if len(clean) % 4 == 1 else clean
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def quoted(raw: bytes, *, header: bool = False) -> bytes:
    """The bytes behind quoted-printable (RFC 2045 6.7); a damaged escape stays as it stands. `header`: "_" is a space (RFC 2047 4.2)."""
    return binascii.a2b_qp(raw, header=header)
