"""What code looks up before the model is asked: fewer turns, and the model cannot forget it."""

from drafting.agent.mail import Mail
from drafting.agent.run import Run
from drafting.models import Evidence
from drafting.tools import Scope, customers, patterns, products, words

MOST = 4
"""Orders, unknown numbers, products, and what each tool's pattern finds."""


def look_up_in_advance(run: Run, *, mail: Mail, scope: Scope, asks: list[str]) -> None:
    """The customer, the orders and products that the mail names (else the open orders), what connectors know of it, articles, templates.

    Raises Unavailable.
    """
    codes, written = words.codes(f"{mail.subject}\n{mail.text}"), words.codes(mail.written.said)
    by_sku = products.by_sku(codes) or products.by_sku(written)
    _ask(run, "customer", scope=scope)
    _look_up_orders(run, scope=scope, codes=[code for code in codes if code not in by_sku], written=written)
    named = list(by_sku.values()) or products.by_words(f"{mail.subject} {mail.text[:4000]}", share=0.7)
    for each in named[:MOST]:
        _ask(run, "product", scope=scope, query=each.sku)
    _look_up_by_patterns(run, mail=mail, scope=scope)
    about = " ".join(asks) or mail.text[:600]
    kind = scope.category.name if scope.category else ""
    _ask(run, "articles", scope=scope, query=" ".join(words.words(f"{kind} {mail.subject} {about}")[:30]))
    _ask(run, "templates", scope=scope)


def _look_up_orders(run: Run, *, scope: Scope, codes: list[str], written: list[str]) -> None:
    """Those that the mail itself names (`codes`) also where there is no such order; of what is `written` in files the customer's own."""
    found = customers.match(scope.customer, [*codes, *written]) if scope.customer else {}
    scope.known.update(found)
    first_code = {order.pk: code for code, order in reversed(found.items())}
    taken = {words.bare(code) for code in found}
    left = [code for code in codes if not any(words.bare(code) in bare or bare in words.bare(code) for bare in taken)]
    unknown = _meant_as_orders(left)
    for code in [*list(first_code.values())[::-1][:MOST], *unknown[:MOST]]:
        _ask(run, "order", scope=scope, query=code)
    if scope.customer and not first_code:
        _ask(run, "orders", scope=scope)


def _look_up_by_patterns(run: Run, *, mail: Mail, scope: Scope) -> None:
    """What the patterns of connectors' tools find in the mail. Who is not known is told so once, and not for each number."""
    for tool in run.tools.values():
        hits = patterns.find(tool.pattern, f"{mail.subject}\n{mail.text}", most=MOST) if tool.pattern else []
        for hit in hits if scope.customer or not tool.needs_customer else hits[:1]:
            _ask(run, tool.name, scope=scope, query=hit)


def _meant_as_orders(codes: list[str]) -> list[str]:
    shapes = customers.order_number_shapes() if codes else set()
    meant = {words.bare(code): code for code in reversed(codes) if customers.looks_like_an_order_number(code, shapes=shapes)}
    return list(meant.values())[::-1]


def _ask(run: Run, tool: str, *, scope: Scope, query: str = "") -> None:
    run.look_up(tool, scope=scope, query=query, asked_by=Evidence.AskedBy.CODE)
