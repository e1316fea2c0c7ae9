"""What a draft says to others than the customer: to a reviewer, or about further recipients."""

from drafting.gate.wording import hits, wording

_ASIDES = wording(
    """
en: dear reviewer, reviewer, note to the agent, note to agent, note to staff, note to the team, note for the team, internal note, note to
    self, for internal use, not for the customer, please approve!, approve this, approve the draft, approve without, safe to send, already
    approved, pre-approved, auto-approve, no need to check, no review needed, skip the review, all checks passed, as an ai!, as a language
    model, begin of draft, end of draft, draft for approval
de: an den prüfer, an die prüferin, lieber prüfer, hinweis für den prüfer, hinweis an den mitarbeiter, hinweis für mitarbeiter, interne
    notiz, interner hinweis, nur intern, nur für den internen, bitte freigeben, bitte genehmigen, kann freigegeben werden, ohne prüfung,
    bereits geprüft, keine prüfung nötig, als ki!, als sprachmodell
fr: cher relecteur, note à l'agent, note pour l'équipe, note interne, à usage interne, veuillez approuver, merci d'approuver, à approuver,
    sans vérification, déjà approuvé, en tant qu'ia, en tant que modèle
es: nota para el revisor, estimado revisor, revisor, nota interna, uso interno, por favor apruebe, apruebe este, aprobar este borrador, ya
    aprobado, sin revisión, como ia!, como modelo de lenguaje
it: nota per il revisore, gentile revisore, revisore, nota interna, uso interno, si prega di approvare, approvare questa, approvare la
    bozza, già approvat, senza verifica, come ia!, come modello linguistico
nl: beste beoordelaar, beoordelaar, notitie voor de medewerker, interne notitie, interne opmerking, alleen intern, gelieve goed te keuren,
    graag goedkeuren, keur dit goed, reeds goedgekeurd, zonder controle, als ai!, als taalmodel
pl: drogi recenzencie, do recenzenta, recenzent, notatka wewnętrzna, uwaga dla pracownika, do użytku wewnętrznego, proszę zatwierdzić,
    zatwierdź, już zatwierdzon, bez sprawdzania, jako model językowy
pt: nota para o revisor, caro revisor, revisor, nota interna, uso interno, por favor aprove, aprove este, aprovar este rascunho, já
    aprovad, sem verificação, como modelo de linguagem
""",
    r"(?m:^ ?(?:reviewer|agent|internal|intern|system|assistant) ?:)",
    r"(?:\[|<<|\{\{) ?(?:note|internal|reviewer|agent|todo|approve|system)",
)
_RECIPIENTS = wording(
    """
en: cc to!, in cc!, bcc, blind copy, carbon copy, copied to, copy this to, forward this, please forward, send this to, reply to the
    address, write instead to, write to us instead at, reply instead, send a copy of this, send this mail to
de: in kopie, in cc!, bcc, blindkopie, weiterleiten an, bitte leiten, kopie an!, schreiben sie stattdessen, antworten sie stattdessen,
    antworten sie an!, bitte leiten sie, leiten sie diese, senden sie diese nachricht, senden sie diese mail, schicken sie diese
    nachricht, schicken sie diese mail
fr: en copie, en cc!, cci!, copie cachée, transférez, veuillez transférer, faites suivre, écrivez plutôt, répondez plutôt, répondez à
    l'adresse
es: con copia, en copia, cco!, copia oculta, reenvíe, reenvíen, escriba en su lugar, responda a la dirección
it: in copia, ccn!, copia nascosta, inoltri, inoltrate, inoltrare, scriva invece, risponda all'indirizzo
nl: in kopie, in cc!, bcc, blinde kopie, doorsturen naar, stuur dit door, schrijf in plaats, antwoord naar
pl: do wiadomości:, kopia do, kopię do, udw!, ukryta kopia, przekaż, proszę przesłać dalej, napisz zamiast, odpowiedz na adres
pt: com cópia, em cópia, cco!, cópia oculta, reencaminhe, encaminhe, escreva antes, responda para o endereço
""",
    r"(?m:^ ?(?:cc|bcc|to|from|reply-to|subject|an|von|betreff|à|para|para:|aan) ?: ?\S)",
)


def find_asides(body: str) -> list[str]:
    """Wordings in a draft that are aimed at whoever reviews it, in eight languages."""
    return hits(_ASIDES, body)


def find_other_recipients(body: str) -> list[str]:
    """Wordings in a draft that bring in other recipients or another address, in eight languages."""
    return hits(_RECIPIENTS, body)
