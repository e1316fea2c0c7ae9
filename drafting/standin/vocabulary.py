"""The words that give away what a mail is about, by language and intent.

A term matches at the start of a word ("liefer" finds "Lieferung"); a term of several words counts double, and "_" stands for a gap
of up to six words.
"""

VOCABULARY: dict[str, dict[str, str]] = {
    "en": {
        "status": "status|track|where is|where's|when will_ship|when can_expect|still waiting|not arrived|hasn't arrived"
        "|not received|has_shipped|been dispatched|dispatch|delivery date|expected delivery|eta|on its way|order progress"
        "|shipment|any news|whereabouts|state of|when do we get|overdue|when will_arrive|when will_come|when does_arrive"
        "|when does_come|when do_come|when_arrive|when_come|will it arrive|order status|when it arrives|where an order|how far"
        "|tracking number|delayed|where our order|where my order|is being delivered",
        "stock": "available|availability|price|cost|how much|in store|lead time|unit price|price list|in stock|on stock"
        "|stock level|stock of|out of stock|back in stock|stock and|stock question|stock|do you have_available|do you carry"
        "|do you still have|how many do you have",
        "quote": "quote|quotation|offer for|price offer|best price for|request for|rfq|pricing for|proposal|could you offer"
        "|please offer|can you offer|written offer|larger quantit|best price",
        "return": "return|send back|send_back|sending_back|do not need|don't need|ordered too many|wrong size|rma|give it back"
        "|take back|take it back|goods back|refund|not needed any|no longer need|do not need_after all|credit note for",
        "damage": "damage|broken|cracked|dented|bent|scratched|defect|faulty|smashed|leaking|missing part|parts missing"
        "|short delivery|wrong item|wrong part|arrived broken|does not work|claim for|crushed|loses pressure"
        "|does not hold|leak|incomplete|rusty|snapped|split|dead on arrival|wrong goods|wrong product|transport damage"
        "|not working",
        "invoice": "amount|invoice|copy of the bill|billing document|duplicate bill|credit note|a receipt",
        "change": "change_address|change_delivery|delivery address|new address|different address|redirect|deliver_instead"
        "|postpone|reschedule|deliver later|deliver earlier|delivery change|change the date|other address|hold the delivery"
        "|moved to|ship_to our|bring forward|deliver_earlier|deliver_later|days later|week later|days earlier|send_earlier"
        "|send_later|another address|deliver to another|different date|change the quantity|other delivery address|part delivery"
        "|split the delivery|partial delivery|deliver it to|deliver them to|instead deliver",
        "cancel": "cancel|call off|withdraw_order",
        "complaint": "complain|unacceptable|disappointed|outrageous|fed up|furious|angry|disgrace|terrible service|worst"
        "|ridiculous|useless|third time|never again|dissatisf|unhappy|not good enough|scandal|enough is enough|nobody calls back"
        "|still nobody|let down",
        "discount": "discount|rebate|price reduction|cheaper|better price|special price|bulk price",
        "policy": "opening hours|open on|payment terms|minimum order|shipping cost|freight cost|delivery cost|warranty"
        "|do you ship|do you deliver|pick up|collect|catalogue|vat|terms and conditions|open_hours|when are you open"
        "|how long do you need|payment term|payment|pay by|collect_from|until when_collect|express|courier",
        "other": "other|misc|general|anything else|everything else|rest|none of",
        "thanks": "thank you very much for|thanks for the quick|thanks a lot|all good now|has arrived now|received with thanks"
        "|much appreciated|many thanks for|nothing else needed|no further|thank you very much|all sorted|that is perfect"
        "|that's perfect|that's all",
        "technical": "fits|fit in|fit into|fit the|will it fit|does it fit|compatible|dimension|data sheet|datasheet|certificate"
        "|declaration of conformity|drawing|mounting|operating manual|technical|torque|suitable|specification|does it need|rated"
        "|wiring|which part|food contact",
        "callback": "call me|call us|call back|callback|phone me|ring me|give me a call",
    },
    "de": {
        "status": "status|wo ist|wo bleibt|wann kommt|wann_geliefert|wann_lieferung|wann_rechnen|wann trifft|wann wird"
        "|noch nicht_angekommen|sendungsverfolgung|sendungsnummer|liefertermin|lieferstatus|bestellstatus|verschickt|versandt"
        "|unterwegs|stand der|stand meiner|stand unserer|wann erhalten|warten_auf|sendung|eingetroffen|wann_lieferung_rechnen"
        "|mit der lieferung_rechnen|wann dürfen_rechnen|überfällig|bestellung_unterwegs|schon unterwegs|wann_ankommt"
        "|wann_kommt|wann_erwarten|wann_eintreffen",
        "stock": "vorrätig|verfügbar|kostet|lieferbar|auf lager|führen sie|stückpreis|bestand|lieferzeit|am lager|ab lager"
        "|lagerbestand|lagernd|preise|preis für|preis von|preis des|preis der|welchen preis|zu welchem preis|gekostet|der preis"
        "|haben sie_vorrätig|haben sie noch|was kosten",
        "quote": "angebot|offerte|preisanfrage|kostenvoranschlag|unterbreiten|anbieten|staffelpreis|größere menge",
        "return": "rücksend|retour|zurückschicken|zurücksenden|zurückgeben|rückgabe|umtausch|zu viel bestellt|erstattung"
        "|gutschrift für|nicht benötigt|gutschrift|zurückgeschickt|zurück geben|zurücknehmen|nicht gebraucht|wird nicht benötigt"
        "|zu viel",
        "damage": "beschädig|kaputt|defekt|zerbrochen|verbogen|gebrochen|transportschaden|schaden|mangelhaft|fehlteil"
        "|falsche ware|falscher artikel|falsch geliefert|unvollständig|eingedrückt|falsche|undicht"
        "|leckt|verkratzt|verbeult|gerissen|zerkratzt|funktioniert nicht|reklamation|reklamier",
        "invoice": "betrag|rechnung|rechnungskopie",
        "change": "lieferadresse|adresse änder|andere adresse|neue adresse|anders liefern|umleiten|später liefern|früher liefern"
        "|verschieben|lieferung_änder|ändern_adresse|ändern_lieferung|umgezogen|lieferänderung|liefertermin_verschieben|vorziehen"
        "|später geliefert|früher geliefert|tage später|woche später|teillieferung|adresse_ändern|abladestelle|umgeleitet"
        "|nach hinten|an eine andere|umadress|an diese adresse liefern",
        "cancel": "storn|bestellung_zurückziehen|abbestell",
        "complaint": "beschwer|unverschämt|enttäusch|inakzeptabel|unzumutbar|wütend|frechheit|unfassbar|nie wieder|katastroph"
        "|zum dritten mal|unzufrieden|zumutung|verärgert|stinksauer|skandal|ärgerlich|reicht es|reicht_jetzt|es reicht"
        "|so geht das nicht|niemand ruft zurück|unverschämtheit",
        "discount": "rabatt|nachlass|skonto|günstiger|sonderpreis|mengenpreis|staffelpreis",
        "policy": "öffnungszeit|geöffnet|zahlungsziel|zahlungsbeding|mindestbestell|versandkosten|frachtkosten|garantie"
        "|gewährleistung|selbst abholen|abholung|katalog|agb|abholen|bis wann kann|zahlung|bezahlen|express|kurier|lieferzeiten"
        "|lieferzeit nach",
        "other": "sonstig|andere|allgemein|übrige|verschieden",
        "thanks": "vielen dank für|besten dank für|hat sich erledigt|ist angekommen|alles bestens|vielen dank, das war"
        "|perfekt, danke|alles klar|danke, passt",
        "technical": "passt|passen|passend|kompatibel|abmessung|maße|datenblatt|datenblätter|zertifikat|zeugnis|zeichnung|einbau"
        "|montage|technisch|geeignet|welches teil|anschlusswert|konformität|betriebsanleitung",
        "callback": "rückruf|zurückrufen|rufen sie|anrufen",
    },
    "fr": {
        "status": "où en est|où est|suivi|statut|quand_livr|quand_recevoir|quand arrive|pas encore reçu|toujours pas|expédi"
        "|date de livraison|acheminement|en route|état de ma|état de notre|numéro de suivi|colis|quand sera|quand va"
        "|livraison prévue|prévue|retard|quand pouvons-nous attendre|expédiée",
        "stock": "stock|disponib|prix|tarif|coûte|combien|en magasin|avez-vous encore|à quel prix|délai pour"
        "|délai de livraison pour",
        "quote": "devis|offre de prix|offre pour|cotation|prix pour_pièces|meilleur prix pour|nous proposer",
        "return": "retour|renvoyer|rendre|échang|rembours|commandé trop|plus besoin|rétractation|reprendre|reprise|retourn",
        "damage": "endommag|cassé|abîmé|défectueu|brisé|fissur|tordu|casse|manquant|mauvais article|avarie|sinistre|fuite|mauvais"
        "|erron|fuit|ne fonctionne pas|abim|écras|incomplet",
        "invoice": "montant|facture|duplicata|copie de la facture",
        "change": "adresse de livraison|changer_adresse|modifier_adresse|modifier_livraison|changer_livraison|nouvelle adresse"
        "|autre adresse|reporter|livrer_plutôt|livrer plus tard|déménag|différer|avancer|plus tôt|jours plus tard|livrer à"
        "|livrée à|autre site|livraison partielle|modifier la livraison|livrer la commande",
        "cancel": "annul",
        "complaint": "inacceptable|déçu|scandale|furieu|inadmissible|mécontent|colère|troisième fois|lamentable|insatisf|plainte"
        "|une honte|pas content|très mécontent|ras le bol",
        "discount": "remise|rabais|ristourne|réduction|meilleur prix|moins cher",
        "policy": "horaire|ouvert|conditions de paiement|commande minimum|minimum de commande|frais de port|frais de livraison"
        "|garantie|retirer sur place|catalogue|livrez-vous|paiement|payer|express|coursier",
        "other": "autre|divers|général|reste",
        "thanks": "merci beaucoup pour|merci pour votre réponse|bien reçu|tout est en ordre|merci pour la rapidité|parfait, merci"
        "|c'est parfait",
        "technical": "compatible|dimension|fiche technique|certificat|montage|technique|convient|adapté|déclaration de conformité",
        "callback": "rappeler|rappelez|appelez|être rappelé",
    },
    "es": {
        "status": "estado|dónde está|cuándo_llega|cuándo_recib|cuándo_entreg|seguimiento|todavía no_lleg|aún no_lleg"
        "|no ha llegado|no hemos recibido|enviado|fecha de entrega|en camino|envío|rastre|cuándo_esperar|cuándo sale|retras",
        "stock": "stock|existencias|disponib|precio|cuesta|cuánto|en almacén|plazo de entrega",
        "quote": "presupuesto|cotiza|oferta|proforma|ofertar|precio para_unidades",
        "return": "devol|devuelv|reembols|cambiar por|pedimos de más|ya no necesit|reintegr",
        "damage": "dañad|roto|rota|defect|golpead|averiad|doblad|agrietad|falta_pieza|artículo equivocado|incomplet|desperfecto"
        "|siniestro|equivocad|pierde aceite|no funciona|rayad|aplastad|daños",
        "invoice": "importe|factura|duplicado",
        "change": "cambiar_dirección|dirección de entrega|nueva dirección|otra dirección|modificar_entrega|cambiar_entrega"
        "|cambio de entrega|aplazar|entregar_más tarde|retrasar la entrega|cambio de dirección|adelantar|anticipar|días más tarde"
        "|antes de lo previsto|entregar en otra|entrega parcial",
        "cancel": "cancel|anular|anulación",
        "complaint": "queja|inaceptable|decepcion|vergüenza|indignad|harto|pésimo|tercera vez|enfadad|insatisf|muy molest"
        "|no puede ser",
        "discount": "descuento|rebaja|mejor precio|más barato",
        "policy": "horario|abierto|condiciones de pago|pedido mínimo|gastos de envío|portes|garantía|recoger|catálogo|envían a"
        "|pago|urgente por|mensajero",
        "other": "otro|otra|varios|general|resto|demás",
        "thanks": "muchas gracias por|gracias por la respuesta|ya ha llegado|todo correcto|perfecto, gracias",
        "technical": "compatible|medidas|dimensiones|ficha técnica|certificado|montaje|técnic|sirve para|adecuad|encaja",
        "callback": "llámenme|llamarme|llamen|que me llamen",
    },
    "it": {
        "status": "stato|dov'è|dove si trova|quando_arriv|quando_riceve|quando_conseg|tracciamento|tracking|spedit"
        "|non_ancora arrivat|non è_arrivat|non abbiamo_ricevuto|data di consegna|spedizione|in viaggio|a che punto|quando_aspett"
        "|quando parte|ritardo|in ritardo",
        "stock": "magazzino|disponib|prezzo|costa|giacenza|tempi di consegna|listino|quanto cost|quanti ne avete|avete ancora"
        "|avete disponibil",
        "quote": "preventiv|offerta|quotazione|quotar|offrire|miglior prezzo per",
        "return": "reso|restitu|rimbors|rendere|rimandare|sostituire con|ordinato troppi|non ci serv|recesso|restituzione"
        "|indietro",
        "damage": "dannegg|difett|ammacc|guast|crepat|piegat|manca un|pezzo sbagliato|articolo sbagliato|incomplet|sinistro"
        "|sbagliat|perde olio|non funziona|graffiat|schiacciat|errat|rotto|rotta|rotti|rotte|in frantumi",
        "invoice": "importo|fattura|nota di credito",
        "change": "indirizzo di consegna|cambiare_indirizzo|modificare_indirizzo|modificare_consegna|cambiare_consegna"
        "|nuovo indirizzo|altro indirizzo|posticip|rinvia|consegnare più tardi|cambio di consegna|spostare la consegna|anticipar"
        "|giorni dopo|prima del previsto|consegna parziale|consegnare a",
        "cancel": "annull|disdire|cancella",
        "complaint": "inaccettabile|delus|vergogn|arrabbiat|scandal|pessim|terza volta|insoddisf|reclamo formale|lamentela"
        "|non è possibile che",
        "discount": "sconto|ribasso|prezzo migliore|più economic",
        "policy": "orari|apert|condizioni di pagamento|ordine minimo|spese di spedizione|garanzia|ritirare|catalogo|spedite in"
        "|pagamento|corriere espresso",
        "other": "altro|altre|vari|general|resto",
        "thanks": "grazie mille per|grazie per la risposta|è arrivato tutto|tutto a posto|perfetto, grazie",
        "technical": "compatibil|dimension|misure|scheda tecnica|certificat|disegno|montaggio|tecnic|adatt|va bene per",
        "callback": "richiam|chiamatemi|chiamarmi",
    },
    "nl": {
        "status": "status|waar is|waar blijft|wanneer_geleverd|wanneer_komt|wanneer_aankom|wanneer_verwacht|nog niet_ontvangen"
        "|nog niet_aangekomen|track|verzonden|leverdatum|onderweg|zending|bezorgd|wanneer komt|al verzonden|vertraging"
        "|wanneer_krijgen",
        "stock": "voorraad|beschikba|prijs|leverbaar|levertijd|wat kost|kosten_per|hoeveel kost|hoeveel heeft|hoeveel hebben"
        "|heeft u_op voorraad",
        "quote": "offerte|prijsopgave|aanbieding|voorstel|offreren|aanbieden",
        "return": "retour|terugstur|teruggev|ruilen|terugbetal|te veel besteld|niet meer nodig|omruil|terug sturen|terugneem"
        "|retourneren",
        "damage": "beschadig|kapot|defect|gebroken|gescheurd|verbogen|schade|ontbreekt|verkeerd artikel|gedeukt|incompleet"
        "|verkeerde|lekt|werkt niet|krassen",
        "invoice": "bedrag|factuur|facturen|kopie van de factuur|creditnota",
        "change": "afleveradres|bezorgadres|leveradres|ander adres|nieuw adres|adres_wijzig|wijzig_adres|levering_wijzig"
        "|later leveren|eerder leveren|uitstel|verhuisd|dagen later|later_lever|later geleverd|eerder geleverd|week later"
        "|deellevering|naar een ander",
        "cancel": "annule",
        "complaint": "klacht|onacceptabel|teleurgesteld|schandalig|boos|woedend|belachelijk|derde keer|ontevreden",
        "discount": "korting|goedkoper|betere prijs",
        "policy": "openingstijd|geopend|betalingstermijn|betalingsvoorwaard|minimale bestel|verzendkosten|garantie|afhalen"
        "|catalogus|levert u|betaling|koerier",
        "other": "overig|ander|algemeen|divers",
        "thanks": "hartelijk dank voor|bedankt voor de snelle|alles in orde|is aangekomen|perfect, dank",
        "technical": "past op|past in|passend|compatibel|afmeting|datasheet|certificaat|tekening|montage|technisch|geschikt",
        "callback": "terugbel|bel mij|bellen",
    },
    "pl": {
        "status": "status|gdzie jest|kiedy_dotrze|kiedy_dostar|kiedy_przyjdzie|kiedy_wys|kiedy będzie|nie dotarł"
        "|jeszcze nie_otrzym|śledzeni|wysłan|przesyłk|termin dostawy|w drodze|na jakim etapie|kiedy_spodziewać"
        "|spodziewać się dostaw|kiedy_dostaw|kiedy_zamówieni|opóźni|gdzie_zamówieni|numer przesyłki",
        "stock": "dostępn|cena|cenę|ceny|kosztuje|na stanie|czy macie|czy mają|czas realizacji|w magazynie|stan magazyn"
        "|ile kosztuje|ile_sztuk|ile_kosztuj",
        "quote": "wycen|ofert|zaoferow",
        "return": "zwrot|zwróc|odesł|wymian|za dużo zamów|niepotrzebn|oddać",
        "damage": "uszkodz|zepsut|wadliw|pęknię|złaman|zniszcz|brakuj|niewłaściwy|zły towar|reklamac|niekompletn|błędn"
        "|niewłaściw|zły|nie działa|cieknie|przecieka|pogięt",
        "invoice": "kwot|faktur|duplikat|korekt",
        "change": "adres dostawy|zmienić adres|zmiana adresu|zmianę adresu|inny adres|nowy adres|zmien_dostaw|zmian_dostaw"
        "|przełoż|późniejsz|wcześniej|przyspiesz|dni później|później|częściow|na inny|część zamówienia",
        "cancel": "anulow|odwoła",
        "complaint": "skarg|niedopuszczaln|rozczarow|skandal|wściek|oburz|trzeci raz|niezadowol",
        "discount": "rabat|zniżk|upust|taniej|lepsza cena",
        "policy": "godziny otwarcia|otwarte|warunki płatności|termin płatności|minimalne zamów|koszt wysyłki|koszty dostawy"
        "|gwarancj|odbiór osobisty|katalog|płatnoś|kurier",
        "other": "inn|pozostał|ogóln|różn",
        "thanks": "bardzo dziękuję za|dziękuję za szybk|wszystko w porządku|dotarło|świetnie, dziękuję",
        "technical": "pasuje|kompatybiln|wymiar|karta katalogowa|kartę katalogową|certyfikat|rysunek|montaż|techniczn|nadaje"
        "|kontakt z",
        "callback": "oddzwon|zadzwon|telefon zwrotny",
    },
}  # fmt: skip
