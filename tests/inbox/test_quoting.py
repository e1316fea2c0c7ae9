import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.quoting import split_lines, split_text

NEW = "Many thanks, that solves it.\nCould you also send the invoice?"

ATTRIBUTIONS = [
    "On Mon, May 6, 2024 at 9:12 AM Ann Lee <ann@example.com> wrote:",
    "On Mon, May 6, 2024 at 9:12 AM Ann Lee\n<ann.lee.with.a.long.name@example.com>\nwrote:",
    "On 06/05/2024 09:12, Ann Lee wrote:",
    "On May 6, 2024, at 9:12 AM, Ann Lee <ann@example.com> wrote:",
    "On Monday 6 May 2024 09:12:33 CEST Ann Lee wrote:",
    "On Monday, May 6, 2024, 09:12:33 AM GMT+2, Ann Lee <ann@example.com> wrote:",
    "Ann Lee <ann@example.com> writes:",
    "Am 06.05.2024 um 09:12 schrieb Ann Lee:",
    "Am Mo., 6. Mai 2024 um 09:12 Uhr schrieb Ann Lee <ann@example.com>:",
    "Am 6. Mai 2024 09:12:33 MESZ schrieb Ann Lee <ann@example.com>:",
    "Le lun. 6 mai 2024 à 09:12, Ann Lee <ann@example.com> a écrit :",
    "Le 06/05/2024 à 09:12, Ann Lee a écrit :",
    "El lun, 6 may 2024 a las 9:12, Ann Lee (<ann@example.com>) escribió:",
    "El 6/5/24 a las 9:12, Ann Lee escribió:",
    "Il giorno lun 6 mag 2024 alle ore 09:12 Ann Lee <ann@example.com> ha scritto:",
    "Il 06/05/2024 09:12, Ann Lee ha scritto:",
    "Op ma 6 mei 2024 om 09:12 schreef Ann Lee <ann@example.com>:",
    "Op 06-05-2024 om 09:12 schreef Ann Lee:",
    "Em seg., 6 de mai. de 2024 às 09:12, Ann Lee <ann@example.com> escreveu:",
    "W dniu 6.05.2024 o 09:12, Ann Lee pisze:",
    "pon., 6 maj 2024 o 09:12 Ann Lee <ann@example.com> napisał(a):",
    "пн, 6 мая 2024 г. в 09:12, Ann Lee <ann@example.com>:",
    "06.05.2024 09:12, Ann Lee пишет:",
    "6 мая 2024 г., в 9:12, Ann Lee <ann@example.com> написал(а):",
    "пн, 6 трав. 2024 р. о 09:12 Ann Lee <ann@example.com> пише:",
    "Den mån 6 maj 2024 kl 09:12 skrev Ann Lee <ann@example.com>:",
    "Den man. 6. maj 2024 kl. 09.12 skrev Ann Lee <ann@example.com>:",
    "man. 6. mai 2024 kl. 09:12 skrev Ann Lee <ann@example.com>:",
    "ma 6. toukok. 2024 klo 9.12 Ann Lee (ann@example.com) kirjoitti:",
    "po 6. 5. 2024 v 9:12 odesílatel Ann Lee <ann@example.com> napsal:",
    "Dne 06. 05. 24 v 9:12 Ann Lee napsal(a):",
    "po 6. 5. 2024 o 9:12 Ann Lee <ann@example.com> napísal(a):",
    "Ann Lee <ann@example.com> ezt írta (időpont: 2024. máj. 6., H, 9:12):",
    "lun., 6 mai 2024 la 09:12, Ann Lee <ann@example.com> a scris:",
    "Ann Lee <ann@example.com>, 6 May 2024 Pzt, 09:12 tarihinde şunu yazdı:",
    "Στις Δευ 6 Μαΐ 2024 στις 9:12 π.μ., ο/η Ann Lee <ann@example.com> έγραψε:",
    "2024年5月6日(月) 9:12 Ann Lee <ann@example.com>:",
    "2024/05/06 9:12、Ann Lee <ann@example.com>のメール:",
    "Ann Lee <ann@example.com> 于2024年5月6日周一 09:12写道：",
    "在 2024年5月6日，09:12，Ann Lee <ann@example.com> 写道：",
    "Ann Lee <ann@example.com> 於 2024年5月6日 週一 上午9:12寫道：",
    "2024년 5월 6일 (월) 오전 9:12, Ann Lee <ann@example.com>님이 작성:",
    "2024-05-06 9:12 GMT+02:00 Ann Lee <ann@example.com>:",
    "-----Ann Lee <ann@example.com> wrote: -----",
    "---- On Mon, 06 May 2024 09:12:33 +0200 Ann Lee <ann@example.com> wrote ----",
    "--- On Mon, 5/6/24, Ann Lee <ann@example.com> wrote:",
    'At 2024-05-06 09:12:33, "Ann Lee" <ann@example.com> wrote:',
    "On 6 May 2024, 09:12 +0200, Ann Lee <ann@example.com>, wrote:",
    "Quoting Ann Lee <ann@example.com>:",
    "Zitat von Ann Lee <ann@example.com>:",
    "Vào Th 2, 6 thg 5, 2024 vào lúc 09:12 Ann Lee <ann@example.com> đã viết:",
    "On Mon, May 6, 2024 at 9:12 AM Ann Lee <ann.lee@pumps.example.com\n> wrote:",
    "On Mon, 6 May 2024 at 9:12 Ann Lee\n\n<\nmailto:Ann Lee <ann@example.com>\n> wrote:",
    "Ann Lee <ann@example.com> schrieb am Mo., 6.\nMai 2024 um 09:12 Uhr:",
    "Am 6.5.2024\num 09:12 schrieb Ann Lee\n<ann@example.com>:",
    '9:12 AM, May 6, 2024, "Ann - Pumps" <ann@example.com>:',
    "2024-05-06 9:12 GMT+02:00 Ann Lee",
    "في الاثنين، ٦ مايو ٢٠٢٤، ٩:١٢ ص Ann Lee <ann@example.com> كتب:",
    "בתאריך יום ב׳, 6 במאי 2024 ב-9:12 מאת Ann Lee <ann@example.com>:",
    "เมื่อ จ. 6 พ.ค. 2024 เวลา 09:12 Ann Lee <ann@example.com> เขียนว่า:",
    "ในวันที่ 6 พ.ค. 2567 เวลา 09:12 Ann Lee <ann@example.com> เขียนว่า:",
    "Missatge de Ann Lee <ann@example.com> del dia dl., 6 de maig 2024 a les 9:12:",
    "Citeren Ann Lee <ann@example.com>:",
    "Cytat Ann Lee <ann@example.com>:",
    "Ann Lee kirjoitti 6.5.2024 klo 9.12:",
    "Ann Lee писал 2024-05-06 09:12:",
    "* Ann Lee <ann@example.com> [2024-05-06 09:12]:",
    "6 May 2024, 09:12 by ann@example.com:",
    "May 6, 2024, 9:12 AM by ann@example.com:",
    "6. Mai 2024, 09:12 von ann@example.com:",
    "Ann Lee 於 2024/5/6 09:12 寫道:",
    "2024-05-06 오전 9:12에 Ann Lee 이(가) 쓴 글:",
    "Ann Lee <ann@example.com> hat am 06.05.2024 09:12 CEST geschrieben:",
    "pon, 6. svi 2024. u 09:12 Ann Lee <ann@example.com> napisao je:",
    "На пн, 6.05.2024 г. в 9:12 Ann Lee <ann@example.com> написа:",
    "pirmd., 2024. g. 6. maijs, plkst. 09:12 — lietotājs Ann Lee (<ann@example.com>) rakstīja:",
    "در تاریخ دوشنبه ۶ مهٔ ۲۰۲۴، ۹:۱۲ Ann Lee <ann@example.com> نوشت:",
    "In data 6 maggio 2024 09:12:33 Ann Lee <ann@example.com> ha scritto:",
    "Monday, 6 May 2024, 9:12 AM +0300 from ann@example.com <ann@example.com>:",
    "On Mon, May 6, 2024, at 09:12 AM, ann_lee wrote:",
    "The Pump Shop <pumps@example.com> wrote:",
    "Le 06/05/2024 09:12, Anne du moulin a écrit :",
    "Wiadomość napisana przez Ann Lee <ann@example.com> w dniu 06.05.2024, o godz. 09:12:",
]

BLOCKS = [
    "From: Ann Lee <ann@example.com>\nSent: Monday, May 6, 2024 9:12 AM\nTo: Bo <bo@example.org>\nSubject: RE: Pumps",
    "________________________________\nFrom: Ann Lee <ann@example.com>\nSent: Monday, May 6, 2024 9:12 AM\nTo: Bo\nSubject: RE: Pumps",
    "*From:* Ann Lee [mailto:ann@example.com]\n*Sent:* Monday, May 6, 2024 9:12 AM\n*To:* Bo\n*Subject:* RE: Pumps",
    "-----Original Message-----\nFrom: Ann Lee\nSent: Monday, May 6, 2024 9:12 AM\nTo: Bo\nSubject: RE: Pumps",
    "-------- Original message --------\nFrom: Ann Lee <ann@example.com>\nDate: 06/05/2024 09:12 (GMT+01:00)\nTo: Bo\nSubject: Pumps",
    "-----Ursprüngliche Nachricht-----\nVon: Ann Lee\nGesendet: Montag, 6. Mai 2024 09:12\nAn: Bo\nBetreff: AW: Pumpen",
    "Von: Ann Lee <ann@example.com>\nGesendet: Montag, 6. Mai 2024 09:12\nAn: Bo\nBetreff: AW: Pumpen",
    'Gesendet: Montag, 06. Mai 2024 um 09:12 Uhr\nVon: "Ann Lee" <ann@example.com>\nAn: bo@example.org\nBetreff: Pumpen',
    "De : Ann Lee <ann@example.com>\nEnvoyé : lundi 6 mai 2024 09:12\nÀ : Bo\nObjet : RE: Pompes",
    "De: Ann Lee <ann@example.com>\nEnviado el: lunes, 6 de mayo de 2024 9:12\nPara: Bo\nAsunto: RE: Bombas",
    "Da: Ann Lee <ann@example.com>\nInviato: lunedì 6 maggio 2024 09:12\nA: Bo\nOggetto: R: Pompe",
    "Van: Ann Lee <ann@example.com>\nVerzonden: maandag 6 mei 2024 09:12\nAan: Bo\nOnderwerp: RE: Pompen",
    "De: Ann Lee <ann@example.com>\nEnviada em: segunda-feira, 6 de maio de 2024 09:12\nPara: Bo\nAssunto: RES: Bombas",
    "Od: Ann Lee <ann@example.com>\nWysłano: poniedziałek, 6 maja 2024 09:12\nDo: Bo\nTemat: RE: Pompy",
    "От: Ann Lee <ann@example.com>\nОтправлено: 6 мая 2024 г. 9:12\nКому: Bo\nТема: Насосы",
    "Från: Ann Lee <ann@example.com>\nSkickat: den 6 maj 2024 09:12\nTill: Bo\nÄmne: SV: Pumpar",
    "Fra: Ann Lee <ann@example.com>\nSendt: 6. maj 2024 09:12\nTil: Bo\nEmne: SV: Pumper",
    "Lähettäjä: Ann Lee <ann@example.com>\nLähetetty: maanantai 6. toukokuuta 2024 9.12\nVastaanottaja: Bo\nAihe: VS: Pumput",
    "发件人: Ann Lee <ann@example.com>\n发送时间: 2024年5月6日 9:12\n收件人: Bo\n主题: 回复: 泵",
    "差出人: Ann Lee <ann@example.com>\n送信日時: 2024年5月6日 9:12\n宛先: Bo\n件名: Re: ポンプ",
    "보낸 사람: Ann Lee <ann@example.com>\n보낸 날짜: 2024년 5월 6일 월요일 오전 9:12\n받는 사람: Bo\n제목: RE: 펌프",
    "------------------ 原始邮件 ------------------\n发件人: Ann <ann@example.com>;\n发送时间: 2024年5月6日 9:12\n收件人: Bo;\n主题: 泵",
    "---------- Forwarded message ---------\nFrom: Ann Lee <ann@example.com>\nDate: Mon, May 6, 2024 at 9:12 AM\nSubject: Pumps\nTo: Bo",
    "Begin forwarded message:\n\nFrom: Ann Lee <ann@example.com>\nSubject: Pumps\nDate: 6 May 2024 at 09:12:33 CEST\nTo: Bo",
    "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Monday, May 6th, 2024 at 09:12, Ann Lee <ann@example.com> wrote:",
    "----- Mail original -----\nDe: Ann Lee <ann@example.com>\nÀ: Bo <bo@example.org>\nEnvoyé: Lundi 6 Mai 2024 09:12:33\nObjet: Pompes",
    "From: Ann Lee <ann@example.com> Sent: Monday, May 6, 2024 9:12 AM To: Bo <bo@example.org> Subject: Pumps",
    "##- Please type your reply above this line -##",
    "-------- Skeyti sem var framsent --------\nFrom: Ann Lee <ann@example.com>\nDate: 6 May 2024 09:12\nTo: Bo\nSubject: Pumps",
    "From: Ann Lee\nSent: Monday, May 6, 2024 9:12 AM\nTo: Bo Berg",
    "От: Ann Lee\nОтправлено: понедельник, 6 мая 2024 г. 9:12\nКому: Bo",
    '  ----- Forwarded Message ----- From: Ann Lee <ann@example.com>To: "bo@example.org" <bo@example.org>Cc: Cy Dean <cy@example.net>; '
    "Di Falk <di@example.net>; Ed Gray <ed@example.net>; Flo Hall <flo@example.net>Sent: Monday, May 6, 2024, 09:12:33 AM GMT+2"
    "Subject: Re: Pumps of the second delivery",
    "From: ann@example.com\nSent: Today\nSubject: Pumps",
    "-Reply message ----- From: Ann Lee <ann@example.com>\nTo: Bo\nSubject: Pumps",
    "Forwarded message:\n\nFrom: Ann Lee <ann@example.com>\nTo: Bo\nSubject: Pumps\nDate: 6 May 2024 09:12",
]

MOBILE = [
    "Sent from my iPhone",
    "Sent from Mail for Windows",
    "Sent from Outlook for Android<https://aka.ms/abc>",
    "Get Outlook for iOS<https://aka.ms/abc>",
    "Von meinem iPhone gesendet",
    "Gesendet von Outlook für Android",
    "Diese Nachricht wurde von meinem Android-Mobiltelefon mit GMX Mail gesendet.",
    "Envoyé de mon iPhone",
    "Envoyé depuis mon appareil Galaxy",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone",
    "Inviato da iPhone",
    "Verzonden vanaf mijn iPhone",
    "Wysłane z iPhone'a",
    "Отправлено с iPhone",
    "Skickat från min iPhone",
    "Sendt fra min iPhone",
    "Odesláno z iPhonu",
    "iPhoneから送信",
    "从我的 iPhone 发送",
    "나의 iPhone에서 보냄",
    "Sent from my phone, sorry for typos",
    "Sent from Mailbird",
    "Sent via the Samsung Galaxy S21",
    "Sent using Zoho Mail",
    "Sent with Spark",
    "Sent from Yahoo Mail on Android",
    "Sent from a mobile device",
    "Envoyé de mon téléphone Orange",
    "Enviado desde mi Samsung Mobile",
    "Inviato dal mio dispositivo Huawei",
    "Verstuurd vanaf mijn mobiele telefoon",
    "Wysłano z telefonu Samsung",
    "Отправлено из мобильной Почты Mail.ru",
    "Надіслано з пошти Ukr.net на мій телефон",
    "Lähetetty iPhonesta",
    "iPhone'umdan gönderildi",
    "Trimis de pe iPhone-ul meu",
    "发自我的iPhone",
    "來自我的 iPhone",
    "スマートフォンから送信",
    "Sent from my Ulefone NOTE 9P",
    "Sent from my cell, please forgive slips",
    "Sent from my Galaxy phone. Please forgive mistakes",
    "Sent from my PC <https://windows.example.com/mail?id=550986>",
    "(Sent with my tablet)",
    "Sent via the Samsung Galaxy S6, an AT&T 4G LTE smartphone",
    "Sent from my phone, brevity is intended",
    "<<sent with android>>",
    "Sent wirelessly from my Nokia",
    "Envoyé sans fil par mon terminal mobile Nokia",
    "從我的 iPhone 傳送",
    "أُرسلت من الـ iPhone",
    "أرسلت من هاتفي",
    "Laden Sie Outlook für iOS herunter",
    "Skickades från E-post för Windows",
    "Last ned Outlook for Android",
    "傳送自 Windows 10 版郵件",
    "从 Windows 版邮件发送",
    "获取 Outlook for iOS",
    "iOS용 Outlook 다운로드",
    "Android için Outlook uygulamasını edinin",
    "Dihantar daripada iPhone saya",
    "ส่งจาก iPhone ของฉัน",
    "मेरे iPhone से भेजा गया",
    "Enviat des del meu iPhone",
    "Saadetud minu iPhone'ist",
    "Изпратено от моя iPhone",
    "Typed on my phone, sorry for typos",
    "Von unterwegs gesendet",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_the_attribution_goes_with_its_marked_quote(attribution: str) -> None:
    assert split_text(f"{NEW}\n\n{attribution}\n\n> We have sent it.\n> Ann") == (NEW, True)


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_a_quote_that_is_not_marked_reaches_from_its_attribution_to_the_end(attribution: str) -> None:
    assert split_text(f"{NEW}\n\n{attribution}\n\nWe have sent it.\n\nAnn").reply == NEW


@pytest.mark.parametrize("block", BLOCKS)
def test_everything_below_a_header_block_is_quoted(block: str) -> None:
    assert split_text(f"{NEW}\n\n{block}\n\nWe have sent it.\n\nAnn") == (NEW, True)


@pytest.mark.parametrize("line", MOBILE)
def test_the_line_of_a_phone_is_no_message(line: str) -> None:
    assert split_text(f"{NEW}\n\n{line}\n").reply == NEW


WRITTEN_BY_CUSTOMERS = [
    "This email contains photos of the damage. Please send a new pump by Friday.",
    "This message is intended to cancel order 4711. Please confirm.",
    "Disclaimer text is missing on your page, please add it.",
    "This e-mail is confidential. Please cancel order 4711.",
    "Diese E-Mail enthält drei Fotos vom Schaden.",
    "Ce message concerne la commande 4711.",
    "Este correo es para cancelar el pedido 4711.",
    "Questo messaggio riguarda l'ordine 4711.",
    "Dit bericht gaat over bestelling 4711.",
    "Ta wiadomość dotyczy zamówienia 4711.",
    "Это сообщение о заказе 4711.",
    "Please remove me from your mailing list",
    "You received this mail because your shop charged me twice. Refund me.",
    "Sent by DHL on 3 May, tracking 00340434.",
    "Sent with UPS, tracking 1Z999",
    "Sent by mail on Monday",
    "Sent from Berlin last week.",
    "Gesendet mit DHL, Nummer 00340434",
    "Versendet über Amazon app am Montag, bitte erstatten",
    "Envoyé par Chronopost hier",
    "Enviado por Correos el lunes",
    "Inviato con corriere GLS",
    "Verzonden met PostNL",
    "Wysłano przez InPost 12345",
    "Отправлено через СДЭК 12345",
    "Skickat med PostNord",
    "Sendt med Bring",
    "Ankara'dan gönderildi",
    "Sent from my bank account on Monday",
    "From my phone it works",
    "Sent from my office, which is more convenient than my phone.",
    "Gesendet mit dem Handy meiner Frau, weil meines kaputt ist",
    "Envoyé avec mon téléphone, mais la photo est floue",
    "-- 3 valves",
]


@pytest.mark.parametrize("line", WRITTEN_BY_CUSTOMERS)
def test_what_a_customer_says_of_goods_and_mails_is_kept(line: str) -> None:
    assert split_text(f"Hello,\n\nthe pump is on its way back.\n\n{line}").reply.endswith(line)


def test_inline_answers_are_kept_and_the_quotes_between_them_are_not() -> None:
    text = "Hi Ann,\n\nOn 6 May 2024 09:12, Ann wrote:\n> Which pump?\n\nThe small one.\n\n> How many?\n\nThree, please."
    assert split_text(text).reply == "Hi Ann,\n\nThe small one.\n\nThree, please."


def test_an_answer_below_the_quote_is_kept() -> None:
    assert split_text("On 6 May 2024 09:12, Ann Lee wrote:\n> Which pump?\n\nThe small one.").reply == "The small one."


def test_a_signature_after_the_delimiter_is_cut() -> None:
    assert split_text(f"{NEW}\n\n-- \nBo Berg\nBerg Ltd, 1 Main Street").reply == NEW


def test_a_delimiter_without_its_space_is_one_when_little_follows() -> None:
    assert split_text(f"{NEW}\n--\nBo Berg").reply == NEW


def test_a_delimiter_without_its_space_in_the_middle_of_much_text_is_none() -> None:
    long = "\n".join(f"Line {number} of my story." for number in range(30))
    assert split_text(f"{NEW}\n--\n{long}").reply.endswith("Line 29 of my story.")


def test_a_mail_that_begins_with_the_delimiter_is_kept() -> None:
    assert "Bo Berg" in split_text("-- \nBo Berg").reply


def test_a_forwarded_mail_without_comment_is_wholly_new() -> None:
    text = "---------- Forwarded message ---------\nFrom: Ann <ann@example.com>\nDate: today\nSubject: Pumps\nTo: Bo\n\nWe have sent it."
    assert "We have sent it." in split_text(text).reply


@pytest.mark.parametrize(
    "opening", ["> Begin forwarded message:\n>\n", "Forwarded message:\n\n", "> -------- Forwarded Message --------\n", ""]
)
def test_a_forwarded_mail_that_is_marked_is_wholly_new_without_comment(opening: str) -> None:
    text = f"{opening}> From: Ann <ann@example.com>\n> Subject: Pumps\n> Date: 6 May 2024 09:12\n> To: Bo\n>\n> We have sent it."
    assert "We have sent it." in split_text(text).reply
    assert split_text(f"{NEW}\n\n{text}").reply == NEW


def test_nothing_but_a_marked_quote_holds_nothing_new() -> None:
    assert split_text("> We have sent it.\n> Ann").reply == ""


def test_a_travel_request_is_not_taken_for_a_header_block() -> None:
    text = "Hello,\n\nplease deliver\n\nFrom: Berlin\nTo: Paris\nDate: 6 May\n\nThank you"
    assert split_text(text).reply == text


@pytest.mark.parametrize(
    "sentence",
    [
        "On 6 May 2024 at 10:15 I wrote to you the following:",
        "On 6 May 2024 at 10:15 I wrote:",
        "Am 6. Mai 2024 um 10:15 habe ich Ihnen geschrieben:",
        "Ihr Kollege schrieb:",
        "Your colleague wrote:",
        "On 3 May at 10:15 your colleague wrote:",
        "On 3 May 2024 at 10:15 you wrote to me:",
        "Le 3 mai 2024 à 10:15 vous avez écrit :",
        "Am 3. Mai 2024 um 10:15 haben Sie geschrieben:",
        "Your colleague ann@example.com wrote on 3 May 2024 at 10:15:",
        "From: Berlin\nTo: Hamburg\nDate: 3 May\nSubject: transport of a pump",
        "Von: Lager A\nAn: Lager B\nDatum: 3. Mai\nBetreff: Umlagerung",
        "--- Original mail was lost, here it is again",
        "Ich schrieb am Mo. 6. Mai 2024 um 10:15:",
        "Wie ich Ihnen schrieb am 6.5.2024 um 10:15:",
        "Herr Meier schrieb am 06.05.2024 um 10:15 Uhr:",
        "Der Kundendienst schrieb am 06.05.2024 um 10:15 Uhr:",
        "Sie schrieb am 06.05.2024 um 10:15 Uhr:",
        "Die Mail kam am 6. Mai 2024, 09:12 von ann@example.com:",
        "She wrote on 6.5.2024 at 10:15:",
        "On 3 May 2024 at 10:15 Mr. Smith wrote:",
        "On Monday at 10:15 the driver wrote a note:",
        "On 05/06/2024 10:15 AM our accountant <acc@example.com> said:",
        "This is what ann@example.com wrote on 6 May 2024 at 10:15:",
        "This is what Ann Lee <ann@example.com> wrote to me on 6 May 2024 at 10:15:",
        "Your colleague Ann Lee <ann@example.com> wrote on 6 May 2024 at 10:15:",
        "Mein Mann schrieb am 06.05.2024 um 10:15 Uhr an ann@example.com:",
        "Am 06.05.2024 um 10:15 Uhr habe ich an ann@example.com geschrieben:",
        "Am 6. Mai 2024 um 10:15 schrieb mir der Fahrer:",
        "Le 6 mai 2024 à 10:15 j'ai écrit à ann@example.com :",
        "Le 6 mai 2024 à 10:15 le chauffeur a écrit :",
        "El 6 de mayo de 2024 a las 10:15 su compañera me escribió:",
        "El 06/05/2024 10:15 mi marido escribió:",
        "Op 6 mei 2024 om 10:15 schreef ik aan ann@example.com:",
        "Em 6 de maio de 2024 às 10:15 a sua colega escreveu:",
        "W dniu 6.05.2024 o 10:15 pana kolega napisał:",
        "06.05.2024 10:15 мой муж написал:",
        "Den 6. maj 2024 kl. 10.15 skrev jeres kollega:",
        "2024年5月6日 10:15 我写道：",
        "06.05.2024, 10:15, please call Ann Lee <ann@example.com>:",
        "In your mail of Mon, 6 May 2024 at 10:15 AM you (support@example.com) wrote:",
        "--- Transport ---\nVon: Lager A\nAn: Lager B\nBetreff: Umlagerung",
        "From: Berlin\nTo: Hamburg\nDate: 3 May 2024 10:00",
        "From: ann@example.com\nDate: tomorrow\nSubject: transport",
    ],
)
def test_a_writers_own_sentence_does_not_cut_what_follows(sentence: str) -> None:
    assert split_text(f"Hello,\n\n{sentence}\n\nThe pump leaks.").reply.endswith("The pump leaks.")


@pytest.mark.parametrize(
    "line",
    [
        "Yes, two. On Mon, May 6, 2024 at 9:12 AM, ann@example.com wrote:",
        "Yes, two.--- On Mon, May 6, 2024 at 9:12 AM, ann@example.com wrote:",
        "Yes, two. Am 06.05.2024 um 09:12 schrieb Ann Lee <ann@example.com>:",
        "Yes, two. Le 6 mai 2024 à 09:12, Ann Lee <ann@example.com> a écrit :",
    ],
)
@pytest.mark.parametrize("quote", ["> How many?", "How many?"])
def test_what_is_written_into_the_line_of_the_attribution_is_kept(line: str, quote: str) -> None:
    assert split_text(f"Hello Ann,\n\n{line}\n{quote}").reply == "Hello Ann,\n\nYes, two."


def test_lines_with_a_bar_below_an_attribution_are_its_quote() -> None:
    text = f"{NEW}\n\n2024/5/6 Ann Lee <ann@example.com>\n\n| We have sent it.\n|\n| Ann\n\nOne more thing."
    assert split_text(text) == (f"{NEW}\n\nOne more thing.", True)


def test_a_table_with_bars_is_kept() -> None:
    assert split_text("Please send:\n\n| pump | 2 |\n| valve | 3 |").reply == "Please send:\n\n| pump | 2 |\n| valve | 3 |"


def test_a_forwarded_message_line_goes_with_its_marked_quote() -> None:
    assert split_text(f"{NEW}\n\nForwarded message:\n\n> From: Ann\n> We have sent it.").reply == NEW


def test_a_bare_attribution_below_the_line_of_a_phone_begins_the_quote() -> None:
    assert split_text(f"{NEW}\nSent from my iPhone\n\nann@example.com wrote:\n\nWe have sent it.").reply == NEW


def test_what_is_written_below_the_line_of_a_phone_is_kept() -> None:
    assert "And two valves." in split_text(f"{NEW}\n\nSent from my iPhone\n\nAnd two valves.").reply


def test_a_line_that_is_decorated_on_both_sides_is_no_quote() -> None:
    assert split_text("Look:\n>>> Sale until Friday <<<\nIs that true?").reply == "Look:\n>>> Sale until Friday <<<\nIs that true?"


def test_the_footer_of_a_mailing_list_below_a_quote_is_cut() -> None:
    text = f"{NEW}\n\n> We have sent it.\n\n__\npumps mailing list\npumps@example.org"
    assert split_text(text).reply == NEW


@pytest.mark.parametrize("rule", ["________________", "* * *", "---"])
def test_a_card_below_the_closing_formula_and_a_rule_is_cut(rule: str) -> None:
    letter = f"{NEW}\n\nKind regards,\n\nBo Berg"
    assert split_text(f"{letter}\n\n{rule}\nBerg Ltd, Oslo\n+47 22 12 34 56\nwww.berg.example").reply == letter


@pytest.mark.parametrize(
    "below",
    ["My new number is +47 22 12 34 56", "P.S. write to bo@example.org", "Could you call +47 22 12 34 56?", "2 pumps\n3 valves"],
)
def test_what_tells_something_below_the_closing_formula_and_a_rule_is_kept(below: str) -> None:
    text = f"{NEW}\n\nKind regards,\nBo Berg\n\n---\n{below}"
    assert split_text(text).reply == text


def test_a_smiley_at_the_start_of_a_line_is_no_quote() -> None:
    assert split_text("Not good\n>:(\nPlease help").reply == "Not good\n>:(\nPlease help"


def test_an_mbox_escape_is_no_quote() -> None:
    assert split_text("Hello\n>From Berlin we travel on\nBo").reply == "Hello\n>From Berlin we travel on\nBo"


def test_the_wrapped_end_of_a_quoted_line_belongs_to_the_quote() -> None:
    quoted = "> this is a very long line of a quoted mail which some program has broken in a\nplace without a mark\n> and it goes on"
    assert split_text(f"{NEW}\n\n{quoted}").reply == NEW


def test_a_disclaimer_at_the_end_is_cut() -> None:
    text = f"{NEW}\n\nThis e-mail and any attachments are confidential and intended only for the addressee."
    assert split_text(text).reply == NEW


@pytest.mark.parametrize(
    "small_print",
    [
        "Please note: All incoming and outgoing e-mails are monitored by Berg Ltd.",
        "This e-mail has been scanned by Mailwash. For more information please visit https://mailwash.example",
        "Internet e-mail is not secure. Our firm monitors all traffic.",
    ],
)
def test_small_print_below_stars_is_cut(small_print: str) -> None:
    rule = "*" * 40
    assert split_text(f"{NEW}\n\n{rule}\n{small_print}\n{rule}").reply == NEW


BANNERS = [
    "WARNING: This mail came from outside our firm. Never open files unless you expected them.",
    "[EXTERNAL]",
    "Security notice: external sender!\nDon't open attachments, don't reply in haste.",
    "ACHTUNG: Diese E-Mail stammt von außerhalb der Firma. Klicken Sie nicht auf Links.",
    "Attention : cet e-mail provient de l'extérieur. Ne cliquez pas sur les liens.",
    "Let op: deze e-mail komt van buiten. Klik niet op links.",
    "You don't often get email from bo@example.com. Learn why this is important <https://aka.ms/LearnAboutSenderIdentification>",
]


@pytest.mark.parametrize("banner", BANNERS)
def test_the_warning_of_a_gateway_above_the_mail_is_cut(banner: str) -> None:
    assert split_text(f"\n{banner}\n\n{NEW}").reply == NEW


@pytest.mark.parametrize("banner", BANNERS)
def test_a_warning_above_nothing_is_kept(banner: str) -> None:
    assert split_text(banner).reply == banner


@pytest.mark.parametrize(
    "opening",
    [
        "Attention: the pump from outside leaks. Do not open the box.",
        "This email is about the external pump. Be cautious, the parcel is heavy.",
        "Is this mail of yours from an external sender? I do not click on its links.",
        "Achtung, die Lieferung kam von außerhalb. Öffnen Sie bitte eine Reklamation.",
    ],
)
def test_a_customers_own_warning_is_kept(opening: str) -> None:
    assert split_text(f"{opening}\n\n{NEW}").reply.startswith(opening)


def test_a_question_below_a_disclaimer_keeps_both() -> None:
    text = f"{NEW}\n\nThis e-mail is confidential.\n\nWill you come tomorrow?"
    assert split_text(text).reply.endswith("Will you come tomorrow?")


def test_the_footer_of_a_mailing_list_is_cut() -> None:
    assert split_text(f"{NEW}\n\n_______________________________________________\npumps mailing list\npumps@example.org").reply == NEW


def test_lines_that_the_markup_calls_quoted_are_not_new() -> None:
    lines = [("Yes please", False), ("", False), ("On Monday Ann wrote:", False), ("Which pump?", True), ("", True)]
    assert split_lines(lines) == ("Yes please", True)


def test_a_mail_that_the_markup_calls_quoted_from_end_to_end_is_kept() -> None:
    assert split_lines([("Please send two pumps.", True)]).reply == "Please send two pumps."


def test_two_dashes_around_a_list_are_kept() -> None:
    text = "Please send:\n- 2 pumps\n- 3 valves\n\n---\n\nand call me."
    assert split_text(text).reply == text


@pytest.mark.parametrize(
    "line",
    [
        "-" * 5_000 + "x",
        "* " * 3_000 + "x",
        ">>a" + "<" * 5_000 + "x",
        "On 3 " * 900 + "wrote:",
        "Sent from my " + "iPhone " * 800,
        "This is " * 50 + "<ann@example.com> wrote:",
        "06.05.2024, 10:15, " + "a " * 200 + "<ann@example.com>:",
        "----- " + "a" * 60 + " ----- From: " + "x" * 190,
        "CAUTION " + "mail " * 150,
    ],
)
def test_lines_made_to_take_for_ever_are_read_quickly(line: str) -> None:
    begun = time.perf_counter()
    split_text("\n\n".join(["Hello"] + [line] * 150))
    assert time.perf_counter() - begun < 5


@given(st.text(alphabet=st.sampled_from("> \n-_aA:@.1,<"), max_size=400))
def test_splitting_never_fails_and_invents_nothing(text: str) -> None:
    reply = split_text(text).reply
    assert set(reply.split()) <= set(text.split())
