import django.utils.timezone
from django.db import migrations, models

REFUSE = """
CREATE FUNCTION drafting_setup_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A setup never changes; pin a new one.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER drafting_setup_never_changes BEFORE UPDATE OR DELETE ON drafting_setup
    FOR EACH ROW EXECUTE FUNCTION drafting_setup_never_changes();
"""
ALLOW = "DROP TRIGGER drafting_setup_never_changes ON drafting_setup; DROP FUNCTION drafting_setup_never_changes();"


class Migration(migrations.Migration):
    """Setups are immutable in the database too; evidence and model calls carry the time at which they happened."""

    dependencies = [("drafting", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.AlterField("evidence", "at", models.DateTimeField(default=django.utils.timezone.now)),
        migrations.AlterField("modelcall", "at", models.DateTimeField(default=django.utils.timezone.now)),
    ]
