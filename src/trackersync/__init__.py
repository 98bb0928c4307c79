"""Priorities as code, in the tracker the team already uses."""

__version__ = "0.1.0"
