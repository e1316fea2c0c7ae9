"""What mails to a company are usually about, and the words that give each away, by language.

A term matches at the start of a word ("liefer" finds "Lieferung"); a term of several words counts double, and "_" stands for a gap
of up to three words.
"""

import re
from functools import cache

INTENTS = (
    "status",
    "stock",
    "quote",
    "return",
    "damage",
    "invoice",
    "change",
    "cancel",
    "complaint",
    "discount",
    "policy",
    "other",
    "thanks",
)

VOCABULARY: dict[str, dict[str, str]] = {
    "en": {
        "status": "status|track|where is|where's|when will_arrive|when will_ship|when can_expect|still waiting|not arrived"
            "|hasn't arrived|not received"
        "|has_shipped|been dispatched|dispatch|delivery date|expected delivery|eta|on its way|order progress|shipment|any news|whereabouts"
        "|state of|arrive|when will_come|when does_arrive|when do we get|overdue",
        "stock": "stock|available|availability|price|cost|how much|in store|do you have|do you carry|lead time|unit price|price list",
        "quote": "quote|quotation|offer for|price offer|best price for|request for|rfq|pricing for|proposal",
        "return": "return|send back|send_back|sending_back|give back|rma|do not need|don't need|ordered too many|wrong size|exchange"
            "|refund|credit for",
        "damage": "damage|broken|cracked|dented|bent|scratched|defect|faulty|smashed|leaking|missing part|parts missing"
            "|short delivery|wrong item"
        "|wrong part|arrived broken|does not work|claim for",
        "invoice": "invoice|copy of the bill|billing document|duplicate bill|receipt|credit note|bookkeeping|accounting",
        "change": "change_address|change_delivery|delivery address|new address|different address|redirect|deliver_instead|postpone"
            "|reschedule|deliver later"
        "|deliver earlier|delivery change|change the date|other address|hold the delivery|moved to|ship_to our",
        "cancel": "cancel|call off|withdraw_order",
        "complaint": "complain|unacceptable|disappointed|outrageous|fed up|furious|angry|disgrace|terrible service|worst|ridiculous|useless"
        "|third time|never again|dissatisf|unhappy|not good enough|scandal",
        "discount": "discount|rebate|price reduction|cheaper|better price|special price|bulk price",
        "policy": "opening hours|open on|payment terms|minimum order|shipping cost|freight cost|delivery cost|how long_does|warranty"
            "|do you ship|do you deliver"
        "|data sheet|datasheet|certificate|pick up|collect|catalogue|vat|terms and conditions|how do i|how can i",
        "other": "other|misc|general|anything else|everything else|rest|none of",
        "thanks": "thank you very much for|thanks for the quick|thanks a lot|all good now|has arrived now|received with thanks"
            "|much appreciated|many thanks for",
    },
    "de": {
        "status": "status|wo ist|wo bleibt|wann kommt|wann_geliefert|wann_lieferung|wann_rechnen|wann trifft|wann wird"
            "|noch nicht_angekommen|sendungsverfolgung"
        "|sendungsnummer|liefertermin|lieferstatus|bestellstatus|verschickt|versandt|unterwegs|stand der|stand meiner|stand unserer"
        "|wann erhalten"
        "|warten_auf|sendung|eingetroffen",
        "stock": "lager|vorrätig|verfügbar|preis|kostet|kosten|lieferbar|auf lager|haben sie|führen sie|stückpreis|bestand|lieferzeit",
        "quote": "angebot|offerte|preisanfrage|kostenvoranschlag|unterbreiten",
        "return": "rücksend|retour|zurückschicken|zurücksenden|zurückgeben|rückgabe|umtausch|zu viel bestellt|erstattung"
            "|gutschrift für|nicht benötigt",
        "damage": "beschädig|kaputt|defekt|zerbrochen|verbogen|gebrochen|transportschaden|schaden|mangelhaft|fehlteil|falsche ware"
            "|falscher artikel"
        "|falsch geliefert|unvollständig|eingedrückt|reklam",
        "invoice": "rechnung|rechnungskopie|beleg|buchhaltung|gutschrift",
        "change": "lieferadresse|adresse änder|andere adresse|neue adresse|anders liefern|umleiten|später liefern|früher liefern"
            "|verschieben|lieferung_änder"
        "|ändern_adresse|ändern_lieferung|umgezogen|lieferänderung|liefertermin_verschieben",
        "cancel": "storn|bestellung_zurückziehen|abbestell",
        "complaint": "beschwer|unverschämt|enttäusch|inakzeptabel|unzumutbar|ärger|wütend|frechheit|skandal|sauer|unfassbar"
            "|nie wieder|katastroph|zum dritten mal"
        "|unzufrieden|zumutung|verärgert",
        "discount": "rabatt|nachlass|skonto|günstiger|sonderpreis|mengenpreis|staffelpreis",
        "policy": "öffnungszeit|geöffnet|zahlungsziel|zahlungsbeding|mindestbestell|versandkosten|frachtkosten|garantie"
            "|gewährleistung|datenblatt|zertifikat"
        "|selbst abholen|abholung|katalog|liefern sie|agb",
        "other": "sonstig|andere|allgemein|übrige|verschieden",
        "thanks": "vielen dank für|besten dank für|hat sich erledigt|ist angekommen|alles bestens",
    },
    "fr": {
        "status": "où en est|où est|suivi|statut|quand_livr|quand_recevoir|quand arrive|pas encore reçu|toujours pas|expédi"
            "|date de livraison|acheminement"
        "|en route|état de ma|état de notre|numéro de suivi|colis",
        "stock": "stock|disponib|prix|tarif|coûte|combien|avez-vous|en magasin|délai",
        "quote": "devis|offre de prix|offre pour|cotation|proposition",
        "return": "retour|renvoyer|rendre|échang|rembours|commandé trop|plus besoin|rétractation",
        "damage": "endommag|cassé|abîmé|défectueu|brisé|fissur|tordu|casse|manquant|mauvais article|avarie|sinistre|fuite",
        "invoice": "facture|duplicata|copie de la facture|comptabilité|avoir",
        "change": "adresse de livraison|changer_adresse|modifier_adresse|modifier_livraison|changer_livraison|nouvelle adresse"
            "|autre adresse|reporter|livrer_plutôt"
        "|livrer plus tard|déménag|différer",
        "cancel": "annul",
        "complaint": "inacceptable|plainte|réclamation|déçu|scandale|furieu|honte|inadmissible|mécontent|colère|troisième fois"
            "|lamentable|insatisf",
        "discount": "remise|rabais|ristourne|réduction|meilleur prix|moins cher",
        "policy": "horaire|ouvert|conditions de paiement|commande minimum|minimum de commande|frais de port|frais de livraison"
            "|garantie|fiche technique|certificat"
        "|retirer sur place|catalogue|livrez-vous",
        "other": "autre|divers|général|reste",
        "thanks": "merci beaucoup pour|merci pour votre réponse|bien reçu|tout est en ordre|merci pour la rapidité",
    },
    "es": {
        "status": "estado|dónde está|cuándo_llega|cuándo_recib|cuándo_entreg|seguimiento|todavía no_lleg|aún no_lleg|no ha llegado"
            "|no hemos recibido|enviado"
        "|fecha de entrega|en camino|envío|rastre",
        "stock": "stock|existencias|disponib|precio|cuesta|cuánto|tienen|en almacén|plazo de entrega",
        "quote": "presupuesto|cotiza|oferta|proforma",
        "return": "devol|devuelv|reembols|cambiar por|pedimos de más|ya no necesit|reintegr",
        "damage": "dañad|roto|rota|defect|golpead|daño|averiad|doblad|agrietad|falta_pieza|artículo equivocado|incomplet|desperfecto"
            "|siniestro",
        "invoice": "factura|duplicado|contabilidad|abono",
        "change": "cambiar_dirección|dirección de entrega|nueva dirección|otra dirección|modificar_entrega|cambiar_entrega"
            "|cambio de entrega|aplazar|entregar_más tarde"
        "|retrasar la entrega|cambio de dirección",
        "cancel": "cancel|anular|anulación",
        "complaint": "queja|reclamación|inaceptable|decepcion|vergüenza|indignad|harto|pésimo|tercera vez|molest|enfadad|insatisf",
        "discount": "descuento|rebaja|mejor precio|más barato",
        "policy": "horario|abierto|condiciones de pago|pedido mínimo|gastos de envío|portes|garantía|ficha técnica|certificado"
            "|recoger|catálogo|envían a",
        "other": "otro|otra|varios|general|resto|demás",
        "thanks": "muchas gracias por|gracias por la respuesta|ya ha llegado|todo correcto",
    },
    "it": {
        "status": "stato|dov'è|dove si trova|quando_arriv|quando_riceve|quando_conseg|tracciamento|tracking|spedit"
            "|non_ancora arrivat|non è_arrivat|non abbiamo_ricevuto"
        "|data di consegna|spedizione|in viaggio|a che punto",
        "stock": "magazzino|disponib|prezzo|costa|quanto|avete|giacenza|tempi di consegna|listino",
        "quote": "preventiv|offerta|quotazione|proposta",
        "return": "reso|restitu|rimbors|rendere|rimandare|sostituire con|ordinato troppi|non ci serv|recesso",
        "damage": "dannegg|rott|difett|ammacc|guast|crepat|piegat|manca un|pezzo sbagliato|articolo sbagliato|incomplet|sinistro",
        "invoice": "fattura|duplicato|contabilità|nota di credito",
        "change": "indirizzo di consegna|cambiare_indirizzo|modificare_indirizzo|modificare_consegna|cambiare_consegna"
            "|nuovo indirizzo|altro indirizzo|posticip|rinvia"
        "|consegnare più tardi|cambio di consegna|spostare la consegna",
        "cancel": "annull|disdire|cancella",
        "complaint": "reclamo|inaccettabile|delus|vergogn|arrabbiat|scandal|pessim|terza volta|lament|insoddisf",
        "discount": "sconto|ribasso|prezzo migliore|più economic",
        "policy": "orari|apert|condizioni di pagamento|ordine minimo|spese di spedizione|garanzia|scheda tecnica|certificato"
            "|ritirare|catalogo|spedite in",
        "other": "altro|altre|vari|general|resto",
        "thanks": "grazie mille per|grazie per la risposta|è arrivato tutto|tutto a posto",
    },
    "nl": {
        "status": "status|waar is|waar blijft|wanneer_geleverd|wanneer_komt|wanneer_aankom|wanneer_verwacht|nog niet_ontvangen"
            "|nog niet_aangekomen|track|verzonden"
        "|leverdatum|onderweg|zending|bezorgd",
        "stock": "voorraad|beschikba|prijs|kost|hoeveel|leverbaar|heeft u|hebben jullie|levertijd",
        "quote": "offerte|prijsopgave|aanbieding|voorstel",
        "return": "retour|terugstur|teruggev|ruilen|terugbetal|te veel besteld|niet meer nodig|omruil",
        "damage": "beschadig|kapot|defect|gebroken|gescheurd|verbogen|schade|ontbreekt|verkeerd artikel|gedeukt|incompleet",
        "invoice": "factuur|facturen|kopie van de factuur|boekhouding|creditnota",
        "change": "afleveradres|bezorgadres|leveradres|ander adres|nieuw adres|adres_wijzig|wijzig_adres|levering_wijzig"
            "|later leveren|eerder leveren|uitstel|verhuisd",
        "cancel": "annule",
        "complaint": "klacht|onacceptabel|teleurgesteld|schandalig|boos|woedend|belachelijk|derde keer|ontevreden",
        "discount": "korting|goedkoper|betere prijs",
        "policy": "openingstijd|geopend|betalingstermijn|betalingsvoorwaard|minimale bestel|verzendkosten|garantie|datasheet"
            "|certificaat|afhalen|catalogus|levert u",
        "other": "overig|ander|algemeen|divers",
        "thanks": "hartelijk dank voor|bedankt voor de snelle|alles in orde|is aangekomen",
    },
    "pl": {
        "status": "status|gdzie jest|kiedy_dotrze|kiedy_dostar|kiedy_przyjdzie|kiedy_wys|kiedy będzie|nie dotarł|jeszcze nie_otrzym"
            "|śledzeni|wysłan|przesyłk|termin dostawy|w drodze"
        "|na jakim etapie",
        "stock": "magazyn|dostępn|cena|cenę|ceny|kosztuje|ile|na stanie|czy macie|czy mają|czas realizacji",
        "quote": "wycen|ofert",
        "return": "zwrot|zwróc|odesł|wymian|za dużo zamów|niepotrzebn",
        "damage": "uszkodz|zepsut|wadliw|pęknię|złaman|zniszcz|brakuj|niewłaściwy|zły towar|reklamac|niekompletn",
        "invoice": "faktur|duplikat|księgowoś|korekt",
        "change": "adres dostawy|zmienić adres|zmiana adresu|zmianę adresu|inny adres|nowy adres|zmien_dostaw|zmian_dostaw|przełoż"
            "|późniejsz",
        "cancel": "anulow|odwoła",
        "complaint": "skarg|niedopuszczaln|rozczarow|skandal|wściek|oburz|trzeci raz|niezadowol",
        "discount": "rabat|zniżk|upust|taniej|lepsza cena",
        "policy": "godziny otwarcia|otwarte|warunki płatności|termin płatności|minimalne zamów|koszt wysyłki|koszty dostawy|gwarancj"
            "|karta katalogowa|certyfikat|odbiór osobisty"
        "|katalog",
        "other": "inn|pozostał|ogóln|różn",
        "thanks": "bardzo dziękuję za|dziękuję za szybk|wszystko w porządku|dotarło",
    },
}  # fmt: skip


def score(text: str, language: str) -> dict[str, float]:
    """How strongly a text in a language speaks of each intent; intents that it does not speak of are left out."""
    found = {intent: _weight(text, language, intent) for intent in INTENTS}
    return {intent: weight for intent, weight in found.items() if weight}


def _weight(text: str, language: str, intent: str) -> float:
    languages = {language, "en"} if language in VOCABULARY else set(VOCABULARY)
    hits: dict[str, float] = {}
    for one in languages:
        for match in _pattern(one, intent).finditer(text):
            hits[match[0].lower()] = 2.0 if " " in match[0].strip() else 1.0
    return sum(hits.values())


@cache
def _pattern(language: str, intent: str) -> re.Pattern[str]:
    terms = VOCABULARY[language][intent].split("|")
    return re.compile(r"\b(?:" + "|".join(_term(term) for term in sorted(terms, key=len, reverse=True)) + ")", re.IGNORECASE)


def _term(term: str) -> str:
    return r"(?:\W+\w+){0,3}?\W+".join(re.escape(part).replace(r"\ ", r"\s+") for part in term.split("_"))
