"""Fields of text, and of JSON, that hold nothing of a customer, with the reason. A test walks all models: a new field of text belongs
here or into `places.py`, or where a person names it, into `beside.py`.
"""

from collections.abc import Mapping

CODE = "a code, a key or a state of ours"
OURS = "what the company wrote or set: knowledge, rules, connectors, categories, mailboxes"
COLLEAGUE = "about people who work here"
TABLES = "the company's own tables; rows of addresses go on request"
IDS = "ids and states only"
ABOUT_AUTO_SEND = "about a category; admins are told to name nobody"
HASH = "a hash"

PLAIN: Mapping[str, Mapping[str, str]] = {
    "inbox.Mailbox": {"*": OURS},
    "inbox.Grant": {"*": OURS},
    "inbox.Conversation": {"state led_by erased_for": CODE},
    "inbox.Message": {"state kind language flags authenticity erased_for": CODE, "raw_sha256": HASH, "search": "made of the other fields"},
    "inbox.Attachment": {"content_type": CODE},
    "inbox.OutgoingMail": {"state erased_for": CODE, "message_id": "made by us of ids and chance", "search": "made of the other fields"},
    "drafting.Draft": {"state language hand_over_reason flags erased_for": CODE},
    "drafting.Evidence": {"tool source outcome asked_by erased_for": CODE},
    "drafting.CheckResult": {"code": CODE},
    "drafting.ModelCall": {"purpose finish_reason erased_for": CODE},
    "drafting.ReplayRun": {"state hand_over_reason verdict": CODE, "likeness": HASH},
    "drafting.Replay": {"state": CODE, "rules choice words": OURS},
    "drafting.Category": {"*": OURS},
    "drafting.Article": {"*": OURS},
    "drafting.ReplyTemplate": {"*": OURS},
    "drafting.Rule": {"*": OURS},
    "drafting.Guidance": {"*": OURS},
    "drafting.Version": {"*": OURS},
    "drafting.Connector": {"*": OURS},
    "drafting.ConnectorTool": {"*": OURS},
    "drafting.Setup": {"*": OURS},
    "drafting.SetupJob": {"*": OURS},
    "drafting.Probe": {"*": OURS},
    "drafting.Canary": {"*": OURS},
    "drafting.CanaryRun": {"*": OURS},
    "drafting.TableImport": {"table file_name state columns": OURS, "content": "emptied once the file was taken"},
    "drafting.Customer": {"*": TABLES},
    "drafting.Order": {"*": TABLES},
    "drafting.OrderLine": {"*": TABLES},
    "drafting.Product": {"*": TABLES},
    "review.Attempt": {"state cause": CODE, "reviewers": IDS},
    "review.Transition": {"before after cause": CODE, "words": ABOUT_AUTO_SEND},
    "review.Switch": {"words": ABOUT_AUTO_SEND},
    "review.Terms": {"*": OURS},
    "review.Decision": {"kind edit_reason": CODE},
    "review.LedgerEntry": {"route why": CODE},
    "review.Verdict": {"reason": CODE},
    "review.Flag": {"kind": CODE},
    "review.PlantedDraft": {"kind decision": CODE},
    "review.LogEntry": {"act": CODE},
    "review.Outcome": {"hand_over_reason edit_reasons failed_checks": CODE},
    "review.Tally": {"span": CODE},
    "review.Spread": {"span kind key": CODE},
    "review.ReportZone": {"name": CODE},
    "review.TokenPrice": {"currency": CODE},
    "review.WeeklyReport": {"*": COLLEAGUE},
    "review.Profile": {"*": COLLEAGUE},
    "review.Invitation": {"*": COLLEAGUE},
    "review.ApiToken": {"*": OURS},
    "review.Webhook": {"*": OURS},
    "review.Delivery": {"event event_id state payload": IDS, "last_error": "what the receiver's server said"},
    "review.Upload": {"content_type erased_for": CODE, "path": "made by us of chance"},
    "review.Erasure": {"digests": "keyed hashes of addresses", "counts": CODE},
    "review.RetentionPeriod": {"kind": CODE},
    "review.Miss": {"cause": CODE},
    "review.Theme": {"cause": CODE, "words": "words that many mails have in common"},
    "review.Remedy": {"*": OURS},
}
"""By model; "*" are all its fields."""
