"""One module for each version of the tables, numbered, the newest named in `trackersync.store.migration.HEAD`."""
