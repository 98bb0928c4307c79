"""The history of the tables, applied by `trackersync.store.migration`."""
