"""`trackersync overrides`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trackersync.cli.terminal import print_table, say
from trackersync.cli.workspace import opened, tell_unread

if TYPE_CHECKING:
    from trackersync.change import KnownOverride
    from trackersync.scoring.corrections import Corrected
    from trackersync.sync import Workspace


@click.group("overrides", invoke_without_command=True)
@click.option("--by-rule", is_flag=True, help="How often people overrode what each adjustment and band came to.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_context
def command(ctx: click.Context, *, by_rule: bool, form: str) -> None:
    """List what people changed where we had written, as the last plan found it; touches no network.

    It stands, and is not written over, until it expires (`overrides: {expire: 30d}`) or is released.

    \b
    trackersync overrides
    trackersync overrides --by-rule
    trackersync overrides release jira:CORE-7 --target "labels priority-"
    """
    if ctx.invoked_subcommand is None:
        with opened(ctx.obj) as workspace:
            (_tell_rules if by_rule else _tell_overrides)(workspace, form)


@command.command("release")
@click.argument("ref")
@click.option("--target", metavar="WHAT", help="Only this, as `overrides` names it: `labels priority-`, `order` …")
@click.pass_obj
def release_command(file: Path, *, ref: str, target: str | None) -> None:
    """Let the next plan write our values over those of people on one issue, once.

    Should somebody change them again after that, it is a new override.

    \b
    trackersync overrides release jira:CORE-7
    """
    from trackersync.sync.overriding import release

    with opened(file) as workspace:
        for override in release(workspace, ref, target=target):
            say(f"released: {override.ref} {override.target}: the next plan writes our value again")


def _tell_overrides(workspace: Workspace, form: str) -> None:
    from trackersync.report.escape import json_text
    from trackersync.report.overrides import overrides_document
    from trackersync.sync.overriding import known_overrides

    known = known_overrides(workspace)
    if form == "json":
        click.echo(json_text(overrides_document(known, workspace.config.overrides, workspace.now())))
    elif known:
        print_overrides(workspace, known)
    else:
        say("Nobody overrode anything, as far as the last plan found.")


def print_overrides(workspace: Workspace, known: Sequence[KnownOverride]) -> None:
    """A row an override."""
    from trackersync.plan.overrides import expires_at
    from trackersync.report.overrides import fate
    from trackersync.report.told import shown_value
    from trackersync.sync.naming import known_refs

    policy, now = workspace.config.overrides, workspace.now()
    refs = {ref.issue_key: ref for ref in known_refs(workspace)}
    rows = []
    for each in known:
        override, end = each.override, expires_at(each, policy)
        target, tracker = override.target, override.ref.tracker
        wrote, found = (shown_value(value, target, tracker, refs) for value in (override.wrote, override.found))
        until = f"{end:%Y-%m-%d %H:%M}" if end else "it is released"
        over = fate(each, policy, now)
        rows.append((override.ref, target, wrote, found, f"{each.since:%Y-%m-%d %H:%M}", _UNTIL.get(over, until)))
    heads = ("Issue", "What", "We wrote", "Found", "Since (UTC)", "Stands until")
    print_table([(head, "") for head in heads], rows)


_UNTIL = {"released": "released", "expired": "expired"}


def _tell_rules(workspace: Workspace, form: str) -> None:
    from trackersync.report.escape import json_text
    from trackersync.report.overrides import corrections_document
    from trackersync.sync.overriding import corrected_rules

    tell_unread(workspace, "count")
    corrected = corrected_rules(workspace)
    if form == "json":
        click.echo(json_text(corrections_document(corrected)))
    else:
        print_corrected(corrected)


def print_corrected(corrected: Sequence[Corrected]) -> None:
    """A row a rule: the more often people correct one, the likelier it is wrong."""
    rows = (
        (each.kind, each.name, each.decided, each.overridden, "" if each.share is None else f"{each.share:.0%}")
        for each in corrected
    )
    numbers = [(head, "right") for head in ("Decided on", "Overridden", "Share")]
    print_table([("Rule", ""), ("Name", "wrap"), *numbers], rows)
