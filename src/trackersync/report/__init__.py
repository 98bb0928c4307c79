"""Renderings of what the use cases return; they read, and write to nobody but the caller."""
