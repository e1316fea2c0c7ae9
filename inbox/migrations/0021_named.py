import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

# Its own function, because PostgreSQL indexes nothing but what always says the same of the same, and it has none for lists of texts.
NAMED = """
CREATE OR REPLACE FUNCTION inbox_named(reply_to text[], sent_to text[], cc text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT lower(one)), '{}') FROM unnest(reply_to || sent_to || cc) AS one
$$;
"""
HALF_BUILT = "DROP INDEX CONCURRENTLY IF EXISTS message_by_named"


class Migration(migrations.Migration):
    """Who is named in a mail beside its sender, for erasures: built while mails come in. Can be run again after it failed."""

    atomic = False
    dependencies = [("inbox", "0020_erased_indexes")]

    operations = [
        migrations.RunSQL(NAMED, "DROP FUNCTION inbox_named(text[], text[], text[])"),
        migrations.RunSQL(HALF_BUILT, migrations.RunSQL.noop),
        AddIndexConcurrently(
            "message",
            django.contrib.postgres.indexes.GinIndex(
                models.Func(
                    "reply_to",
                    "to",
                    "cc",
                    function="inbox_named",
                    output_field=django.contrib.postgres.fields.ArrayField(models.TextField()),
                ),
                name="message_by_named",
            ),
        ),
    ]
