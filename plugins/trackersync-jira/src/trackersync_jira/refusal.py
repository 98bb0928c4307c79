"""What a refused or lost write makes of the changes it carried; pure."""

from __future__ import annotations

from trackersync.change import Status
from trackersync.errors import ConflictError, ForbiddenError, ItemError, NotFoundError, TrackerError, UnavailableError

REFUSALS = (ItemError, ForbiddenError, UnavailableError)
"""What concerns one write. A selection may span projects, so what is forbidden in one may be allowed in the next."""


def status_of(error: TrackerError) -> Status:
    """The status of changes whose write ended in one of `REFUSALS`; what was never sent is raised again."""
    match error:
        case UnavailableError(sent=False):
            raise error
        case UnavailableError():
            return Status.UNKNOWN
        case NotFoundError() | ConflictError():
            return Status.CONFLICT
        case _:
            return Status.REJECTED
