"""What takes a while to answer says so: files that are prepared, systems that are asked."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

FOLDER = Path(settings.BASE_DIR) / "templates" / "review"
PREPARED = r"download_\w+|export_\w+|pdf_url|json_url|try_connector_tool"


@pytest.mark.django_db
def test_the_answer_names_in_a_cookie_what_the_page_waits_for(client: Client) -> None:
    assert client.get("/sign-in/?waits=k3jd92").cookies["waited"].value == "k3jd92"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "a" * 17, "a;path=/", "A B", "%0d%0aSet-Cookie:x"])
def test_no_other_words_of_an_address_get_into_a_cookie(name: str, client: Client) -> None:
    assert "waited" not in client.get(f"/sign-in/?waits={name}").cookies


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.html")), ids=lambda path: path.name)
def test_every_form_whose_answer_is_prepared_says_that_it_is_being_done(path: Path) -> None:
    for form in re.findall(r'<form[^>]*method="post"[^>]*>', path.read_text()):
        if re.search(PREPARED, form):
            assert "data-waits" in form
