"""A Jira tracker's section of the configuration file."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from trackersync.transport.address import web_address

Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class JiraSettings(BaseModel):
    """One selection of issues of one Jira, Cloud or Data Center; which of the two is found out by asking."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, AfterValidator(web_address)] = Field(
        description="The site: https://acme.atlassian.net, or https://HOST[/PATH] of a Data Center."
    )
    email: Text | None = Field(
        default=None,
        description="The account of a Cloud API token (Basic); without it the token is sent as Bearer (Data Center).",
    )
    token_env: Variable = Field(default="JIRA_TOKEN", description="The environment variable that holds the token.")
    jql: Text = Field(description="Which issues take part; an ORDER BY in it is ignored.")
    board: int | None = Field(default=None, gt=0, description="The board whose order is ours to keep.")
