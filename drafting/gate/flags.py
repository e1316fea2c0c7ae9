"""What makes a mail sensitive, by its words. A beginning matches every ending, unless it ends in "!"."""

from drafting.gate.wording import hits, wording

_FLAGS = {
    "complaint": wording(
        """
en: complain, unacceptable, disappoint, disgrace, outrageous, fed up, furious, appalling, never again, a scandal
de: beschwer, unverschämt, frechheit, unzumutbar, inakzeptabel, nicht akzeptabel, enttäusch, verärgert, nie wieder, saftladen
fr: plainte, réclamation, inadmissible, inacceptable, déçu, scandal, honteux, mécontent, plus jamais
es: queja, reclamaci, inaceptable, vergüenza, vergonzos, indignad, decepcionad, nunca más
it: reclamo, inaccettabil, vergogn, delus, indignat, mai più
nl: klacht, onacceptabel, onaanvaardbaar, schandalig, teleurgesteld, nooit meer
pl: skarg, skandal, niedopuszczaln, rozczarowan, oburzon, nigdy więcej
pt: reclamação, inaceitável, vergonh, desiludid, dececionad, decepcionad, nunca mais
"""
    ),
    "threat": wording(
        """
en: kill you, hurt you, burn down, bomb!, bombs!, you will regret, you'll regret, or else, i know where you, bad review, threat
de: umbringen, bereuen, droh, bombe!, anzünden, schlechte bewertung, ich weiß wo, sonst passiert
fr: menac, vous allez regretter, vous le regretter, alerte à la bombe, mauvais avis
es: amenaz, poner una bomba, se arrepentir, mala reseña
it: minacc, mettere una bomba, ve ne pentir, recensione negativa
nl: bedreig, een bom!, bommelding, hier krijgt u spijt, spijt krijgen, slechte recensie
pl: groźb, grożę, bombę!, pożałuje, negatywną opinię
pt: ameaç, pôr uma bomba, vão arrepender, avaliação negativa
"""
    ),
    "legal": wording(
        """
en: lawyer, law firm, attorney, solicitor, lawsuit, sue you, to sue!, suing, legal action, legal step, in court!, to court!, court order,
    consumer protection, gdpr
de: anwalt, anwält, kanzlei, rechtsanw, klage!, klagen!, verklag, gericht!, gerichts, gerichtlich, rechtliche, rechtsweg,
    verbraucherzentrale, dsgvo, mahnbescheid, schadensersatz, schadenersatz, strafanzeige, anzeige erstatten
fr: avocat, tribuna, mise en demeure, poursuites, rgpd, en justice, dommages et intérêts
es: abogad, bufete, demandar, tribunal, juzgado, acciones legales, rgpd, denuncia
it: avvocat, studio legale, tribunale, vie legali, azione legale, azioni legali, diffida, denuncia
nl: advocaat, rechtbank, juridisch, rechtszaak, aansprakelijk
pl: prawnik, kancelari, adwokat, sąd!, sądu!, sądow, pozew, pozwu, rodo!
pt: advogad, tribunal, processar, ação judicial, ações legais, rgpd, denúncia
"""
    ),
    "medical": wording(
        """
en: injur, hospital, doctor, ambulance, allerg, poison, burned my, burnt my, bleeding, electric shock, pregnan
de: verletz, krankenhaus, arzt, ärzt, notaufnahme, allergi, vergift, verbrannt, stromschlag, unfall, schwanger
fr: blessé, blessure, hôpital, médecin, allergi, brûl, accident!, accidents!, enceinte
es: herid, lesion, lesión, hospital, médic, alergi, alérgic, quemad, accidente, embaraz
it: ferit, ospedale, medico, allergi, ustion, infortun, incidente
nl: gewond, verwond, ziekenhuis, arts!, allergi, vergift, ongeluk, ongeval, zwanger
pl: zranion, ranny, szpital, lekarz, alergi, wypadek, poparz
pt: ferid, lesão, hospital, médic, alergi, alérgic, queimad, acidente, grávida
"""
    ),
    "press": wording(
        """
en: journalist, reporter, newspaper, press office, press inquiry, press enquiry, go to the press, the media, tv station
de: journalist, redaktion, zeitung, presseanfrage, pressestelle, an die presse, die medien, fernsehen
fr: journaliste, la presse!, rédaction, les médias
es: periodista, la prensa!, redacción, los medios de comunicación
it: giornalist, la stampa!, redazione, i media!
nl: journalist, krant, de pers!, redactie, de media!
pl: dziennikar, gazet, redakcj, do mediów
pt: jornalista, a imprensa!, jornal!, redação
"""
    ),
}


def find_flags(*texts: str) -> dict[str, list[str]]:
    """Flag (as in `protocol.FLAGS`) → the words in `texts` that raise it. The words can be wrong: a customer may be a hospital."""
    text = "\n".join(texts)
    return {flag: words for flag, pattern in _FLAGS.items() if (words := hits(pattern, text))}
