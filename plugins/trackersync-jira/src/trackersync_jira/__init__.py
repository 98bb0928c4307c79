"""Jira Cloud and Data Center for trackersync."""
