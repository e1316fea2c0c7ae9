"""People who write: files, templates, new conversations, and text that no closed tab loses."""

import base64
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from drafting.models import Draft, ReplyTemplate
from inbox import outbox
from inbox.models import OutgoingMail
from inbox.parsing import parse, read_attachment
from review.models import Upload, Writing
from tests.browser.conftest import Desks
from tests.browser.waits import opened, until
from tests.drafting.factories import make_category
from tests.inbox.factories import make_mailbox
from tests.mailservers import SmtpServer
from tests.review.factories import handed_over_draft, picture, ready_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20
PASTE = """(box, [name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  const given = new DataTransfer();
  given.items.add(new File([bytes], name, { type }));
  const event = new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true });
  box.dispatchEvent(event);
}"""


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "Angebot für März.pdf"
    path.write_bytes(PDF)
    return path


def open_first(page: Page, draft: Draft) -> None:
    """Open the draft at the top of the list."""
    page.keyboard.press("j")
    opened(page, draft)


def test_a_file_is_attached_to_an_edit_by_choosing_and_by_pasting(desks: Desks, ana: User, pdf: Path) -> None:
    draft = ready_draft()
    page = desks.open(ana)
    open_first(page, draft)
    page.keyboard.press("e")
    page.locator("#edit [data-attaches]").set_input_files(pdf)
    expect(page.locator("#files")).to_contain_text("Angebot für März.pdf")
    page.locator("#edit-text").evaluate(PASTE, ["image.png", "image/png", base64.b64encode(picture()).decode()])
    expect(page.locator("#files li")).to_have_count(2)
    page.locator("#edit-text").fill("See the files.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toast")).to_contain_text("Edited and approved")
    mail = OutgoingMail.objects.get()
    found = parse(bytes(mail.mime)).attachments
    assert [(one.name, one.content_type) for one in found] == [("Angebot für März.pdf", "application/pdf"), ("image.png", "image/png")]
    assert read_attachment(bytes(mail.mime), found[0].index) == PDF


def test_a_file_is_removed_and_one_that_is_refused_says_why(desks: Desks, ana: User, pdf: Path, tmp_path: Path) -> None:
    draft = ready_draft()
    program = tmp_path / "setup.exe"
    program.write_bytes(b"MZ")
    page = desks.open(ana)
    open_first(page, draft)
    page.keyboard.press("e")
    page.locator("#edit [data-attaches]").set_input_files(pdf)
    expect(page.locator("#files li")).to_have_count(1)
    page.get_by_role("button", name="Remove Angebot für März.pdf").click()
    expect(page.locator("#files li")).to_have_count(0)
    with_error = page.locator("#edit [data-attaches]")
    with page.expect_response("**/attach/") as answer:
        with_error.set_input_files(program)
    assert answer.value.status == 422
    expect(page.locator("#files")).to_contain_text("is a program")
    assert not Upload.objects.exists()
    desks.all[0].faults.clear()  # the browser itself notes every 422


def test_a_template_is_inserted_at_the_cursor_with_its_open_slot_selected(desks: Desks, ana: User) -> None:
    body = "Order {order:id} arrives on {day:date}."
    ReplyTemplate.objects.create(name="Arrival", body=body, category=make_category())
    ReplyTemplate.objects.create(name="Other", body="Something else", category=make_category())
    draft = handed_over_draft()
    page = desks.open(ana)
    open_first(page, draft)
    page.keyboard.press("t")
    text = page.locator("#reply-text")
    expect(text).to_be_focused()
    page.keyboard.type("Dear Ann,\n\n")
    page.keyboard.press("Alt+i")
    page.keyboard.type("arri")
    expect(page.locator("[data-inserts]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(text).to_have_value("Dear Ann,\n\nOrder {order:id} arrives on {day:date}.")
    expect(page.locator("[data-open-slots]")).to_contain_text("{order:id}, {day:date}")
    page.keyboard.type("SO-1007")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("{day:date} is still open")
    expect(text).to_have_value("Dear Ann,\n\nOrder SO-1007 arrives on {day:date}.")
    assert not OutgoingMail.objects.exists()
    desks.all[0].faults.clear()  # the browser itself notes every 409


def test_a_new_conversation_reaches_the_customer_with_its_file(desks: Desks, ana: User, pdf: Path, smtp_server: SmtpServer) -> None:
    make_mailbox(smtp=smtp_server, name="Service", signature="The Service")
    page = desks.open(ana)
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="New conversation")).to_be_visible()
    page.get_by_label("To", exact=True).fill("ben@customer.example")
    page.get_by_label("Subject").fill("Your offer")
    page.get_by_label("Text", exact=True).fill("Here it is.")
    page.locator("[data-attaches]").set_input_files(pdf)
    expect(page.locator("#files li")).to_have_count(1)
    page.get_by_label("Text", exact=True).press("Control+Enter")
    expect(page.locator("#toast")).to_contain_text("It leaves for ben@customer.example")
    OutgoingMail.objects.update(due_at=OutgoingMail.objects.get().created_at)
    for pk in outbox.release_due():
        outbox.send(mail_id=pk)
    [mail] = smtp_server.accepted
    [file] = parse(mail).attachments
    assert (file.name, read_attachment(mail, file.index)) == ("Angebot für März.pdf", PDF)
    assert smtp_server.recipients == ["ben@customer.example"]


def test_a_new_conversation_is_taken_back_with_one_key(desks: Desks, ana: User) -> None:
    make_mailbox(name="Service")
    page = desks.open(ana)
    page.goto(page.url.replace("/queue/", "/conversations/new/"))
    page.get_by_label("To", exact=True).fill("ben@customer.example")
    page.get_by_label("Subject").fill("Your offer")
    page.get_by_label("Text", exact=True).fill("Here it is.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#toast")).to_contain_text("It leaves for")
    page.keyboard.press("u")
    expect(page.get_by_label("Subject")).to_have_value("Your offer")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Here it is.")
    assert OutgoingMail.objects.get().state == OutgoingMail.State.CANCELLED


def test_what_was_typed_is_there_again_after_the_tab_was_closed(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = desks.open(ana)
    url = page.url.replace("/queue/", f"/conversations/{draft.conversation_id}/write/")
    page.goto(url)
    page.get_by_label("Your reply").type("Dear Ann, just a moment")
    page.close(run_before_unload=True)
    other = desks.all[0].context.new_page()
    until(lambda: Writing.objects.filter(text="Dear Ann, just a moment").exists(), other)
    other.goto(url)
    expect(other.get_by_label("Your reply")).to_have_value("Dear Ann, just a moment")
    expect(other.locator("[data-kept]")).to_have_text(re.compile("Your unsent text from"))


def test_what_was_sent_is_not_kept_as_unsent(desks: Desks, ana: User) -> None:
    draft = ready_draft()
    page = desks.open(ana)
    url = page.url.replace("/queue/", f"/conversations/{draft.conversation_id}/write/")
    page.goto(url)
    page.get_by_label("Your reply").type("Dear Ann, it is on its way.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toast")).to_contain_text("It leaves for")
    page.wait_for_timeout(1200)
    page.goto(url)
    expect(page.get_by_label("Your reply")).to_have_value("")


def test_without_scripts_a_file_and_a_template_go_along(desks: Desks, ana: User, pdf: Path) -> None:
    ReplyTemplate.objects.create(name="Arrival", body="It arrives soon.", category=make_category())
    draft = ready_draft()
    page = desks.open(ana, java_script_enabled=False)
    page.goto(page.url.replace("/queue/", f"/conversations/{draft.conversation_id}/write/"))
    page.fill("#id_text", "Dear Ann,")
    page.set_input_files("input[name=files]", pdf)
    page.get_by_role("button", name="Attach chosen files").click()
    expect(page.locator("#files li")).to_have_count(1)
    expect(page.locator("#id_text")).to_have_value("Dear Ann,")
    page.get_by_role("button", name="Template").click()
    page.select_option("#id_template", label="Arrival · Order status · English")
    page.get_by_role("button", name="Insert").click()
    expect(page.locator("#id_text")).to_have_value("Dear Ann,\n\nIt arrives soon.")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**?sent=*")
    mail = OutgoingMail.objects.get()
    assert mail.body.startswith("Dear Ann,\n\nIt arrives soon.")
    assert [one.name for one in parse(bytes(mail.mime)).attachments] == ["Angebot für März.pdf"]
