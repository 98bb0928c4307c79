"""A GitHub tracker's section of the configuration file."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from trackersync.transport.address import web_address

OWNER = r"[A-Za-z0-9][A-Za-z0-9_-]*"
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AppSettings(_Section):
    """A GitHub App's installation, in place of a token."""

    id: int = Field(gt=0, description="The App's id.")
    installation: int = Field(gt=0, description="The id of its installation on the repository's owner.")
    private_key_env: Variable = Field(description="The environment variable that holds the App's private key (PEM).")


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
    app: AppSettings | None = Field(default=None, description="A GitHub App, in place of token_env.")
    project: ProjectSettings | None = Field(default=None, description="For project fields and the order of work.")
    select: Selection = Field(default_factory=Selection)

    @model_validator(mode="after")
    def _one_way_to_sign_in(self) -> Self:
        if self.app is not None and "token_env" in self.model_fields_set:
            raise ValueError("give token_env or app, not both")
        return self

    @property
    def graphql_url(self) -> str:
        """Where GraphQL is served: `/api/graphql` beside an Enterprise Server's `/api/v3`, else below `url`."""
        server = self.url.removesuffix("/api/v3")
        return f"{self.url}/graphql" if server == self.url else f"{server}/api/graphql"

    @property
    def secret_env(self) -> str:
        """The environment variable without which nothing can be asked."""
        return self.token_env if self.app is None else self.app.private_key_env
