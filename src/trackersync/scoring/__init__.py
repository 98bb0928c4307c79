"""From issues and rules to a ranked, explained list; pure: no network, no store, no clock."""
