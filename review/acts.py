"""Acts that the audit log knows, each with the sentence that tells it. `audit_log.record` takes no other.

In a sentence {who} is the person, {about} what the thing was called then. What comes after it, the entry itself says.
"""

from drafting.models import Version

KEPT = ("saved", "switched", "deleted", "restored")
"""What people do with what keeps versions."""
ACTS = {
    "person.signed_in": "{who} signed in",
    "person.signed_out": "{who} signed out",
    "person.sign_in_failed": "Somebody tried to sign in as {about} and failed",
    "person.locked_out": "Signing in as {about} was locked for a while",
    "person.password_changed": "{who} changed the password of {about}",
    "person.password_link_made": "{who} made a link for {about} to set a new password",
    "person.second_factor_added": "{who} added a second factor: {about}",
    "person.second_factor_removed": "{who} removed a second factor: {about}",
    "person.second_factor_reset": "{who} took away the second factor of {about}",
    "person.session_ended": "{who} ended a session: {about}",
    "person.invited": "{who} invited {about}",
    "person.invitation_renewed": "{who} renewed the invitation of {about}",
    "person.invitation_withdrawn": "{who} withdrew the invitation of {about}",
    "person.joined": "{about} accepted the invitation",
    "person.made_admin": "{about} was made an admin on the command line",
    "person.roles_changed": "{who} changed the roles of {about}",
    "person.mailboxes_changed": "{who} changed which mailboxes {about} may see",
    "person.deactivated": "{who} deactivated {about}",
    "person.activated": "{who} activated {about}",
    "person.sessions_ended": "{who} ended all sessions of {about}",
    "conversation.snoozed": "{who} snoozed {about}",
    "conversation.woken": "{who} brought {about} back",
    "conversation.assigned": "{who} assigned {about}",
    "conversation.noted": "{who} wrote a note in {about}",
    "conversation.handed_back": "{who} handed {about} back to the assistant",
    "conversation.begun": "{who} began the conversation {about}",
    "conversation.closed": "{who} closed {about}",
    "conversation.opened": "{who} opened {about} again",
    "conversation.exported": "{who} exported {about}",
    "decision.undone": "{who} took a decision back on {about}",
    "reply.flagged": "{who} flagged a reply in {about}",
    "reply.cleared": "{who} found a flag mistaken in {about}",
    "reply.looked_at": "{who} took a second look at a reply in {about}",
    "draft.asked_for": "{who} asked for another draft in {about}",
    "mail.retried": "{who} had {about} tried again",
    "mail.resolved_sent": "{who} said that {about} was sent",
    "mail.resolved_not_sent": "{who} said that {about} was not sent",
    "mail.cancelled": "{who} cancelled {about}",
    **{f"{kind}.{verb}": f"{{who}} {verb} the {kind} {{about}}" for kind in Version.Kind.values for verb in KEPT},
    "table.taken": "{who} had the file {about} imported",
    "setup.asked_for": "{who} had a model server probed, to pin {about}",
    "setup.activated": "{who} switched to {about}",
    "setup.returned": "{who} let the default setup draft {about} again",
    "setup.repinned": "{who} pinned what runs as {about}",
    "setup.probed": "{who} had the model server of {about} probed",
    "setup.checked": "{who} had the canaries of {about} checked",
    "replay.started": "{who} started {about}",
    "replay.paused": "{who} paused {about}",
    "replay.resumed": "{who} resumed {about}",
    "training.downloaded": "{who} downloaded the training export",
    "audit_log.downloaded": "{who} downloaded the audit log",
    "mailbox.saved": "{who} saved the mailbox {about}",
    "mailbox.deleted": "{who} deleted the mailbox {about}",
    "mailbox.paused": "{who} paused the mailbox {about}",
    "mailbox.resumed": "{who} resumed the mailbox {about}",
    "terms.saved": "{who} said what {about} has to prove and may send",
    "terms.confirmed": "{who} confirmed looser terms of {about}",
    "terms.withdrawn": "{who} dropped the new terms of {about}",
    "auto_send.begun": "{about} began to earn auto-send",
    "auto_send.ready": "{about} is proven and can be unlocked",
    "auto_send.unproven": "{about} is not proven any more",
    "auto_send.unlocked": "{who} unlocked auto-send of {about}",
    "auto_send.advanced": "Auto-send of {about} went on to its next step",
    "auto_send.suspended": "{who} suspended auto-send of {about}",
    "auto_send.resumed": "{who} resumed auto-send of {about}",
    "auto_send.ended": "What {about} had proven for auto-send counts no more",
    "auto_send.stopped": "{who} stopped all auto-send",
    "auto_send.allowed": "{who} allowed auto-send again",
    "auto_send.exported": "{who} downloaded the ledger of {about}",
    "token.made": "{who} made the API token {about}",
    "token.revoked": "{who} revoked the API token {about}",
    "webhook.saved": "{who} saved the webhook {about}",
    "webhook.secret_changed": "{who} changed the secret of the webhook {about}",
    "webhook.problem_dismissed": "{who} let the problem of the webhook {about} be",
    "webhook.deleted": "{who} deleted the webhook {about}",
    "webhook.delivery_repeated": "{who} had an event told to the webhook {about} again",
}
"""Sentences by act. The part before the dot names what it was done to."""
KINDS = {
    "decisions": ("Decisions", ("decision",)),
    "mails": ("Outgoing mails", ("mail",)),
    "conversations": ("Conversations", ("conversation", "draft", "reply")),
    "people": ("People and sign-in", ("person",)),
    "rules": ("Rules", ("rule",)),
    "knowledge": ("Knowledge", ("article", "template", "guidance")),
    "connectors": ("Connectors and tables", ("connector", "lookup", "table")),
    "setups": ("Setups and replays", ("setup", "replay")),
    "mailboxes": ("Mailboxes and categories", ("mailbox", "category")),
    "automation": ("Auto-send", ("auto_send", "terms")),
    "programs": ("API and webhooks", ("token", "webhook")),
    "exports": ("Exports", ("training", "audit_log")),
}
"""What the page lets one choose: the name of a kind, and what acts of it begin with."""


def of_kind(kind: str) -> list[str]:
    """The acts of a kind that entries may have; none for a kind that there is not."""
    _, starts = KINDS.get(kind, ("", ()))
    return [act for act in ACTS if act.split(".")[0] in starts]
