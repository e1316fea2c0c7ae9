"""The pages of the reports; those about a period keep it, and what else is chosen."""

from django.urls import reverse

from review.desk.reports.filters import Filters
from review.desk.tabs import SECTIONS, Tab, Tabs

OF_A_PERIOD = ("reports", "report_reasons", "next_nine", "report_load")


def tabs(filters: Filters | None, *, here: str) -> Tabs:
    """The tabs, with the page whose address is named `here` marked."""
    query = filters.query() if filters else ""
    return Tabs("Reports", [Tab(name, reverse(to) + (query if to in OF_A_PERIOD else ""), to == here) for name, to in SECTIONS["Reports"]])
