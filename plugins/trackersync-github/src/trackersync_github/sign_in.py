"""How requests are signed: with a token, or as a GitHub App whose tokens are renewed before they expire."""

from __future__ import annotations

from collections.abc import Mapping

from requests import PreparedRequest
from requests.auth import AuthBase

from trackersync_github.client import Installation
from trackersync_github.settings import GitHubSettings


def account_of(settings: GitHubSettings) -> str:
    """Who asks, without a secret: trackers that sign in alike share their limits."""
    return str(settings.secret) if settings.app is None else f"app {settings.app.id}/{settings.app.installation}"


def signer(tracker: str, settings: GitHubSettings, env: Mapping[str, str]) -> AuthBase:
    """Signs requests with the secret whose place the settings name; a `ConfigError` where none is kept there."""
    secret = settings.secret.read(env)
    return Token(secret) if settings.app is None else Installation(tracker, settings.url, settings.app, secret)


class Token(AuthBase):
    """A personal access token, or the one that GitHub Actions hands to a job."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Sign one request."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def __repr__(self) -> str:
        return "Token(***)"
