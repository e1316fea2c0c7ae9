"""The line that a phone or a mail program puts below what was written: "Sent from my phone"."""

import re

_DEVICE = (
    r"(?<![A-Za-zÀ-ɏЀ-ӿ])(?:[mM](?:y|on|a|i|eu|inha|ijn|io|ia|ein(?:em|er)|in|it|oj\w*|ého|ojho|ého)\b|mobil\w*|smartphone\w*|smarttele\w+"
    r"|handy\b"
    r"|handheld|telefon\w*|phone|téléphone|telemóvel|celular|teléfono|móvil|cellulare|wireless|tablet\w*|device|appareil|dispositiv\w+"
    r"|gerät|toestel|enhet\w*|laite\w*|urządzen\w+|cihaz\w*|computer|laptop|macbook\w*|mac\b|pc\b|webmail|app\b|e-?mail app|mail app"
    r"|i-?phon\w*|i-?pad\w*|ipod|android\w*|samsung|galaxy|blackberry|nokia|huawei|honor|xiaomi|redmi|oneplus|oppo|htc|sony|xperia"
    r"|lg\b|moto\b"
    r"|motorola|wiko|alcatel|fairphone|realme|vivo|zte|lenovo|asus|cell(?:phone)?\b|terminal mobile|pixel"
    r"|nexus|lumia|surface|kindle|windows|outlook|office|exchange|yahoo\w*|gmail"
    r"|inbox by|proton\w*|gmx|web\.de|t-online"
    r"|freenet|tuta\w*|aol|hotmail|spark|spike|edison|bluemail|blue mail|airmail|mailbird|mailbox|mailspring|canary|nine\b|superhuman"
    r"|mymail"
    r"|typeapp|postbox|newton|front\b|hey\b|zoho|hushmail|unibox|polymail|boxer|cloudmagic|k-?9|fairemail|aquamail|fastmail|em client|inky"
    r"|shortwave|missive|sparrow|acompli|alto\b|thunderbird|roundcube|horde|zimbra|icloud|orange|sfr|free\b|laposte|bouygues|vodafone"
    r"|telekom|o2\b|verizon|at&t|t-mobile|sprint|telstra|mail (?:for|für|para|pour|per|voor|til)\b|apple mail|courrier\b|correo\b|mail\.ru"
    r"|мо(?:его|й|бильн\w*)\b|айфон\w*|айпад\w*|телефон\w*|смартфон\w*|почт\w*|устройств\w*|андроид\w*|мого\b|κινητό|συσκευή|スマート|携帯"
    r"|هاتف\w*|آيفون|الآيفون|جوال\w*|อุปกรณ์|โทรศัพท์|アンドロイド|端末|手机|手機|安卓|网易|qq|华为|小米|휴대|스마트)"
)
_NO_DEVICE = re.compile(
    r"\b(?:dhl|ups|fedex|gls|dpd|hermes|inpost|correos|chronopost|colissimo|usps|tnt|poczt\w* polsk\w*|tracking|track|parcel|package"
    r"|paket\w*"
    r"|packet|colis|paquete|pacote|encomenda|pacco|paczk\w*|przesyłk\w*|посылк\w*|сдэк|kargo|courier|kurier\w*|(?<!e-)post\b|by mail"
    r"|invoice|rechnung|order|please|bitte|merci|por favor|per favore|alstublieft|graag|proszę|пожалуйста"
    r"|is|are|was|were|than|then|because|but|when|(?<!['’])ist|sind|weil|wenn|aber|est|sont|parce|mais|pero|porque|perché|omdat|maar)\b"
    r"|\d{5}|\bon (?:\d|mon|tue|wed|thu"
    r"|fri|sat)",
    re.IGNORECASE,
)
"""What is said of goods and not of mail programs, and words of sentences."""
_MOBILE = re.compile(
    r"^[\s*_>–—<(\[-]*+(?:"
    rf"sent (?:wirelessly )?(?:from|via|using|with|by) .{{0,60}}{_DEVICE}.{{0,60}}"
    r"|sent from my (?=.{0,40}\d)(?-i:[A-Z][A-Za-z-]*(?: [A-Z0-9][\w-]*){1,4})"
    r"|from my (?:i-?phone|i-?pad|android|blackberry|galaxy|mobile phone)(?: \d{1,2}\w{0,5})?"
    r"|sent on the go.{0,40}|sent (?:securely|mobile).{0,60}"
    rf"|(?:gesendet|geschickt|gesandt|versendet|verschickt) (?:von|mit|über|aus|per|via) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|(?:diese (?:nachricht|e-?mail|mail) wurde )?von (?:meinem|meiner|unterwegs|samsung|android|iphone|ipad|outlook"
    rf"|yahoo)\b.{{0,90}}(?:gesendet|geschickt|versendet|verschickt|verfasst)\.?"
    rf"|envoy[ée]e?s? (?:sans fil )?(?:de|du|depuis|à partir d[eu]|via|avec|par) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|provenance : courrier.{{0,40}}"
    rf"|(?:enviado|enviada|enviat) (?:desde|de|do|da|des del?|via|a partir d[eoa]|con|com|por) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|inviat[oa] (?:da|dal|dalla|dall'|con|tramite|via)\s?.{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|(?:verzonden|verstuurd) (?:vanaf|vanuit|met|van|via|door) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|wysłan[eoay] (?:z|ze|za pomocą|przez) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|отправлено (?:с|из|через|от) .{{0,60}}{_DEVICE}.{{0,60}}|(?:надіслано|відправлено) (?:з|із|через) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|(?:skickat?|skickades|sendt) (?:från|fra|via|med) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|odesl[áa]no (?:z|ze|pomocí) .{{0,60}}{_DEVICE}.{{0,60}}|odoslané (?:z|zo) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|lähetetty .{{0,60}}{_DEVICE}.{{0,60}}|trimis (?:de pe|din|prin) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|(?:küldve|elküldve) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|στάλθηκε από .{{0,60}}{_DEVICE}.{{0,60}}|poslano (?:s|z|sa|iz) .{{0,60}}{_DEVICE}.{{0,60}}|dikirim dari .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|được gửi từ .{{0,60}}{_DEVICE}.{{0,60}}|נשלח מ.{{0,60}}{_DEVICE}.{{0,60}}|تم الإرسال من .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|[从從](?:我的)?\s?.{{0,20}}{_DEVICE}.{{0,20}}(?:[发發]送|傳送|寄出)"
    rf"|(?:[發发傳寄]送?)自(?:我的)?\s?.{{0,20}}{_DEVICE}.{{0,30}}|[從来來]自我的\s?.{{0,20}}{_DEVICE}.{{0,30}}"
    r"|(?:get|download|try|obtenez|obtenir|téléchargez|télécharger|obtener|descargar|obtén|scarica|ottieni|obter|baixar|obtenha"
    r"|download|haal|pobierz|скачать|скачайте|hämta|få|hent|last ned|stáhnout|stáhněte|získat)\b.{0,20}\boutlook\b.{0,80}"
    r"|outlook (?:für|voor|til|för|pour|para|for) .{2,60}|holen sie sich outlook.{0,60}"
    r"|laden sie outlook für .{2,40}|(?:获取|取得|下載|下载).{0,10}outlook.{0,30}"
    r"|yahoo mail: [^.?!]{5,60}"
    rf"|(?:أُرسلت|أرسلت|تم الإرسال|مرسل) من .{{0,60}}{_DEVICE}.{{0,60}}|(?:dihantar daripada|ส่งจาก) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|(?:saadetud|išsiųsta iš|nosūtīts no|изпратено от|послато са|poslato sa) .{{0,60}}{_DEVICE}.{{0,60}}"
    rf"|typed (?:on|with) my .{{0,20}}{_DEVICE}.{{0,20}}|(?:von )?unterwegs gesendet"
    r")\s*(?:[<(\[]\S+[>)\]])?[\s*_.!>)\]]*$",
    re.IGNORECASE,
)
_ENDING = re.compile(
    r"(?:küldve|küldtem|gönderildi|から送信(?:されました)?|에서 보냄|भेजा गया|outlook .{0,12}(?:다운로드|を入手)"
    r"|outlook uygulamas\w+ edinin)[\s.。!*_]*$",
    re.IGNORECASE,
)
_NAMED = re.compile(_DEVICE, re.IGNORECASE)
"""Languages whose verb stands behind the device."""
_EXCUSE = re.compile(
    r"\(?https?://\S+|[<\[(]https?://[^\s>\])]*[>\])]|\b(?:please|pls|kindly) (?:excuse|forgive|pardon|ignore)\b.*"
    r"|\b(?:sorry|brevity|typos?|excuse|entschuldig|verzeih|désolé|excusez|disculp|desculp|scusa|przepraszam).*",
    re.IGNORECASE,
)
"""What a device line may hold besides: a link, and an excuse for slips."""


def is_of_a_device(line: str) -> bool:
    """True for "Sent from my phone" in the words of many programs and languages."""
    if len(line) > 200:
        return False
    named = _MOBILE.match(line) or (len(line) < 90 and _ENDING.search(line) and _NAMED.search(line))
    return bool(named) and not _NO_DEVICE.search(_EXCUSE.sub("", line))
