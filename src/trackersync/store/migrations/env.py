"""What alembic runs to bring one open connection up to date; the caller commits."""

from alembic import context

from trackersync.store.migration import VERSION_TABLE

# SQLite's DDL is transactional too, now that the driver is kept from committing on its own.
context.configure(
    connection=context.config.attributes["connection"], version_table=VERSION_TABLE, transactional_ddl=True
)
context.run_migrations()
