"""Tokens by which the program shows who it is (OAuth 2.0 client credentials, RFC 6749 4.4), for every kind of mailbox that takes them.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from bot.errors import MailboxDenied, MailboxError
from bot.mailbox.token_http import TokenHttp

MICROSOFT: Final = "https://login.microsoftonline.com"
EARLY: Final = 300  # seconds before its end that a token is given up: a clock may be wrong, a call may take long
# RFC 6749 5.2 and Microsoft's own: a person must change something. Any other error may pass.
DENIED: Final = frozenset(
    {"invalid_client", "invalid_grant", "invalid_request", "invalid_resource", "invalid_scope", "unauthorized_client", "access_denied"}
)


@dataclass(frozen=True, slots=True)
class Held:
    """A token and until when it is used, in seconds of the source's clock."""

    token: str
    until: float


class TokenSource:
    """Gives the token for one application and one scope; nothing is asked before it is needed.

    `scope`: what the token is for, such as https://graph.microsoft.com/.default or https://outlook.office365.com/.default.
    Exactly one of `secret` and `certificate` (a PEM file with the certificate and its unencrypted key). `authority`: the identity service
    without or with the tenant's path, "" for Microsoft's global one; http only on this machine itself. `deadline`: seconds for one asking
    in all. `ca_file`: an authority that is trusted besides the machine's own list. `clock`: seconds that never go back.
    """

    def __init__(
        self,
        tenant: str,
        client_id: str,
        *,
        scope: str,
        secret: str = "",
        certificate: Path | None = None,
        authority: str = "",
        deadline: float = 30,
        ca_file: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        base = (authority or MICROSOFT).rstrip("/")
        self.authority = base if urlsplit(base).path else f"{base}/{tenant}"
        self._client_id, self._scope, self._secret, self._certificate = client_id, scope, secret, certificate
        self._http = TokenHttp(deadline, ca_file, plain=urlsplit(base).netloc if base.startswith("http://") else "")
        self._clock = clock
        self._app: Any = None
        self._held: Held | None = None

    def token(self) -> str:
        """A token that is good for five minutes more at least; asked for once and then kept.

        Raises MailboxDenied when the identity service does not believe us, MailboxError with `again` when it cannot be asked now.
        """
        if self._held is None or self._clock() >= self._held.until:
            self._held = None
            self._held = self._ask()
        return self._held.token

    def forget(self) -> None:
        """A server did not take the token: the next call asks for a new one."""
        self._held = None
        self._app = None

    def _ask(self) -> Held:
        self._http.begin()
        try:
            if self._app is None:
                self._app = self._made()
            answer = self._app.acquire_token_for_client(scopes=[self._scope])
        except MailboxError:
            raise
        except Exception as error:  # msal lets out requests', json's and its own errors
            raise self._fault(error) from error
        if not isinstance(answer, Mapping) or not isinstance(answer.get("access_token"), str):
            raise self._refusal(answer if isinstance(answer, Mapping) else {})
        lasts = answer.get("expires_in")
        return Held(answer["access_token"], self._clock() + max((lasts if isinstance(lasts, int) else 0) - EARLY, 0))

    def _made(self) -> Any:
        try:
            import msal  # type: ignore[import-untyped]
        except ImportError:
            raise MailboxError("Signing in by a token needs the package msal; install it: pip install msal.") from None
        # msal takes https only; the connection below speaks http where the address of this machine itself was given so.
        authority = self.authority.replace("http://", "https://", 1)
        return msal.ConfidentialClientApplication(
            self._client_id,
            client_credential=self._credential(),
            authority=authority,
            instance_discovery=False,  # the address is the operator's own word, and not every network reaches Microsoft's list
            http_client=self._http,
        )

    def _credential(self) -> str | dict[str, str]:
        if self._certificate is None:
            return self._secret
        try:
            pem = self._certificate.read_text("ascii")
        except (OSError, UnicodeDecodeError):
            raise MailboxError("The file of [mailbox] certificate cannot be read; correct its name or its rights.") from None
        if "PRIVATE KEY-----" not in pem or "BEGIN CERTIFICATE-----" not in pem:
            raise MailboxError("The file of [mailbox] certificate must hold the certificate and its private key in PEM; put both in it.")
        return {"private_key": pem, "public_certificate": pem}

    def _refusal(self, answer: Mapping[str, Any]) -> MailboxError:
        """The operator's sentence; Microsoft's number says what is wrong, its text may hold names and is left out."""
        codes = answer.get("error_codes")
        number = f" (AADSTS{codes[0]})" if isinstance(codes, list) and codes and isinstance(codes[0], int) else ""
        if answer.get("error") in DENIED:
            todo = "check tenant, client_id, the secret or certificate and its last day, and the application's rights"
            return MailboxDenied(f"The identity service refuses the program's application{number}; {todo}.")
        return self._away(number)

    def _fault(self, error: Exception) -> MailboxError:
        """What an error out of msal means: its ValueErrors are a wrong tenant or key, unless the service itself was at fault."""
        if isinstance(error, ValueError) and self._http.status in (0, 200):
            return MailboxDenied("The program's certificate or key cannot be used to sign in; check [mailbox] certificate.")
        if isinstance(error, ValueError) and 400 <= self._http.status < 500 and self._http.status != 429:
            return MailboxDenied("The identity service does not know the tenant; check tenant and authority under [mailbox].")
        return self._away()

    def _away(self, number: str = "") -> MailboxError:
        wait = timedelta(seconds=self._http.wait) if self._http.wait else None
        return MailboxError(
            f"The identity service gives no token now{number}; it is tried again. If it lasts, check the way there.", again=True, wait=wait
        )
