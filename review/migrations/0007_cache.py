"""The table of the cache that all web processes share (`CACHES` in the settings), so that `migrate` alone makes a database ready."""

from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def make_table(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("review", "0006_audit_log")]
    operations = [migrations.RunPython(make_table, migrations.RunPython.noop)]
