"""The words by which mail systems say that a mail could not be delivered."""

import re

ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.)+[A-Za-z]{2,24}\b")
DAEMON = re.compile(
    r"mailer[-_. ]?daemon|^post[-_.]?master\b|^mail[-_. ]?(?:delivery|daemon|system|administrator)|^(?:mdaemon|maildaemon"
    r"|e?mail[-_.]?deliver\w*|bounce[-_.]?\w*|smtp[-_.]?(?:daemon|server)|internet-mail-delivery|exchange|undeliver\w*)@"
    r"|^microsoftexchange[0-9a-f]+@|daemon@",
    re.IGNORECASE,
)
DAEMON_NAME = re.compile(
    r"mail(?:er)?[- ]delivery|mail(?:er)?[- ]?daemon|system administrator|mail administrator|mail system|delivery (?:sub)?system"
    r"|postmaster|internet mail delivery|systemadministrator|administrateur système|administrador del sistema",
    re.IGNORECASE,
)
SUBJECT = re.compile(
    r"^\W*(?:\[[^\]]{0,40}\]\s*|\*+\w+\*+\s*)?(?:undeliver(?:able|ed)|undelivrable|non[- ]?deliver(?:y|able)|not delivered"
    r"|mail (?:delivery|system) (?:fail\w*|error|problem|status|warning|notification|report|subsystem)|(?:message|e?mail) (?:delivery"
    r"|status|not delivered|undeliverable|could not|cannot|rejected|bounced|error)"
    r"|delivery (?:status notification|failure|failed|has failed|report|error|problem|problems|notification|delayed|delay|final"
    r"|unsuccessful|incomplete|of|attempt)|deliverystatus|failure (?:notice|delivery|notification)|failed (?:mail|delivery|to deliver)"
    r"|failed:|returned (?:e?-?mail|to sender|message|item)|return(?:ed)? mail"
    r"|(?:your )?(?:message|mail|e-?mail).{0,40}(?:could not be delivered|was not delivered|undeliverable|cannot be delivered"
    r"|not delivered|has been (?:delayed|rejected|returned))|warning: (?:could not send|message|e?-?mail)|unable to deliver"
    r"|could not (?:send|deliver)|cannot deliver|nondeliverable|bounced? (?:mail|message|email|action)|user unknown|unknown user"
    r"|address (?:unknown|not found)|mailbox (?:full|unavailable|does not exist)|over quota|quota exceeded|transport (?:failure|error)"
    r"|rejected:|status of your message|mail error"
    r"|unzustellbar\w*|nicht zustellbar\w*|nicht zugestellt\w*|zustell\w*(?:fehl\w*|problem\w*|status\w*|verzöger\w*)"
    r"|fehler bei der (?:nachrichten)?zustellung|benachrichtigung (?:zum|über den) (?:über)?(?:mittlungs|zustell)\w+"
    r"|die e-?mail konnte nicht|rückläufer"
    r"|non remis|message non (?:remis|distribu\w*|délivr\w*)|échec de (?:la )?(?:remise|distribution|livraison)|notification d'échec"
    r"|non distribu\w*|avis de non[- ]remise|retour (?:de courrier|à l'expéditeur)|notification d'état de remise"
    r"|no se (?:puede|pudo|ha podido) entregar|mensaje (?:no entregado|devuelto)|correo devuelto|error (?:de|en la) entrega|fallo (?:de"
    r"|en la) entrega|notificación de estado de entrega|não (?:foi )?(?:entregue|possível entregar)|falha na entrega"
    r"|notificação de status"
    r"|mancato recapito|mancata consegna|impossibile (?:recapitare|consegnare)|non recapitabile|notifica (?:di )?(?:mancato|stato)"
    r"|avviso di mancata|onbestelbaar|niet (?:afgeleverd|bezorgd)|kan niet worden (?:bezorgd|afgeleverd)|bericht niet"
    r"|niedostarczon\w*|nie (?:można|udało się) dostarczyć|zwrot|nedoručitelné|nedoručen\w*|kunde inte levereras|går inte att leverera"
    r"|olevererbar\w*|(?:kunne|kan) ikke (?:leveres|levere)|ikke leverbar"
    r"|ei voi(?:da|tu)? toimittaa|niedostarczaln\w*|kézbesíthetetlen|teslim edileme\w+|iletileme\w+|não é possível entregar"
    r"|nelivrabil\w*|μη παραδόσιμ\w*|αποτυχία παράδοσης|ikke leveret|toimitus epäonnistui"
    r"|недоставлен\w*|не доставлен\w*|невозможно доставить"
    r"|сбой доставки|не удалось доставить"
    r"|配信(?:できません|不能|エラー|失敗)|メール配送|送信できません|退信|系统退信|無法傳遞|无法投递|傳遞(?:失敗|狀態)|배달(?: |되지"
    r"|할 수 없)|반송|전송 실패)",
    re.IGNORECASE,
)
FAILURE_WORDS = re.compile(
    r"undeliver|could ?n[o']t be (?:delivered|sent|reached)|(?:not|n't|unable to|cannot|can not|failed to"
    r"|failure to) (?:be )?(?:deliver|send|reach|route|relay)|delivery (?:to|of|has|was|attempt|fail|error|status|temporar|delay)"
    r"|deliver\w* (?:fail|error)"
    r"|(?:user|recipient|mailbox|address|account|host|domain)[^.\n]{0,40}(?:unknown|not found|unavailable|does ?n[o']t exist|disabled"
    r"|inactive|rejected|full|invalid|not listed|no such)|(?:unknown|invalid|no such|bad) (?:user|recipient|mailbox|address|host|domain"
    r"|local)|(?:over|exceed\w*|quota)[^.\n]{0,30}(?:quota|storage|exceeded)|permanent (?:fatal )?(?:error|failure)"
    r"|returned to (?:the )?sender|bounce|relay(?:ing)? denied|rejected|delivery"
    r"|nicht (?:zugestellt|zustellbar|erreicht|ausgeliefert)|unzustellbar|konnte nicht|n'a pas pu|impossible de|non remis|n'a pu être"
    r"|no se (?:pudo|puede|ha podido)|no pudo|não (?:foi|pôde|existe)|non (?:è stato|esiste|recapit)|impossibile|niet (?:worden|bezorgd"
    r"|afgeleverd)|nie (?:można|istnieje|udało)|не (?:удалось|доставлено|может|существует)"
    r"|できません|存在しません|エラー|无法|不存在|失败|無法|실패|없습니다|\b[45]\.\d{1,2}\.\d{1,3}\b|\b55[0-4]\b|\b45[0-2]\b",
    re.IGNORECASE,
)
DELAY_WORDS = re.compile(
    r"\b(?:warning message only|this is (?:only )?a warning|do not need to resend|do not need to re-?send|will (?:be|keep"
    r"|continue)[^.\n]{0,30}(?:retr|try)|still (?:being )?(?:re)?tr(?:y|ied)|has (?:been|not yet been) (?:delayed|delivered yet)"
    r"|delivery (?:to .{1,120} )?(?:has been |is )?delayed|not yet been delivered|will be retried|message (?:is )?delayed"
    r"|delayed for \d+|wurde noch nicht zugestellt|verzögert)",
    re.IGNORECASE,
)
DELAY_SUBJECT = re.compile(
    r"\bdelay|verzöger|warning: (?:could not send|message (?:still )?(?:delayed|undelivered|not))|retard\w*|vertraagd|ritard", re.IGNORECASE
)
GIVEN_UP = re.compile(
    r"\b(?:(?:has|have|i've|was|were) (?:been )?given up|gave up|(?:will not|won't) (?:be )?(?:retr|tr[yi])|not going to try again"
    r"|no (?:more|further) (?:delivery )?attempts|has expired|in the queue too long|aufgegeben|keine weiteren (?:zustell)?versuche)",
    re.IGNORECASE,
)
SOFT_WORDS = re.compile(rf"{DELAY_WORDS.pattern}|\btemporar(?:y|ily) (?:failure|problem|unavailable|deferred|rejected)", re.IGNORECASE)
_GAP = r"(?-i:[^.!?]|[.!?](?!\s+[A-ZÀ-ÞА-Я])){0,160}?"
"""Within one sentence: a dot inside an address or before a small letter ends none."""
STRONG_NOTICE = re.compile(
    rf"\b(?:your|the|the following|this|an?) (?:e-?mail |mail )?(?:message|mail|e-?mail)\b{_GAP}(?:(?:could not|cannot|can't|couldn't)"
    rf" be (?:successfully )?delivered|(?:was|has been|were) (?:not delivered|undeliverable|automatically rejected|returned|rejected)"
    rf"|not been delivered)|the following (?:address|recipient|message|mail|e-?mail)\w*(?:\(e?s\))?\b{_GAP}(?:failed|rejected"
    rf"|(?:could not|cannot) be (?:delivered|reached))"
    rf"|(?:unable|failed) to deliver (?:your|the|this) .{{0,40}}(?:message|mail)|votre (?:message|e-?mail|courriel) n'a pas pu"
    rf"|(?:su|tu) (?:mensaje|correo) no (?:pudo|ha podido|se)|ihre (?:nachricht|e-?mail|mail)\b{_GAP}(?:nicht zugestellt|konnte nicht)"
    rf"|il (?:suo|tuo) messaggio non|(?:a )?sua mensagem não|uw (?:bericht|e-?mail)\b{_GAP}niet (?:worden|bezorgd|afgeleverd)"
    rf"|(?:twoja|państwa) wiadomość{_GAP}(?:nie|została odrzucona)|ваше (?:сообщение|письмо){_GAP}не"
    rf"|mail has been returned because|returned because it encountered",
    re.IGNORECASE | re.DOTALL,
)
MAIL_FAILURE = re.compile(
    rf"{STRONG_NOTICE.pattern}"
    r"|\b(?:user|recipient|mailbox|e-?mail address|account|host|domain)(?:'s)?\b[^.\n]{0,40}(?:unknown|not found|unavailable"
    r"|does ?n[o']t exist|disabled|inactive|rejected|full\b|invalid|not listed|no such|quota)"
    r"|(?:unknown|invalid|no such|bad|not a valid) (?:user|recipient|mailbox|host|domain|local)\b"
    r"|full mailbox|delivery of (?:this |your |the )?(?:e-?mail|message)|address rejected|unrouteable"
    r"|mail(?:er)?[- ](?:daemon|server|system|delivery)|\bsmtp\b|\bmta\b|postmaster|relay(?:ing)? denied"
    r"|permanent (?:fatal )?(?:error|failure)|transcript of session|undelivered (?:message|mail)|returned (?:message|mail|e-?mail)\b"
    r"|(?:nachricht|e-?mail|empfänger|postfach)\b[^.\n]{0,80}(?:nicht zugestellt|unzustellbar|unbekannt|existiert nicht|voll\b)"
    r"|(?:message|courriel|e-?mail|destinataire)\b[^.\n]{0,80}(?:pas pu être|non remis|inconnu|n'existe pas)"
    r"|(?:mensaje|correo|destinatario|buzón)\b[^.\n]{0,80}(?:no (?:se )?(?:pudo|puede|ha podido)|desconocid|no existe|llen[oa]\b)"
    r"|(?:messaggio|destinatario|casella)\b[^.\n]{0,80}(?:non (?:è stato|può|recapit)|sconosciut|inesistente|pien[oa]\b)"
    r"|(?:mensagem|destinatário|caixa)\b[^.\n]{0,80}(?:não (?:foi|pôde|pode)|desconhecid|não existe|cheia)"
    r"|(?:bericht|ontvanger|postvak|mailbox)\b[^.\n]{0,80}(?:niet (?:worden )?(?:bezorgd|afgeleverd)|onbekend|bestaat niet|vol\b)"
    r"|(?:wiadomoś\w+|adresat\w*|odbiorc\w+|skrzynk\w+)\b[^.\n]{0,80}(?:nie (?:można|została|istnieje|udało)|przepełnion|nieznan)"
    r"|(?:сообщени\w+|письм\w+|получател\w+|ящик\w*)\b[^.\n]{0,80}(?:не (?:удалось|доставлено|может|существует)|переполнен|неизвест)"
    r"|(?:メール|宛先|受信者|メッセージ)[^。\n]{0,60}(?:できません|存在しません|エラー)|(?:邮件|郵件|收件人|邮箱|信箱)[^。\n]{0,40}(?:无法|無法|不存在|失败|失敗|退信)"
    r"|(?:메일|수신자|메시지)[^.\n]{0,60}(?:없습니다|실패)",
    re.IGNORECASE | re.DOTALL,
)
"""What can only be said of a mail, not of a parcel."""
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
REPLY_CODE = re.compile(r"(?<![\d.\-])([45])[0-5]\d(?=[\s\-][A-Za-z<#(]|[\s-]\d\.\d)")
ORIGINAL_BEGINS = re.compile(
    r"^\W{0,4}(?:-{2,}.{0,12}(?:original|returned|copy|undelivered|message (?:header|text|follow)|below|the header|transcript|start of"
    r"|your|body|this is).{0,80}|(?:original|returned|undelivered|unsent) message.{0,60}|.{0,60}(?:copy of|text of|headers? of"
    r"|content of|excerpt of).{0,30}(?:message|mail|header).{0,60}|the (?:first|original) .{0,60}(?:message|header).{0,60}"
    r"|received: (?:from|by) .*|return-path:.*|message-id:.*|dkim-signature:.*|originalnachricht.*|-{4,}.{0,40}kopie.*)$",
    re.IGNORECASE | re.MULTILINE,
)
MESSAGE_ID = re.compile(r"^[ \t>]*message-id:\s*<([^<>\s]{3,500})>", re.IGNORECASE | re.MULTILINE)
NOBODY = re.compile(r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply)\b", re.IGNORECASE)
PROPERTY = re.compile(r"^(?:envelope-from|smtp\.mail(?:from)?|header\.\w+)=", re.IGNORECASE)
"""What stands before an address in results of checks."""
FULL = re.compile(
    r"\b(?:mail ?box|inbox|mail ?folder|mail ?dir|account|quota|storage|disk|allocation)\b[^.\n]{0,40}"
    r"\b(?:full|exceed\w*|over ?quota|out of (?:disk )?space)\b"
    r"|\bover (?:disk )?quota\b|\boverquota\b|\bexceed\w*\b[^.\n]{0,30}\b(?:quota|storage|mailbox)\b|\bfull mailbox\b"
    r"|\binsufficient (?:disk|mailbox|system) (?:space|storage)\b|\bpostfach\b[^.\n]{0,40}\bvoll\b"
    r"|\bboîte\b[^.\n]{0,40}\bpleine\b|\bbuzón\b[^.\n]{0,40}\bllen[oa]\b|\bcasella\b[^.\n]{0,40}\bpiena\b"
    r"|\bcaixa\b[^.\n]{0,40}\bcheia\b|\b(?:postvak|mailbox)\b[^.\n]{0,30}\bvol\b|\bskrzynk\w+\b[^.\n]{0,40}\bprzepełnion"
    r"|ящик\w*[^.\n]{0,40}переполнен|メールボックスが(?:一杯|いっぱい)|(?:邮箱|信箱|郵箱)[^。\n]{0,10}(?:已满|已滿|空间不足)",
    re.IGNORECASE,
)
TIMED_OUT = re.compile(
    r"\bretry time(?:out)? (?:exceeded|not reached)|\ball hosts\b[^.\n]{0,60}\bfailing\b|\bconnection (?:timed out|refused)|\btimed? ?out\b"
    r"|\bhost (?:is )?not reachable|\bnetwork (?:is )?unreachable|\bno route to host\b|zeitüberschreitung",
    re.IGNORECASE,
)
FIELD = re.compile(r"^([A-Za-z-]+)[ \t]*:[ \t]*(.*(?:\r?\n[ \t]+.*)*)", re.MULTILINE)
SUBJECT_ANYWHERE = re.compile(
    r"deliver|non remis|undeliver|returned|rejected|bounce|fail|zustell|entreg|consegn|recapit|bezorg", re.IGNORECASE
)
REPLY = re.compile(
    r"^\s*(?:re|aw|antw(?:ort)?|sv|vs|r|rv|res|rif|odp|ynt"
    r"|fwd?|wg|tr|i|enc|ответ|答复|回复|回覆|转发|轉寄|회신)\s*[:：]",
    re.IGNORECASE,
)
