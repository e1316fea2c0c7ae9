"""A walk through the source: nothing outside `autosend` can cause an automatic send, whoever calls it by which name."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from review import autosend

ROOT = Path(__file__).parents[3]
PACKAGES = ("inbox", "drafting", "review", "deploy")
WRITING = {"create", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "save", "filter"}


@cache
def sources() -> dict[str, ast.Module]:
    """The product's modules by path; migrations describe tables and run once."""
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def places(name: str) -> set[str]:
    """The modules that say a name: as a name, an attribute, a thing imported, a keyword or a string."""
    return {path for path, tree in sources().items() if any(name in said for said in map(said_by, ast.walk(tree)))}


def said_by(node: ast.AST) -> set[str]:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            return {name}
        case ast.keyword(arg=str(name)):
            return {name}
        case ast.alias(name=name, asname=other):
            return {name, name.rpartition(".")[2], other or ""}
        case ast.Constant(value=str(text)):
            return {text}
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
    return set()


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call, by the last part of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    yield name, node


def keywords(call: ast.Call) -> dict[str, ast.expr]:
    """What is given by name, also in a dictionary that is spread out in the call."""
    spread = [key.value for key in call.keywords if key.arg is None and isinstance(key.value, ast.Dict)]
    pairs = [(name, value) for one in spread for name, value in zip(one.keys, one.values, strict=True)]
    found = {name.value: value for name, value in pairs if isinstance(name, ast.Constant) and isinstance(name.value, str)}
    return found | {key.arg: key.value for key in call.keywords if key.arg}


def assigned(tree: ast.AST) -> Iterator[tuple[str, str, ast.AST]]:
    """Assignments to attributes: of what, which one."""
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []
        for target in targets:
            for each in target.elts if isinstance(target, ast.Tuple) else [target]:
                if isinstance(each, ast.Attribute):
                    yield ast.unparse(each.value), each.attr, node


def test_automatic_mail_is_queued_in_one_place() -> None:
    users = places("queue_automatic")
    assert users == {"inbox/outbox/__init__.py", "inbox/outbox/queueing.py", "review/autosend/sending.py"}
    [called] = [node for name, node in calls(sources()["review/autosend/sending.py"]) if name == "queue_automatic"]
    assert called


def test_only_that_place_is_told_of_by_the_routing() -> None:
    importers = {path for path, tree in sources().items() for name in imported(tree) if name == "review.autosend.sending"}
    assert importers == {"review/autosend/routing.py"}
    assert [name for name, _ in calls(sources()["review/autosend/routing.py"])].count("send") == 1


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_decision_for_it_is_written_in_one_place() -> None:
    def is_automatic(value: ast.expr) -> bool:
        return "AUTO_SENT" in ast.unparse(value) or "auto_sent" in ast.unparse(value)

    writers = {
        path
        for path, tree in sources().items()
        for name, call in calls(tree)
        if name in WRITING - {"filter"} or name == "Decision"
        if any(is_automatic(value) for key, value in keywords(call).items() if key == "kind")
    }
    assert writers == {"review/autosend/sending.py"}
    assert not [
        path for path, tree in sources().items() for _, name, node in assigned(tree) if name == "kind" and "AUTO_SENT" in ast.unparse(node)
    ]


def test_nothing_else_makes_a_mail_automatic() -> None:
    setters = {
        (path, ast.unparse(keywords(call)["is_automatic"]))
        for path, tree in sources().items()
        if path.startswith(("inbox/outbox", "review", "drafting", "deploy"))
        for name, call in calls(tree)
        if name in {"create", "update", "OutgoingMail", "bulk_create", "get_or_create"} and "is_automatic" in keywords(call)
    }
    assert setters == {("inbox/outbox/queueing.py", "by is None")}
    assert not [path for path, tree in sources().items() for _, name, _ in assigned(tree) if name == "is_automatic"]


def test_nobody_queues_a_mail_by_nobody_else() -> None:
    """A mail without a person is automatic; only `queue_automatic` makes one."""
    module = sources()["inbox/outbox/queueing.py"]
    nobody = [
        function.name
        for function in ast.walk(module)
        if isinstance(function, ast.FunctionDef)
        for name, call in calls(function)
        if name in {"_hold", "_queue_reply"} and ast.unparse(keywords(call)["by"]) == "None"
    ]
    assert nobody == ["queue_automatic"]


def imports_review(path: str) -> bool:
    return any(name.startswith("review") for name in imported(sources()[path]))


def writes_state(tree: ast.AST) -> bool:
    """Whether a module changes what an attempt's state is: by an UPDATE, a new row, an assignment, or names that it only learns later."""
    text = ast.unparse(tree)
    if "Attempt" not in text and "attempt" not in text:
        return False
    by_call = any(
        name in WRITING - {"filter"} and {"state", "cause"} & set(keywords(call)) and "attempt" in ast.unparse(call.func).lower()
        for name, call in calls(tree)
    )
    by_name = any(name in {"state", "cause"} and "attempt" in of.lower() for of, name, _ in assigned(tree))
    return by_call or by_name or ("Attempt" in text and "setattr" in {name for name, _ in calls(tree)})


@pytest.mark.parametrize(
    "text",
    [
        "Attempt.objects.filter(pk=1).update(state='auto')",
        "models.Attempt.objects.create(**{'state': 'ramp_10'})",
        "category.attempts.update(state='auto')",
        "attempt.state = State.AUTO",
        "entry.attempt.state, entry.x = 'auto', 1",
        "setattr(Attempt.objects.get(), name, 'auto')",
    ],
)
def test_the_walk_sees_who_writes_a_state(text: str) -> None:
    assert writes_state(ast.parse(text))


def test_one_module_writes_the_state_of_an_attempt() -> None:
    # What lies below knows no attempts but those to send a mail or to write a draft.
    above = {path: tree for path, tree in sources().items() if path.startswith(("review/", "deploy/"))}
    assert {path for path, tree in above.items() if writes_state(tree)} == {"review/autosend/states.py"}
    assert not [path for path in sources().keys() - above.keys() if imports_review(path)]


def test_no_statement_of_sql_writes_what_auto_send_rests_on() -> None:
    tables = ("review_attempt", "review_decision", "review_ledgerentry", "review_verdict", "review_switch", "inbox_outgoingmail")
    texts = [
        (path, " ".join(node.value.split()).lower())
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    verbs = ("update", "insert into", "delete from", "alter table", "truncate")
    found = {path for path, text in texts for verb in verbs for table in tables if f"{verb} {table}" in text}
    # Of a ledger entry it is noted there when it was first opened, and nothing else.
    assert {path for path in found if not path.startswith("deploy/load/")} == {"review/claims.py"}, found
    said = [text for path, text in texts if path == "review/claims.py" and "review_ledgerentry" in text]
    assert all(text.count("review_ledgerentry") == text.count("update review_ledgerentry set opened_at = %(now)s where") for text in said)
    assert not {path for path, text in texts if "session_replication_role" in text or "disable trigger" in text}


def test_who_may_unlock_is_the_unlock_page_and_a_simulation() -> None:
    def unlocks(path: str) -> bool:
        return any(name in {"unlock", "resume"} and "states" in ast.unparse(call.func) for name, call in calls(sources()[path]))

    users = {path for path in sources() if unlocks(path)}
    assert all(path.startswith(("review/views/", "deploy/simulation/", "deploy/management/")) for path in users), users


def test_only_the_ledger_writes_verdicts_entries_and_counts() -> None:
    rows = {"Verdict", "LedgerEntry", "EvidencePoint", "verdicts", "entries", "points"}

    def writes(call: ast.Call) -> bool:
        return any(part in rows for part in ast.unparse(call.func).replace("(", ".").split(".")) and call_name(call) in WRITING - {"filter"}

    def call_name(call: ast.Call) -> str:
        return call.func.attr if isinstance(call.func, ast.Attribute) else ""

    found = {path for path, tree in sources().items() for _, call in calls(tree) if writes(call)}
    assert found
    assert all(path.startswith("review/ledger/") for path in found), found
    counts = {
        path
        for path, tree in sources().items()
        for of, name, _ in assigned(tree)
        if name in {"n", "k", "settled_to", "entered"} and "attempt" in of
    }
    assert all(path.startswith("review/ledger/") for path in counts), counts


def test_others_use_the_package_by_what_it_offers() -> None:
    """Views, tasks and the rest reach no module inside but those that people act by, and what `decisions` needs to make way."""
    offered = {*autosend.__all__, "returning", "conditions", "caps", "proving", "weighing", "switch", "terms"}
    used = {
        (path, name.removeprefix("review.autosend.").split(".")[0])
        for path, tree in sources().items()
        if not path.startswith("review/autosend/")
        for name in imported(tree)
        if name.startswith("review.autosend.")
    }
    assert {name for _, name in used} <= offered, used
    assert {path for path, name in used if name == "returning"} == {"review/decisions/by_hand.py", "review/decisions/undoing.py"}


@pytest.mark.parametrize("name", ["route", "route_new"])
def test_routing_is_begun_by_its_sweep(name: str) -> None:
    callers = {
        path for path, tree in sources().items() for called, call in calls(tree) if called == name and "autosend" in ast.unparse(call.func)
    }
    assert all(path == "review/tasks.py" or path.startswith("deploy/") for path in callers), callers


def test_only_the_outbox_speaks_smtp() -> None:
    """The demo's customers and the smoke test have mail programs of their own."""
    users = {path for path, tree in sources().items() for name in imported(tree) if name.split(".")[0] == "smtplib"}
    assert all(path.startswith(("deploy/", "inbox/smtp/")) for path in users), users
    speakers = {path for path, tree in sources().items() for name in imported(tree) if name.startswith("inbox.smtp")}
    assert {path for path in speakers if not path.startswith("inbox/smtp/")} == {"inbox/outbox/sending.py", "inbox/connection_tests.py"}
