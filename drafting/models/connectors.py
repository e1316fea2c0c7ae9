"""Connectors: the company's own systems, and the named lookups that the assistant may make in them."""

from django.db import models
from django.db.models import Q

from inbox.fields import EncryptedTextField


class Connector(models.Model):
    """A system of the company that answers lookups. `name` is how evidence names it ("Warehouse").

    `address` is a database URL without password (sql), a base URL (http), or a URL or a command line (mcp). `options` holds what a
    kind needs beside it and is no secret (see `drafting/connectors/`).
    """

    class Kind(models.TextChoices):
        SQL = "sql", "SQL database"
        HTTP = "http", "HTTP with JSON"
        MCP = "mcp", "MCP server"

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=4, choices=Kind)
    address = models.CharField(max_length=500)
    secret = EncryptedTextField(blank=True, help_text="Password or token. Never shown again.")
    options = models.JSONField(default=dict, blank=True)
    timeout_seconds = models.FloatField(default=5.0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="connector_kind_known", condition=Q(kind__in=["sql", "http", "mcp"])),
            models.CheckConstraint(name="connector_timeout_bounded", condition=Q(timeout_seconds__gt=0, timeout_seconds__lte=30)),
        ]

    def __str__(self) -> str:
        return self.name


class ConnectorTool(models.Model):
    """One named, read-only lookup in a connector, as the model sees it. `name` is its name in the action protocol.

    `request` is {"sql": …}, {"path": …} or {"tool": …, "arguments": {…}}; placeholders are `query`, and `customer_number`, `mailbox` and
    `today`, which code binds. `fields` is a list of {"name", "path", "type", "about"}: what is kept of an answer, and a fact for rules
    as "<tool>.<field>". `pattern` is a regular expression: what it finds in a mail is looked up before the first turn.
    """

    connector = models.ForeignKey(Connector, on_delete=models.CASCADE, related_name="tools")
    name = models.SlugField(max_length=40, unique=True)
    about = models.TextField(help_text="What the model is told: what it finds, and what to ask with.")
    request = models.JSONField()
    fields = models.JSONField(default=list)
    needs_customer = models.BooleanField(default=True, help_text="Reads one customer's data, so only for an authenticated, known sender.")
    pattern = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
