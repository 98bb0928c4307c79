"""trackersync-github."""
