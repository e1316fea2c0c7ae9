"""Settings of the work behind the pages: how Celery delivers tasks, which queue each goes to, and the sweeps that beat rings for."""

CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# For the workers of processes, which read mail. In a pool of threads no time limit holds: drafts end by
# their budget, mail that leaves by the deadline of its line (inbox/smtp/client.py).
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_ROUTES = {
    "inbox.tasks.send_*": {"queue": "send"},
    "inbox.tasks.file_*": {"queue": "send"},
    "inbox.tasks.parse_*": {"queue": "parse"},
    # It waits for a process of its own: not where mail is taken in, nor in line behind the drafts, which wait for it.
    "inbox.tasks.read_attachment": {"queue": "send"},
    "inbox.tasks.*": {"queue": "fetch"},
    "drafting.tasks.import_*": {"queue": "parse"},
    "drafting.tasks.*": {"queue": "draft"},
    "review.tasks.roll_*": {"queue": "parse"},
    "review.tasks.apply_*": {"queue": "parse"},
    "review.tasks.find_*": {"queue": "parse"},
    "review.tasks.*": {"queue": "send"},
}
CELERY_BEAT_SCHEDULE = {
    name: {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 1) * 5}}
    for name, task, seconds in [
        ("fetch-due-mailboxes", "inbox.tasks.fetch_due_mailboxes", 1.0),
        ("tidy-due-mailboxes", "inbox.tasks.tidy_due_mailboxes", 5.0),
        ("parse-waiting-messages", "inbox.tasks.parse_waiting_messages", 2.0),
        ("read-waiting-attachments", "inbox.tasks.read_waiting_attachments", 1.0),
        ("check-held-mail", "review.tasks.check_held_mail", 1.0),
        ("route-drafts", "review.tasks.route_drafts", 1.0),
        ("weigh-decisions", "review.tasks.weigh_decisions", 2.0),
        ("return-held-back", "review.tasks.return_held_back", 2.0),
        ("reconcile-auto-send", "review.tasks.reconcile_auto_send", 5.0),
        ("withdraw-planted", "review.tasks.withdraw_planted", 30.0),
        ("roll-reports", "review.tasks.roll_reports", 3.0),
        ("announce-events", "review.tasks.announce_events", 1.0),
        ("deliver-to-webhooks", "review.tasks.deliver_to_webhooks", 1.0),
        ("forget-old-requests", "review.tasks.forget_old_requests", 3600.0),
        ("wake-snoozed-conversations", "inbox.tasks.wake_snoozed_conversations", 2.0),
        ("send-due-mail", "inbox.tasks.send_due_mail", 1.0),
        ("find-themes", "review.tasks.find_themes", 3600.0),
        ("send-weekly-reports", "review.tasks.send_weekly_reports", 3600.0),
        ("sweep-writing", "review.tasks.sweep_writing", 3600.0),
        ("apply-retention", "review.tasks.apply_retention", 300.0),
        ("file-sent-mail", "inbox.tasks.file_sent_mail", 5.0),
        ("look-for-maybe-sent", "inbox.tasks.look_for_maybe_sent", 15.0),
        ("take-up-messages", "drafting.tasks.take_up_messages", 1.0),
        ("write-due-drafts", "drafting.tasks.write_due_drafts", 1.0),
        ("import-waiting-tables", "drafting.tasks.import_waiting_tables", 2.0),
        ("run-setup-jobs", "drafting.tasks.run_setup_jobs", 1.0),
        ("check-canaries", "drafting.tasks.check_canaries", 3600.0),
        ("run-replays", "drafting.tasks.run_replays", 5.0),
    ]
}
