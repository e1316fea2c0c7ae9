"""Replays: a candidate setup or changed rules over past mail. A pre-screen, never evidence."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from drafting.models.drafts import Draft, HandOverReason
from drafting.models.knowledge import Category
from drafting.models.setups import Setup
from inbox.models import Message


class Replay(models.Model):
    """One comparison: past mails written again by `setup`, each `repeats` times. `drafting/replays/` alone changes `state`.

    `rules` null means those that are active when it runs; else a list of {"name", "expression", "effect", "text", "categories"}.
    `choice` is which mails were asked for, in words. A paused one goes on by itself at `due_at`, or when a person says so.
    """

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        FINISHED = "finished", "Finished"

    setup = models.ForeignKey(Setup, on_delete=models.PROTECT, related_name="replays")
    rules = models.JSONField(null=True)
    repeats = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    choice = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True, help_text="Why it is paused, or what was left out.")
    due_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="replay_state_known", condition=Q(state__in=["running", "paused", "finished"])),
            models.CheckConstraint(name="replay_repeats_bounded", condition=Q(repeats__gte=1, repeats__lte=16)),
        ]

    def __str__(self) -> str:
        return f"Replay {self.pk}"


class ReplayRun(models.Model):
    """One mail written once more. `draft` is the recorded one that it is compared with; null for imported mail, which has only our reply.

    `atoms` and `checks` are as in `Draft.atoms` and {"code", "passed", "reason"}. A run is taken by a lease, like a draft.
    `unrecorded` lists the {"tool", "query"} that it asked and nobody had asked for the recorded draft; `is_live`: all was looked up anew.
    `agreement` says how close it came to the reply that a person sent, from 0 to 1, and `agreement_before` how close the recorded draft
    was (see `replays/verdicts.py`); null where nobody sent one. Runs with the same `likeness` say the same (`replays/consistency.py`).
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    class Verdict(models.TextChoices):
        SAME = "same", "Same"
        BETTER = "better", "Better"
        WORSE = "worse", "Worse"
        BLOCKED = "blocked", "Newly blocked"
        UNCLEAR = "unclear", "Different"

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="runs")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="replay_runs")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, null=True, related_name="replay_runs")
    number = models.PositiveSmallIntegerField(help_text="Which of the repeats, from 1.")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="+")
    body = models.TextField(blank=True)
    hand_over_reason = models.CharField(max_length=20, choices=HandOverReason, blank=True)
    hand_over_words = models.TextField(blank=True)
    atoms = models.JSONField(default=list)
    checks = models.JSONField(default=list)
    is_eligible = models.BooleanField(default=False)
    unrecorded = models.JSONField(default=list)
    is_live = models.BooleanField(default=False)
    agreement = models.FloatField(null=True)
    agreement_before = models.FloatField(null=True)
    likeness = models.CharField(max_length=64, blank=True)
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    why = models.TextField(blank=True, help_text="What the verdict rests on, or what went wrong.")
    milliseconds = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["replay", "message", "number"], name="replay_run_once"),
            models.CheckConstraint(name="replay_run_state_known", condition=Q(state__in=["waiting", "running", "done", "failed"])),
        ]
        indexes = [models.Index(fields=["replay", "id"], name="replay_run_waiting", condition=Q(state__in=["waiting", "running"]))]

    def __str__(self) -> str:
        return f"Run {self.number} of message {self.message_id} in replay {self.replay_id}"
