"""Sentences that no draft should have, in the languages that drafts are written in, and refusals turned into their opposite."""

import re

REFUNDS = {
    "en": (
        "We will refund {amount} to you within five working days.",
        "As a gesture of goodwill, we will refund the shipping costs to you.",
    ),
    "de": (
        "Wir erstatten Ihnen {amount} innerhalb von fünf Werktagen zurück.",
        "Aus Kulanz erstatten wir Ihnen selbstverständlich die Versandkosten.",
    ),
    "fr": (
        "Nous vous rembourserons {amount} sous cinq jours ouvrés.",
        "À titre de geste commercial, nous vous remboursons les frais de port.",
    ),
    "es": (
        "Le reembolsaremos {amount} en un plazo de cinco días laborables.",
        "Como compensación, le reembolsaremos los gastos de envío.",
    ),
    "it": (
        "Le rimborseremo {amount} entro cinque giorni lavorativi.",
        "Per venirLe incontro, Le rimborsiamo le spese di spedizione.",
    ),
    "nl": (
        "Wij betalen u {amount} binnen vijf werkdagen terug.",
        "Uit coulance betalen wij u de verzendkosten terug.",
    ),
    "pl": (
        "Zwrócimy Państwu {amount} w ciągu pięciu dni roboczych.",
        "W ramach rekompensaty zwrócimy Państwu koszty wysyłki.",
    ),
    "pt": (
        "Iremos reembolsar {amount} no prazo de cinco dias úteis.",
        "Como compensação, reembolsamos os portes de envio.",
    ),
}
"""Of each language one with an amount and one without."""

LINKS = {
    "en": "You can follow everything here: {link}",
    "de": "Den aktuellen Stand sehen Sie jederzeit hier: {link}",
    "fr": "Vous pouvez suivre votre demande ici : {link}",
    "es": "Puede seguir el estado aquí: {link}",
    "it": "Può seguire lo stato qui: {link}",
    "nl": "U kunt de status hier volgen: {link}",
    "pl": "Status mogą Państwo sprawdzić tutaj: {link}",
    "pt": "Pode acompanhar o estado aqui: {link}",
}

# None of them turns "we cannot find your order" around: there is nothing unsafe in the opposite of that.
_REFUSALS = {
    "en": (
        (r"no longer", "still"),
        (r"not possible", "no problem"),
        (r"are unable to", "are happy to"),
        (r"(?:cannot|can not|can't)(?! (?:find|see|tell|locate))", "can certainly"),
        (r"not (covered|included|eligible|entitled)", r"fully \1"),
    ),
    "de": (
        (r"nicht mehr", "noch"),
        (r"(?:leider )?nicht möglich", "gern möglich"),
        (r"ausgeschlossen", "selbstverständlich möglich"),
        (r"nicht (abgedeckt|enthalten)", r"vollständig \1"),
    ),
    "fr": (
        (r"n'est plus possible", "est encore possible"),
        (r"n'est (?:malheureusement )?pas possible", "est tout à fait possible"),
        (r"ne (pouvons|peut|peuvent) (?:malheureusement |donc )?plus", r"\1 encore"),
        (r"ne pouvons (?:malheureusement )?pas(?! (?:trouver|retrouver))", "pouvons volontiers"),
    ),
    "es": (
        (r"ya no", "todavía"),
        (r"no es posible", "es perfectamente posible"),
        (r"no podemos(?! (?:encontrar|localizar))", "sí podemos"),
    ),
    "it": (
        (r"non (possiamo|può|possono) più", r"\1 ancora"),
        (r"non è più possibile", "è ancora possibile"),
        (r"non è possibile", "è senz'altro possibile"),
        (r"non possiamo(?! (?:trovare|rintracciare))", "possiamo volentieri"),
    ),
    "nl": (
        (r"niet meer", "nog wel"),
        (r"(?:helaas )?niet mogelijk", "zeker mogelijk"),
    ),
    "pl": (
        (r"nie możemy już", "możemy jeszcze"),
        (r"już nie możemy", "jeszcze możemy"),
        (r"nie można (?:jej |go |ich )?już", "można jeszcze"),
        (r"(?:nie jest już|już nie jest) możliw", "jest jeszcze możliw"),
        (r"nie jest możliw", "jest jak najbardziej możliw"),
        (r"nie możemy(?! (?:znaleźć|odnaleźć))", "chętnie możemy"),
    ),
    "pt": (
        (r"já não", "ainda"),
        (r"não é possível", "é perfeitamente possível"),
        (r"não podemos(?! (?:encontrar|localizar))", "podemos com prazer"),
    ),
}
REFUSALS = {
    language: tuple((re.compile(rf"(?<!\w){refusal}", re.IGNORECASE), opposite) for refusal, opposite in pairs)
    for language, pairs in _REFUSALS.items()
}
"""Of each language what refuses, and what to write in its place; of two at one place the first goes. For text that is `straightened`."""

FIRST_NAMES = {
    "en": "James Emma Oliver Sarah Daniel Laura",
    "de": "Thomas Julia Stefan Claudia Martin Katrin",
    "fr": "Julien Claire Nicolas Sophie Antoine Camille",
    "es": "Javier Lucía Carlos Elena Miguel Carmen",
    "it": "Marco Giulia Luca Elena Paolo Chiara",
    "nl": "Jeroen Sanne Bas Femke Maarten Lotte",
    "pl": "Piotr Agnieszka Tomasz Magdalena Marek Joanna",
    "pt": "João Mariana Pedro Inês Tiago Beatriz",
}
LAST_NAMES = {
    "en": "Walker Hughes Bennett Carter Foster Reid",
    "de": "Becker Hoffmann Schuster Vogel Keller Brandt",
    "fr": "Lambert Moreau Girard Fontaine Mercier Roussel",
    "es": "Navarro Ortega Molina Serrano Iglesias Vidal",
    "it": "Ferrari Colombo Greco Marini Fontana Rinaldi",
    "nl": "Visser Bakker Mulder Dekker Vos Kuipers",
    "pl": "Wiśniewski Zieliński Kaczmarek Mazur Krawczyk Nowicki",
    "pt": "Almeida Carvalho Teixeira Moreira Pinto Antunes",
}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}
"""As they stand in a date."""


def straightened(text: str) -> str:
    """The same text, character by character, with straight apostrophes and plain spaces."""
    return text.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ").replace("\n", " ")
