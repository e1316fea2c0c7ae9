"""What admins type about connectors and their lookups, checked."""

import json
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from drafting.models import Connector, ConnectorTool
from drafting.tools import FieldType
from review.kept_forms import KeptForm

Kind = Connector.Kind
ADDRESS_HELP = {
    Kind.SQL: "A PostgreSQL database, as postgresql://user@host:5432/database. Use a login that may only read what is needed.",
    Kind.HTTP: "Where the system's addresses begin, such as https://api.carrier.example/v1. Only https, and no address of your own"
    " network unless the operator lists the host (CONNECTOR_HOSTS).",
    Kind.MCP: "An address such as https://sheets.example/mcp, or the name of a command that the operator lists (MCP_COMMANDS).",
}
SECRET_LABEL = {Kind.SQL: "Password", Kind.HTTP: "Token", Kind.MCP: "Token"}
TYPES = [
    (FieldType.TEXT, "text"),
    (FieldType.NUMBER, "number"),
    (FieldType.AMOUNT, "amount of money"),
    (FieldType.DATE, "date"),
    (FieldType.YES_NO, "yes or no"),
    (FieldType.CUSTOMER_NUMBER, "customer number (must be the sender's)"),
]
ROWS_HELP = "Where the answer holds the record or the list of records, such as shipments. Empty: it is the whole answer."


class ConnectorForm(KeptForm):
    """A connector of the kind of `instance`. A stored secret stays unless another is typed."""

    secret = forms.CharField(
        required=False, max_length=4000, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    header = forms.CharField(
        required=False, max_length=60, label="Header of the token", help_text="Empty: Authorization, as “Bearer …”. Others: X-Api-Key …"
    )
    tools = forms.CharField(
        required=False,
        max_length=4000,
        label="Tools that may be used",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One name a line. Only tools that read; nothing else of the server is ever called.",
    )

    class Meta:
        model = Connector
        fields = ["name", "address", "secret", "header", "tools", "timeout_seconds", "is_active"]
        labels = {"timeout_seconds": "Seconds until it counts as not reachable", "is_active": "In use"}
        help_texts = {"name": "How evidence names the system: Warehouse, Carrier …"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored = Connector(address=self.instance.address, secret=self.instance.secret)
        kind = Kind(self.instance.kind)
        self.fields["address"].help_text = ADDRESS_HELP[kind]
        self.fields["secret"].label = SECRET_LABEL[kind]
        self.fields["secret"].help_text = "One is stored; it is never shown. Type here only to replace it." if self.instance.secret else ""
        self.fields["header"].initial = self.instance.options.get("header", "")
        self.fields["tools"].initial = "\n".join(self.instance.options.get("tools", []))
        for name, kinds in (("header", {Kind.HTTP, Kind.MCP}), ("tools", {Kind.MCP})):
            if kind not in kinds:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """The whole connector, with its options and its secret; faults stand at their fields."""
        from drafting.connectors import validating

        values = super().clean() or {}
        if not values.get("secret") and self._stored.secret:
            values["secret"] = self._stored.secret
            if not validating.is_same_server(self._stored.address, values.get("address", "")):
                self.add_error(
                    "secret", "The address leads to another server now: type the secret for it, so that the stored one stays secret."
                )
        self.instance.options = self._options(values)
        told = {name: values[name] for name in ("name", "address", "secret") if name in values}
        about = Connector(kind=self.instance.kind, options=self.instance.options, **told)
        for name, words in validating.connector_faults(about).items():
            if name not in self.errors:
                self.add_error(name, words)
        return values

    def _options(self, values: dict[str, Any]) -> dict[str, Any]:
        tools = [name.strip() for name in str(values.get("tools", "")).splitlines() if name.strip()]
        told = {"header": values.get("header", "").strip(), "tools": tools}
        return {name: value for name, value in told.items() if value and name in self.fields}


class ToolForm(KeptForm):
    """One lookup of `instance.connector`. Its fields come in a formset; `judge` looks at both together."""

    sql = forms.CharField(
        max_length=10_000,
        label="Query",
        widget=forms.Textarea(attrs={"rows": 6, "class": "code", "spellcheck": "false"}),
        help_text="One SELECT. %(query)s is what is asked for; code fills in %(customer_number)s, %(mailbox)s and %(today)s."
        " A percent sign is written %%.",
    )
    path = forms.CharField(
        max_length=1000,
        label="Path",
        widget=forms.TextInput(attrs={"class": "code", "spellcheck": "false"}),
        help_text="Follows the connector's address, such as /tracking/{query}?customer={customer_number}. {query} is what is asked for;"
        " code fills in {customer_number}, {mailbox} and {today}.",
    )
    tool = forms.CharField(max_length=200, label="Tool", help_text="One of the connector's allowed tools.")
    arguments = forms.CharField(
        required=False,
        max_length=4000,
        label="Arguments",
        widget=forms.Textarea(attrs={"rows": 3, "class": "code", "spellcheck": "false"}),
        help_text="One a line, such as part = {query}. Code fills in {customer_number}, {mailbox} and {today}.",
    )
    rows = forms.CharField(required=False, max_length=200, label="Place of the records", help_text=ROWS_HELP)

    class Meta:
        model = ConnectorTool
        fields = ["name", "about", "sql", "path", "tool", "arguments", "rows", "needs_customer", "pattern", "is_active"]
        labels = {
            "about": "What the assistant is told",
            "needs_customer": "Reads one customer's data",
            "pattern": "Look up in advance",
            "is_active": "In use",
        }
        help_texts = {
            "name": "Small letters, digits and underscores: shipment_state.",
            "about": "What it finds and what to ask with, such as: Packing state of an order. Query: an order number.",
            "needs_customer": "Then it is asked only for an authenticated sender who is a known customer, and only about that customer.",
            "pattern": "Words like this in a mail are looked up before the assistant begins: VT-\\d{5}. Capitals do not matter.",
        }
        widgets = {"about": forms.Textarea(attrs={"rows": 2}), "pattern": forms.TextInput(attrs={"class": "code", "spellcheck": "false"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = {Kind.SQL: {"sql"}, Kind.HTTP: {"path", "rows"}, Kind.MCP: {"tool", "arguments", "rows"}}[
            Kind(self.instance.connector.kind)
        ]
        for name in {"sql", "path", "tool", "arguments", "rows"} - wanted:
            del self.fields[name]
        request = self.instance.request or {}
        for name in wanted - {"arguments"}:
            self.fields[name].initial = request.get(name, "")
        if "arguments" in wanted:
            self.fields["arguments"].initial = "\n".join(
                f"{name} = {_written(value)}" for name, value in request.get("arguments", {}).items()
            )

    def clean(self) -> dict[str, Any]:
        """The request, put together."""
        values = super().clean() or {}
        request = {name: values[name].strip() for name in ("sql", "path", "tool", "rows") if values.get(name)}
        if "arguments" in self.fields:
            request["arguments"] = self._arguments(values.get("arguments", ""))
        self.instance.request = request
        return values

    def judge(self, fields: "BaseFormSet[FieldForm]") -> bool:
        """Whether the lookup may be saved with these fields; what is wrong stands at its place."""
        from drafting.connectors import validating

        if not (self.is_valid() and fields.is_valid()):
            return False
        self.instance.fields = [form.cleaned_data for form in fields if form.cleaned_data.get("name")]
        place = {"request": next(name for name in ("sql", "path", "tool") if name in self.fields), "fields": None}
        for name, words in validating.tool_faults(self.instance).items():
            self.add_error(place.get(name, name), words)
        return not self.errors

    def _arguments(self, text: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for line in filter(None, map(str.strip, text.splitlines())):
            name, mark, value = line.partition("=")
            if not mark or not name.strip():
                self.add_error("arguments", f"Write “{line[:60]}” as name = value.")
            found[name.strip()] = _read(value.strip())
        return found


class FieldForm(forms.Form):
    """One field of a lookup's answer. A row without a name is left out."""

    name = forms.CharField(required=False, max_length=40, label="Name")
    type = forms.ChoiceField(choices=TYPES, label="Holds")
    path = forms.CharField(required=False, max_length=200, label="Place in the answer")
    about = forms.CharField(required=False, max_length=200, label="What it means")


class TryForm(forms.Form):
    """What to try a lookup with."""

    query = forms.CharField(required=False, max_length=300, label="Query", strip=False)
    customer_number = forms.CharField(
        required=False, max_length=40, label="Customer number", help_text="Empty: a sender whom nobody knows."
    )


FieldFormSet = formset_factory(FieldForm, extra=3, max_num=33)


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _read(value: str) -> Any:
    """Numbers, true and false as such; everything else is text."""
    try:
        read = json.loads(value)
    except ValueError:
        return value
    return read if isinstance(read, bool | int | float) else value
