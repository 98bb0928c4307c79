"""The issue that an address names."""

from __future__ import annotations

from trackersync_sandbox.jira.refusals import HIDDEN, NO_ISSUE, refusal
from trackersync_sandbox.jira.site import Site
from trackersync_sandbox.jira.ticket import Ticket
from trackersync_sandbox.state import Call


def ticket_of(call: Call, site: Site) -> Ticket:
    """By id or key; refused where it is not there or, on Data Center, where the account may not see it."""
    name = call.args["issueIdOrKey"]
    ticket = site.find(name)
    if ticket is None and site.deployment == "data_center" and site.is_hidden(name):
        raise refusal(HIDDEN, status=403)
    if ticket is None:
        raise refusal(NO_ISSUE, status=404)
    return ticket
