from django.db import migrations, models

RULES = """
-- Only what was unlocked can be suspended, so that no suspension is a way around the proof.
CREATE FUNCTION review_attempt_takes_no_detour() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'suspended' AND OLD.state NOT IN ('ramp_10', 'ramp_50', 'auto', 'suspended')
            OR NEW.state = 'ready' AND OLD.state NOT IN ('collecting', 'ready')
            OR NEW.state = 'collecting' AND OLD.state NOT IN ('collecting', 'ready') THEN
        RAISE EXCEPTION 'An attempt cannot go from % to %.', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_attempt_takes_no_detour BEFORE UPDATE OF state ON review_attempt
    FOR EACH ROW EXECUTE FUNCTION review_attempt_takes_no_detour();

-- White space aside, which composing a mail may tidy up.
CREATE FUNCTION review_without_space(a_text text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(a_text, '\\s', '', 'g');
$$;

CREATE FUNCTION review_decision_auto_sent_as_drafted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM drafting_draft AS draft
          JOIN inbox_message AS message ON message.id = draft.message_id
          JOIN inbox_outgoingmail AS mail ON mail.id = NEW.outgoing_id
          JOIN inbox_mailbox AS mailbox ON mailbox.id = mail.mailbox_id
         WHERE draft.id = NEW.draft_id AND draft.state = 'decided' AND lower(mail.recipient) = lower(message.from_address)
           AND review_without_space(mail.body) IN (
               review_without_space(draft.body), review_without_space(draft.body) || review_without_space(mailbox.signature)
           )
    ) THEN
        RAISE EXCEPTION 'Draft % cannot be sent automatically: the mail says or goes elsewhere than was drafted.', NEW.draft_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_decision_auto_sent_as_drafted BEFORE INSERT OR UPDATE OF kind, draft_id, outgoing_id, undone_at ON review_decision
    FOR EACH ROW WHEN (NEW.kind = 'auto_sent' AND NEW.undone_at IS NULL) EXECUTE FUNCTION review_decision_auto_sent_as_drafted();

CREATE TRIGGER review_outgoing_automatic_stays BEFORE UPDATE OF mime, body, recipient ON inbox_outgoingmail
    FOR EACH ROW WHEN (NEW.is_automatic AND (OLD.mime, OLD.body, OLD.recipient) IS DISTINCT FROM (NEW.mime, NEW.body, NEW.recipient))
    EXECUTE FUNCTION review_proof_stays();
CREATE TRIGGER review_switch_stays BEFORE DELETE ON review_switch FOR EACH ROW EXECUTE FUNCTION review_proof_stays();
"""
NO_RULES = """
DROP TRIGGER review_switch_stays ON review_switch;
DROP TRIGGER review_outgoing_automatic_stays ON inbox_outgoingmail;
DROP TRIGGER review_decision_auto_sent_as_drafted ON review_decision;
DROP FUNCTION review_decision_auto_sent_as_drafted();
DROP FUNCTION review_without_space(text);
DROP TRIGGER review_attempt_takes_no_detour ON review_attempt;
DROP FUNCTION review_attempt_takes_no_detour();
"""
WHY = [
    ("collecting", "Not unlocked yet"),
    ("suspended", "Auto-send was suspended"),
    ("ramp", "The rest beside the ramp"),
    ("audit", "Audit hold"),
    ("hours", "Outside the hours of auto-send"),
    ("cap", "A cap was reached"),
    ("model", "The model was not confirmed lately"),
    ("stopped", "All auto-send was stopped"),
    ("held_back", "Held back before it left"),
    ("person_first", "A person was on it first"),
    ("chosen", "Chosen to leave by itself"),
]


class Migration(migrations.Migration):
    """What the state takes notice of, and more that the database refuses: detours, other texts, a switch that is not there."""

    dependencies = [("review", "0010_auto_send_in_the_database"), ("inbox", "0013_automatic_mail")]

    operations = [
        migrations.AddField("attempt", "weighed_to", models.PositiveBigIntegerField(default=0)),
        migrations.AlterField("ledgerentry", "why", models.CharField(choices=WHY, max_length=12)),
        migrations.RunSQL(RULES, NO_RULES),
    ]
