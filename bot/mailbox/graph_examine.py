"""`ivobot check` on a mailbox in Exchange Online: the rights that the program needs, and those that it must not have. Changes nothing.

Rights come in two ways that add up: consent in Entra (the token's `roles`, which hold for every mailbox of the organisation) and RBAC for
Applications (for one mailbox, not seen in the token). https://learn.microsoft.com/en-us/exchange/permissions-exo/application-rbac
"""

import base64
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.clock import SystemClock
from bot.mailbox.base import Trial
from bot.mailbox.graph_errors import NO_MAILBOX, fault
from bot.mailbox.graph_folders import find
from bot.mailbox.graph_http import Call, Graph

if TYPE_CHECKING:
    from bot.mailbox.graph import Connection

DAYS: Final = 30  # a certificate that ends sooner is told
DRIFT: Final = 120  # seconds; at 300 the identity service refuses what we sign
WIDE: Final = ("Mail.ReadWrite", "Mail.Send", "Mail.Read", "full_access_as_app")
# A well-formed id of no letter at all: whoever has no right is told so before the letter is looked for.
NOBODY: Final = "AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0AAAAAAAAAAAAAAAAAAAAAAAAAAA"
MAKE: Final = (
    "in Exchange Online PowerShell: "
    "New-ServicePrincipal -AppId {client} -ObjectId <object id of the enterprise application> -DisplayName ivobot; "
    "New-ManagementScope -Name ivobot -RecipientRestrictionFilter \"PrimarySmtpAddress -eq '{address}'\"; "
)
ASSIGN: Final = 'New-ManagementRoleAssignment -App {client} -Role "Application {role}" -CustomResourceScope ivobot; '
TEST: Final = "then Test-ServicePrincipalAuthorization -Identity {client} -Resource {address}; a change takes up to two hours"


def examine(graph: Graph, connection: "Connection") -> Iterator[Trial]:
    """One trial after another. Raises MailboxError when the mailbox cannot be asked at all."""
    claims = _claims(graph.tokens.token())
    client = _text(claims.get("appid")) or _text(claims.get("azp")) or "<client_id>"
    folders = find(graph)
    waiting = graph.ask(Call("GET", "/mailFolders/inbox?$select=id,totalItemCount"))
    sent = graph.ask(Call("GET", "/mailFolders/sentitems?$select=id,totalItemCount"))
    for name, answer in (("the inbox", waiting), ("Sent Items", sent)):
        if not answer.good:
            raise fault(answer)
        yield Trial(True, f"{name} can be read; {answer.json().get('totalItemCount')} letters lie there")
    missing = ", ".join(folders.missing)
    yield Trial(True, f"the folders {missing} will be made under the inbox" if missing else "all folders are there")
    yield _may_write(graph, connection, client)
    yield _may_send(graph, connection, client)
    yield from _closed(graph, connection, client, claims.get("roles"))
    if connection.certificate is not None:
        yield certificate(connection.certificate, SystemClock().now())
    else:
        yield Trial(True, "signed in by a secret; its last day stands in Entra only, under Certificates & secrets")
    yield drift(graph.date, SystemClock().now())


def _mend(client: str, address: str, *roles: str) -> str:
    assigned = "".join(ASSIGN.format(client=client, role=role) for role in roles)
    return MAKE.format(client=client, address=address) + assigned + TEST.format(client=client, address=address)


def _may_write(graph: Graph, connection: "Connection", client: str) -> Trial:
    """Asking for a folder that is there makes none: it is either there already or not allowed."""
    there = graph.ask(Call("GET", "/mailFolders/inbox/childFolders?$select=id,displayName&$top=1"))
    names = [str(row.get("displayName")) for row in there.rows()] if there.good else []
    if not names:
        return Trial(True, "the right to move letters is seen when the folders are made")
    answer = graph.ask(Call("POST", "/mailFolders/inbox/childFolders", {"displayName": names[0]}))
    if answer.status in (401, 403):
        return Trial(False, "letters cannot be moved", _mend(client, connection.address, "Mail.ReadWrite"))
    return Trial(True, "letters can be moved and folders made")


def _may_send(graph: Graph, connection: "Connection", client: str) -> Trial:
    answer = graph.ask(Call("POST", f"/messages/{NOBODY}/send"))
    if answer.status in (401, 403):
        return Trial(False, "mail cannot be sent", _mend(client, connection.address, "Mail.Send"))
    return Trial(True, "mail can be sent as the mailbox itself")


def _closed(graph: Graph, connection: "Connection", client: str, roles: object) -> Iterator[Trial]:
    """That the rights end at our own mailbox."""
    scoped = _mend(client, connection.address, "Mail.ReadWrite", "Mail.Send")
    if wide := [role for role in roles if role in WIDE] if isinstance(roles, list) else []:
        remove = (
            f"remove {', '.join(wide)} under API permissions in Entra (consent there holds for all mailboxes), and give it here: {scoped}"
        )
        yield Trial(False, "the application has rights to every mailbox of the organisation", remove)
    if not connection.must_not_read:
        yield Trial(True, "whether another mailbox is closed was not tried; name one as must_not_read")
        return
    answer = graph.ask(Call("GET", "/mailFolders/inbox?$select=id"), mailbox=graph.of(connection.must_not_read))
    if answer.status == 403 or (answer.status == 404 and answer.code not in NO_MAILBOX):
        yield Trial(True, "the mailbox that must not be read cannot be read")
    elif answer.status == 404:
        yield Trial(True, "the mailbox that must not be read is not there; name one that is, or this tells little")
    elif answer.good:
        yield Trial(False, "a mailbox that must not be read can be read", f"take away what gives that right, and give it here: {scoped}")
    else:
        yield Trial(False, f"another mailbox could not be tried ({answer.status})", "run check again later")


def certificate(file: Path, now: datetime) -> Trial:
    """How long the certificate that we sign in with is good. now: in UTC."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        last = min(one.not_valid_after_utc for one in load_pem_x509_certificates(file.read_bytes())[:1])
    except (OSError, ValueError) as error:
        return Trial(
            False, f"the certificate cannot be read ({type(error).__name__})", f"put a certificate and its key in PEM form into {file}"
        )
    days = (last - now).days
    if days >= DAYS:
        return Trial(True, f"the certificate is good for {days} days, until {last:%Y-%m-%d}")
    told = f"the certificate ends in {days} days, on {last:%Y-%m-%d}" if days >= 0 else f"the certificate ended on {last:%Y-%m-%d}"
    return Trial(False, told, f"add a new one under Certificates & secrets in Entra, put it with its key into {file}, and restart")


def drift(date: str, now: datetime) -> Trial:
    """How far this machine's clock is from the server's. date: its Date header. now: in UTC."""
    with suppress(ValueError, TypeError, OverflowError):
        away = round(abs((parsedate_to_datetime(date).astimezone(UTC) - now).total_seconds()))
        if away > DRIFT:
            return Trial(
                False, f"this machine's clock is {away} seconds off", "let the machine set its clock by NTP; past 300 seconds nothing works"
            )
        return Trial(True, f"this machine's clock is right within {max(away, 1)} s")
    return Trial(True, "the server does not tell its time")


def _claims(token: str) -> dict[str, object]:
    """What an access token says of itself, unproved; {} for one that cannot be read (they are opaque to us by contract)."""
    with suppress(ValueError, IndexError):
        middle = token.split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return found if isinstance(found, dict) else {}
    return {}


def _text(value: object) -> str:
    return value if isinstance(value, str) and value.replace("-", "").isalnum() else ""
