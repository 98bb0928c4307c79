"""A GitHub tracker's section of the configuration file."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from trackersync.transport.address import web_address
from trackersync.transport.secret import Kept, KeyringEntry, SecretFile, Variable, check_one_of

OWNER = r"[A-Za-z0-9][A-Za-z0-9_-]*"
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class AppSettings(_Section):
    """A GitHub App's installation, in place of a token; its private key (PEM) is kept in exactly one place."""

    id: int = Field(gt=0, description="The App's id.")
    installation: int = Field(gt=0, description="The id of its installation on the repository's owner.")
    private_key_env: Variable | None = Field(default=None, description="The environment variable that holds the key.")
    private_key_file: SecretFile | None = Field(default=None, description="The file that holds it, and is its owner's.")
    private_key_keyring: KeyringEntry | None = Field(default=None, description="Its entry in the system's keyring.")

    @model_validator(mode="after")
    def _one_place_of_the_key(self) -> Self:
        check_one_of(self, "private_key_env", "private_key_file", "private_key_keyring", needed=True)
        return self

    @property
    def private_key(self) -> Kept:
        """Where the App's private key is kept."""
        return Kept(
            "private_key",
            env=self.private_key_env,
            file=self.private_key_file,
            keyring=self.private_key_keyring,
            section=("app",),
            meant="the App's private key (PEM)",
        )


class ProjectSettings(_Section):
    """A Projects v2 board: `https://github.com/orgs/OWNER/projects/NUMBER`."""

    owner: Annotated[str, StringConstraints(pattern=rf"^{OWNER}$")] = Field(description="An organisation or a user.")
    number: int = Field(gt=0, description="The number in the project's address.")

    def __str__(self) -> str:
        return f"{self.owner}/{self.number}"


class Selection(_Section):
    """Which of the repository's issues take part; all conditions hold together."""

    state: Literal["open", "closed", "all"] = "open"
    labels: tuple[Name, ...] = Field(default=(), description="Only issues that carry all of these.")
    without_labels: tuple[Name, ...] = Field(default=(), description="No issue that carries one of these.")
    milestone: Name | None = Field(default=None, description="Only issues of the milestone with this title.")


class GitHubSettings(_Section):
    """One repository, how to sign in to it, and the project beside it."""

    url: Annotated[str, AfterValidator(web_address)] = Field(
        default="https://api.github.com", description="The REST API; GitHub Enterprise Server: https://HOST/api/v3."
    )
    repository: Annotated[str, StringConstraints(pattern=rf"^{OWNER}/[A-Za-z0-9._-]+$")] = Field(
        description="owner/name"
    )
    token_env: Variable = Field(default="GITHUB_TOKEN", description="The environment variable that holds the token.")
    token_file: SecretFile | None = Field(default=None, description="A file with the token, in place of token_env.")
    token_keyring: KeyringEntry | None = Field(default=None, description="The keyring's entry, in place of token_env.")
    app: AppSettings | None = Field(default=None, description="A GitHub App, in place of a token.")
    project: ProjectSettings | None = Field(default=None, description="For project fields and the order of work.")
    select: Selection = Field(default_factory=Selection)

    @model_validator(mode="after")
    def _one_way_to_sign_in(self) -> Self:
        check_one_of(self, "token_env", "token_file", "token_keyring", "app")
        return self

    @property
    def graphql_url(self) -> str:
        """Where GraphQL is served: `/api/graphql` beside an Enterprise Server's `/api/v3`, else below `url`."""
        server = self.url.removesuffix("/api/v3")
        return f"{self.url}/graphql" if server == self.url else f"{server}/api/graphql"

    @property
    def secret(self) -> Kept:
        """Where that is kept without which nothing can be asked: the token, or the App's private key."""
        if self.app is not None:
            return self.app.private_key
        return Kept("token", env=self.token_env, file=self.token_file, keyring=self.token_keyring)
