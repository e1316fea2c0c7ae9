"""The report as PDF."""

from datetime import date

import pytest

from inbox.models import Mailbox
from review.exports import report_pdf
from review.exports.sheets import CHART, Sheets
from review.models import Spread
from review.reports.figures import FIGURES, LEFT
from review.reports.periods import Period
from review.reports.reading import Scope
from review.reports.summary import summary
from tests.drafting.factories import make_category, make_mailbox
from tests.review.exports.reading import words_of
from tests.review.reports.tallies import make_spread, make_tally

pytestmark = pytest.mark.django_db
WEEK = Period(date(2026, 3, 9), date(2026, 3, 15))


@pytest.fixture
def mailbox(db: None) -> Mailbox:
    return make_mailbox(name="Service")


def words_of_report(**scope: object) -> str:
    said = summary(period=WEEK, scope=Scope(**scope))  # type: ignore[arg-type]
    return words_of(report_pdf.document(said, by=None))


def test_every_figure_has_its_parts_its_change_and_its_definition(mailbox: Mailbox) -> None:
    make_tally(date(2026, 3, 10), mailbox=mailbox, inbound=1204, needed=8, automated=6, audited=200, unsafe=1)
    make_tally(date(2026, 3, 4), mailbox=mailbox, inbound=10, needed=10, automated=5)
    said = words_of_report()
    assert "Report, 9 March 2026 to 15 March 2026" in said
    assert "Compared with 2 March 2026 to 8 March 2026" in said
    assert "in the time zone UTC" in said
    for figure in FIGURES:
        assert figure.name in said
        assert " ".join(figure.definition.split()[-4:]) in said
    for words in ["1,204", "75 %", "6 of 8", "50 % up 25.0 points", "0.5 % under 0.1 % to 2.8 %", "1 of 200"]:
        assert words in said.replace("\u00a0", " ")


def test_it_says_how_replies_left(mailbox: Mailbox) -> None:
    make_tally(date(2026, 3, 10), mailbox=mailbox, needed=4, auto_sent=3, by_hand=1)
    said = words_of_report().replace("\u00a0", " ")
    assert "4 mails answered" in said
    assert "Sent automatically 3, 75 %" in said
    assert all(figure.name in said for figure in LEFT)


def test_a_column_for_each_step_is_as_high_as_the_mails_that_were_answered(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each band in the ink of the bar that names it, one upon the other."""
    drawn: list[tuple[float, float, float, int]] = []
    monkeypatch.setattr(Sheets, "_band", lambda self, x, y, width, height, ink: drawn.append((x, y, height, ink)))
    make_tally(date(2026, 3, 10), mailbox=mailbox, needed=4, auto_sent=3, by_hand=1)
    make_tally(date(2026, 3, 12), mailbox=mailbox, needed=2, by_edit=2)
    said = words_of_report()
    assert "9 Mar 2026" in said and "15 Mar 2026" in said
    bars, bands = drawn[: len(LEFT)], drawn[len(LEFT) :]
    assert [ink for *_, ink in bars] == [*range(len(LEFT))]
    ways = [figure.key for figure in LEFT]
    (x, first_top, first, auto), (same_x, top, second, by_hand), (later_x, edited_top, third, by_edit) = bands
    assert [ways[ink] for ink in (auto, by_hand, by_edit)] == ["auto", "by_hand", "by_edit"]
    assert (first, second, third) == pytest.approx((CHART * 3 / 4, CHART / 4, CHART / 2))
    assert x == same_x < later_x
    assert (first_top - second, edited_top - top) == pytest.approx((top, CHART / 2))


def test_it_says_how_long_things_took(mailbox: Mailbox) -> None:
    make_spread(date(2026, 3, 10), Spread.Kind.FIRST_RESPONSE, "1800", 8, mailbox=mailbox)
    make_spread(date(2026, 3, 10), Spread.Kind.FIRST_RESPONSE, "7200", 2, mailbox=mailbox)
    said = words_of_report().replace("\u00a0", " ")
    assert "Known of 10." in said
    assert "30 min 2.0 h" in said


def test_each_category_has_a_line(mailbox: Mailbox) -> None:
    make_tally(date(2026, 3, 10), mailbox=mailbox, category=make_category("stock"), inbound=5, needed=4, offered=3)
    make_tally(date(2026, 3, 10), mailbox=mailbox, needed=2)
    said = words_of_report().replace("\u00a0", " ")
    assert "Stock 80 % 4/5 75 % 3/4" in said
    assert "Without category" in said


@pytest.mark.parametrize("name", ["在庫", "حالة الطلب", "Статус", "W" * 80])
def test_a_category_of_any_name_fits(mailbox: Mailbox, name: str) -> None:
    make_tally(date(2026, 3, 10), mailbox=mailbox, category=make_category("stock", name=name), needed=4)
    said = words_of_report().replace(" ", "")
    assert "[U+" not in said
    assert set(name.replace(" ", "")) <= set(said)


def test_so_many_categories_that_they_take_several_sheets_say_their_heads_again(mailbox: Mailbox) -> None:
    for number in range(60):
        make_tally(date(2026, 3, 10), mailbox=mailbox, category=make_category(f"kind-{number:02}"), needed=4)
    said = words_of_report()
    assert said.count("Unedited approval Edit rate") > 1
    assert all(f"Kind {number:02}" in said for number in range(60))


def test_it_says_which_mails_it_counts(mailbox: Mailbox) -> None:
    stock = make_category("stock")
    assert "All mailboxes" in words_of_report()
    assert "Mailbox Service · Category Stock" in words_of_report(mailboxes=frozenset({mailbox.pk}), category=stock.pk)
    assert "No mailbox" in words_of_report(mailboxes=frozenset())


def test_a_period_without_mail_says_so(mailbox: Mailbox) -> None:
    assert "No mail from people was received in this period." in words_of_report()
