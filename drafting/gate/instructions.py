"""Instructions aimed at an assistant, in what a customer wrote."""

import re

from drafting.gate.wording import hits

_GAP = r"[^.!?\n]{0,60}?"


def _disregard(verbs: str, objects: str) -> str:
    return rf"(?<!\w)(?:{verbs})(?!\w){_GAP}(?<!\w)(?:{objects})\w*"


_MODEL = (
    r"language models?|llm|sprachmodell|ki-modell|modèle de langage|modelo de lenguaje|modello linguistico|taalmodel|model językowy"
    r"|modelo de linguagem|chatgpt|chatbot"
)
_ASSISTANT = (
    r"ai (?:assistant|agent|model|system)|ki[ -](?:assistent|system|agent)|ai-assistent|ai-systeem|assistant (?:ia|virtuel)"
    r"|asistente (?:de )?(?:ia|virtual)|assistente (?:ia|virtuale?|de ia)|asystent (?:ai|wirtualny)"
)
_ADDRESSED = "dear|attention|note to|hey|hello|if you are|as|an die|liebe|als|chère?|querida|estimada|cara|gentile|beste"
_PATTERN = re.compile(
    "|".join(
        [
            _disregard("ignore|disregard|forget|override|bypass", "instruction|prompt|guideline|directive|polic|your rules|all rules"),
            _disregard(
                r"ignorier\w*|vergiss|vergessen sie|missachte\w*|umgeh(?:e|en)", "anweisung|vorgabe|instruktion|regeln|richtlinie|prompt"
            ),
            _disregard("ignore[zr]?|oublie[zr]?|ne tenez pas compte|fai(?:s|tes) abstraction", "instruction|consigne|directive|règle"),
            _disregard("ignor[ae]|ignorar|olvid[ae]|omit[ae]", "instruccion|instrucción|reglas|indicacion|directric"),
            _disregard("ignor[ai]|ignorate|dimentica|scorda", "istruzion|regole|direttiv"),
            _disregard("negeer|vergeet", "instructie|aanwijzing|regels|opdracht"),
            _disregard("z?ignoruj|zapomnij|pomiń", "instrukc|polece|zasad|wytyczn"),
            _disregard("ignor[ea]|ignorar|esqueça|esquece", "instruç|regras|diretriz"),
            r"system[ -]?prompts?|developer (?:mode|message|prompt)|jailbreak|prompt injection",
            r"(?<!\w)(?:new|neue|nouvelles|nuevas|nuove|nieuwe|nowe|novas) (?:instru|anweisung)\w* ?:",
            r"(?<!\w)you are (?:now|no longer) (?:an?|my|in|the)(?!\w)|(?<!\w)pretend (?:to be|you are)(?!\w)",
            r"(?<!\w)act as (?:an? )?(?:ai|assistant|bot)(?!\w)",
            r"(?<!\w)(?:du bist (?:jetzt|nun|ab sofort)|tu es (?:maintenant|désormais)|ahora eres|ora sei (?:un|il|la))(?!\w)",
            r"(?<!\w)(?:je bent nu (?:een|de)|jesteś teraz|agora és|você agora é)(?!\w)",
            rf"(?<!\w)(?:{_ADDRESSED}) (?:the |an? )?(?:ai|ki|ia|bot|robot|assistant)(?!\w)",
            rf"(?<!\w)(?:{_MODEL}|{_ASSISTANT})",
            r"<\|[a-z_]+\|>|\[/?inst\]|<<sys>>|</?(?:system|assistant|instructions?)>",
            r"(?m:^ ?#{2,} ?(?:instruction|system|assistant))|(?m:^ ?(?:system|assistant) ?:)",
            r"(?<!\w)(?:respond|reply|answer) (?:only |exactly )?with (?:the following|this|exactly|only)(?!\w)",
            r"(?<!\w)(?:add|include|append|insert) (?:this|the following) (?:link|text|sentence|url|line) (?:in|into|to) (?:your|the) "
            r"(?:reply|answer|response|draft)(?!\w)",
        ]
    )
)


def find_instructions(*texts: str) -> list[str]:
    """Wordings in any of `texts` that address an assistant and not a colleague, in eight languages."""
    return list(dict.fromkeys(hit for text in texts for hit in hits(_PATTERN, text)))
