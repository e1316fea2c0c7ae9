"""What there is about a person, as an archive to hand to them."""

import csv
import io
import json
import zipfile
from collections import Counter
from typing import IO, Any

import pytest
from django.utils import timezone

from review import privacy
from review.models import Decision, LogEntry, PlantedDraft, SecondLook
from review.privacy import exporting
from review.privacy.places import PLACES
from tests.drafting.factories import make_conversation, make_customer, make_message, make_order
from tests.review.factories import attach_upload, make_outgoing, make_person, ready_draft
from tests.review.privacy.people import ANN, BOB, SECRET, answered, known_customer, settled

pytestmark = pytest.mark.django_db


def export(*addresses: str) -> dict[str, bytes]:
    """The files of the archive by name."""
    file = io.BytesIO()
    privacy.export(addresses=addresses or (ANN,), by=None, file=file)
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_it_has_conversations_mails_files_runs_and_training_examples() -> None:
    draft = answered()
    message, talk = draft.message, draft.conversation
    found = export()
    told = json.loads(found[f"conversations/{talk.pk}.json"])
    assert [one["id"] for one in told["messages"]] == [message.pk] and told["notes"][0]["text"] == SECRET
    assert b"%PDF-1.7" in found[f"raw/{message.pk}.eml"] or b"application/pdf" in found[f"raw/{message.pk}.eml"]
    assert sorted(name.split("-")[0] for name in found if name.startswith("files/")) == ["files/received", "files/sent"]
    runs = [json.loads(line) for line in found["runs.jsonl"].splitlines()]
    assert {run["kind"] for run in runs} == {"request", "replay"} and runs[0]["request"] == {"messages": [SECRET]}
    assert len(found["training.jsonl"].splitlines()) == 1 and SECRET.encode() not in found["training.jsonl"]


def test_whatever_an_erasure_would_take_away_is_in_it_row_by_row() -> None:
    talk = answered().conversation
    attach_upload(by=make_person(), conversation=talk, name=f"{SECRET} unsent.pdf")
    hers = make_message(f"{SECRET} here.", conversation=make_conversation(customer_address=BOB), from_address=ANN, **settled())
    SecondLook.objects.create(draft=ready_draft(message=hers), first=make_person(), first_unsafe=False, asked_at=timezone.now())
    found = export()
    rows = [json.loads(line) for line in found["rows.jsonl"].splitlines()]
    counts = privacy.findings([ANN]).counts
    assert Counter(row["kind"] for row in rows) == counts and counts.keys() == {place.key for place in PLACES}
    for place in PLACES:
        told = {name for row in rows if row["kind"] == place.key for name in row}
        columns = {field.name: field.attname for field in place.model._meta.concrete_fields}
        assert {columns[name] for name in place.blank if name != "mime"} <= told, place.key
    telling = {row["kind"] for row in rows if SECRET in json.dumps(row)}
    assert {place.key for place in PLACES} - telling == {"attachments", "open_looks"}
    assert any(name.startswith("files/unsent-") for name in found)


def test_a_planted_text_that_waits_for_its_verdict_is_not_in_it() -> None:
    answered()
    PlantedDraft.objects.update(judged_at=None, caught=None)
    assert b'"planted"' not in export()["rows.jsonl"]


def test_of_what_they_wrote_into_other_conversations_its_draft_and_decision_are_in_it() -> None:
    talk = make_conversation(customer_address=BOB, state="waiting")
    make_message("Bob's words.", conversation=talk, from_address=BOB, **settled())
    hers = make_message("Ann's words.", conversation=talk, from_address=ANN, **settled())
    draft = ready_draft(message=hers, state="decided")
    Decision.objects.create(draft=draft, kind="rejected", by=make_person(), reason="Not hers.", weighed_at=timezone.now())
    [told] = json.loads(export()["beside.json"])["drafts"]
    assert (told["id"], told["decisions"][0]["reason"], bool(told["evidence"]), bool(told["checks"])) == (draft.pk, "Not hers.", True, True)


def test_a_long_part_is_written_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    answered()
    sizes: list[int] = []
    opened = zipfile.ZipFile.open

    def counted(packed: zipfile.ZipFile, *args: Any, **about: Any) -> IO[bytes]:
        part = opened(packed, *args, **about)
        write = part.write

        def noted(piece: bytes) -> int:
            sizes.append(len(piece))
            return write(piece)

        monkeypatch.setattr(part, "write", noted)
        return part

    monkeypatch.setattr(exporting, "_runs", lambda _: iter([{"request": SECRET * 100_000}] * 20))
    monkeypatch.setattr(zipfile.ZipFile, "open", counted)
    privacy.export(addresses=[ANN], by=None, file=io.BytesIO())
    assert sum(sizes) > 20 * 800_000 and max(sizes) < 1_000_000


def test_nothing_of_anybody_else_is_in_it() -> None:
    answered()
    bob = make_conversation(customer_address=BOB, subject="Bob's secret")
    make_message("Bob's words.", conversation=bob, **settled())
    content = b"".join(export().values())
    assert b"Bob's" not in content and BOB.encode() not in content


def test_what_they_wrote_into_other_conversations_is_in_it_alone() -> None:
    talk = make_conversation(customer_address=BOB)
    make_message("Bob's words.", conversation=talk, from_address=BOB, **settled())
    make_message("Ann's words.", conversation=talk, from_address=ANN, **settled())
    beside = json.loads(export()["beside.json"])
    assert [one["text"] for one in beside["messages"]] == ["Ann's words."]


def test_the_table_runs_no_formula_in_a_spreadsheet() -> None:
    message = make_message(subject="=HYPERLINK(1)", **settled())
    make_outgoing(by=make_person(), message=message)
    rows = list(csv.reader(io.StringIO(export()["mails.csv"].decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["direction", "in", "out"]
    assert rows[1][5] == "'=HYPERLINK(1)"


def test_the_company_s_own_rows_about_them_are_in_it() -> None:
    known_customer()
    [customer] = json.loads(export()["beside.json"])["customers"]
    assert (customer["name"], customer["orders"][0]["number"]) == ("Ann Ltd", "SO-9")


def test_what_the_company_notes_on_an_order_is_not_in_it() -> None:
    make_order(make_customer(ANN), "SO-9", note="Pays late.", delivery_address="1 Mill Lane")
    [order] = json.loads(export()["beside.json"])["customers"][0]["orders"]
    assert order["delivery_address"] == "1 Mill Lane" and not {"note", "id", "customer_id"} & set(order)


def test_what_others_have_who_write_for_the_same_customer_is_not_in_it() -> None:
    customer = make_customer(ANN, "eve@customer.example", name="Ann Ltd")
    customer.addresses.filter(address=ANN).update(contact="Ann Lee")
    customer.addresses.exclude(address=ANN).update(contact="Eve Stone")
    make_order(customer, "SO-9", delivery_address="At Eve Stone's")
    found = export()
    assert not [word for word in (b"eve@", b"Eve Stone", b"SO-9") if word in b"".join(found.values())]
    [told] = json.loads(found["beside.json"])["customers"]
    assert told["addresses"] == [{"address": ANN, "contact": "Ann Lee"}] and told["left_out"].startswith("Orders: other people")
    [told] = json.loads(export(ANN, "eve@customer.example")["beside.json"])["customers"]
    assert [one["number"] for one in told["orders"]] == ["SO-9"] and told["left_out"] == ""


def test_after_an_erasure_there_is_nothing_of_them_in_it() -> None:
    answered()
    privacy.erase(addresses=[ANN], by=None, dry_run=False)
    content = b"".join(export().values())
    assert SECRET.encode() not in content


def test_the_audit_log_notes_it_without_the_address() -> None:
    answered()
    export()
    entry = LogEntry.objects.get(act="privacy.exported")
    assert ANN not in f"{entry.about}{entry.words}{entry.detail}" and entry.about == f"{privacy.digest(ANN)[:12]}…"
