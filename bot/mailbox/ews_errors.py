"""What Exchange's response codes mean to the program.

Source: learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode, and …/ews-throttling-in-exchange.
"""

from datetime import timedelta
from typing import Final

from bot.errors import MailboxDenied, MailboxError, MailRefused

OK: Final = "NoError"
GONE: Final = frozenset(
    {
        "ErrorCannotUseItemIdForFolderId",
        "ErrorInvalidId",
        "ErrorInvalidIdEmpty",
        "ErrorInvalidIdMalformed",
        "ErrorInvalidIdMalformedEwsLegacyIdFormat",
        "ErrorInvalidIdMonikerTooLong",
        "ErrorInvalidIdNotAnItemAttachmentId",
        "ErrorInvalidIdStoreObjectIdTooLong",
        "ErrorInvalidIdTooManyAttachmentLevels",
        "ErrorInvalidIdXml",
        "ErrorItemNotFound",
        "ErrorMailboxStoreObjectNotFound",
    }
)
"""The item is no longer there; an id that the server cannot read is one that it did not give."""
NO_FOLDER: Final = frozenset({"ErrorFolderNotFound", "ErrorParentFolderNotFound", "ErrorToFolderNotFound"})
VERSION: Final = frozenset(
    {
        "ErrorIncorrectSchemaVersion",
        "ErrorInvalidSchemaVersionForMailboxVersion",
        "ErrorInvalidServerVersion",
        "ErrorUnsupportedSchemaVersion",
    }
)
STALE: Final = frozenset({"ErrorChangeKeyRequired", "ErrorInvalidChangeKey", "ErrorIrresolvableConflict", "ErrorStaleObject"})
"""The server has a younger version of the item than we named."""
BUSY: Final = frozenset(
    {
        "ErrorADOperation",
        "ErrorADUnavailable",
        "ErrorBatchProcessingStopped",
        "ErrorCASError",
        "ErrorConnectionFailed",
        "ErrorConnectionFailedTransientError",
        "ErrorExceededConnectionCount",
        "ErrorInsufficientResources",
        "ErrorInternalServerTransientError",
        "ErrorItemSave",
        "ErrorMailboxFailover",
        "ErrorMailboxMoveInProgress",
        "ErrorMailboxStoreUnavailable",
        "ErrorMoveCopyFailed",
        "ErrorNotEnoughMemory",
        "ErrorQuotaExceeded",
        "ErrorRequestTimeout",
        "ErrorServerBusy",
        "ErrorSubmissionQuotaExceeded",
        "ErrorTimeoutExpired",
        "ErrorTooManyObjectsOpened",
    }
)
"""Later it may do."""
DENIED: Final = frozenset(
    {
        "ErrorAccessDenied",
        "ErrorAccountDisabled",
        "ErrorApplicationDenied",
        "ErrorCreateItemAccessDenied",
        "ErrorCrossForestCallerDenied",
        "ErrorImpersonateUserDenied",
        "ErrorImpersonationDenied",
        "ErrorImpersonationFailed",
        "ErrorImpersonationRequired",
        "ErrorMailboxLogonFailed",
        "ErrorNonExistentMailbox",
        "ErrorPasswordChangeRequired",
        "ErrorPasswordExpired",
        "ErrorSendAsDenied",
        "ErrorTokenSerializationDenied",
    }
)
"""No right, or no such mailbox: a person must change something."""
REFUSED: Final = frozenset(
    {
        "ErrorAttachmentSizeLimitExceeded",
        "ErrorCannotSendMessage",
        "ErrorContentConversionFailed",
        "ErrorCorruptData",
        "ErrorDataSizeLimitExceeded",
        "ErrorInvalidEmailAddress",
        "ErrorInvalidRecipients",
        "ErrorInvalidSmtpAddress",
        "ErrorItemCorrupt",
        "ErrorMailRecipientNotFound",
        "ErrorMessageSizeExceeded",
        "ErrorMimeContentInvalid",
        "ErrorMimeContentInvalidBase64String",
        "ErrorMissingRecipients",
    }
)
"""This one mail will never go."""
MOST_WAIT: Final = timedelta(hours=1)


def failure(code: str, doing: str, *, wait: timedelta | None = None, sending: bool = False) -> MailboxError:
    """The error to raise for a response code. doing: what was asked, such as "to list a folder". wait: the server's own back-off.

    The server's text is left out: it may quote a letter. sending: a refusal of this one mail is a MailRefused.
    """
    if sending and code in REFUSED:
        return MailRefused(f"The Exchange server refuses this mail ({code}); correct its recipients or its size.")
    if code in DENIED:
        todo = "check user, password and the mailbox's rights; `ivobot check` shows which are missing"
        return MailboxDenied(f"The Exchange server denied {doing} ({code}); {todo}.")
    if code == "ErrorQuotaExceeded":
        return MailboxError("The mailbox is full (ErrorQuotaExceeded); clear it, or ask for a larger quota.", again=True, wait=wait)
    if code in BUSY:
        return MailboxError(f"The Exchange server is busy ({code}); it is asked again later.", again=True, wait=shortened(wait))
    if code in NO_FOLDER:
        return MailboxError(f"A folder of the mailbox is gone ({code}); it is looked for or made at the next try.", again=True)
    if code in ("ErrorInternalServerError", "ErrorIrresolvableConflict", "ErrorStaleObject"):
        return MailboxError(f"The Exchange server failed {doing} ({code}); it is asked again later.", again=True)
    return MailboxError(f"The Exchange server refused {doing} ({code}); `ivobot check` tries each right, or ask its administrator.")


def shortened(wait: timedelta | None) -> timedelta | None:
    """At most an hour: a server's slip must not silence the program for days."""
    return None if wait is None else min(max(wait, timedelta()), MOST_WAIT)
