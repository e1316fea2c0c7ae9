import django.db.models.deletion
from django.db import migrations, models

# Whoever writes a decision or an entry need not know: what is asked for is filled in as the row comes to be. No conversation changes mailbox.
FILL = """
CREATE FUNCTION review_decision_mailbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT talk.mailbox_id INTO NEW.mailbox_id
      FROM drafting_draft AS draft JOIN inbox_conversation AS talk ON talk.id = draft.conversation_id
     WHERE draft.id = NEW.draft_id;
    RETURN NEW;
END $$;
CREATE TRIGGER review_decision_mailbox BEFORE INSERT ON review_decision FOR EACH ROW EXECUTE FUNCTION review_decision_mailbox();
CREATE FUNCTION review_logentry_mailbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT mailbox_id INTO NEW.mailbox_id FROM inbox_conversation WHERE id = NEW.conversation_id;
    RETURN NEW;
END $$;
CREATE TRIGGER review_logentry_mailbox BEFORE INSERT ON review_logentry
    FOR EACH ROW WHEN (NEW.conversation_id IS NOT NULL) EXECUTE FUNCTION review_logentry_mailbox();
"""
LEAVE = """
DROP TRIGGER review_decision_mailbox ON review_decision; DROP FUNCTION review_decision_mailbox();
DROP TRIGGER review_logentry_mailbox ON review_logentry; DROP FUNCTION review_logentry_mailbox();
"""
MAILBOX = {"null": True, "editable": False, "db_index": False, "on_delete": django.db.models.deletion.PROTECT, "related_name": "+"}


class Migration(migrations.Migration):
    """Decisions and entries of the audit log know their mailbox: from now on; the next migration is for those that are there."""

    dependencies = [("inbox", "0017_watching"), ("review", "0021_weekly_report_desk")]

    operations = [
        migrations.AddField("decision", "mailbox", models.ForeignKey(to="inbox.mailbox", **MAILBOX)),
        migrations.AddField("logentry", "mailbox", models.ForeignKey(to="inbox.mailbox", **MAILBOX)),
        migrations.RunSQL(FILL, LEAVE),
    ]
