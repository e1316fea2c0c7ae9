"""Signatures, "Sent from my phone" lines, list footers and disclaimers at the end of what a person wrote."""

import re

_DELIMITER = re.compile(r"^\s{0,2}(?:--\s?|–\s|—\s?|-- -)$")
_DEVICE = (
    r"(?:\b(?:my|mon|ma|mi|meu|minha|mijn|mio|mia|meinem|meiner|min|mit|moj\w*|mojego|mobiln\w*|mobile|mobil\w*|smartphone|handy"
    r"|telefon\w*|phone|téléphone|teléfono|iphone\w*|ipad\w*|ipod|android\w*|samsung|galaxy|blackberry|nokia|huawei|xiaomi|redmi"
    r"|oneplus"
    r"|htc|sony|xperia|windows|outlook|yahoo|gmail|proton\w*|gmx|web\.de|t-online|tutanota|mail|app|aol|hotmail|spark|bluemail|airmail"
    r"|thunderbird|tablet|orange|sfr|free|vodafone|telekom|o2|verizon|at&t|t-mobile|zimbra|icloud|мо\w+|айфон\w*|телефон\w*|почт\w*"
    r"|mail\.ru)\b)"
)
_MOBILE = re.compile(
    r"^[\s*_>–—-]*+(?:"
    r"sent (?:from|via|using|with|by) .{2,100}"
    r"|sent on the go.{0,40}|sent (?:securely|mobile).{0,60}"
    rf"|(?:gesendet|geschickt|gesandt|versendet|verschickt) (?:von|mit|über|aus|per|via) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|(?:diese (?:nachricht|e-?mail|mail) wurde )?von (?:meinem|meiner|unterwegs|samsung|android|iphone|ipad|outlook"
    rf"|yahoo)\b.{{0,90}}(?:gesendet|geschickt|versendet|verschickt|verfasst)\.?"
    rf"|envoy[ée]e?s? (?:de|du|depuis|à partir d[eu]|via|avec|par) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|provenance : courrier.{{0,40}}|envoyé à partir de .{{2,60}}"
    rf"|(?:enviado|enviada|enviat) (?:desde|de|do|da|des de|via|a partir d[eoa]|con|com|por) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|inviat[oa] (?:da|dal|dalla|con|tramite|via) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|(?:verzonden|verstuurd) (?:vanaf|vanuit|met|van|via|door) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|wysłan[eoay] (?:z|ze|za pomocą|przez) .{{2,80}}"
    rf"|отправлено (?:с|из|через|от) .{{2,80}}|надіслано (?:з|із|через) .{{2,80}}|відправлено (?:з|із) .{{2,80}}"
    rf"|skickat? (?:från|via|med) .{{2,80}}|sendt (?:fra|via|med) .{{2,80}}|odesláno (?:z|ze|pomocí) .{{2,80}}|odoslané (?:z|zo) .{{2,80}}"
    rf"|lähetetty .{{2,60}}(?:sta|stä|lla|llä|lta|ltä)\.?|trimis (?:de pe|din|prin) .{{2,80}}|küldve .{{2,60}}|.{{2,40}}(?:umdan|imden"
    rf"|den|dan) gönderildi\.?"
    rf"|στάλθηκε από .{{2,60}}|poslano (?:s|z|sa|iz) .{{2,60}}|dikirim dari .{{2,60}}|được gửi từ .{{2,60}}|נשלח מ.{{2,60}}"
    rf"|تم الإرسال من .{{2,60}}"
    r"|.{1,30}から送信(?:されました)?。?|从我的.{1,30}发送|(?:發|发|傳|寄)自我的\s?.{1,40}|來自我的\s?.{1,40}|发自.{0,4}(?:iphone|ipad"
    r"|安卓|网易|qq|手机|华为|小米).{0,30}|.{0,12}(?:나의|내)\s?.{1,30}에서 보냄|.{1,30}에서 보냄"
    r"|(?:get|download|try|obtenez|obtenir|téléchargez|télécharger|obtener|descargar|obtén|scarica|ottieni|obter|baixar|obtenha"
    r"|download|haal|pobierz|скачать|скачайте|hämta|få|hent|stáhnout|stáhněte)\b.{0,20}\boutlook\b.{0,80}"
    r"|outlook (?:für|voor|til|för|pour|para|for) .{2,60}|holen sie sich outlook.{0,60}"
    r"|yahoo mail: search, organize, conquer|sent with proton ?mail.{0,40}|(?:sendt|sent|gesendet) mit .{0,40}"
    r")\s*(?:[<(\[]\S+[>)\]])?[\s*_.!]*$",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"^[\s*_>-]*+(?:you (?:received|are receiving) this (?:message|email|e-mail|mail) because|to unsubscribe from this (?:group|list"
    r"|email|thread)|to stop receiving (?:emails|notifications)|reply to this email directly"
    r"|.{0,80}\bmailing list$|ця електронна пошта перевірена|(?:this email|diese e-?mail|este (?:correo|mensaje)|questa e-?mail"
    r"|cet e-?mail|esta (?:mensagem|mensaje)).{0,60}(?:checked for viruses|virus.{0,30}(?:gepr[üu]ft|avast|libre|free|vérifi)"
    r"|auf viren)|virus-free\.|virenfrei\.|libre de virus\.|garanti sans virus)",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"^[\s*_>=-]*+(?:confidentiality (?:notice|note|warning)|disclaimer\b\s*[:.]?|legal (?:notice|disclaimer)|privileged (?:and"
    r"|&) confidential|important notice\s*:"
    r"|(?:this|the information in this|the information contained in this|the contents? of this"
    r"|the information transmitted in this) (?:e-?mail|email|message|communication|transmission)\b.{0,160}(?:confidential|privileged"
    r"|intended (?:only|solely)|sole use|proprietary)"
    r"|this (?:e-?mail|email|message) (?:and any|is intended|may contain|contains)\b.{0,160}"
    r"|diese (?:e-?mail|nachricht).{0,60}(?:enthält|kann|ist).{0,60}(?:vertraulich|rechtlich gesch|ausschließlich)"
    r"|der inhalt dieser (?:e-?mail|nachricht) ist"
    r"|(?:ce message|ce courriel|cet e-?mail|ce mail|le présent message).{0,80}(?:confidentiel|exclusi|destin)"
    r"|(?:este (?:correo|mensaje|e-?mail)|esta mensagem|este e-?mail|la información contenida en este).{0,100}(?:confiden|exclusiv"
    r"|destinat)|aviso (?:legal|de confidencialidad)|aviso de confidencialidade"
    r"|(?:questo messaggio|questa e-?mail|le informazioni contenute in quest|il presente messaggio"
    r"|la presente e-?mail).{0,100}(?:riserva|confiden|esclusiv|destinatari)"
    r"|(?:dit (?:bericht|e-?mail(?:bericht)?)|deze e-?mail|de informatie (?:in|verzonden)).{0,100}(?:vertrouwelijk|uitsluitend|bestemd)"
    r"|(?:niniejsz[ae] (?:wiadomość|e-?mail|korespondencja)|ta wiadomość|treść tej wiadomości).{0,100}(?:poufn|wyłącznie|zastrze)"
    r"|(?:настоящее|данное|это) (?:сообщение|письмо|электронное).{0,100}(?:конфиденц|предназнач)"
    r"|(?:please )?(?:consider|think (?:of|about)) the environment before printing|before printing.{0,30}think)",
    re.IGNORECASE | re.DOTALL,
)
_RULE = re.compile(r"^\s*[-_=*~–—]{3,}\s*$")
_LIST_RULE = re.compile(r"^\s*[_-]{10,}\s*$")
_MAX_LOOSE_SIGNATURE = 14


def cut_signature(lines: list[str], *, begun: bool = False) -> list[str]:
    """One run of new text without what stands at its end and is no message. `begun`: something was written above this run."""
    kept = _without_footer(_without_delimited(lines, begun))
    return kept[: _end_of_message(kept)]


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


def _without_footer(lines: list[str]) -> list[str]:
    """Up to the footer of a mailing list or a notification, or a disclaimer that begins a paragraph in the second half."""
    tries, above = 20, False
    for number, line in enumerate(lines):
        if not above or not tries:
            above = above or bool(line.strip())
            continue
        if _LIST_RULE.match(line) and any(_FOOTER.match(one) for one in lines[number + 1 : number + 3]):
            return lines[:number]
        new_paragraph = not lines[number - 1].strip() or _RULE.match(lines[number - 1])
        if (
            new_paragraph
            and 8 < len(line) < 5_000
            and (_FOOTER.match(line) or _DISCLAIMER.match(" ".join(lines[number : number + 4])[:400]))
        ):
            tries -= 1
            if _only_small_print(lines[number:]):
                return lines[:number]
    return lines


def _only_small_print(lines: list[str]) -> bool:
    """Nothing that could be a person's sentence to us follows: no more than a page, no question to the reader."""
    text = "\n".join(lines)
    return len(text) < 6_000 and "?" not in re.sub(r"\S*\?\S+|https?://\S+", "", text)


def _end_of_message(lines: list[str]) -> int:
    """Where blank lines, rules and mobile lines at the end begin."""
    end = len(lines)
    while end:
        line = lines[end - 1]
        if line.strip() and (len(line) > 200 or not (_RULE.match(line) or _MOBILE.match(line))):
            return end
        end -= 1
    return end
