import django.db.models.functions.comparison
from django.db import migrations, models

# Many rows at once (INSERT, DELETE, COPY) leave one row for each conversation; an update only where something changed that is counted.
RULES = """
CREATE FUNCTION review_touch_conversations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO review_touched (conversation_id) SELECT DISTINCT conversation_id FROM changed WHERE conversation_id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION review_touch_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO review_touched (conversation_id)
        SELECT DISTINCT id FROM (VALUES (OLD.conversation_id), (NEW.conversation_id)) AS of_both(id) WHERE id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE FUNCTION review_touch_of_drafts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO review_touched (conversation_id)
        SELECT DISTINCT draft.conversation_id FROM changed JOIN drafting_draft AS draft ON draft.id = changed.draft_id;
    RETURN NULL;
END $$;
CREATE FUNCTION review_touch_of_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO review_touched (conversation_id)
        SELECT DISTINCT conversation_id FROM drafting_draft WHERE id IN (OLD.draft_id, NEW.draft_id);
    RETURN NULL;
END $$;
CREATE FUNCTION review_touch_itself() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO review_touched (conversation_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION review_touch_of_mailbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO review_touched (conversation_id) SELECT id FROM inbox_conversation WHERE mailbox_id = NEW.id ORDER BY id;
    RETURN NULL;
END $$;
CREATE FUNCTION review_touch_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO review_touched (conversation_id, day) SELECT min(conversation_id), day FROM changed GROUP BY day;
    RETURN NULL;
END $$;

CREATE TRIGGER review_touch_by_update AFTER UPDATE ON inbox_message FOR EACH ROW
    WHEN ((OLD.conversation_id, OLD.mailbox_id, OLD.kind, OLD.received_at, coalesce(OLD.taken_up_at <= OLD.stored_at, false))
        IS DISTINCT FROM (NEW.conversation_id, NEW.mailbox_id, NEW.kind, NEW.received_at, coalesce(NEW.taken_up_at <= NEW.stored_at, false)))
    EXECUTE FUNCTION review_touch_conversation();
CREATE TRIGGER review_touch_by_update AFTER UPDATE ON inbox_conversation FOR EACH ROW
    WHEN ((OLD.state = 'closed') IS DISTINCT FROM (NEW.state = 'closed'))
    EXECUTE FUNCTION review_touch_itself();
CREATE TRIGGER review_touch_by_update AFTER UPDATE ON drafting_draft FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND NOT (OLD.state = 'queued' AND NEW.state = 'writing')
        OR (OLD.conversation_id, OLD.message_id, OLD.setup_id, OLD.category_id, OLD.is_eligible, OLD.hand_over_reason, OLD.finished_at)
        IS DISTINCT FROM
        (NEW.conversation_id, NEW.message_id, NEW.setup_id, NEW.category_id, NEW.is_eligible, NEW.hand_over_reason, NEW.finished_at))
    EXECUTE FUNCTION review_touch_conversation();
CREATE TRIGGER review_touch_by_update AFTER UPDATE ON review_decision FOR EACH ROW
    WHEN ((OLD.draft_id, OLD.kind, OLD.outgoing_id, OLD.edit_reason, OLD.seconds_open, OLD.decided_at, OLD.undone_at)
        IS DISTINCT FROM (NEW.draft_id, NEW.kind, NEW.outgoing_id, NEW.edit_reason, NEW.seconds_open, NEW.decided_at, NEW.undone_at))
    EXECUTE FUNCTION review_touch_of_draft();
-- On its way is all one, whichever step it is at.
CREATE TRIGGER review_touch_by_update AFTER UPDATE ON inbox_outgoingmail FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND NOT (OLD.state IN ('held', 'ready', 'claimed', 'dot_sent', 'retry')
            AND NEW.state IN ('held', 'ready', 'claimed', 'dot_sent', 'retry'))
        OR (OLD.conversation_id, OLD.in_reply_to_id, OLD.created_at, OLD.sent_at, OLD.is_automatic, OLD.last_error LIKE 'It came back%')
        IS DISTINCT FROM
        (NEW.conversation_id, NEW.in_reply_to_id, NEW.created_at, NEW.sent_at, NEW.is_automatic, NEW.last_error LIKE 'It came back%'))
    EXECUTE FUNCTION review_touch_conversation();
CREATE TRIGGER review_touch_by_update AFTER UPDATE ON review_ledgerentry FOR EACH ROW
    WHEN ((OLD.draft_id, OLD.unsafe, OLD.counts) IS DISTINCT FROM (NEW.draft_id, NEW.unsafe, NEW.counts))
    EXECUTE FUNCTION review_touch_of_draft();
CREATE TRIGGER review_touch_by_update AFTER UPDATE ON review_flag FOR EACH ROW
    WHEN ((OLD.draft_id, OLD.at, OLD.cleared_at) IS DISTINCT FROM (NEW.draft_id, NEW.at, NEW.cleared_at))
    EXECUTE FUNCTION review_touch_of_draft();
CREATE TRIGGER review_touch_by_update AFTER UPDATE OF reply_target_minutes ON inbox_mailbox FOR EACH ROW
    WHEN (OLD.reply_target_minutes <> NEW.reply_target_minutes)
    EXECUTE FUNCTION review_touch_of_mailbox();
CREATE TRIGGER review_touch_by_delete AFTER DELETE ON review_outcome REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION review_touch_days();
"""
OF_CONVERSATIONS = ("inbox_message", "drafting_draft", "inbox_outgoingmail")
OF_DRAFTS = ("review_decision", "review_flag", "review_ledgerentry", "drafting_modelcall", "drafting_checkresult")
UPDATED = (
    *("inbox_message", "inbox_conversation", "drafting_draft", "review_decision"),
    *("inbox_outgoingmail", "review_ledgerentry", "review_flag", "inbox_mailbox"),
)
FUNCTIONS = ("conversations", "conversation", "of_drafts", "of_draft", "itself", "of_mailbox", "days")


def many(table: str, function: str) -> str:
    """Triggers for rows that come or go in any number."""
    return "".join(
        f"CREATE TRIGGER review_touch_by_{event.lower()} AFTER {event} ON {table} REFERENCING {rows} TABLE AS changed "
        f"FOR EACH STATEMENT EXECUTE FUNCTION review_touch_{function}();\n"
        for event, rows in (("INSERT", "NEW"), ("DELETE", "OLD"))
    )


MANY = "".join(many(table, "conversations") for table in OF_CONVERSATIONS) + "".join(many(table, "of_drafts") for table in OF_DRAFTS)
NO_RULES = "".join(
    [
        *(f"DROP TRIGGER review_touch_by_update ON {table};\n" for table in UPDATED),
        "DROP TRIGGER review_touch_by_delete ON review_outcome;\n",
        *(
            f"DROP TRIGGER review_touch_by_{event} ON {table};\n"
            for table in (*OF_CONVERSATIONS, *OF_DRAFTS)
            for event in ("insert", "delete")
        ),
        *(f"DROP FUNCTION review_touch_{name}();\n" for name in FUNCTIONS),
    ]
)


class Migration(migrations.Migration):
    """Whatever changes in what reports count leaves a row, in the same transaction; all that there is so far is counted first."""

    dependencies = [("review", "0016_reports"), ("inbox", "0015_weighed"), ("drafting", "0013_routed")]

    operations = [
        migrations.AddField("touched", "day", models.DateField(null=True)),
        migrations.AddIndex(
            "spread",
            models.Index(
                models.F("span"),
                models.F("mailbox"),
                django.db.models.functions.comparison.Coalesce("category", 0),
                django.db.models.functions.comparison.Coalesce("setup", 0),
                models.F("on"),
                name="spread_of_group",
            ),
        ),
        migrations.RunSQL(RULES + MANY, NO_RULES),
        migrations.RunSQL("INSERT INTO review_touched (conversation_id) SELECT id FROM inbox_conversation ORDER BY id", ""),
    ]
