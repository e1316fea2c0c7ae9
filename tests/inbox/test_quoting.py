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
    ],
)
def test_a_writers_own_sentence_does_not_cut_what_follows(sentence: str) -> None:
    assert split_text(f"Hello,\n\n{sentence}\n\nThe pump leaks.").reply.endswith("The pump leaks.")


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


@given(st.text(alphabet=st.sampled_from("> \n-_aA:@.1,<"), max_size=400))
def test_splitting_never_fails_and_invents_nothing(text: str) -> None:
    reply = split_text(text).reply
    assert set(reply.split()) <= set(text.split())
