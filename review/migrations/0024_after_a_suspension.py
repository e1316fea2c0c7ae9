import django.contrib.postgres.fields
from django.db import migrations, models

RULES = """
-- What a suspension says of the drafts is not talked away: it goes on after a cause that says nothing, or after flags that were all mistaken.
CREATE FUNCTION review_attempt_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    harmless text[] := ARRAY['person', 'cap', 'setup', 'model'];
    flagged text[] := ARRAY['leak', 'recipient', 'promise'];
BEGIN
    IF NEW.state = 'suspended' AND (
        NOT NEW.flagged @> OLD.flagged
        OR NEW.cause = ANY (harmless) AND OLD.cause <> ALL (harmless)
        OR NEW.cause = ANY (flagged) AND OLD.cause <> ALL (harmless || flagged)
    ) THEN
        RAISE EXCEPTION 'What an attempt was suspended for does not become less.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'ramp_10' AND OLD.cause <> ALL (harmless) AND NOT (
        OLD.cause = ANY (flagged) AND cardinality(OLD.flagged) > 0 AND cardinality(OLD.flagged) = (
            SELECT count(*) FROM review_flag WHERE id = ANY (OLD.flagged) AND cleared_at IS NOT NULL
        )
    ) THEN
        RAISE EXCEPTION 'An attempt that was suspended for % cannot go on.', OLD.cause USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_attempt_goes_on BEFORE UPDATE OF state, cause, flagged ON review_attempt
    FOR EACH ROW WHEN (OLD.state = 'suspended') EXECUTE FUNCTION review_attempt_goes_on();
"""
NO_RULES = """
DROP TRIGGER review_attempt_goes_on ON review_attempt;
DROP FUNCTION review_attempt_goes_on();
"""
STRICTER = """
-- A shorter ramp that one admin alone had asked for becomes the usual one; terms stay as they are otherwise.
SELECT set_config('countersign.erasing', 'on', true);
UPDATE review_terms SET ramp_sends = 100
 WHERE ramp_sends < 100 AND in_force_at IS NOT NULL AND (confirmed_by_id IS NULL OR confirmed_by_id = by_id);
SELECT set_config('countersign.erasing', 'off', true);
"""


class Migration(migrations.Migration):
    """A suspension ends only where the database agrees; a ramp shorter than 100 mails takes two admins."""

    dependencies = [("review", "0023_mailboxes_filled")]

    operations = [
        migrations.AddField(
            "attempt", "flagged", django.contrib.postgres.fields.ArrayField(models.BigIntegerField(), default=list, size=None)
        ),
        migrations.RunSQL(RULES, NO_RULES),
        migrations.RunSQL(STRICTER, migrations.RunSQL.noop),
        migrations.RemoveConstraint("terms", "terms_loose_need_two"),
        migrations.AddConstraint(
            "terms",
            models.CheckConstraint(
                name="terms_loose_need_two",
                condition=models.Q(in_force_at__isnull=True)
                | models.Q(epsilon__lte=0.02, alpha__lte=0.05, ramp_sends__gte=100)
                | (models.Q(confirmed_by__isnull=False) & ~models.Q(confirmed_by=models.F("by"))),
            ),
        ),
        migrations.AlterField(
            "terms",
            "in_force_at",
            models.DateTimeField(
                help_text="Empty while a second admin has not confirmed what is looser than 2 %, 95 % and 100 mails.", null=True
            ),
        ),
    ]
