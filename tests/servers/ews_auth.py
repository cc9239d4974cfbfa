"""How the test server believes its callers: NTLM (the answer to the challenge is checked), Basic and Bearer.

NTLM: MS-NLMP 3.1.5 and RFC 4559's way of carrying tokens in WWW-Authenticate; it holds for a connection. Basic: RFC 7617. Bearer: RFC 6750.
"""

import base64
import os
from pathlib import Path
from typing import Any

import spnego


class Gate:
    """Who may come in. users: name → password, names as DOMAIN\\user or an address; tokens: those that are good."""

    def __init__(self, users: dict[str, str], home: Path) -> None:
        self.users, self.tokens, self.logins, self.schemes = users, set[str](), 0, ("NTLM", "Basic", "Bearer")
        file = home / "ntlm-users"
        lines = [f"{name.rpartition(chr(92))[0]}:{name.rpartition(chr(92))[2]}:{password}" for name, password in users.items()]
        file.write_text("\n".join(lines) + "\n", "utf-8")
        os.environ["NTLM_USER_FILE"] = str(file)

    def check(self, header: str, state: dict[str, Any]) -> tuple[str, list[str]]:
        """Who calls ("" when that is not known yet) and the WWW-Authenticate values to answer with. state: the connection's."""
        if "user" in state and not header:
            return str(state["user"]), []
        scheme, _, value = header.partition(" ")
        match scheme.lower():
            case "basic" if "Basic" in self.schemes:
                user, _, password = base64.b64decode(value).decode("utf-8").partition(":")
                self.logins += 1
                if self.users.get(user) == password:
                    return user, []
            case "bearer" if "Bearer" in self.schemes:
                self.logins += 1
                if value in self.tokens:
                    return "application", []
            case "ntlm" if "NTLM" in self.schemes:
                return self._ntlm(base64.b64decode(value), state)
        return "", list(self.schemes)

    def _ntlm(self, token: bytes, state: dict[str, Any]) -> tuple[str, list[str]]:
        try:
            if token[8:9] == b"\x01":
                state["ntlm"] = spnego.server(protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm)
                return "", ["NTLM " + base64.b64encode(state["ntlm"].step(token)).decode()]
            self.logins += 1
            context = state.pop("ntlm")
            context.step(token)
            state["user"] = context.client_principal or ""
            return state["user"], []
        except Exception:  # a wrong password, a token out of turn
            return "", list(self.schemes)
