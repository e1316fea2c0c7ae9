from django.db import migrations

RULES = """
CREATE OR REPLACE FUNCTION review_planted_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM review_planteddraft
         WHERE draft_id = NEW.draft_id AND review_without_space(body) = review_without_space(NEW.final_text)
    ) THEN
        RAISE EXCEPTION 'This text was planted; it can never be sent.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION review_planted_outgoing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM review_planteddraft AS planted JOIN drafting_draft AS draft ON draft.id = planted.draft_id
         WHERE draft.conversation_id = NEW.conversation_id
           AND position(review_without_space(planted.body) in review_without_space(NEW.body)) > 0
    ) THEN
        RAISE EXCEPTION 'This text was planted; it can never be sent.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
NO_RULES = """
CREATE OR REPLACE FUNCTION review_planted_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM review_planteddraft WHERE draft_id = NEW.draft_id AND btrim(body) = btrim(NEW.final_text)) THEN
        RAISE EXCEPTION 'This text was planted; it can never be sent.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION review_planted_outgoing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM review_planteddraft AS planted JOIN drafting_draft AS draft ON draft.id = planted.draft_id
         WHERE draft.conversation_id = NEW.conversation_id AND position(btrim(planted.body) in NEW.body) > 0
    ) THEN
        RAISE EXCEPTION 'This text was planted; it can never be sent.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """A planted text is refused whatever white space was put around or into it."""

    dependencies = [("review", "0012_ledger_entries_opened")]

    operations = [migrations.RunSQL(RULES, NO_RULES)]
