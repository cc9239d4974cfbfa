"""[people]: the addresses behind roles and officers' names."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, model_validator

from bot.config.sections import Section
from bot.config.values import Address, Addresses, OptionalAddress, day

_ROLE = re.compile(r"[a-zåäö][a-z0-9åäö]*(?:_[a-z0-9åäö]+)*")


def name_key(written: str) -> str:
    """The form under which a name, signature or address is looked up: NFC, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", written).lower().split())


def _absent(value: object) -> tuple[tuple[date, date], ...]:
    fault = ValueError('must be a list of first and last days, such as [["2026-07-01", "2026-07-31"]]')
    if not isinstance(value, list | tuple):
        raise fault
    spans = []
    for span in value:
        if not isinstance(span, list | tuple) or len(span) != 2:
            raise fault
        first, last = day(span[0]), day(span[1])
        if first > last:
            raise ValueError("has a last day before its first day")
        spans.append((first, last))
    return tuple(spans)


class Officer(Section):
    """An officer's address, and who stands in on the days of absence (first and last inside); "" is nobody."""

    address: Address
    substitute: OptionalAddress = ""
    absent: Annotated[tuple[tuple[date, date], ...], BeforeValidator(_absent)] = ()


def _officers(value: object) -> object:
    """Names as they are looked up; an address alone is a table with this address."""
    if not isinstance(value, dict):
        raise ValueError('must be a table of names or signatures, such as {"AB" = "anna@kommun.example"}')
    keys = [name_key(written) for written in value]
    if "" in keys or len(set(keys)) < len(keys):
        raise ValueError("must have each name once, and none that is empty (capital letters and spaces make no difference)")
    return {key: {"address": v} if isinstance(v, str) else v for key, v in zip(keys, value.values(), strict=True)}


class People(Section):
    """[people]. Any other key is a role that the active routine names. An address that is not set is "": the reporter stands in.

    Keys of `officers` are lower case with single spaces (`name_key`).
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, OptionalAddress]

    reporter: Addresses
    manager: OptionalAddress = ""
    boendeteamet: OptionalAddress = ""
    centralen: OptionalAddress = ""
    officers: Annotated[Mapping[str, Officer], BeforeValidator(_officers)] = {}

    @model_validator(mode="before")
    @classmethod
    def _roles(cls, data: Any) -> Any:
        others = {k: v for k, v in data.items() if k not in cls.model_fields} if isinstance(data, dict) else {}
        for role, value in others.items():
            if isinstance(value, dict):
                raise ValueError(f"there is no table {role} in it; the nearest is [people.officers]")
            if not _ROLE.fullmatch(role):
                raise ValueError(f"{role} cannot be a role; its name is written with small letters, digits and single _")
        if isinstance(data, dict) and data.get("reporter") in ([], ""):
            raise ValueError("reporter must hold at least one address")
        return data

    @property
    def roles(self) -> dict[str, str]:
        """Every role that has one address, besides the reporter: role → address."""
        known = {"manager": self.manager, "boendeteamet": self.boendeteamet, "centralen": self.centralen}
        return {role: found for role, found in {**known, **self.__pydantic_extra__}.items() if found}

    def everyone(self) -> dict[str, str]:
        """Where each address stands: key as one reads it in the file → address, for messages."""
        found = {f"reporter ({n})" if n > 1 else "reporter": one for n, one in enumerate(self.reporter, 1)} | self.roles
        for name, officer in self.officers.items():
            found[f"officers, {name}"] = officer.address
            if officer.substitute:
                found[f"officers, {name}, substitute"] = officer.substitute
        return found

    def misspelt(self) -> dict[str, str]:
        """Roles of no fixed name that look like a fixed one: what is written → what may be meant."""
        fixed = ["reporter", "manager", "boendeteamet", "centralen", "officers"]
        near = {role: get_close_matches(role, fixed, n=1, cutoff=0.8) for role in self.__pydantic_extra__}
        return {role: found[0] for role, found in near.items() if found}
