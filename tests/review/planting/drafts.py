"""Drafts to plant errors in, in every language that drafts are written in."""

from typing import Any

from drafting import grounding
from drafting.standin.languages import write_amount, write_date
from drafting.standin.phrases import PHRASES, say
from review.planting.material import Material

ANSWERS: tuple[Any, ...] = (
    {
        "number": "SO-10423",
        "total": "1181.50",
        "currency": "EUR",
        "ordered_on": "2026-11-02",
        "shipped_on": "2026-11-05",
        "promised_on": "2026-11-09",
        "tracking_number": "JD0146002930",
        "lines": [{"sku": "B-1", "price": "18.75", "quantity": 40}],
    },
    [{"number": "SO-10399", "total": "93.10", "currency": "EUR", "ordered_on": "2026-10-12"}],
)
PORTUGUESE = """Bom dia Marta Weber,

obrigado pela sua mensagem. A sua encomenda SO-10423 saiu do nosso armazém a 5 de novembro de 2026 e custa 1.181,50 €.

A encomenda já não pode ser alterada. A entrega está prevista para 9 de novembro de 2026.

Com os melhores cumprimentos"""
LANGUAGES = (*PHRASES, "pt")


def clean(language: str, body: str = "") -> Material:
    """A clean draft of a language (or this text in it), with what it rests on."""
    said = body or (PORTUGUESE if language == "pt" else _written(language))
    atoms = [
        {"kind": one.kind.value, "text": one.text, "start": one.start, "end": one.end, "traced": True, "source": "evidence:1"}
        for one in grounding.atoms(said, language=language)
    ]
    return Material(said, atoms, language, ANSWERS, ("Marta Weber", "Erik Holm"), ("SO-10777", "SO-10501"), "shop.example")


def _written(language: str) -> str:
    days = {name: write_date(f"2026-11-0{day}", language) for name, day in (("ordered_on", 2), ("shipped_on", 5), ("promised_on", 9))}
    names = {"number": "SO-10423", "carrier": "DHL", "tracking_number": "JD0146002930", "invoice_number": "RE-88123", "name": "Marta Weber"}
    facts = {**days, **names, "total": write_amount("1181.50", "EUR", language)}
    answers = [say(key, language, facts) for key in ("shipped", "promised", "invoice", "change_too_late")]
    return "\n\n".join([say("greeting", language, facts), *answers, say("help", language), say("closing", language)])
