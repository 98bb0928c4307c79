"""trackersync-sandbox."""
