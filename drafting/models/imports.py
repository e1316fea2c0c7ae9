"""Files that admins upload into the built-in tables."""

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q


class TableImport(models.Model):
    """A CSV file on its way into a built-in table, kept as a record when that is over. `drafting/table_imports.py` alone changes `state`.

    `content` is the file, emptied when it is no longer needed. `columns` and `first_rows` are its beginning, to look at before it is taken.
    `rows` counts its rows once they were read, `done` those taken so far; `errors` is a list of {"line", "words"}: nothing was taken.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", "To look at"
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Being taken"
        DONE = "done", "Taken"
        REFUSED = "refused", "Not taken"

    table = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    size = models.PositiveIntegerField(help_text="Bytes.")
    columns = models.JSONField(default=list)
    first_rows = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State, default=State.UPLOADED)
    rows = models.PositiveIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, help_text="When its worker last said that it is at it.")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="import_state_known", condition=Q(state__in=["uploaded", "waiting", "running", "done", "refused"])),
        ]
        indexes = [models.Index(fields=["id"], name="import_waiting", condition=Q(state__in=["waiting", "running"]))]

    def __str__(self) -> str:
        return self.file_name
