"""What an edit must not touch if it is to count as an edit of the wording."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.ledger.substance import is_changed

SAME = {
    "en": ("Hello Ann, your order SO-1007 is on its way.", "Dear Ann, good news: your order SO-1007 is on its way!"),
    "de": ("Hallo Anna, der Auftrag SO-1007 ist unterwegs.", "Guten Tag, gute Nachrichten: Der Auftrag SO-1007 ist unterwegs!"),
    "fr": ("Bonjour, la commande SO-1007 est en route.", "Bonjour Anne, bonne nouvelle : la commande SO-1007 est en route !"),
    "es": ("Hola, el pedido SO-1007 está en camino.", "Estimada Ana: buenas noticias, el pedido SO-1007 está en camino."),
    "it": ("Buongiorno, l'ordine SO-1007 è in viaggio.", "Gentile Anna, buone notizie: l'ordine SO-1007 è in viaggio."),
    "nl": ("Hallo, bestelling SO-1007 is onderweg.", "Beste Anna, goed nieuws: bestelling SO-1007 is onderweg."),
    "pl": ("Dzień dobry, zamówienie SO-1007 jest w drodze.", "Szanowna Pani, dobra wiadomość: zamówienie SO-1007 jest w drodze."),
    "pt": ("Olá, a encomenda SO-1007 está a caminho.", "Prezada Ana, boas notícias: a encomenda SO-1007 está a caminho."),
}
REFUSED = {
    "en": ("We take back what was opened.", ["We do not take back what was opened.", "We can't take back what was opened."]),
    "de": ("Wir nehmen Geöffnetes zurück.", ["Wir nehmen Geöffnetes nicht zurück.", "Wir nehmen kein Geöffnetes zurück."]),
    "fr": (
        "Nous reprenons les articles ouverts.",
        ["Nous ne reprenons pas les articles ouverts.", "Nous n'acceptons aucun article ouvert."],
    ),
    "es": ("Aceptamos artículos abiertos.", ["No aceptamos artículos abiertos.", "Nunca aceptamos artículos abiertos."]),
    "it": ("Accettiamo articoli aperti.", ["Non accettiamo articoli aperti.", "Nessun articolo aperto è accettato."]),
    "nl": ("Wij nemen geopende artikelen terug.", ["Wij nemen geopende artikelen niet terug.", "Wij nemen geen geopende artikelen terug."]),
    "pl": ("Przyjmujemy otwarte towary.", ["Nie przyjmujemy otwartych towarów.", "Nigdy nie przyjmujemy otwartych towarów."]),
    "pt": ("Aceitamos artigos abertos.", ["Não aceitamos artigos abertos.", "Nunca aceitamos artigos abertos."]),
}
PROMISED = {
    "en": "We will refund you.",
    "de": "Wir erstatten Ihnen das Geld.",
    "fr": "Nous vous remboursons.",
    "es": "Le reembolsamos el importe.",
    "it": "La rimborsiamo.",
    "nl": "Wij betalen u terug, met korting.",
    "pl": "Udzielimy rabatu.",
    "pt": "Damos um desconto.",
}


@pytest.mark.parametrize("language", SAME)
def test_another_greeting_changes_nothing(language: str) -> None:
    before, after = SAME[language]
    assert not is_changed(before, after, language=language)


@pytest.mark.parametrize("language", REFUSED)
def test_a_refusal_that_comes_or_goes_does(language: str) -> None:
    before, others = REFUSED[language]
    for after in others:
        assert is_changed(before, after, language=language)
        assert is_changed(after, before, language=language)


@pytest.mark.parametrize("language", PROMISED)
def test_a_promise_that_comes_or_goes_does(language: str) -> None:
    before = SAME[language][0]
    assert is_changed(before, f"{before}\n\n{PROMISED[language]}", language=language)
    assert is_changed(f"{before}\n\n{PROMISED[language]}", before, language=language)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("4 bolts are here, 2 are not.", "2 bolts are here, 4 are not."),
        ("4 bolts are here, 2 are not.", "4 bolts are not here, 2 are."),
        ("It costs 5 EUR.", "It costs 5 USD."),
        ("It costs 5 EUR.", "It costs 5.50 EUR."),
        ("See https://shop.example/returns.", "See https://shop.example/refunds."),
        ("Write to ann@shop.example.", "Write to anne@shop.example."),
        ("Call +49 30 1234567.", "Call +49 30 1234568."),
        ("It comes on Monday.", "It comes on Tuesday."),
        ("It comes tomorrow.", "It comes today."),
        ("All parts are in stock.", "The parts are sold out."),
        ("You can return it.", "You can return it unless it was opened."),
        ("Three bolts are on their way.", "Two bolts are on their way."),
    ],
)
def test_a_fact_that_changes_or_moves_does(before: str, after: str) -> None:
    assert is_changed(before, after, language="en")
    assert is_changed(after, before, language="en")


def test_the_same_fact_in_other_words_is_the_same() -> None:
    assert not is_changed("3 bolts are on their way.", "Three bolts are on their way.", language="en")
    assert not is_changed("It comes on 3 November 2026.", "It comes on November 3, 2026.", language="en")


@pytest.mark.parametrize(
    ("language", "phrase"),
    [
        ("en", "Please do not hesitate to write again."),
        ("de", "Bitte zögern Sie nicht, uns zu schreiben."),
        ("fr", "N’hésitez pas à nous écrire."),
        ("es", "No dude en escribirnos."),
        ("it", "Non esiti a scriverci."),
        ("nl", "Aarzel niet ons te schrijven."),
        ("pt", "Não hesite em escrever-nos."),
    ],
)
def test_a_polite_phrase_refuses_nothing(language: str, phrase: str) -> None:
    before = SAME[language][0]
    assert not is_changed(before, f"{before}\n\n{phrase}", language=language)


@pytest.mark.parametrize("language", ["fi", "ja", "xx", ""])
def test_in_a_language_that_code_does_not_know_every_edit_matters(language: str) -> None:
    assert is_changed("Hei Anna, kiitos.", "Hyvä Anna, kiitos.", language=language)


@given(st.sampled_from(sorted(SAME)), st.text(max_size=200))
def test_what_was_not_edited_has_not_changed(language: str, text: str) -> None:
    assert not is_changed(text, text, language=language)


@given(st.sampled_from(sorted(SAME)), st.text("ab 12.,\nSO-not€%", max_size=80), st.text("ab 12.,\nSO-not€%", max_size=80))
def test_a_change_is_one_both_ways(language: str, before: str, after: str) -> None:
    assert is_changed(before, after, language=language) == is_changed(after, before, language=language)
