"""What Alembic runs to come to the scripts: they work on the connection, and in the transaction, of whoever called."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table="asof_ledger")
context.run_migrations()
