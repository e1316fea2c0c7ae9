"""Django's admin for what companies keep here: knowledge, rules, customers, products, orders. Proof can only be read."""

# Django's admin classes take no type arguments at run time.
# mypy: disable-error-code="type-arg"

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from drafting import versions
from drafting.models import (
    Article,
    Category,
    CheckResult,
    Customer,
    CustomerAddress,
    Draft,
    Evidence,
    Guidance,
    ModelCall,
    Order,
    OrderLine,
    Product,
    ReplyTemplate,
    Rule,
    Setup,
    SetupActivation,
)
from inbox.admin import LookOnly


class KeepsVersions:
    """Whatever is saved or deleted here leaves a version with who did it."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The last step of saving: what belongs to the row is there too."""
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        versions.keep(thing=form.instance, by=request.user)  # type: ignore[arg-type]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """One row."""
        versions.delete(thing=obj, by=request.user)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Model]") -> None:
        """Those that were ticked."""
        for thing in queryset:
            self.delete_model(request, thing)


@admin.register(Rule)
class RuleAdmin(LookOnly, admin.ModelAdmin):
    """Business rules; the desk's page of rules checks, previews and keeps versions."""

    list_display = ["name", "effect", "expression", "is_active"]
    list_filter = ["effect", "is_active", "categories"]


@admin.register(Category)
class CategoryAdmin(LookOnly, admin.ModelAdmin):
    """Kinds of mail; the desk's page of categories keeps versions."""

    list_display = ["name", "slug", "position", "is_active"]


@admin.register(Guidance)
class GuidanceAdmin(KeepsVersions, admin.ModelAdmin):
    """Prose for the model."""

    list_display = ["title", "is_active"]


@admin.register(Article)
class ArticleAdmin(KeepsVersions, admin.ModelAdmin):
    """Knowledge articles."""

    list_display = ["title", "slug", "language", "is_active", "updated_at"]
    list_filter = ["language", "is_active"]
    search_fields = ["title", "body", "slug"]


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(KeepsVersions, admin.ModelAdmin):
    """Approved wordings."""

    list_display = ["name", "category", "language", "is_active"]
    list_filter = ["category", "language", "is_active"]
    search_fields = ["name", "body"]


class CustomerAddressForm(forms.ModelForm):
    """An address is kept in lower case: senders are looked up so."""

    class Meta:
        model = CustomerAddress
        fields = ["address", "contact"]

    def clean_address(self) -> str:
        return str(self.cleaned_data["address"]).strip().lower()


class CustomerAddressInline(admin.TabularInline):
    """The addresses a customer writes from."""

    model = CustomerAddress
    form = CustomerAddressForm
    extra = 1


@admin.register(Customer)
class CustomerAdmin(admin.ModelAdmin):
    """Who buys."""

    list_display = ["number", "name", "language"]
    search_fields = ["number", "name", "addresses__address"]
    inlines = [CustomerAddressInline]


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    """Stock and prices."""

    list_display = ["sku", "name", "price", "currency", "stock", "restock_on"]
    search_fields = ["sku", "name"]


class OrderLineInline(admin.TabularInline):
    """The positions of an order."""

    model = OrderLine
    autocomplete_fields = ["product"]
    extra = 0


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    """What was ordered."""

    list_display = ["number", "customer", "status", "ordered_on", "promised_on", "total", "currency"]
    list_filter = ["status"]
    list_select_related = ["customer"]
    search_fields = ["number", "tracking_number", "invoice_number", "customer__name", "customer__number"]
    autocomplete_fields = ["customer"]
    inlines = [OrderLineInline]


class SetupActivationInline(LookOnly, admin.TabularInline):
    """When and by whom a setup was switched on."""

    model = SetupActivation


@admin.register(Setup)
class SetupAdmin(LookOnly, admin.ModelAdmin):
    """What writes the drafts."""

    list_display = ["__str__", "model", "base_url", "fingerprint", "created_at"]
    inlines = [SetupActivationInline]


class EvidenceInline(LookOnly, admin.StackedInline):
    """What was looked up."""

    model = Evidence


class CheckResultInline(LookOnly, admin.TabularInline):
    """How the checks went."""

    model = CheckResult


class ModelCallInline(LookOnly, admin.StackedInline):
    """What the model was asked and answered."""

    model = ModelCall


@admin.register(Draft)
class DraftAdmin(LookOnly, admin.ModelAdmin):
    """Drafts with their whole record."""

    list_display = ["__str__", "state", "category", "is_eligible", "hand_over_reason", "created_at"]
    list_filter = ["state", "hand_over_reason", "category"]
    show_full_result_count = False
    inlines = [EvidenceInline, CheckResultInline, ModelCallInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("category")
