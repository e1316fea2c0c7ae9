"""Signatures, "Sent from my phone" lines, list footers and disclaimers at the end of what a person wrote."""

import re

from inbox.quoting.devices import is_of_a_device

_DELIMITER = re.compile(r"^\s{0,2}(?:--\s?|–\s|—\s?|-- -)$")
_FOOTER = re.compile(
    r"^[\s*_>-]*+(?:you (?:received|are receiving|were sent|got|get) this (?:(?:message|email|e-mail|mail|notification) )?because"
    r" (?:you(?:'re| are| were)? (?:(?:are |were |have |'ve )?(?:currently )?(?:subscribed|assigned|mentioned|a member|watching"
    r"|on the|listed"
    r"|registered|signed|receiving|participating|following|opted|commented|authored|modified|created|requested|opened|the|either|involved))"
    r"|(?:your|this) (?:e-?mail )?address)"
    r"|the original of this e-?mail was scanned"
    r"|to unsubscribe from this (?:group|list|email|thread)|to stop receiving (?:emails|notifications)|reply to this email directly"
    r"|ця електронна пошта перевірена|(?:this e-?mail|diese e-?mail|este (?:correo|mensaje)|questa e-?mail"
    r"|cet e-?mail|esta (?:mensagem|mensaje)).{0,60}(?:(?:checked|scanned|screened) (?:for|by)"
    r"|virus.{0,30}(?:gepr[üu]ft|avast|libre|free|vérifi)"
    r"|auf viren)|virus-free\.|virenfrei\.|libre de virus\.|garanti sans virus)",
    re.IGNORECASE,
)
_LIST_NAME = re.compile(r"^[\s*_>-]*+.{0,80}\b(?:mailing list|mailingliste|liste de diffusion|lista de correo)$", re.IGNORECASE)
_DISCLAIMER = re.compile(
    r"^[\s*_>=-]*+(?:confidentiality (?:notice|note|warning)|disclaimer\b|legal (?:notice|disclaimer)|privileged (?:and"
    r"|&) confidential|important notice\s*:"
    r"|(?:this|the information in this|the information contained in this|the contents? of this"
    r"|the information transmitted in this) (?:e-?mail|email|message|communication|transmission)\b"
    r"|(?:please note:? )?(?:all )?(?:incoming and outgoing|inbound and outbound|internet) e-?mails?\b"
    r"|(?:if you (?:have received this|are not the intended)|any views or opinions)\b"
    r"|diese (?:e-?mail|nachricht)\b|der inhalt dieser (?:e-?mail|nachricht) ist|vertraulichkeitshinweis|haftungsausschluss"
    r"|(?:ce message|ce courriel|cet e-?mail|ce mail|le présent message)\b"
    r"|(?:este (?:correo|mensaje|e-?mail)|esta mensagem|este e-?mail|la información contenida en este)\b"
    r"|aviso (?:legal|de confidencialidad)|aviso de confidencialidade"
    r"|(?:questo messaggio|questa e-?mail|le informazioni contenute in quest|il presente messaggio|la presente e-?mail)"
    r"|(?:dit (?:bericht|e-?mail(?:bericht)?)|deze e-?mail|de informatie (?:in|verzonden))\b"
    r"|(?:niniejsz[ae] (?:wiadomość|e-?mail|korespondencja)|ta wiadomość|treść tej wiadomości)\b"
    r"|(?:настоящее|данное|это) (?:сообщение|письмо|электронное)\b"
    r"|(?:please )?(?:consider|think (?:of|about)) the environment before printing|before printing.{0,30}think)",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"confidential|privileged|\bmonitor(?:s|ed)\b|intended (?:only|solely|exclusively|for (?:the|use))"
    r"|intended recipient|sole(?:ly)? (?:use|for)|addressee"
    r"|proprietary|unauthori[sz]ed|disclos|liab(?:le|ility)|in error|virus|environment before|before printing|legally|warranty"
    r"|vertraulich|rechtlich gesch|ausschließlich für|unbefugt|irrtümlich|haftung|confidentiel|destinataire|strictement|par erreur"
    r"|confidencial|destinatari|por error|por engano|exclusiv|riservat|confidenzial|per errore|vertrouwelijk|uitsluitend|geadresseerde"
    r"|poufn|wyłącznie|zastrzeżon|конфиденц|предназначен",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\b(?:please (?!visit (?:https?:|www\.|\[|our (?:web|site|page)|the following)|note:"
    r"|notify|delete|destroy|inform|advise|consider|contact the sender|return|do not|let the sender|think|be advised"
    r"|note that"
    r"|immediately|e-?mail the sender|notice)|bitte (?!informieren|löschen|vernichten|benachrichtigen|denken|prüfen sie|verständigen)"
    r"|could you|can you|i (?:want|need|would)|we (?:want|need|would)|refund|cancel|my order|könnten sie|ich (?:möchte|brauche)"
    r"|wir (?:möchten"
    r"|brauchen)|pourriez|je (?:voudrais|souhaite)|podría|quisiera|potreste|vorrei|poderia|gostaria|proszę o)\b",
    re.IGNORECASE,
)
"""What a person asks of us; the requests of small print are exempt."""
_RULE = re.compile(r"^\s*(?:[-_=*~–—]{3,}|ᐧ)\s*$")
_LIST_RULE = re.compile(r"^\s*[_-]{2,}\s*$")
_SPACED_RULE = re.compile(r"^\s*+(?:[-_=*~–—.][ \t]?+){3,}+\s*$")
_CLOSING = re.compile(
    r"^\W{0,3}(?:(?:(?:with )?(?:my |many |the )?(?:kind(?:est)?|best|warm(?:est)?) )?(?:regards|wishes)|(?:yours )?sincerely(?: yours)?"
    r"|yours (?:truly|faithfully)|cheers|thanks|thank you|many thanks|all the best"
    r"|mit (?:freundliche[mn]|besten|herzliche[mn]|lieben|vielen) gr(?:ü|ue|u)(?:ß|ss)(?:en)?"
    r"|(?:viele|beste|liebe|freundliche|herzliche|schöne)r? gr(?:ü|ue|u)(?:ß|ss)e?|gr(?:ü|ue)(?:ß|ss)(?:e|le)?\b|lg\b|vg\b|mfg\b"
    r"|vielen dank|(?:bien )?cordialement|bien à vous|(?:sincères |meilleures )?salutations|merci|cdt\b|(?:un |muchos )?saludos?"
    r"|atentamente|gracias"
    r"|(?:cordiali|distinti|migliori) saluti|saluti|grazie"
    r"|(?:met )?(?:vriendelijke|hartelijke) groet(?:en)?|groet(?:en|jes)?\b|mvg\b"
    r"|atenciosamente|(?:com os melhores )?cumprimentos|abraços?\b|obrigad[oa]|pozdrawiam|z poważaniem|с уважением|спасибо"
    r"|(?:med )?vänliga? hälsning(?:ar)?|mvh\b|(?:med )?venlig(?:e)? hilsen(?:er)?|(?:med )?vennlig hilsen|ystävällisin terveisin"
    r"|s pozdravem|üdvözlettel|cu stimă|saygılarımla).{0,40}$",
    re.IGNORECASE,
)
"""The formula with which a letter closes."""
_CONTACT = re.compile(r"@|\bwww\.|https?://|(?:\+|\b0)[\d ()/.-]{6,20}\d|\b(?:tel|phone|telefon|mobil|fax)\b", re.IGNORECASE)
_TELLS = re.compile(
    r"^\W*p\.? ?s\b|\b(?:is|are|was|my|this|ist|sind|war|mein\w*|neue?[rsn]?|est|sont|mon|ma|es|son|mi|è|sono|mio|mia|são|meu|minha|mijn"
    r"|jest|moj\w+|новый|мой|моя)\b",
    re.IGNORECASE,
)
"""Words of sentences, which cards do not hold."""
_MAX_LOOSE_SIGNATURE = 14


def cut_signature(lines: list[str], *, begun: bool = False) -> list[str]:
    """One run of new text without what stands at its end and is no message. `begun`: something was written above this run."""
    kept = _without_footer(_without_delimited(lines, begun), begun)
    return _without_card(kept[: _end_of_message(kept)])


def _without_card(lines: list[str]) -> list[str]:
    """Without a rule and the few lines below it, where a letter's closing formula stands above: name, firm and numbers, no message."""
    for number in range(len(lines) - 2, max(len(lines) - _MAX_LOOSE_SIGNATURE, 0), -1):
        if _SPACED_RULE.match(lines[number]):
            above = [line for line in lines[max(0, number - 12) : number] if line.strip()][-4:]
            below = lines[number + 1 :]
            if any(_CLOSING.match(line) for line in above) and _is_card(below):
                return lines[: _end_of_message(lines[:number])]
    return lines


def _is_card(lines: list[str]) -> bool:
    """Short lines with an address or a number among them, none of which tells or asks anything."""
    text = "\n".join(lines)
    short = all(len(line.split()) < 8 and len(line) < 90 for line in lines)
    return short and bool(_CONTACT.search(text)) and not _TELLS.search(text) and _only_small_print(lines)


def _without_delimited(lines: list[str], begun: bool) -> list[str]:
    """Up to the signature delimiter. "-- " is the standard's; "--" counts when little follows."""
    for number, line in enumerate(lines):
        if not _DELIMITER.match(line):
            continue
        if begun or any(one.strip() for one in lines[:number]):
            following = sum(bool(one.strip()) for one in lines[number + 1 :])
            if line.startswith("-- ") or following <= _MAX_LOOSE_SIGNATURE:
                return lines[:number]
            break
    return lines


def _without_footer(lines: list[str], begun: bool) -> list[str]:
    """Up to the footer of a mailing list or a notification, or a disclaimer, that begins a paragraph."""
    tries, above = 20, begun
    for number, line in enumerate(lines):
        if not above or not tries:
            above = above or bool(line.strip())
            continue
        if _LIST_RULE.match(line) and any(_FOOTER.match(one) or _LIST_NAME.match(one) for one in lines[number + 1 : number + 3]):
            return lines[:number]
        new_paragraph = not number or not lines[number - 1].strip() or _RULE.match(lines[number - 1])
        if new_paragraph and 8 < len(line) < 5_000 and _begins_small_print(lines, number):
            tries -= 1
            if _only_small_print(lines[number:]):
                return lines[:number]
    return lines


def _begins_small_print(lines: list[str], number: int) -> bool:
    """A footer, or the opening of a disclaimer with words of law in its paragraph: people, too, begin with "this mail"."""
    if _FOOTER.match(lines[number]):
        return True
    opening = " ".join(lines[number : number + 4])[:400]
    return bool(_DISCLAIMER.match(opening) and _LAW.search(" ".join(lines[number : number + 12])[:2_000]))


def _only_small_print(lines: list[str]) -> bool:
    """Nothing that could be a person's sentence to us follows: no more than a page, no question to the reader, no request."""
    text = " ".join(lines)
    return len(text) < 6_000 and "?" not in re.sub(r"\S*\?\S+|https?://\S+", "", text) and not _REQUEST.search(text)


def _end_of_message(lines: list[str]) -> int:
    """Where blank lines, rules and mobile lines at the end begin."""
    end = len(lines)
    while end:
        line = lines[end - 1]
        if line.strip() and not (_RULE.match(line) or is_of_a_device(line)):
            return end
        end -= 1
    return end
