"""Blocks that a mail program puts above the mail it answers or forwards: From/Sent/To/Subject, and "-----Original Message-----"."""

import re

_LABELS = {
    "from": (
        "From|Von|De|Da|Van|Od|От|От кого|Від|Від кого|Fra|Från|Feladó|Odesílatel|Odosielateľ|Lähettäjä|Kimden|Gönderen|Από|差出人"
        "|送信者|送信元|发件人|寄件者|寄件人|보낸 사람|보낸사람"
        "|De la|Expéditeur|Absender|Remitente|Remetente|Mittente|Afzender|Nadawca|Отправитель|Pošiljatelj|מאת|من|Dari|Từ|จาก|Frá|Saatja"
        "|Nuo|No|Po|Šalje|Pošiljalec"
    ),
    "date": (
        "Date|Sent|Datum|Gesendet|Gesendet am|Envoyé|Envoyé le|Date d'envoi|Enviado|Enviado el|Enviado em|Enviada em|Enviada|Enviat"
        "|Fecha|Data|Inviato|Inviato il|Verzonden|Verstuurd|Wysłano|Wysłane|Data wysłania"
        "|Отправлено|Дата|Дата отправки|Надіслано|Sendt|Dato|Skickat|Sänt|Elküldve|Dátum|Küldve|Odesláno|Odoslané|Lähetetty|Päivämäärä"
        "|Päiväys|Gönderildi|Gönderme Tarihi|Tarih"
        "|Ημερομηνία|Εστάλη|Στάλθηκε|送信日時|日付|日時|发送时间|发送日期|日期|時間|时间|傳送時間|傳送日期|寄件日期|보낸 날짜|날짜"
        "|보낸 시간|Trimis|Message du|נשלח|תאריך|تاريخ|التاريخ"
        "|Poslano|Tanggal|Dikirim|Ngày|Đã gửi|วันที่|ส่ง|Saadetud|Išsiųsta|Nosūtīts"
    ),
    "to": (
        "To|An|À|A|Para|Per|Pour|Aan|Do|Кому|Til|Till|Címzett|Komu|Vastaanottaja|Kime|Alıcı|Προς|宛先|收件人|收信人|받는 사람|받는사람"
        "|Către|Catre|אל|إلى|Za|Prima|Kepada|Ke|Đến|Tới|ถึง"
        "|Destinatario|Destinatário|Destinataire|Empfänger|Geadresseerde|Kam|Kellele|Adresat"
    ),
    "subject": (
        "Subject|Betreff|Betr|Objet|Sujet|Asunto|Assunto|Oggetto|Onderwerp|Betreft|Temat|Тема|Emne|Ämne|Tárgy|Předmět|Predmet|Aihe|Konu"
        "|Θέμα|件名|主题|主題|主旨|标题|標題|제목"
        "|Subiect|Assumpte|נושא|הנדון|الموضوع|Perihal|Subjek|Chủ đề|Tiêu đề|เรื่อง|Zadeva|Naslov|Teema|Tema|Efni"
    ),
    "other": (
        "Cc|Bcc|Kopie|Kopie an|Copie à|Copie|Copia|CC|Cc to|Kopia|Kopi|Копия|Копія|抄送|副本|참조|Másolat|Kopio|Bilgi|Κοιν|Reply-To"
        "|Reply to|Antwort an|Répondre à|Responder a|Importance|Wichtigkeit"
        "|Importancia|Importanza|Priority|Attachments?|Anlagen?|Pièces? jointes?|Archivos adjuntos|Allegati|Bijlagen?|Załączniki"
        "|Organization|Organisation|Newsgroups|Mailed-by|Signed-by|Resent-.{2,7}|Message-ID"
    ),
}
_LABEL = re.compile(
    r"^[\s>|]*[*_]{0,3}\s*(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _LABELS.items())
    + r")\s*[*_]{0,3}\s*[:：]\s*[*_]{0,3}\s*(?P<value>.*)$",
    re.IGNORECASE,
)
_WORDS = (
    r"original message|originalmessage|reply message|antwort nachricht|ursprüngliche nachricht"
    r"|urspr(?:ü|ue|\ufffd)ngliche nachricht|original-?nachricht"
    r"|originalnachricht|ursprüngliche e-?mail|ursprungliche nachricht|message d'origine|message d’origine"
    r"|message original|message initial|mail original|ursprüngliche mail|mail d'origine|mensagem anterior|mensaje anterior"
    r"|message précédent|e-?mail d'origine|courriel original|mensaje original|mensaje original|messaggio originale"
    r"|messaggio originario|mensagem original|oorspronkelijk bericht|origineel bericht|originalmeddelande"
    r"|ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding|opprinnelig e-post|original besked|original melding"
    r"|wiadomość oryginalna|oryginalna wiadomość|wiadomosc oryginalna"
    r"|původní zpráva|původní e-mail|pôvodná správa|исходное сообщение|оригинальное сообщение|первоначальное сообщение"
    r"|alkuperäinen viesti|eredeti üzenet|mesaj original|mesajul original"
    r"|orijinal mesaj|özgün ileti|αρχικό μήνυμα|元のメッセージ|original[ -]?e-?mail|original mail|原始邮件|原始郵件|原邮件|邮件原件"
    r"|原始信件|原始訊息|원본 메시지|원본 메일|원본메시지|izvorna poruka|izvirno sporočilo|missatge original"
    r"|thư gốc|pesan asli|הודעה מקורית|رسالة أصلية|algne kiri"
    r"|forwarded message|forwarded by|forwarded mail|weitergeleitete nachricht|weitergeleitet von|message transféré|message transmis"
    r"|mensaje reenviado|messaggio inoltrato|mensagem encaminhada|mensagem reencaminhada|doorgestuurd bericht"
    r"|vidarebefordrat meddelande|videresendt (?:meddelelse|melding|besked)|przekazana wiadomość|wiadomość przekazana"
    r"|пересылаемое сообщение|пересланное сообщение|перенаправленное сообщение|přeposlaná zpráva"
    r"|preposlaná správa|továbbított üzenet|välitetty viesti|edelleenlähetetty viesti|iletilen (?:ileti|mesaj)|mesaj redirecționat"
    r"|proslijeđena poruka|переслане повідомлення|препратено съобщение|преслијеђена порука|posredovano sporočilo|wiadomość przesłana dalej"
    r"|treść przekazanej wiadomości|edastatud kiri|i̇letilmiş mesaj|iletilmiş mesaj|missatge reenviat|oprindelig besked"
    r"|メッセージを転送|転送メッセージ|转发的邮件|转发邮件|轉寄郵件|轉寄的郵件|전달된 메시지|전달 메시지"
)
_SEPARATOR = re.compile(
    rf"^[\s>|*]*[-_=~*–—‐‑−]{{2,}}\s*(?:{_WORDS})(?:[\s:.*]*$|[^\n]{{0,160}}?(?:[-_=~*–—‐‑−]{{1,80}}\s*$|[-_=]{{2}}|[\d@:：]))",
    re.IGNORECASE,
)
_SEPARATOR_WITH_FIELDS = re.compile(r"^\s*-{3,}\s*[^-:\d\n]{4,40}\s-{3,}\s+[^\W\d_][^:：\n]{1,24}[:：][^\n]{1,120}@")
"""Words between dashes and a labelled address behind them, all in one line."""
_RULES = frozenset("-_=*~–—‐‑−")
_COLONS = frozenset(":：")
_WORDED_RULE = re.compile(r"^\s*[-_=*~–—]{3,}\s*[^\s\d\W][^\d\n]{2,60}?\s*[-_=*~–—]{3,}\s*$")
_FORWARD_LINE = re.compile(rf"^\s*(?:{_WORDS})\s?[:：]\s*$", re.IGNORECASE)
_HALF_SEPARATOR = re.compile(rf"^\s*-\s?(?:{_WORDS})\s*-{{3,}}", re.IGNORECASE)
_ORIGINAL = re.compile(r"^[\s>|*]*-{6,}\s*original\s*-{6,}\s*$", re.IGNORECASE)
_FORWARD_OPENERS = re.compile(
    r"^\s*(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:réexpédié|transféré)"
    r"|inicio del mensaje reenviado|inizio messaggio inoltrato"
    r"|begin doorgestuurd bericht|início da mensagem (?:re)?encaminhada|początek przekazanej wiadomości|vidarebefordrat brev"
    r"|start på vidarebefordrat meddelande|videresendt besked|start på videresendt besked|videresendt melding"
    r"|начало переадресованного сообщения|начало пересланного сообщения|začátek přeposlané zprávy|továbbított levél kezdete"
    r"|välitetty viesti alkaa|edelleenlähetetty viesti alkaa|iletilen mesajın başlangıcı"
    r"|下記は転送されたメッセージです|転送されたメッセージ|开始转发的邮件|開始轉寄郵件|전달된 메시지 시작)\s*[:：]\s*$",
    re.IGNORECASE,
)
_REPLY_ABOVE = re.compile(
    r"^[\W_]*(?:please |bitte |merci de |veuillez |por favor,? |per favore |gelieve )?(?:"
    r"(?:reply|type|write|respond|enter|add)\b.{0,40}\babove (?:this|the|-) ?(?:line|text|email)?"
    r"|(?:antworten|schreiben|geben|ihre antwort|antwort).{0,50}\b(?:über|oberhalb)\b.{0,20}zeile"
    r"|(?:répond|saisi|écri|tape).{0,50}au[- ]dessus de cette ligne|(?:responda|escriba|escriva|digite|responder).{0,50}(?:encima de"
    r"|acima d)\w* (?:esta )?l[ií]n"
    r"|(?:rispond|scriv).{0,50}(?:sopra|al di sopra di) questa (?:riga|linea)|(?:antwoord|typ|reageer).{0,50}boven deze (?:regel|lijn))",
    re.IGNORECASE,
)
_RULE = re.compile(r"^[\s>|]*(?:[-_=*~–—‐‑−]\s?){3,}\s*$")
_ONE_LINE_BEGINS = re.compile(r"^[\s>|*]*(?:from|von|de|da|van|od|от|från|fra)\s?\*?:", re.IGNORECASE)
_ONE_LINE_LABEL = re.compile(
    r"\b(?:(?P<date>(?:sent|date|gesendet|datum|envoyé|enviado|inviato|verzonden|wysłano|skickat|sendt)(?: el| em| le| il)?)"
    r"|(?P<to>to|an|à|para|a|aan|do|till|til)"
    r"|(?P<subject>subject|betreff|objet|asunto|assunto|oggetto|onderwerp|temat|ämne|emne))\s?\*?:",
    re.IGNORECASE,
)
_WRITTEN_BY_MACHINE = re.compile(
    r"\d{1,2}\s?[:.h時时点點시]\s?\d{2}|\b(?:19|20)\d\d\b|(?:19|20)\d\d\s?[年년]|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b", re.IGNORECASE
)
"""A time or a year: what a program writes behind Date, and a person who lists From and To rarely does."""
_SENT_LABEL = (
    r"^\W*(?:sent|gesendet(?: am)?|envoyé(?: le)?|enviad[oa](?: e[lm])?|inviato(?: il)?|verzonden|wysłano|отправлено|надіслано|sendt"
    r"|skickat|odesláno|odoslané|lähetetty|gönderildi|elküldve|trimis|στάλθηκε|送信日時|发送时间|傳送時間|보낸 날짜)\W*[:：]"
)
"""A label that only a mail has."""
_SENT = re.compile(_SENT_LABEL, re.IGNORECASE)
_SENT_AT = re.compile(_SENT_LABEL + r".{0,40}\b(?:19|20)\d\d\b.{0,12}\d{1,2}[:.]\d{2}", re.IGNORECASE)
"""With a date and a time neither subject nor address is needed."""
_SPAN = 14


_DATE_ALONE = re.compile(r"^\s*\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AP]M)?\s*$", re.IGNORECASE)
_LABEL_ALONE = {
    kind: re.compile(rf"^\s*(?:{words}|thema)\s*[:：]?\s*$", re.IGNORECASE) for kind, words in _LABELS.items() if kind in {"to", "subject"}
}


def is_notes_block(lines: list[str]) -> bool:
    """True for the table that Lotus Notes puts above: a name, a date alone, and labels on lines of their own."""
    filled = [line for line in lines[1:] if line.strip()]
    if len(lines[0]) > 100 or len(filled) < 3 or not _DATE_ALONE.match(filled[0]) or not _LABEL_ALONE["to"].match(filled[1]):
        return False
    return any(_LABEL_ALONE["subject"].match(line) for line in filled[2:7])


def is_separator(line: str) -> bool:
    """True for "-----Original Message-----", "Begin forwarded message:" and their kin."""
    if line.lstrip("\t\r\u3000 >|")[:1] not in _RULES:
        return len(line) < 250 and line.rstrip()[-1:] in _COLONS and _FORWARD_OPENERS.match(line) is not None
    if len(line) >= 250:
        return len(line) < 2_000 and _SEPARATOR_WITH_FIELDS.match(line[:200]) is not None
    return any(known.match(line) for known in (_SEPARATOR, _HALF_SEPARATOR, _ORIGINAL))


def is_worded_rule(line: str) -> bool:
    """True for words between dashes, which are a separator in some language if a header block follows."""
    return 8 < len(line) < 100 and line.lstrip()[:1] in _RULES and _WORDED_RULE.match(line) is not None


def is_forward_line(line: str) -> bool:
    """True for "Forwarded message:" by itself, which introduces a quote if one follows."""
    return len(line) < 60 and line.rstrip()[-1:] in _COLONS and _FORWARD_LINE.match(line) is not None


def is_reply_marker(line: str) -> bool:
    """True for a help desk's "reply above this line"."""
    return len(line) < 250 and _REPLY_ABOVE.match(line) is not None


def is_rule(line: str) -> bool:
    """True for a line drawn with dashes, underscores or equals signs."""
    return len(line) < 200 and _RULE.match(line) is not None


def is_header_block(lines: list[str], first: int, *, after_separator: bool = False) -> bool:
    """True if a forwarded or answered mail's header fields begin in line `first`.

    It needs a From line and two more of date, to and subject (one more after a rule), either a subject or an address, and without a rule
    an address or a date with a time or a year, so that "From: Berlin / To: Paris / Date: 3 May" in a travel request is not taken for one.
    """
    if len(lines[first]) < 1_500 and _is_block_in_one_line(lines[first]):
        return True
    opening = _kind(lines[first])
    if opening is None or opening == "other":
        return False
    found = _fields(lines[first : first + _SPAN])
    kinds, text = found.keys() - {"other"}, " ".join(found.values())
    if "from" not in kinds or len(kinds) < (2 if after_separator else 3):
        return False
    if not ("subject" in kinds or "@" in text):
        return kinds >= {"date", "to"} and _SENT_AT.match(found["date"]) is not None
    if after_separator or _WRITTEN_BY_MACHINE.search(found.get("date", "")):
        return True
    return "@" in text and ("date" not in kinds or ("subject" in kinds and _SENT.match(found["date"]) is not None))


def _fields(lines: list[str]) -> dict[str, str]:
    """The fields at the beginning of some lines by kind, each with its first line; two lines of other text may be among them."""
    found: dict[str, str] = {}
    misses = 0
    for line in lines:
        kind = _kind(line)
        if kind is not None:
            found[kind] = found.get(kind, "") + line
            misses = 0
        else:
            misses += 1 if line.strip() else 0
            if misses > 2:
                break
            found |= {"date": found["date"] + line} if list(found)[-1:] == ["date"] else {}
    return found


def _is_block_in_one_line(line: str) -> bool:
    """From, date, to and subject in this order, as some programs join them."""
    begun = _ONE_LINE_BEGINS.match(line)
    wanted = ["date", "to", "subject"]
    position = begun.end() + 3 if begun else len(line)
    for label in _ONE_LINE_LABEL.finditer(line, min(position, len(line))):
        if label.lastgroup == wanted[0] and label.start() >= position:
            wanted.pop(0)
            position = label.end() + 1
            if not wanted:
                return True
    return False


def _kind(line: str) -> str | None:
    if len(line) > 2_000 or (":" not in line[:60] and "：" not in line[:60]):
        return None
    found = _LABEL.match(line)
    return found.lastgroup if found and found.lastgroup != "value" else _kind_of(found)


def _kind_of(found: "re.Match[str] | None") -> str | None:
    return next((kind for kind in _LABELS if found[kind]), None) if found else None
