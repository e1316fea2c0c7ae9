"""The tabs of a section that has several pages."""

from dataclasses import dataclass

from django.urls import reverse

SECTIONS = {
    "My settings": (("Desk", "settings"), ("Sign-in", "mfa_index"), ("Sessions", "usersessions_list")),
    "Automation": (("Categories", "automation"), ("Reviewers", "reviewers")),
    "Connectors": (("Connectors", "connectors"), ("Tables", "tables"), ("API tokens", "tokens"), ("Webhooks", "webhooks")),
    "Knowledge": (("Articles", "knowledge"), ("Templates", "templates"), ("Guidance", "guidance"), ("Categories", "categories")),
    "Setup": (
        ("Setup", "setup"),
        ("All setups", "setups"),
        ("Replays", "replays"),
        ("Training export", "training"),
    ),
    "Reports": (
        ("Figures", "reports"),
        ("Reasons and hours", "report_reasons"),
        ("The next nine", "next_nine"),
        ("Load", "report_load"),
        ("Assumptions", "report_assumptions"),
    ),
}
"""The pages of each section: what the tab says, and the name of its address."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of a section."""

    name: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Tabs:
    """All pages of a section; `label` names it for screen readers."""

    label: str
    tabs: list[Tab]


def tabs(section: str, *, here: str) -> Tabs:
    """The tabs of `section`, with the page whose address is named `here` marked."""
    return Tabs(section, [Tab(name, reverse(target), target == here) for name, target in SECTIONS[section]])
