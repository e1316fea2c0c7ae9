"""What writes the drafts, pinned."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Setup(models.Model):
    """The pinned whole that writes drafts, shown as "Setup 14". Rows never change; the fingerprint is the SHA-256 of `parts`.

    `parts` names everything that could change a draft: base URL, model id, sampling, prompt bundle hash, action schema hash, rules and
    guidance hash, gate and parser version … (see `drafting/setups.py`).
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    base_url = models.CharField(max_length=300)
    model = models.CharField(max_length=200)
    parts = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"Setup {self.pk}"


class SetupActivation(models.Model):
    """A person's act of switching to a setup, for one category or (`category` null) for all that name none. Append-only.

    The newest row of a category says which setup writes its drafts; one without a setup returns the category to the default.
    """

    setup = models.ForeignKey(Setup, on_delete=models.PROTECT, null=True, related_name="activations")
    category = models.ForeignKey("drafting.Category", on_delete=models.PROTECT, null=True, related_name="activations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="activation_default_has_setup", condition=Q(setup__isnull=False) | Q(category__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.setup or 'the default setup'} since {self.at:%Y-%m-%d %H:%M}"


class Probe(models.Model):
    """What a model server was seen to do when it was asked. Append-only; `findings` is what the setup page shows.

    Observations that may differ from one time to the next stay here; what pins a draft goes into `Setup.parts`.
    """

    base_url = models.CharField(max_length=300)
    model = models.CharField(max_length=200)
    setup = models.ForeignKey(Setup, on_delete=models.PROTECT, null=True, related_name="probes")
    findings = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.model} at {self.base_url}"


class Canary(models.Model):
    """What a setup's model answered to one of the fixed prompts when it was pinned: the baseline. Append-only.

    `again` is what it answered right after, `logprobs` are those of the first token, [{"token", "logprob"}], or null where the server
    tells none.
    """

    setup = models.ForeignKey(Setup, on_delete=models.PROTECT, related_name="canaries")
    position = models.PositiveSmallIntegerField()
    prompt = models.TextField()
    text = models.TextField()
    again = models.TextField(blank=True)
    logprobs = models.JSONField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["setup", "position"], name="canary_position")]
        verbose_name_plural = "canaries"

    def __str__(self) -> str:
        return f"Canary {self.position} of setup {self.setup_id}"


class CanaryRun(models.Model):
    """One comparison of a setup's model with its baseline. Append-only; the newest one that got an answer counts.

    `differences` is a list of {"position", "expected", "got"}; "part" instead of "position" names what the server tells of itself.
    """

    class Result(models.TextChoices):
        SAME = "same", "Same as when it was pinned"
        DIFFERENT = "different", "Different"
        UNAVAILABLE = "unavailable", "No answer"

    setup = models.ForeignKey(Setup, on_delete=models.PROTECT, related_name="canary_runs")
    result = models.CharField(max_length=12, choices=Result)
    differences = models.JSONField(default=list)
    words = models.TextField(blank=True)
    milliseconds = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(name="canary_result_known", condition=Q(result__in=["same", "different", "unavailable"]))]
        indexes = [models.Index(fields=["setup", "-at"], name="canary_run_newest")]

    def __str__(self) -> str:
        return f"Setup {self.setup_id}: {self.get_result_display()}"


class SetupJob(models.Model):
    """Something that an admin asked for on the setup pages and a worker does: pinning takes a minute or more. Append-only but for its end.

    `given` are the arguments, `step` says what is going on, `error` why it failed, in words.
    """

    class Kind(models.TextChoices):
        ADD = "add", "Pin a model server"
        PROBE = "probe", "Probe the server"
        CHECK = "check", "Check the canaries"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    given = models.JSONField(default=dict)
    setup = models.ForeignKey(Setup, on_delete=models.PROTECT, null=True, related_name="jobs", help_text="What it is about or made.")
    step = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="setup_job_kind_known", condition=Q(kind__in=["add", "probe", "check"])),
            models.CheckConstraint(name="setup_job_state_known", condition=Q(state__in=["waiting", "running", "done", "failed"])),
        ]
        indexes = [models.Index(fields=["id"], name="setup_job_open", condition=Q(state__in=["waiting", "running"]))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_state_display()}"
