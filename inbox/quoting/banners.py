"""The warning that a mail gateway puts above a mail from outside: "CAUTION: This email originated from outside …"."""

import re
from collections.abc import Sequence

_BEGINS = re.compile(
    r"^[\W_]*(?:external|caution|warning|attention|notice|important|alert|security|this (?:e-?mail|message|mail)|externe?[rs]?|achtung"
    r"|warnung|vorsicht|hinweis|diese (?:e-?mail|nachricht)|avertissement|prudence|ce (?:message|courriel|mail)|cet e-?mail|courriel"
    r"|atención|advertencia|precaución|aviso|este (?:correo|mensaje|e-?mail)|esta mensagem|atenção|cuidado|attenzione|avviso"
    r"|questo messaggio|questa e-?mail|let op|waarschuwing|opgelet|deze e-?mail|dit bericht|uwaga|ostrożnie|ta wiadomość)\b",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(
    r"\b(?:e-?mail|message|mail|sender)\b[^.]{0,80}\boutside\b|\bexternal (?:sender|e-?mail|message|source)"
    r"|\b(?:e-?mail|nachricht|absender)\b[^.]{0,80}\baußerhalb\b|\bextern\w* (?:e-?mail|nachricht|absender|quelle)"
    r"|\b(?:message|courriel|e-?mail|expéditeur)\b[^.]{0,80}\bextérieur\b|\b(?:expéditeur|source|courriel|e-?mail) externe"
    r"|\b(?:correo|mensaje|remitente|mensagem|remetente|e-?mail|messaggio|mittente)\b[^.]{0,80}\b(?:fuera de|fora d\w+|fuori)\b"
    r"|\b(?:remitente|remetente|mittente|origen|origem|fonte) e[sx]tern[oa]|\b(?:e-?mail|bericht)\b[^.]{0,80}\bbuiten\b|\bexterne afzender"
    r"|\b(?:wiadomość|e-?mail)\b[^.]{0,80}\bspoza\b|\bzewnętrzn\w+ nadawc",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:(?:do not|don['’]t|never) (?:click|open|respond|reply)|cautio\w+|unless you|think before|klicken sie|öffnen sie|vorsicht\w*"
    r"|ne cliquez|n['’]ouvrez|prudence|prudent\w*|vigilan\w+|no haga clic|no abra|precaución|não clique|não abra|cautela"
    r"|non (?:cliccare|aprire|fare clic)|prestare attenzione|klik (?:niet|alleen)|open geen|voorzichtig"
    r"|nie (?:klikaj|otwieraj)|ostrożnoś\w+)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"^\s*[\[*(]+\s*EXTERNAL\b[^\n]{0,30}$")
_SENDER_TIP = "aka.ms/learnaboutsenderidentification"
"""The link by which Outlook explains that a sender is new; the words around it are of any language."""
_MAX_CHARS = 800
_MOST_LINES = 14


def after_banner(texts: Sequence[str]) -> int:
    """The line in which a mail begins below a gateway's warning; 0 where there is none, or nothing below it."""
    begun = next((number for number, line in enumerate(texts[:_MOST_LINES]) if line.strip()), None)
    if begun is None:
        return 0
    end = begun
    while end < len(texts) and texts[end].strip():
        if end - begun > _MOST_LINES:
            return 0
        end += 1
    is_banner = _is_banner(texts[begun], " ".join(texts[begun:end]))
    return end if is_banner and any(line.strip() for line in texts[end:]) else 0


def _is_banner(first: str, paragraph: str) -> bool:
    if len(paragraph) > _MAX_CHARS:
        return False
    if _TAG.match(paragraph) or _SENDER_TIP in paragraph.lower():
        return True
    return bool(_BEGINS.match(first) and _OUTSIDE.search(paragraph) and _ADVICE.search(paragraph))
