"""Jira's query language: read by its grammar, refused in its words, answered from the issues at hand."""
