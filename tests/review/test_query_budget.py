"""Every address that is asked for by GET, with rows behind it: how many questions it asks the database.

While something else runs than was pinned, pages may ask one more: what is lost by pinning it.
"""

from typing import Any

import pytest
from django.test import Client

from drafting import setups
from tests.review.addresses import NAMES, OPEN, POSTED, address
from tests.review.factories import activate, make_person

pytestmark = pytest.mark.django_db
MOST = 12


@pytest.fixture
def everybody() -> Client:
    """A browser of somebody with every role, in which a page was open before."""
    person = make_person("admin", is_superuser=True, is_staff=True)
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("name", [name for name in NAMES if name not in POSTED | OPEN])
def test_every_page_asks_little(name: str, everybody: Client, django_assert_max_num_queries: Any) -> None:
    url = address(name)
    for parts, most in (({"prompts": "something older"}, MOST + 1), ({}, MOST)):
        activate(**setups.running_parts() | parts)
        everybody.get("/queue/")
        everybody.get(url)
        with django_assert_max_num_queries(most):
            everybody.get(url)
