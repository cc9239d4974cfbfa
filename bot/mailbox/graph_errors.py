"""What an answer of Microsoft Graph that is no success means to us.

Sources: https://learn.microsoft.com/en-us/graph/errors (statuses), https://learn.microsoft.com/en-us/graph/throttling (429, Retry-After),
https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/responsecode (Exchange's own words).
"""

from datetime import timedelta
from typing import Final

from bot.errors import MailboxDenied, MailboxError, MailRefused
from bot.mailbox.graph_answer import Answer

GONE: Final = frozenset({"ErrorItemNotFound", "ErrorInvalidIdMalformed", "ErrorInvalidId", "ErrorInvalidIdEmpty"})
NO_MAILBOX: Final = frozenset(
    {"ErrorInvalidUser", "ErrorNonExistentMailbox", "MailboxNotEnabledForRESTAPI", "ResourceNotFound", "Request_ResourceNotFound"}
)
FULL: Final = frozenset({"ErrorQuotaExceeded", "ErrorMailboxStoreUnavailable", "QuotaExceeded"})
# One mail that will never go as it is, whatever status they come with.
REFUSED: Final = frozenset(
    {
        "ErrorInvalidRecipients",
        "ErrorMessageSizeExceeded",
        "ErrorMimeContentInvalid",
        "ErrorMimeContentInvalidBase64String",
        "ErrorMimeContentConversionFailed",
        "ErrorInvalidArgument",
        "ErrorInvalidPropertySet",
        "RequestBodyRead",
        "BadRequest",
    }
)
PASSING: Final = frozenset({0, 408, 409, 410, 412, 423, 424, 429, 500, 502, 503, 504, 507, 509})
RIGHTS: Final = (
    "give the application its roles for this mailbox in Exchange Online PowerShell "
    '(New-ManagementRoleAssignment -App … -Role "Application Mail.ReadWrite" -CustomResourceScope …), see docs/mailbox-graph.md'
)


def gone(answer: Answer) -> bool:
    """Whether the letter asked for is not there, or no id at all."""
    return answer.status in (404, 400) and (answer.code in GONE or (answer.status == 404 and answer.code not in NO_MAILBOX))


def fault(answer: Answer) -> MailboxError:
    """The error for an answer that concerns the mailbox as a whole. The operator's sentence holds Microsoft's code, never its message."""
    told = f"{answer.status}{f', {answer.code}' if answer.code.isalnum() or '_' in answer.code else ''}"
    wait = None if answer.wait is None else timedelta(seconds=answer.wait)
    if answer.status == 401:
        return MailboxDenied(f"Microsoft Graph does not accept the token ({told}); see tenant, client_id and cloud under [mailbox].")
    if answer.status == 403:
        return MailboxDenied(f"Microsoft Graph denies the right ({told}); {RIGHTS}.")
    if answer.code in FULL:
        return MailboxError(f"The mailbox is full ({told}); empty its deleted items or raise its quota.", again=True, wait=wait)
    if answer.status == 404 and answer.code in NO_MAILBOX:
        return MailboxError(
            f"Microsoft Graph knows no such mailbox ({told}); correct [mailbox] address, or its licence in Exchange Online."
        )
    if answer.status == 429:
        return MailboxError("Microsoft Graph asks for a pause (429); the program waits as long as it asks.", again=True, wait=wait)
    if answer.status in PASSING or answer.status == 404:
        return MailboxError(f"Microsoft Graph could not do it now ({told}); the program tries again.", again=True, wait=wait)
    return MailboxError(f"Microsoft Graph refused a request ({told}); tell the developers.")


def refusal(answer: Answer) -> MailboxError:
    """The error for an answer about one mail that was to be sent: MailRefused when only this mail is at fault."""
    if answer.status == 413 or answer.code in REFUSED or (answer.status in (400, 422) and answer.code not in GONE):
        told = f"{answer.status}, {answer.code}" if answer.code.isalnum() else str(answer.status)
        why = "it is too large" if answer.status == 413 or answer.code == "ErrorMessageSizeExceeded" else "its form or recipients"
        return MailRefused(f"Microsoft Graph does not take this mail: {why} ({told}); see the recipients in the register.")
    return fault(answer)
