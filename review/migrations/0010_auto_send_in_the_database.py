from django.db import migrations

RULES = """
CREATE FUNCTION review_why_not_auto_sent(a_draft bigint, an_attempt bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    draft drafting_draft%ROWTYPE;
    attempt review_attempt%ROWTYPE;
    own bigint;
    standard bigint;
BEGIN
    IF EXISTS (SELECT FROM review_switch WHERE stopped_at IS NOT NULL) THEN RETURN 'all auto-send is stopped'; END IF;
    SELECT * INTO attempt FROM review_attempt WHERE id = an_attempt;
    IF NOT FOUND OR attempt.state NOT IN ('ramp_10', 'ramp_50', 'auto') THEN RETURN 'the category is not unlocked'; END IF;
    SELECT * INTO draft FROM drafting_draft WHERE id = a_draft;
    IF NOT FOUND OR (draft.category_id, draft.setup_id, draft.category_setup_id)
            IS DISTINCT FROM (attempt.category_id, attempt.setup_id, attempt.chooser_id) THEN
        RETURN 'the draft is of another category or setup';
    END IF;
    IF NOT draft.is_eligible OR draft.hand_over_reason <> '' OR draft.instruction <> ''
            OR NOT EXISTS (SELECT FROM drafting_checkresult WHERE draft_id = a_draft)
            OR EXISTS (SELECT FROM drafting_checkresult WHERE draft_id = a_draft AND NOT passed) THEN
        RETURN 'a check of the gate did not pass';
    END IF;
    IF NOT EXISTS (SELECT FROM review_ledgerentry WHERE draft_id = a_draft AND attempt_id = an_attempt AND route = 'auto') THEN
        RETURN 'the draft was not chosen to leave by itself';
    END IF;
    SELECT setup_id INTO own FROM drafting_setupactivation WHERE category_id = attempt.category_id ORDER BY id DESC LIMIT 1;
    SELECT setup_id INTO standard FROM drafting_setupactivation WHERE category_id IS NULL ORDER BY id DESC LIMIT 1;
    IF attempt.setup_id IS DISTINCT FROM coalesce(own, standard) OR attempt.chooser_id IS DISTINCT FROM standard THEN
        RETURN 'another setup is active';
    END IF;
    IF EXISTS (
        SELECT FROM unnest(ARRAY[attempt.setup_id, attempt.chooser_id]) AS used(id)
         WHERE 'same' IS DISTINCT FROM (
            SELECT result FROM drafting_canaryrun WHERE setup_id = used.id AND result <> 'unavailable' ORDER BY id DESC LIMIT 1
        )
    ) THEN
        RETURN 'another model answers than the pinned one';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION review_decision_auto_sent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    why text := review_why_not_auto_sent(NEW.draft_id, NEW.attempt_id);
BEGIN
    IF why IS NULL AND NOT EXISTS (
        SELECT FROM drafting_draft AS draft JOIN inbox_outgoingmail AS mail ON mail.id = NEW.outgoing_id
         WHERE draft.id = NEW.draft_id AND mail.is_automatic AND mail.conversation_id = draft.conversation_id
           AND mail.in_reply_to_id = draft.message_id AND NEW.final_text = draft.body
    ) THEN
        why := 'the mail is not the reply that was drafted';
    END IF;
    IF why IS NOT NULL THEN
        RAISE EXCEPTION 'Draft % cannot be sent automatically: %.', NEW.draft_id, why USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_decision_auto_sent
    BEFORE INSERT OR UPDATE OF kind, draft_id, outgoing_id, final_text, attempt_id, undone_at ON review_decision
    FOR EACH ROW WHEN (NEW.kind = 'auto_sent' AND NEW.undone_at IS NULL) EXECUTE FUNCTION review_decision_auto_sent();

CREATE FUNCTION review_outgoing_automatic_begins_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'held' OR NEW.check_at IS NULL THEN
        RAISE EXCEPTION 'Automatic mail begins held, to be looked at once more.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_outgoing_automatic_begins_held BEFORE INSERT ON inbox_outgoingmail
    FOR EACH ROW WHEN (NEW.is_automatic) EXECUTE FUNCTION review_outgoing_automatic_begins_held();

-- Whoever updates a mail looks at the number of rows (inbox/outbox): a step that is not allowed changes none, so the mail is not theirs.
CREATE FUNCTION review_outgoing_automatic_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    decision review_decision%ROWTYPE;
BEGIN
    IF OLD.is_automatic IS DISTINCT FROM NEW.is_automatic THEN
        RAISE EXCEPTION 'A mail stays automatic, or a person''s.' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT * INTO decision FROM review_decision WHERE outgoing_id = NEW.id AND kind = 'auto_sent' AND undone_at IS NULL;
    IF NOT FOUND OR review_why_not_auto_sent(decision.draft_id, decision.attempt_id) IS NOT NULL THEN RETURN NULL; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_outgoing_automatic_goes_on BEFORE UPDATE OF state, is_automatic ON inbox_outgoingmail
    FOR EACH ROW WHEN (OLD.is_automatic IS DISTINCT FROM NEW.is_automatic
                       OR (NEW.is_automatic AND OLD.state <> NEW.state AND NEW.state IN ('ready', 'claimed', 'dot_sent')))
    EXECUTE FUNCTION review_outgoing_automatic_goes_on();

CREATE FUNCTION review_planted_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM review_planteddraft WHERE draft_id = NEW.draft_id AND btrim(body) = btrim(NEW.final_text)) THEN
        RAISE EXCEPTION 'This text was planted; it can never be sent.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_planted_decision BEFORE INSERT OR UPDATE OF final_text ON review_decision
    FOR EACH ROW WHEN (NEW.final_text <> '') EXECUTE FUNCTION review_planted_decision();

CREATE FUNCTION review_planted_outgoing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM review_planteddraft AS planted JOIN drafting_draft AS draft ON draft.id = planted.draft_id
         WHERE draft.conversation_id = NEW.conversation_id AND position(btrim(planted.body) in NEW.body) > 0
    ) THEN
        RAISE EXCEPTION 'This text was planted; it can never be sent.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_planted_outgoing BEFORE INSERT OR UPDATE OF body ON inbox_outgoingmail
    FOR EACH ROW EXECUTE FUNCTION review_planted_outgoing();

CREATE FUNCTION review_attempt_goes_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'collecting' THEN
            RAISE EXCEPTION 'An attempt begins with collecting.' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.category_id, NEW.setup_id, NEW.chooser_id) IS DISTINCT FROM (OLD.category_id, OLD.setup_id, OLD.chooser_id) THEN
        RAISE EXCEPTION 'An attempt is of one category and one setup.' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'ended' AND NEW.state <> 'ended'
            OR NEW.state = 'ramp_10' AND OLD.state NOT IN ('ready', 'suspended', 'ramp_10')
            OR NEW.state = 'ramp_50' AND OLD.state NOT IN ('ramp_10', 'ramp_50')
            OR NEW.state = 'auto' AND OLD.state NOT IN ('ramp_50', 'auto') THEN
        RAISE EXCEPTION 'An attempt cannot go from % to %.', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_attempt_goes_in_order BEFORE INSERT OR UPDATE ON review_attempt
    FOR EACH ROW EXECUTE FUNCTION review_attempt_goes_in_order();

CREATE FUNCTION review_proof_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('countersign.erasing', true) = 'on' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'What counts as proof stays as it is.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER review_verdict_stays BEFORE UPDATE OR DELETE ON review_verdict FOR EACH ROW EXECUTE FUNCTION review_proof_stays();
CREATE TRIGGER review_transition_stays BEFORE UPDATE OR DELETE ON review_transition FOR EACH ROW EXECUTE FUNCTION review_proof_stays();
CREATE TRIGGER review_evidencepoint_stays BEFORE UPDATE OR DELETE ON review_evidencepoint
    FOR EACH ROW EXECUTE FUNCTION review_proof_stays();
CREATE TRIGGER review_attempt_stays BEFORE DELETE ON review_attempt FOR EACH ROW EXECUTE FUNCTION review_proof_stays();
CREATE TRIGGER review_ledgerentry_stays BEFORE DELETE ON review_ledgerentry FOR EACH ROW EXECUTE FUNCTION review_proof_stays();
CREATE TRIGGER review_ledgerentry_keeps_its_place BEFORE UPDATE ON review_ledgerentry
    FOR EACH ROW WHEN ((OLD.attempt_id, OLD.position, OLD.at) IS DISTINCT FROM (NEW.attempt_id, NEW.position, NEW.at)
                       OR OLD.draft_id IS DISTINCT FROM NEW.draft_id OR OLD.route = 'person' AND NEW.route = 'auto')
    EXECUTE FUNCTION review_proof_stays();
CREATE TRIGGER review_terms_stay BEFORE DELETE OR UPDATE OF category_id, is_collecting, epsilon, alpha, audit_share, ramp_sends,
    daily_cap, from_hour, until_hour, weekdays, by_id, at ON review_terms FOR EACH ROW EXECUTE FUNCTION review_proof_stays();

-- What came before the ledger is no part of it.
UPDATE drafting_draft SET routed_at = now() WHERE is_eligible AND routed_at IS NULL;
UPDATE review_decision SET weighed_at = now() WHERE weighed_at IS NULL;
INSERT INTO review_switch (id, words) VALUES (1, '') ON CONFLICT DO NOTHING;
"""
NO_RULES = """
DROP TRIGGER review_terms_stay ON review_terms;
DROP TRIGGER review_ledgerentry_keeps_its_place ON review_ledgerentry;
DROP TRIGGER review_ledgerentry_stays ON review_ledgerentry;
DROP TRIGGER review_attempt_stays ON review_attempt;
DROP TRIGGER review_evidencepoint_stays ON review_evidencepoint;
DROP TRIGGER review_transition_stays ON review_transition;
DROP TRIGGER review_verdict_stays ON review_verdict;
DROP FUNCTION review_proof_stays();
DROP TRIGGER review_attempt_goes_in_order ON review_attempt;
DROP FUNCTION review_attempt_goes_in_order();
DROP TRIGGER review_planted_outgoing ON inbox_outgoingmail;
DROP FUNCTION review_planted_outgoing();
DROP TRIGGER review_planted_decision ON review_decision;
DROP FUNCTION review_planted_decision();
DROP TRIGGER review_outgoing_automatic_goes_on ON inbox_outgoingmail;
DROP FUNCTION review_outgoing_automatic_goes_on();
DROP TRIGGER review_outgoing_automatic_begins_held ON inbox_outgoingmail;
DROP FUNCTION review_outgoing_automatic_begins_held();
DROP TRIGGER review_decision_auto_sent ON review_decision;
DROP FUNCTION review_decision_auto_sent();
DROP FUNCTION review_why_not_auto_sent(bigint, bigint);
"""


class Migration(migrations.Migration):
    """The rules of auto-send, kept by the database too: nothing leaves alone without a valid unlock, a planted text never, proof stays."""

    dependencies = [("review", "0009_earned_auto_send")]

    operations = [migrations.RunSQL(RULES, NO_RULES)]
