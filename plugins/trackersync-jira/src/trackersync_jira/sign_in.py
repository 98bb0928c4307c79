"""How requests are signed, and what to do where that is refused."""

from __future__ import annotations

from collections.abc import Mapping

from requests import PreparedRequest
from requests.auth import AuthBase, HTTPBasicAuth

from trackersync_jira.settings import JiraSettings

LOCKED_OUT = "grant the user the permission; after several wrong passwords Jira asks for a CAPTCHA: log in there once"
"""What to do where a user of Data Center is forbidden something: a page without words tells of either."""


class BearerAuth(AuthBase):
    """Sends a personal access token of Data Center, or an OAuth token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add the header."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def __repr__(self) -> str:
        return "BearerAuth(***)"


class BasicAuth(HTTPBasicAuth):
    """Sends an account of Cloud with its API token, or one of Data Center with its password."""

    def __init__(self, account: str, secret: str) -> None:
        # As bytes: requests would encode text as Latin-1, and passwords have letters beyond it.
        super().__init__(account.encode(), secret.encode())

    def __repr__(self) -> str:
        return "BasicAuth(***)"


def account_of(settings: JiraSettings) -> str:
    """Who asks, without a secret: trackers that sign in alike share their limits."""
    return settings.email or settings.user or str(settings.secret)


def signer(settings: JiraSettings, env: Mapping[str, str]) -> AuthBase:
    """Signs requests with the secret whose place the settings name; a `ConfigError` where none is kept there."""
    secret = settings.secret.read(env)
    account = settings.email or settings.user
    return BearerAuth(secret) if account is None else BasicAuth(account, secret)


def way_out(settings: JiraSettings) -> str:
    """What to do where Jira does not accept the credentials; which of them it is about it never says."""
    if settings.user:
        return (
            "correct `user` or the password; where passwords are not taken, use a personal access token, without `user`"
        )
    if settings.through_gateway:
        board = ", read:board-scope.admin:jira-software and write:issue:jira-software" if settings.board else ""
        return f"renew the token, correct `email`, or give it the scopes read:jira-work, write:jira-work{board}"
    if not settings.email and settings.on_cloud:
        return "for Cloud give the token's account as `email`; an OAuth token needs `scoped: true`"
    if settings.email:
        return "renew the token; one with scopes, or of a service account, needs `scoped: true`; Data Center no `email`"
    return "renew the token; for Cloud give its account's `email`, for a password its `user`"
