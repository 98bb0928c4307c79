"""trackersync-jira."""
