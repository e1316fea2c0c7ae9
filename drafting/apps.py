from django.apps import AppConfig


class DraftingConfig(AppConfig):
    name = "drafting"
    verbose_name = "Drafts"

    def ready(self) -> None:
        """Register the system check."""
        from drafting import checks  # noqa: F401
