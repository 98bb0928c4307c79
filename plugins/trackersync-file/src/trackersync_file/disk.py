"""Files as they are on the disk: found, read within bounds, and replaced whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from trackersync.errors import (
    ConflictError,
    ForbiddenError,
    InvalidResponseError,
    NotFoundError,
    TrackerError,
    UnavailableError,
)
from trackersync.transport.words import clean

SUFFIXES = (".csv", ".xlsx", ".md")
MAX_BYTES = 32_000_000
MAX_FILES = 500


@dataclass(frozen=True, slots=True)
class Content:
    """What a file held when it was read."""

    data: bytes
    changed_ns: int
    """When it was last written, in nanoseconds since 1970."""


def load(path: Path) -> Content:
    """Read one file, at most a byte more than may be read."""
    with path.open("rb") as file:
        return Content(file.read(MAX_BYTES + 1), os.fstat(file.fileno()).st_mtime_ns)


def swap(new: Path, path: Path) -> None:
    """Put the new file in the old one's place, in one step."""
    new.replace(path)


class Disk:
    """The files of one tracker."""

    def __init__(self, tracker: str, location: Path) -> None:
        self._tracker = tracker
        self._location = location

    def files(self) -> list[Path]:
        """The one file, or the backlogs of the folder by name; what begins with a dot or `~$` is none."""
        try:
            if not self._location.is_dir():
                return [self._location]
            found = sorted(path for path in self._location.iterdir() if _is_backlog(path))
        except OSError as error:
            raise self._trouble(error, self._location) from error
        if not found or len(found) > MAX_FILES:
            held = f"{len(found)} files" if found else "no file"
            message = f"{shown(self._location)} holds {held} that end in {', '.join(SUFFIXES)}"
            raise NotFoundError(message, hint="name the file or the folder of the backlog", tracker=self._tracker)
        return found

    def read(self, path: Path) -> Content:
        """The file as it is now."""
        try:
            if path.exists() and not path.is_file():
                raise self._unusable(f"{shown(path)} is no file", path)
            content = load(path)
        except OSError as error:
            raise self._trouble(error, path) from error
        if len(content.data) > MAX_BYTES:
            raise self._unusable(f"{shown(path)} is larger than {MAX_BYTES // 1_000_000} MB", path)
        return content

    def replace(self, path: Path, data: bytes, was: Content) -> None:
        """Write the file anew where it still is what `was` read; raises `ConflictError` where it is not.

        Another file is written beside it and put in its place in one step, so that nobody ever finds half of one.
        """
        path = path.resolve()
        self.check_writable(path)
        new = None
        try:
            new = _beside(path, data, after=was.changed_ns)
            if load(path).data != was.data:
                raise ConflictError(f"{shown(path)} changed meanwhile", tracker=self._tracker, host=path.name)
            self._swap(new, path)
        except OSError as error:
            raise self._trouble(error, path) from error
        finally:
            if new is not None:
                new.unlink(missing_ok=True)

    def _swap(self, new: Path, path: Path) -> None:
        try:
            swap(new, path)
        except PermissionError:
            raise
        except OSError as error:  # over a network the step can be made although its answer is lost
            message = f"{shown(path)}: {_words(error)}"
            raise UnavailableError(message, sent=True, tracker=self._tracker, host=path.name) from error

    def check_writable(self, path: Path) -> None:
        """Raises what keeps the file from being written: a program that has it open, or its permissions."""
        try:
            path = path.resolve()
            if not path.stat().st_mode & stat.S_IWUSR or not os.access(path, os.W_OK):
                raise PermissionError(errno.EACCES, "it is read-only")
        except OSError as error:
            raise self._trouble(error, path) from error
        for lock in (f"~${path.name}", f".~lock.{path.name}#"):
            if path.with_name(lock).exists():
                raise UnavailableError(
                    f"{shown(path)} is open in a spreadsheet program",
                    sent=False,
                    hint=f"close it there; if it is not open, remove {lock} beside it",
                    tracker=self._tracker,
                    host=path.name,
                )

    def _trouble(self, error: OSError, path: Path) -> TrackerError:
        message = f"{shown(path)}: {_words(error)}"
        if isinstance(error, FileNotFoundError):
            hint = "a relative path is taken from the folder of the team's file"
            return NotFoundError(message, hint=hint, tracker=self._tracker, host=path.name)
        if isinstance(error, PermissionError):
            hint = "allow this account to read and write it and its folder, and close it elsewhere"
            return ForbiddenError(message, hint=hint, tracker=self._tracker, host=path.name)
        hint = "look at the disk, or the share that it is on, and run it again"
        return UnavailableError(message, sent=False, hint=hint, tracker=self._tracker, host=path.name)

    def _unusable(self, message: str, path: Path) -> InvalidResponseError:
        hint = "name the file or the folder of the backlog"
        return InvalidResponseError(message, hint=hint, tracker=self._tracker, host=path.name)


def shown(path: Path) -> str:
    """The file's name, fit to be shown."""
    return clean(path.name)


def _is_backlog(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~$")) and path.is_file()


def _beside(path: Path, data: bytes, *, after: int) -> Path:
    """A file with this content and the old one's permissions, safe on the disk and later than `after`."""
    old = path.stat()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(stat.S_IMODE(old.st_mode))
        # Clocks of file systems tick slowly: two writes within one tick would look like one.
        moment = max(time.time_ns(), after + 1000)
        os.utime(name, ns=(moment, moment))
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _words(error: OSError) -> str:
    return clean(error.strerror or type(error).__name__)
