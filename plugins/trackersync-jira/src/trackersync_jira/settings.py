"""A Jira tracker's section of the configuration file."""

from __future__ import annotations

from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from trackersync.transport.address import web_address
from trackersync.transport.secret import Kept, KeyringEntry, SecretFile, Variable, check_one_of, not_pasted

GATEWAY = "https://api.atlassian.com/ex/jira"
"""Where tokens with scopes, service accounts and OAuth are sent; people do not find issues under that address."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Account = Annotated[Text, AfterValidator(not_pasted)]
CloudId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$")]
"""One segment of an address, and nothing that leads elsewhere."""


class JiraSettings(BaseModel):
    """One selection of issues of one Jira, Cloud or Data Center; which of the two is found out by asking."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    url: Annotated[str, AfterValidator(web_address)] = Field(
        description="The site: https://acme.atlassian.net, or https://HOST[/PATH] of a Data Center."
    )
    email: Account | None = Field(
        default=None,
        description="The account of a Cloud API token (Basic); without it the token is sent as Bearer.",
    )
    user: Account | None = Field(
        default=None, description="A Data Center user (Basic): what is kept as the token is then the password."
    )
    scoped: bool = Field(
        default=False, description="A Cloud token with scopes, of a service account, or of OAuth: for the gateway."
    )
    cloud_id: CloudId | None = Field(
        default=None, description="The site's id, for a token with scopes; without it the site is asked for it."
    )
    token_env: Variable = Field(default="JIRA_TOKEN", description="The environment variable that holds the token.")
    token_file: SecretFile | None = Field(default=None, description="A file with the token, in place of token_env.")
    token_keyring: KeyringEntry | None = Field(default=None, description="The keyring's entry, in place of token_env.")
    jql: Text = Field(description="Which issues take part; an ORDER BY in it is ignored.")
    board: int | None = Field(default=None, gt=0, description="The board whose order is ours to keep.")

    @model_validator(mode="after")
    def _one_way_to_sign_in(self) -> Self:
        check_one_of(self, "token_env", "token_file", "token_keyring")
        check_one_of(self, "email", "user")
        if self.through_gateway and self.user is not None:
            raise ValueError("`user` is Data Center's, and tokens with scopes are Cloud's: give `email` or neither")
        if self.cloud_id is not None and "scoped" in self.model_fields_set and not self.scoped:
            raise ValueError("`cloud_id` is for tokens with scopes: leave it out, or say `scoped: true`")
        if (self.scoped or self.cloud_id is not None) and self.at_gateway:
            raise ValueError("`url` holds the site's id already: leave out `scoped` and `cloud_id`, or give the site")
        return self

    @property
    def secret(self) -> Kept:
        """Where the token is kept, or the password."""
        meant = "an API token of that account" if self.email else "a personal access token"
        meant = f"the password of {self.user}" if self.user else meant
        return Kept("token", env=self.token_env, file=self.token_file, keyring=self.token_keyring, meant=meant)

    @property
    def at_gateway(self) -> bool:
        """Whether the address itself is the gateway's."""
        return urlsplit(self.url).hostname == urlsplit(GATEWAY).hostname

    @property
    def through_gateway(self) -> bool:
        """Whether requests go to the gateway and not to the site."""
        return self.scoped or self.cloud_id is not None or self.at_gateway

    @property
    def on_cloud(self) -> bool:
        """Whether the address says that this is Cloud; sites may have addresses that do not."""
        return (urlsplit(self.url).hostname or "").endswith(".atlassian.net")
