"""A local Jira and GitHub to rehearse on: real shapes, real state, nobody's mail."""
