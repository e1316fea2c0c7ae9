"""Correct replies in six languages, each with everything it takes its facts from. Written as people write, not for the grounding."""

from dataclasses import dataclass

from drafting.grounding import Source

_ORDER = {
    "number": "SO-10423",
    "status": "shipped",
    "ordered_on": "2026-03-04",
    "promised_on": "2026-03-12",
    "shipped_on": "2026-03-10",
    "delivered_on": None,
    "carrier": "Nordfracht",
    "tracking_number": "00340434161094042557",
    "invoice_number": "RE-2026-00412",
    "total": "1234.50",
    "currency": "EUR",
    "delivery_address": "Wolf Anlagenbau, Industriestraße 12a, 10115 Berlin",
    "lines": [
        {"sku": "KL-2040-B", "name": "Ball bearing 20x40", "quantity": 12, "price": "42.90"},
        {"sku": "HS-16/2", "name": "Hydraulic hose, 16 mm, 2 m", "quantity": 3, "price": "239.90"},
    ],
}
_BACKORDER = {
    "number": "SO-10987",
    "status": "backordered",
    "ordered_on": "2026-02-27",
    "promised_on": "2026-04-01",
    "total": "12480.00",
    "currency": "EUR",
    "lines": [{"sku": "PU-7700", "name": "Vane pump 7700", "quantity": 4, "price": "3120.00"}],
}
_PRODUCT = {"sku": "KT-0812", "name": "Chain 08B-1", "price": "18.75", "currency": "EUR", "stock": 1240, "restock_on": "2026-05-15"}
_RETURNS = {
    "title": "Returning goods",
    "body": "Unused goods can be returned within 30 days of delivery. We check them within 5 working days. Send them to hall "
    "2, gate 7. Questions: +49 30 5550 1234, returns@parts.example, https://www.parts.example/returns. The warehouse "
    "is open from 7:30 to 16:00.",
}
_SUM = {"expression": "40 * 18.75", "result": "750.00"}
_VAT = {"expression": "750.00 * 1.19", "result": "892.50"}


@dataclass(frozen=True, slots=True)
class Reply:
    """A correct reply and its sources."""

    language: str
    text: str
    sources: tuple[Source, ...]


def _replies(evidence: list[object], mails: dict[str, str], texts: dict[str, str]) -> list[Reply]:
    found = [Source(f"evidence:{number}", answer) for number, answer in enumerate(evidence, start=1)]
    return [Reply(language, text, (*found, Source("mail", mails[language]))) for language, text in texts.items()]


_SHIPPED = _replies(
    [_ORDER],
    {
        "en": "Where is order SO-10423? We needed it by Monday. Jana Wolf, phone 030 4455 667",
        "de": "Wo bleibt unsere Bestellung 10423? Wir brauchen die zwölf Lager am Montag. Jana Wolf, Tel. 030 4455 667",
        "fr": "Où en est ma commande SO-10423 ? Il nous faut les douze roulements lundi.",
        "es": "¿Dónde está mi pedido SO-10423? Necesitamos los doce rodamientos el lunes.",
        "it": "Dov'è il mio ordine SO-10423? Ci servono i dodici cuscinetti lunedì.",
        "nl": "Waar blijft bestelling SO-10423? Wij hebben de twaalf lagers maandag nodig.",
    },
    {
        "en": "Dear Ms Wolf,\n\nyour order SO-10423 of 4 March 2026 left our warehouse on March 10th with Nordfracht. The "
        "tracking number is 00340434161094042557, and it is due on 12 March. It contains:\n\n1. 12 x KL-2040-B\n2. 3 x "
        "HS-16/2 (16 mm, 2 m)\n\nWe deliver to Industriestraße 12a, 10115 Berlin. If anything is missing we will call you "
        "on 030 4455 667.",
        "de": "Guten Tag Frau Wolf,\n\nIhre Bestellung SO-10423 vom 04.03.2026 hat am 10.3. unser Lager verlassen. Sie ist mit "
        "Nordfracht unterwegs (Sendungsnummer 0034 0434 1610 9404 2557) und soll am 12. März bei Ihnen sein. Enthalten "
        "sind zwölf Kugellager KL-2040-B und drei Schläuche HS-16/2. Lieferanschrift: Industriestraße 12a, 10115 Berlin. "
        "Ihre Nummer 10423 reicht bei Rückfragen.",
        "fr": "Bonjour Madame Wolf,\n\nvotre commande SO-10423 du 4 mars 2026 est partie le 10 mars avec Nordfracht, numéro de "
        "suivi 00340434161094042557. La livraison est prévue pour le 12/03/2026. Le colis contient 12 roulements "
        "KL-2040-B et 3 flexibles HS-16/2.",
        "es": "Estimada señora Wolf:\n\nsu pedido SO-10423 del 4 de marzo de 2026 salió el 10 de marzo con Nordfracht "
        "(seguimiento 00340434161094042557). La entrega está prevista para el 12 de marzo. Incluye doce rodamientos "
        "KL-2040-B y tres mangueras HS-16/2.",
        "it": "Gentile signora Wolf,\n\nil suo ordine SO-10423 del 4 marzo 2026 è partito il 10 marzo con Nordfracht, codice di "
        "tracciamento 00340434161094042557. La consegna è prevista per il 12 marzo 2026: 12 cuscinetti KL-2040-B e 3 tubi "
        "HS-16/2.",
        "nl": "Geachte mevrouw Wolf,\n\nuw bestelling SO-10423 van 4 maart 2026 is op 10-03-2026 met Nordfracht vertrokken, "
        "zendingsnummer 00340434161094042557. De levering staat gepland op 12 maart. Het gaat om 12 lagers KL-2040-B en 3 "
        "slangen HS-16/2.",
    },
)

_STOCK = _replies(
    [_PRODUCT, _SUM],
    {
        "en": "What do 40 chains KT-0812 cost, and do you have them?",
        "de": "Was kosten 40 Ketten KT-0812, und sind sie da?",
        "fr": "Combien coûtent 40 chaînes KT-0812 et sont-elles en stock ?",
        "es": "¿Cuánto cuestan 40 cadenas KT-0812 y las tienen?",
        "it": "Quanto costano 40 catene KT-0812 e sono disponibili?",
        "nl": "Wat kosten 40 kettingen KT-0812 en zijn ze op voorraad?",
    },
    {
        "en": "Hello,\n\nwe have 1,240 pieces of KT-0812 (Chain 08B-1) in stock. One costs €18.75, so 40 pieces come to "
        "€750.00. New stock arrives on May 15, 2026.",
        "de": "Guten Tag,\n\nvon der Kette KT-0812 (08B-1) sind 1.240 Stück am Lager. Der Preis beträgt 18,75 € je Stück, für "
        "40 Stück also 750,00 €. Nachschub kommt am 15. Mai 2026.",
        "fr": "Bonjour,\n\nnous avons 1 240 pièces KT-0812 (08B-1) en stock. Le prix est de 18,75 € la pièce, soit 750 € pour "
        "40 pièces. Le prochain arrivage est prévu le 15 mai 2026.",
        "es": "Buenos días:\n\ntenemos 1.240 unidades de KT-0812 (08B-1) en almacén. El precio es de 18,75 € por unidad, es "
        "decir, 750,00 EUR por 40 unidades. La próxima entrada será el 15 de mayo.",
        "it": "Buongiorno,\n\nabbiamo 1.240 pezzi di KT-0812 (08B-1) a magazzino. Il prezzo è di 18,75 euro al pezzo, quindi "
        "750 euro per 40 pezzi. Il prossimo arrivo è il 15 maggio 2026.",
        "nl": "Goedendag,\n\nvan KT-0812 (08B-1) hebben wij 1.240 stuks op voorraad. De prijs is € 18,75 per stuk, dus € 750,- "
        "voor 40 stuks. Nieuwe voorraad komt op 15 mei 2026.",
    },
)

_RETURN = _replies(
    [_ORDER, _RETURNS],
    {
        "en": "I would like to return two of the hoses from RE-2026-00412.",
        "de": "Ich möchte zwei Schläuche aus der Rechnung RE-2026-00412 zurückgeben.",
        "fr": "Je souhaite retourner deux flexibles de la facture RE-2026-00412.",
        "es": "Quiero devolver dos mangueras de la factura RE-2026-00412.",
        "it": "Vorrei restituire due tubi della fattura RE-2026-00412.",
        "nl": "Ik wil twee slangen van factuur RE-2026-00412 terugsturen.",
    },
    {
        "en": "Dear Ms Wolf,\n\nyou can return the 2 hoses HS-16/2 from invoice RE-2026-00412 unused within 30 days of "
        "delivery. Please send them to hall 2, gate 7 (7:30 am to 4 pm). We check them within five working days. See "
        "www.parts.example/returns or call +49 30 5550 1234.",
        "de": "Guten Tag,\n\ndie 2 Schläuche HS-16/2 aus der Rechnung RE-2026-00412 nehmen wir unbenutzt innerhalb von 30 Tagen "
        "zurück. Bitte an Halle 2, Tor 7 schicken (7.30 Uhr bis 16 Uhr). Die Prüfung dauert bis zu fünf Arbeitstage. "
        "Fragen: 030 5550 1234 oder returns@parts.example.",
        "fr": "Bonjour,\n\nvous pouvez retourner les deux flexibles HS-16/2 de la facture RE-2026-00412 dans les 30 jours. "
        "Adressez-les au hall 2, porte 7 (7h30 à 16h00). Le contrôle prend 5 jours ouvrés. Informations : "
        "https://www.parts.example/returns.",
        "es": "Hola:\n\npuede devolver las dos mangueras HS-16/2 de la factura RE-2026-00412 en un plazo de 30 días. Envíelas a "
        "la nave 2, puerta 7 (de 7:30 a 16:00). La revisión tarda cinco días laborables. Teléfono: +49 30 5550 1234.",
        "it": "Buongiorno,\n\npuò rendere i due tubi HS-16/2 della fattura RE-2026-00412 entro 30 giorni. Li spedisca al "
        "capannone 2, porta 7 (dalle 7:30 alle 16:00). Il controllo richiede 5 giorni lavorativi. E-mail: "
        "returns@parts.example.",
        "nl": "Goedendag,\n\nu kunt de twee slangen HS-16/2 van factuur RE-2026-00412 binnen 30 dagen retourneren naar hal 2, "
        "poort 7 (7.30 tot 16.00 uur). De controle duurt vijf werkdagen. Meer op parts.example/returns.",
    },
)

_INVOICE = _replies(
    [_ORDER],
    {
        "en": "Please send us a copy of the invoice for SO-10423, our PO 4500012345.",
        "de": "Bitte eine Rechnungskopie zu SO-10423, unsere Bestellnummer 4500012345.",
        "fr": "Merci de nous envoyer une copie de la facture de SO-10423, notre réf. 4500012345.",
        "es": "Envíennos una copia de la factura de SO-10423, nuestro pedido 4500012345.",
        "it": "Inviateci copia della fattura di SO-10423, nostro ordine 4500012345.",
        "nl": "Graag een kopie van de factuur van SO-10423, onze bestelling 4500012345.",
    },
    {
        "en": "Hello,\n\ninvoice RE-2026-00412 over EUR 1,234.50 belongs to your PO 4500012345 (our order SO-10423 of "
        "2026-03-04). A copy follows to this address.",
        "de": "Guten Tag,\n\ndie Rechnung RE-2026-00412 über 1.234,50 EUR gehört zu Ihrer Bestellung 4500012345 (unser Auftrag "
        "SO-10423 vom 4. März 2026). Die Positionen: 12 Stück zu 42,90 € und 3 Stück zu 239,90 €.",
        "fr": "Bonjour,\n\nla facture RE-2026-00412 d'un montant de 1 234,50 € correspond à votre commande 4500012345 (notre "
        "numéro SO-10423). Elle comprend 12 × 42,90 € et 3 × 239,90 €.",
        "es": "Buenos días:\n\nla factura RE-2026-00412 por 1.234,50 € corresponde a su pedido 4500012345 (nuestro número "
        "SO-10423 del 04/03/2026).",
        "it": "Buongiorno,\n\nla fattura RE-2026-00412 di € 1.234,50 riguarda il vostro ordine 4500012345 (nostro SO-10423 del "
        "04.03.2026).",
        "nl": "Goedendag,\n\nfactuur RE-2026-00412 van € 1.234,50 hoort bij uw bestelling 4500012345 (onze SO-10423 van 04-03-2026).",
    },
)

_LATE = _replies(
    [_BACKORDER],
    {
        "en": "When will the four pumps of SO-10987 come?",
        "de": "Wann kommen die vier Pumpen aus SO-10987?",
        "fr": "Quand arrivent les quatre pompes de SO-10987 ?",
        "es": "¿Cuándo llegan las cuatro bombas de SO-10987?",
        "it": "Quando arrivano le quattro pompe di SO-10987?",
        "nl": "Wanneer komen de vier pompen van SO-10987?",
    },
    {
        "en": "Dear customer,\n\nthe four PU-7700 pumps of your order SO-10987 (27 February 2026, 12,480.00 EUR) are waiting "
        "for stock. We expect to deliver on 1 April 2026.",
        "de": "Sehr geehrte Damen und Herren,\n\ndie vier Pumpen PU-7700 aus Ihrem Auftrag SO-10987 vom 27.02.2026 (12.480,00 "
        "€, je 3.120,00 €) warten auf Ware. Der zugesagte Termin ist der 1.4.2026.",
        "fr": "Bonjour,\n\nles quatre pompes PU-7700 de votre commande SO-10987 du 27 février 2026 (12 480,00 €) sont en "
        "attente. La date prévue est le 1er avril 2026.",
        "es": "Estimado cliente:\n\nlas cuatro bombas PU-7700 de su pedido SO-10987 del 27 de febrero de 2026 (12.480 €) "
        "esperan material. La fecha prevista es el 1 de abril.",
        "it": "Gentile cliente,\n\nle 4 pompe PU-7700 dell'ordine SO-10987 del 27 febbraio 2026 (12.480,00 €) sono in attesa. "
        "La data prevista è il 1º aprile 2026.",
        "nl": "Geachte klant,\n\nde vier pompen PU-7700 van bestelling SO-10987 van 27 feb 2026 (€ 12.480,00) wachten op "
        "voorraad. De verwachte datum is 1 april 2026.",
    },
)

_QUOTE = _replies(
    [
        _PRODUCT,
        _SUM,
        _VAT,
        {"tool": "article", "body": "Prices are net; 19 % VAT is added. Offers are valid for 14 days. Payment: 30 days net."},
    ],
    {
        "en": "Please quote 40 pcs KT-0812.",
        "de": "Bitte ein Angebot über 40 Stk. KT-0812.",
        "fr": "Merci de chiffrer 40 pcs KT-0812.",
        "es": "Oferta por 40 uds de KT-0812, por favor.",
        "it": "Offerta per 40 pz KT-0812, grazie.",
        "nl": "Graag een offerte voor 40 st. KT-0812.",
    },
    {
        "en": "Hello,\n\n40 pcs KT-0812 at €18.75 each are €750.00 net, €892.50 with 19% VAT. The offer is valid for 14 days, "
        "payment is due within 30 days net.",
        "de": "Guten Tag,\n\n40 Stk. KT-0812 zu je 18,75 EUR ergeben 750,00 EUR netto, mit 19 % MwSt. 892,50 EUR. Das Angebot "
        "gilt 14 Tage, Zahlung 30 Tage netto.",
        "fr": "Bonjour,\n\n40 pcs KT-0812 à 18,75 € font 750,00 € HT, soit 892,50 € TTC (TVA 19 %). Offre valable 14 jours, "
        "paiement à 30 jours.",
        "es": "Buenos días:\n\n40 uds de KT-0812 a 18,75 € son 750,00 € netos, 892,50 € con el 19 % de IVA. La oferta vale 14 "
        "días; pago a 30 días.",
        "it": "Buongiorno,\n\n40 pz KT-0812 a 18,75 € fanno 750,00 € netti, 892,50 € con IVA al 19%. L'offerta vale 14 giorni, "
        "pagamento a 30 giorni.",
        "nl": "Goedendag,\n\n40 st. KT-0812 à € 18,75 is € 750,00 netto, € 892,50 met 19% btw. De offerte geldt 14 dagen, "
        "betaling binnen 30 dagen.",
    },
)

REPLIES = [*_SHIPPED, *_STOCK, *_RETURN, *_INVOICE, *_LATE, *_QUOTE]
