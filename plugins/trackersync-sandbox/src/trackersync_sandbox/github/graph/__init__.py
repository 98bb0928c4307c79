"""GitHub's GraphQL API, executed by graphql-core over a part of GitHub's own schema."""

from trackersync_sandbox.github.graph.endpoint import Graph

__all__ = ["Graph"]
