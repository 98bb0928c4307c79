"""Where a site's API is asked: at the site itself, or for a token with scopes at Atlassian's gateway.

At its site such a token is answered with 401, as a wrong one is. The gateway knows sites by an id that every site tells
to anybody.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urljoin

from msgspec import Meta, Struct

from trackersync.errors import FatalError, InvalidResponseError, ItemError
from trackersync.transport import Transport
from trackersync_jira.settings import GATEWAY, JiraSettings

_TENANT = "/_edge/tenant_info"


class _Tenant(Struct, rename="camel"):
    cloud_id: Annotated[str, Meta(pattern=r"^[0-9A-Za-z-]+$")]


def api_address(tracker: str, settings: JiraSettings, transport: Transport) -> str:
    """The address below which the API stands; where the site's id is needed and not given, the site is asked."""
    if settings.at_gateway or not settings.through_gateway:
        return settings.url
    return f"{GATEWAY}/{settings.cloud_id or _cloud_id(tracker, settings, transport)}"


def _cloud_id(tracker: str, settings: JiraSettings, transport: Transport) -> str:
    """Asked without the token, which is not meant for the site."""
    site = transport.client(settings.url, tracker=tracker, account="nobody", headers={"Accept": "application/json"})
    try:
        return site.request("GET", urljoin(settings.url, _TENANT)).json(_Tenant).cloud_id
    except (ItemError, FatalError) as error:
        raise InvalidResponseError(
            f"the site does not tell its id, which a token with scopes needs: {error.message}",
            hint="correct `url`, or give `cloud_id`; tokens of Data Center have no scopes",
            tracker=tracker,
            host=error.host,
            status=error.status,
        ) from error
