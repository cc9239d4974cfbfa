"""The identity service of the test server: OpenID metadata and the token endpoint, client credentials only.

https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow
"""

import base64
import datetime as dt
import json
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

TENANT, CLIENT, SECRET = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000", "hemligt-nog"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def own_certificate(file: Path, days: int = 365) -> Path:
    """A certificate with its key in PEM, good for so many days."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ivobot")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now - dt.timedelta(days=400), now + dt.timedelta(days=days, hours=1)
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(pem + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return file


class Identity:
    """Knows one application by its secret or its certificate. `scope`: what a token may be asked for."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        self.certificate: bytes | None = None
        self.good: set[str] = set()
        self.roles: list[str] = []  # consent in Entra, for the whole organisation
        self.lasts = 3599

    def metadata(self, base: str) -> dict[str, Any]:
        """https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc"""
        return {
            "issuer": f"{base}/{TENANT}/v2.0",
            "token_endpoint": f"{base}/{TENANT}/oauth2/v2.0/token",
            "authorization_endpoint": f"{base}/{TENANT}/oauth2/v2.0/authorize",
            "device_authorization_endpoint": f"{base}/{TENANT}/oauth2/v2.0/devicecode",
        }

    def answer(self, form_text: str, audience: str) -> tuple[int, dict[str, Any]]:
        """The token, or what is wrong (RFC 6749 5.2)."""
        form = {key: values[0] for key, values in parse_qs(form_text).items()}
        if form.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type", "error_codes": [70003]}
        if form.get("client_id") != CLIENT:
            return 400, {"error": "unauthorized_client", "error_codes": [700016]}
        if not set(form.get("scope", "").split()) >= {self.scope}:
            return 400, {"error": "invalid_scope", "error_codes": [70011]}
        if not self._proved(form, audience):
            return 401, {"error": "invalid_client", "error_codes": [7000215]}
        return 200, {"token_type": "Bearer", "expires_in": self.lasts, "access_token": self._token()}

    def _proved(self, form: dict[str, str], audience: str) -> bool:
        if "client_assertion" not in form:
            return form.get("client_secret") == SECRET
        if form.get("client_assertion_type") != ASSERTION or self.certificate is None:
            return False
        key = x509.load_pem_x509_certificate(self.certificate).public_key()
        try:
            claims = jwt.decode(form["client_assertion"], key, algorithms=["RS256", "PS256"], audience=audience)  # type: ignore[arg-type]
        except jwt.PyJWTError:
            return False
        return claims.get("iss") == claims.get("sub") == CLIENT

    def _token(self) -> str:
        claims = {"appid": CLIENT, "tid": TENANT, "roles": self.roles, "jti": secrets.token_hex(8)}
        pieces = [base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in ({"alg": "none"}, claims)]
        made = ".".join([*pieces, "signature"])
        self.good.add(made)
        return made
