"""What machines send: bounces of many servers, absences in many languages, receipts, lists, ticket systems, other robots, our own mails."""

from tests.letters.made import (
    ANY,
    LEFT,
    MATCHED,
    OURS,
    RIGHT,
    SILENT,
    WRONG,
    End,
    Hell,
    Who,
    automatic,
    between,
    family,
    head,
    joined,
    line,
    mail,
    multi,
    part,
    unreached,
)


def saying(subject: str, *more: bytes, sender: str | None = None, body: str | None = None):
    return lambda who: mail(who, *more, subject=subject, sender=sender, body=body)


def answering(subject: str, *more: bytes, sender: str | None = None, body: str = "Jag är ledig.\r\n"):
    """An answer to a mail of ours."""
    return lambda who: mail(
        who, line("In-Reply-To", who.ours), line("References", who.ours), *more, subject=subject, sender=sender, body=body
    )


AUTO = b"Auto-Submitted: auto-replied"
SUPPRESS = b"X-Auto-Response-Suppress: All"
ABSENT = {
    "Outlook, Swedish": saying("Automatiskt svar: IVO – Nyrapportering 2026-04-15, 9§4", AUTO, SUPPRESS),
    "Outlook, English": saying("Automatic reply: IVO – Nyrapportering 2026-04-15, 9§4", AUTO),
    "Outlook, Finnish": saying("Automaattinen vastaus: IVO", AUTO), "Outlook, German": saying("Automatische Antwort: IVO", AUTO),
    "Outlook, Norwegian": saying("Automatisk svar: IVO", AUTO), "Outlook, French": saying("Réponse automatique : IVO", AUTO), "Outlook, Dutch": saying("Automatisch antwoord: IVO", AUTO),
    "Swedish without headers": saying("Automatiskt svar: VB: IVO – Nyrapportering 2026-04-15, 9§4"), "English without headers": saying("Automatic reply: x"),
    "Finnish without headers": saying("Automaattinen vastaus: x"), "German without headers": saying("Automatische Antwort: x"),
    "absence": saying("Frånvaro: IVO – Nyrapportering 2026-04-15, 9§4"), "autosvar": saying("Autosvar: hej"), "semestersvar": saying("Semestersvar"),
    "out of office": saying("Out of Office: x"), "OOO": saying("OOO: x"), "behind a mark": saying("[EXTERN] Automatiskt svar: IVO – Nyrapportering 2026-04-15, 9§4"),
    "encoded": saying("=?utf-8?B?QXV0b21hdGlza3Qgc3Zhcg==?=: IVO"), "with blanks": saying("  Automatiskt   svar : x"), "in capitals": saying("AUTOMATISKT SVAR: x"),
    "a whole subject": saying("Frånvaromeddelande"), "out of office, a sentence": saying("Out of office - back Monday"),
}  # fmt: skip
SUBMITTED = {
    "auto-replied": saying(RIGHT, AUTO), "auto-generated": saying(RIGHT, b"Auto-Submitted: auto-generated"), "with parameters": saying(RIGHT, b"Auto-Submitted: auto-replied; owner-email=x"),
    "with a comment": saying(RIGHT, b"Auto-Submitted: auto-generated (rejected)"), "of Sieve": saying(RIGHT, b'Auto-Submitted: auto-replied (vacation)'),
    "in capitals": saying(RIGHT, b"AUTO-SUBMITTED: AUTO-REPLIED"), "said twice": saying(RIGHT, b"Auto-Submitted: no", AUTO), "unknown word": saying(RIGHT, b"Auto-Submitted: auto-notified"),
    "a ticket system": saying("[Ärende #4711] Vi har tagit emot: IVO – Nyrapportering 2026-04-15, 9§4", AUTO, b"X-Mailer: OTRS"),
    "a ticket system, another subject": saying("Re: [Ticket#20260415] IVO – Nyrapportering 2026-04-15, 9§4", b"Auto-Submitted: auto-generated"),
    "a case system's notice": saying("Procapita: ny händelse", b"Auto-Submitted: auto-generated"), "a cron job": saying("Cron <root@server> backup", b"Auto-Submitted: auto-generated"),
    "a challenge": saying("Bekräfta ditt mejl", AUTO), "an acceptance by a room": saying("Accepterat: Möte", b"Auto-Submitted: auto-generated"),
}  # fmt: skip
REPLIED = {
    "X-Autoreply": saying(RIGHT, b"X-Autoreply: yes"),
    "X-Autorespond": saying(RIGHT, b"X-Autorespond: x"),
    "X-Autoresponse": saying(RIGHT, b"X-Autoresponse: x"),
    "X-Mail-Autoreply": saying(RIGHT, b"X-Mail-Autoreply: x"),
    "X-Autoreply-From": saying(RIGHT, b"X-Autoreply-From: x@kommun.example"),
    "Precedence auto_reply": saying(RIGHT, b"Precedence: auto_reply"),
    "Precedence auto-reply": saying(RIGHT, b"X-Precedence: auto-reply"),
}
LISTS = {
    "List-Id": saying(RIGHT, b"List-Id: Alla <alla.kommun.example>"), "List-Post": saying(RIGHT, b"List-Post: <mailto:alla@kommun.example>"),
    "List-Unsubscribe": saying(RIGHT, b"List-Unsubscribe: <mailto:x@kommun.example>, <http://x.example>"), "Mailman": saying(f"[alla] {RIGHT}", b"List-Id: <alla>", b"Precedence: list"),
    "Precedence list": saying(RIGHT, b"Precedence: list"), "a list that nests its id": saying(RIGHT, b"List-Id: " + b"<" * 900 + b"a" + b">" * 900),
}  # fmt: skip
BULK = {
    "bulk": saying(RIGHT, b"Precedence: bulk"),
    "junk": saying(RIGHT, b"Precedence: junk"),
    "Bulk in capitals": saying(RIGHT, b"PRECEDENCE: BULK"),
}
RECEIPTS = {
    "MDN": lambda who: report(who, "disposition-notification", part("message/disposition-notification", f"Original-Message-ID: {who.ours}\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"), subject="Läst: IVO"),
    "by its subject, Swedish": saying("Läst: Påminnelse om rapport"), "by its subject, English": saying("Read: x"), "not read": saying("Ej läst: x"),
}  # fmt: skip
OWN = {
    "the bot itself": saying(RIGHT, b"X-Ivobot: name=title_rejected; key=abc"), "the bot of another town": saying("Digest", b"X-Ivobot: name=digest; key=" + b"0" * 40, AUTO),
    "a forged one": saying(RIGHT, b"X-Ivobot: yes"), "said twice": saying(RIGHT, b"X-Ivobot: a", b"X-Ivobot: b"),
}  # fmt: skip


def report(who: Who, kind: str, *parts: bytes, subject: str, sender: str = "Mail Delivery System <MAILER-DAEMON@kommun.example>") -> bytes:
    """A report of a mail system (RFC 6522)."""
    top = head(who, b"Return-Path: <>", b"Auto-Submitted: auto-replied", b"MIME-Version: 1.0", subject=subject, sender=sender)
    content = f'multipart/report; report-type={kind}; boundary="r"'
    return joined([*top, line("Content-Type", content)], between([part("text/plain", "Se nedan.\r\n"), *parts], "r"))


def status(action: str, more: str = "") -> bytes:
    lines = f"Reporting-MTA: dns; mx\r\n{more}\r\nFinal-Recipient: rfc822; karin@kommun.example\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
    return part("message/delivery-status", lines)


def returned(who: Who) -> bytes:
    return part("message/rfc822", f"From: ivo@kommun.example\r\nMessage-ID: {who.ours}\r\nSubject: x\r\n\r\nMessage-ID: <no@x.example>\r\n")


NDR = {
    "Postfix": lambda who: report(who, "delivery-status", status("failed"), returned(who), subject="Undelivered Mail Returned to Sender"),
    "Exchange, Swedish": lambda who: report(who, "delivery-status", status("failed"), returned(who), subject="Kan inte levereras: IVO", sender="Microsoft Outlook <MicrosoftExchange329e@kommun.example>"),
    "Exchange, English": lambda who: report(who, "delivery-status", status("failed"), returned(who), subject="Undeliverable: IVO", sender="postmaster@kommun.example"),
    "Sendmail": lambda who: report(who, "delivery-status", status("failed"), part("text/rfc822-headers", f"Message-Id:\r\n {who.ours}\r\n"), subject="Returned mail: see transcript for details"),
    "Exim": lambda who: mail(who, b"X-Failed-Recipients: karin@kommun.example", b"Auto-Submitted: auto-replied", line("References", who.ours), subject="Mail delivery failed: returning message to sender", sender="Mail Delivery System <Mailer-Daemon@kommun.example>"),
    "qmail": lambda who: mail(who, b"Return-Path: <>", line("In-Reply-To", who.ours), subject="failure notice", sender="MAILER-DAEMON@kommun.example", body="Hi. This is the qmail-send program."),
    "Gmail": lambda who: report(who, "delivery-status", status("failed", f"X-Original-Message-ID: {who.ours}"), subject="Delivery Status Notification (Failure)", sender="Mail Delivery Subsystem <mailer-daemon@googlemail.example>"),
    "Domino": lambda who: mail(who, line("In-Reply-To", who.ours), subject="DELIVERY FAILURE: User karin not listed", sender="postmaster@kommun.example"),
    "a status of many recipients": lambda who: report(who, "delivery-status", part("message/delivery-status", "Reporting-MTA: dns; x\r\n\r\n" + "Action: failed\r\n\r\n" * 500), returned(who), subject="x"),
    "a status in base64": lambda who: report(who, "delivery-status", part("message/delivery-status", b"UmVwb3J0aW5nLU1UQTogZG5zOyB4DQoNCkFjdGlvbjogZmFpbGVkDQo=", b"Content-Transfer-Encoding: base64"), returned(who), subject="x"),
    "mixed actions": lambda who: report(who, "delivery-status", status("delivered"), status("failed"), returned(who), subject="x"),
    "no status": lambda who: report(who, "delivery-status", returned(who), subject="x"),
}  # fmt: skip
STRAY = {
    "of a mail that is not ours": lambda who: report(who, "delivery-status", status("failed"), part("message/rfc822", "Message-ID: <theirs@x.example>\r\n\r\n"), subject="Undeliverable: x"),
    "without any id": lambda who: report(who, "delivery-status", status("failed"), subject="Undeliverable: x"),
    "of a broken status": lambda who: report(who, "delivery-status", part("message/delivery-status", b"\0\xff Action: \0 failed"), subject="x"),
    "that says a title": lambda who: report(who, "delivery-status", status("failed"), subject=RIGHT),
    "by its subject alone": saying("Kan inte levereras: IVO – Nyrapportering 2026-04-15, 9§4"),
    "by its sender alone": saying(RIGHT, sender="MAILER-DAEMON"),
    "backscatter": lambda who: report(who, "delivery-status", status("failed"), part("message/rfc822", "From: evil@x.example\r\nMessage-ID: <spam@x.example>\r\n\r\n"), subject="x", sender="<>"),
}  # fmt: skip
LATE = {
    "Postfix": lambda who: report(who, "delivery-status", status("delayed"), returned(who), subject="Delayed Mail (still being retried)"),
    "Exchange": lambda who: report(
        who, "delivery-status", status("delayed"), returned(who), subject="Fördröjt: IVO", sender="postmaster@kommun.example"
    ),
    "relayed": lambda who: report(who, "delivery-status", status("relayed"), returned(who), subject="Vidarebefordrat av servern: x"),
    "delivered": lambda who: report(who, "delivery-status", status("delivered"), returned(who), subject="Levererat: x"),
}
AWAY = {
    "Outlook": answering("Automatiskt svar: Rätta titeln", AUTO, SUPPRESS), "Finnish": answering("Automaattinen vastaus: x", AUTO), "without headers": answering("Frånvaro: x"),
    "English": answering("Automatic reply: x", AUTO), "German": answering("Automatische Antwort: x", AUTO),
}  # fmt: skip
PEOPLE = {
    "an answer": answering("SV: Rätta titeln", body="Hej, vad menas?"), "a right title as an answer": lambda who: mail(who, line("In-Reply-To", who.ours), subject=RIGHT),
    "a flawed title as an answer": answering(WRONG), "a forwarded one of ours": lambda who: multi(who, "mixed", part("text/plain", who.text), part("message/rfc822", f"Message-ID: {who.ours}\r\n\r\n")),
}  # fmt: skip
HUMAN = {
    "X-Auto-Response-Suppress on a letter": saying(RIGHT, SUPPRESS), "OOF in another place": saying(f"{RIGHT}", b"X-Auto-Response-Suppress: OOF, AutoReply"),
    "an out-of-office word in the body": lambda who: mail(who, body=f"{who.text}\r\nAutomatiskt svar: jag är ledig\r\n"), "Return-Path of a person": saying(RIGHT, b"Return-Path: <karin@kommun.example>"),
    "X-Mailer": saying(RIGHT, b"X-Mailer: Procapita"), "a filter's marks": saying(RIGHT, b"X-Spam-Flag: YES", b"X-Spam-Score: 99"),
}  # fmt: skip
LETTERS: list[Hell] = [
    *family("absent", ABSENT, automatic("out_of_office"), words=False),
    *family("automatic", SUBMITTED, automatic("auto_submitted"), words=False),
    *family("automatic answer", REPLIED, automatic("auto_reply")),
    *family("list", LISTS, automatic("list")),
    *family("bulk", BULK, automatic("bulk")),
    *family("receipt", RECEIPTS, automatic("read_receipt"), ANY, words=False)[:1],
    *family("receipt", RECEIPTS, automatic("read_receipt"), words=False)[1:],
    *family("own mail", OWN, automatic("own_mail")),
    *[Hell(f"bounce of ours: {name}", make, unreached("bounce"), ANY, words=False) for name, make in NDR.items()],
    *[Hell(f"bounce: {name}", make, automatic("bounce"), ANY, words=False) for name, make in STRAY.items()],
    *[Hell(f"late: {name}", make, automatic("notice"), ANY, words=False) for name, make in LATE.items()],
    *family("away, to ours", AWAY, unreached("out_of_office"), words=False),
    *family("to ours", PEOPLE, OURS, words=False),
    *family("a person's, with", HUMAN, MATCHED),
    Hell("automatic: null return path", saying(RIGHT, b"Return-Path: <>"), automatic("null_return_path")),
    Hell("automatic: suppressed", answering("x", SUPPRESS), automatic("suppressed"), words=False),
    Hell("automatic: to ours", answering("[Ärende #12] Tack för ditt mejl", AUTO), unreached("auto_submitted"), words=False),
    Hell("a ticket system with a long number", saying(f"Re: [Ticket#2026041510000011] {RIGHT}", AUTO), SILENT, robot=True),  # ten digits or more
    Hell("a ticket system without headers", saying("[#4711] Vi har tagit emot ditt mejl"), LEFT),
    Hell("a ticket system without headers, to ours", answering("[#4711] Vi har tagit emot ditt mejl"), End("Oklara", reason="answers_ours"), words=False),
]  # fmt: skip
