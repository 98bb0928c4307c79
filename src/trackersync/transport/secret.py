"""Where a secret is kept: in an environment variable, a file or the keyring; never in the configuration file.

A connector's settings name the place, `Kept` reads it. What is wrong with a place is told without what it holds.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NoReturn

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from trackersync.errors import ConfigError, Problem
from trackersync.transport.words import clean

_MIXED = "(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])"
_PASTED = re.compile(
    "gh[a-z]_|github_pat_|AT[A-Z]{2,5}3|eyJ[A-Za-z0-9]{10}|-----BEGIN"  # GitHub's tokens, Atlassian's, OAuth's, a key
    f"|[0-9a-f]{{32,}}$|{_MIXED}[A-Za-z0-9]{{20,}}$"  # GitHub's and Atlassian's of old
    f"|{_MIXED}[A-Za-z0-9+/]{{44}}$"  # Data Center's
)
"""What a secret looks like; a path or a name in the keyring is let alone."""
_LARGEST = 65_536
"""Bytes; no token and no key is as large."""


def not_pasted(text: str) -> str:
    """The name of a place; ValueError, in words that repeat nothing of it, for what looks like the secret itself."""
    if _PASTED.match(text):
        raise ValueError("looks like a secret itself: keep that elsewhere, and write here where it is kept")
    return text


Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$"), AfterValidator(not_pasted)]
"""The name of an environment variable."""
SecretFile = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(not_pasted)]
"""A file that only its owner may read, from the working directory or `~`."""
_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(not_pasted)]


class KeyringEntry(BaseModel):
    """An entry of the operating system's keyring, as `keyring set SERVICE USER` makes one."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    service: _Name = Field(description="The entry's service.")
    user: _Name = Field(description="The entry's user.")


def check_one_of(section: BaseModel, *keys: str, needed: bool = False) -> None:
    """ValueError where the section gives more than one of these keys, or none where one is needed."""
    given = [key for key in keys if key in section.model_fields_set and getattr(section, key) is not None]
    if len(given) > 1:
        raise ValueError(f"give {' or '.join(given)}, only one of them")
    if needed and not given:
        raise ValueError(f"give {', '.join(keys[:-1])} or {keys[-1]}")


@dataclass(frozen=True, slots=True)
class Kept:
    """Where one secret is kept; at most one of the places is given. Never holds the secret."""

    name: str
    """What its keys begin with: `token` of `token_env`, `token_file` and `token_keyring`."""
    env: str | None = None
    file: str | None = None
    keyring: KeyringEntry | None = None
    section: tuple[str, ...] = ()
    """The keys above its own: `app`."""
    meant: str = "the token"
    """What should be there, for hints: `the App's private key (PEM)`."""

    def __post_init__(self) -> None:
        """A variable that is named by default yields to a file or the keyring."""
        if self.file is not None or self.keyring is not None:
            object.__setattr__(self, "env", None)

    def __str__(self) -> str:
        """The place in a few words: trackers that sign in alike share their limits by it."""
        if self.keyring is not None:
            return f"keyring {self.keyring.service}/{self.keyring.user}"
        return f"file {self.file}" if self.file is not None else str(self.env)

    def read(self, env: Mapping[str, str]) -> str:
        """The secret, without space around it; a `ConfigError` with one `Problem`, at its key, where there is none."""
        if self.keyring is not None:
            return self._from_keyring(self.keyring)
        return self._from_file(self.file) if self.file is not None else self._from_env(self.env or "", env)

    def _from_env(self, variable: str, env: Mapping[str, str]) -> str:
        secret = env.get(variable, "").strip()
        return secret or self._fail(
            "env",
            f"the environment variable {variable} is not set",
            f"set it to {self.meant}, in the shell you work in: export {variable}=…; or name another place",
        )

    def _from_file(self, name: str) -> str:
        try:
            content = self._content(Path(name).expanduser())
        except (OSError, RuntimeError, ValueError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or "it is no path here"
            self._fail("file", f"the file {name} cannot be read: {why}", f"put {self.meant} there, or correct the path")
        if len(content) > _LARGEST:
            self._fail("file", f"the file {name} is larger than a secret is", f"name a file with only {self.meant}")
        try:
            secret = content.decode("utf-8-sig").strip()
        except UnicodeDecodeError:
            secret = None
        if secret is None:  # outside the handler: that error holds the whole content
            self._fail("file", f"the file {name} is not text", f"save {self.meant} there as UTF-8")
        return secret or self._fail("file", f"the file {name} is empty", f"put {self.meant} there")

    def _content(self, path: Path) -> bytes:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                self._fail(
                    "file",
                    f"the file {self.file} is open to others than its owner (mode {stat.S_IMODE(mode):04o})",
                    f"chmod 600 {self.file}; where it is mounted from a secret, set the mount's mode to 0400",
                )
            return file.read(_LARGEST + 1)

    def _from_keyring(self, entry: KeyringEntry) -> str:
        try:
            import keyring
        except ImportError:
            self._fail("keyring", "the library for keyrings is not installed", "pip install 'trackersync[keyring]'")
        failed = ""
        try:
            secret = keyring.get_password(entry.service, entry.user)
        except Exception as error:  # noqa: BLE001 - every keyring has errors of its own
            failed, secret = clean(f"{type(error).__name__}: {error}"), None
        if failed:
            self._fail(
                "keyring",
                f"the keyring cannot be read: {failed}",
                f"unlock it; where nobody is logged in, use {self.name}_file or {self.name}_env",
            )
        return (secret or "").strip() or self._fail(
            "keyring",
            f"the keyring holds nothing for the user {entry.user!r} of {entry.service!r}",
            f"store {self.meant} with: keyring set {entry.service} {entry.user}",
        )

    def _fail(self, place: str, message: str, hint: str) -> NoReturn:
        raise ConfigError([Problem(message, (*self.section, f"{self.name}_{place}"), hint=hint)])
