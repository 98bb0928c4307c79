"""Backlogs in CSV, Excel and Markdown files for trackersync."""
