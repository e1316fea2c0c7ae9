"""Promises that cost money or bind the company, in a draft."""

import re
from collections.abc import Iterable

from drafting import slots
from drafting.gate.wording import folded, hits, wording

_PROMISES = wording(
    """
en: refund, reimburs, money back, discount, rebate, credit note, store credit, credit your account, credited, voucher, compensat,
    guarantee, we promise!, i promise!, promise you, promise that, assure you, definitely, without fail, at the latest, liable,
    liability, free of charge, at no cost, at no extra cost, for free, waive, goodwill, we cover the cost, cover the cost, we will
    pay, accept responsibility, take responsibility, free replacement, percent off, price reduction, legally binding, binding offer,
    money returned, your money, off your next, not charge you, our fault, our mistake, we will replace, we'll replace, next week,
    coming week, end of the week
de: ~erstatt, geld zurück, ~rabatt, ~nachlass, ~gutschrift, gutschreib, gutgeschrieben, ~gutschein, ~entschädig, schadensersatz,
    schadenersatz, ~garant, versprechen, zusicher, zugesichert, sichern ihnen zu, auf jeden fall, definitiv, verbindlich,
    spätestens, haften, ~haftung, haftbar, kostenlos, kostenfrei, gratis, kulanz, übernehmen die kosten, kosten übernehmen,
    übernehmen wir die kosten, erlassen wir, ~vergüt, skonto, ihr geld, geld wieder, nicht berechnen, unser fehler, unseren fehler,
    unsere schuld, unser verschulden, ersatzlieferung, nächste woche, nächster woche, kommende woche, kommender woche, ende der woche
fr: rembours, une remise, remise de!, remise commerciale, réduction, rabais, ristourne, un avoir!, l'avoir!, votre avoir, note de
    crédit, bon d'achat, dédommag, indemni, compens, garanti, promettons, promets, nous engageons, sans faute, au plus tard,
    responsabilité, gratuit, sans frais, geste commercial, prenons en charge, à nos frais,
    votre argent, notre faute, notre erreur, vous remplaçons, semaine prochaine, fin de la semaine
es: reembols, devolución del dinero, devolveremos el dinero, descuento, rebaja, nota de crédito, abonaremos, el abono!, un abono!,
    abonar, vale de, indemniz, compens, garanti, garantí, prometemos, prometo, nos comprometemos, sin falta, a más tardar,
    responsabilidad, gratis, gratuit, sin coste, sin costo, sin cargo, su dinero, nuestra culpa, nuestro error, próxima semana,
    semana que viene
it: rimbors, sconto, sconti!, nota di credito, accredit, buono da, buono sconto, risarc, indennizz, compens, garanti, promettiamo,
    prometto, ci impegniamo, senz'altro, al più tardi, responsabilità, gratis, gratuit, senza costi, a nostre spese, il suo denaro,
    i suoi soldi, colpa nostra, nostra colpa, nostro errore, prossima settimana, settimana prossima
nl: ~terugbeta, geld terug, terugstort, ~korting, creditnota, crediteren, tegoed, tegoedbon, ~vergoed, schadevergoeding, compens,
    ~garand, ~garant, beloven, beloofd, zeker weten, uiterlijk, aansprakelijk, gratis, kosteloos, coulance, op onze kosten,
    uw geld, onze fout, onze schuld, volgende week, komende week
pl: zwrot pieni, zwrócimy, zwrot koszt, zwrot środk, rabat, zniżk, upust, nota kredytow, korekta faktury, bon rabatowy, bon o
    wartości, odszkodowan, rekompens, gwarant, gwarancj, obiecuj, obieca, zapewniamy, na pewno, najpóźniej, odpowiedzialnoś,
    bezpłatn, za darmo, gratis, na nasz koszt, nasza wina, nasz błąd, naszej winy, w przyszłym tygodniu
pt: reembols, devolver o dinheiro, devolução do dinheiro, desconto, nota de crédito, creditar, vale de, indemniz, indeniz, compens,
    garanti, prometemos, prometo, comprometemo, sem falta, o mais tardar, responsabilidade, grátis, gratuit, sem custo,
    o seu dinheiro, nossa culpa, nosso erro, próxima semana
""",
    r"[0-9] ?% (?:off|less|cheaper)(?!\w)",
    r"(?<!\w)schreib\w*\s[^.!?]{1,60}\sgut(?!\w)",
    r"(?<!\w)zahl\w*\s[^.!?]{1,60}\szurück(?!\w)",
    r"(?<!\w)(?:betalen|storten|betaal|stort)\s[^.!?]{1,60}\sterug(?!\w)",
)


def find_promises(body: str, *, allowed_texts: Iterable[str]) -> list[str]:
    """The sentences of `body` that promise something (refund, discount, credit, compensation, guarantee, liability …) in eight languages,
    but for those that stand in one of `allowed_texts`, with its slots filled (see `slots.fits`) by what promises nothing itself.
    A refusal ("we cannot refund") is seen as well: it binds just as much.
    """
    promising = [sentence for sentence in _sentences(body) if hits(_PROMISES, sentence)]
    if not promising:
        return []
    allowed = [slots.literals(sentence) for text in allowed_texts for sentence in _sentences(text)]
    return [sentence for sentence in promising if not any(slots.fits(sentence, one, is_harmless=_promises_nothing) for one in allowed)]


def _promises_nothing(text: str) -> bool:
    return not hits(_PROMISES, text)


def _sentences(text: str) -> list[str]:
    """Folded sentences without their last mark. A line end alone parts none: mails are wrapped."""
    paragraphs = re.split(r"\n\s*\n", folded(text))
    parts = [part for paragraph in paragraphs for part in re.split(r"(?<=[.!?])\s+", " ".join(paragraph.split()))]
    return [sentence for part in parts if (sentence := part.strip(" .!?"))]
