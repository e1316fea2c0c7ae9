"""Templates, walked: every part of a page that is swapped carries its name as its id, and nothing runs or loads from elsewhere."""

import re
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "templates"
SWAPPED = {
    "_queue_rows.html": "queue-rows",
    "_item.html": "item",
    "_toast.html": "toast",
    "_standing.html": "standing",
    "_strips.html": "strips",
    "_second_looks.html": "second-looks",
    "_badge.html": "badge-{{ link.icon }}",
    "_item_notice.html": "item-notice",
    "_slots_preview.html": "slots-preview",
    "_rule_check.html": "rule-check",
    "_rule_preview.html": "rule-preview",
    "_replay_results.html": "replay-results",
    "_setup_job.html": "setup-job",
    "_writing_files.html": "files",
    "_writing_templates.html": "insertions",
    "_recipients.html": "recipients",
}
every_template = pytest.mark.parametrize("path", sorted(FOLDER.glob("**/*.html")), ids=lambda path: path.name)


@pytest.mark.parametrize(("name", "named"), SWAPPED.items())
def test_a_swapped_part_has_its_id(name: str, named: str) -> None:
    text = (FOLDER / "review" / name).read_text()
    first = re.search(r"<\w+[^>]*>", text)
    assert first is not None
    assert f'id="{named}"' in first.group()


@every_template
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\son\w+=", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r'(?:src|href)="https?://', text)
    if path.name != "message_html.html":
        assert "<style" not in text
        assert not re.search(r"\sstyle=", text)


@every_template
def test_every_form_that_posts_is_protected(path: Path) -> None:
    for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(), flags=re.S):
        assert "{% csrf_token %}" in form
