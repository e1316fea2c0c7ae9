"""What people newly wrote, as the mail programs of the world put it above, between and below what they answer."""

import pytest

from inbox.parsing import parse
from inbox.quoting import split_text

NEW = {
    "en": "Thanks, that solves it.\nPlease send the invoice as well.",
    "de": "Danke, das hilft.\nBitte senden Sie auch die Rechnung.",
    "fr": "Merci, c'est réglé.\nEnvoyez-moi aussi la facture.",
    "es": "Gracias, está resuelto.\nEnvíenme también la factura.",
    "it": "Grazie, è risolto.\nMandatemi anche la fattura.",
    "nl": "Dank u, dat is opgelost.\nStuur ook de factuur mee.",
    "pl": "Dziękuję, to pomogło.\nProszę też o fakturę.",
    "pt": "Obrigado, está resolvido.\nEnviem também a fatura.",
    "ru": "Спасибо, это помогло.\nПришлите также счёт.",
    "ja": "ありがとうございます。\n請求書も送ってください。",
    "zh": "谢谢，问题解决了。\n请把发票也发给我。",
}
OLD = "Which pump do you mean?\n\nAnn Lee\nPump Desk"

ABOVE_UNMARKED_TEXT = [
    ("en", "On Tue, 2024-05-07 at 09:12 +0200, Ann Lee wrote:"),
    ("en", "On 7 May 2024 at 9:12, Ann Lee wrote:"),
    ("en", "On May 7, 2024, Ann Lee <ann@example.com> wrote:"),
    ("en", "On Tuesday, May 7th, 2024 at 9:12 AM, Ann Lee <ann@example.com> wrote:"),
    ("en", "On May 7, 2024, 9:12 AM +0200, Ann Lee <ann@example.com>, wrote:"),
    ("en", "On Tue, May 7, 2024, 9:12 AM Ann Lee via Desk <\ndesk@example.com> wrote:"),
    ("en", "Ann Lee <ann@example.com> wrote on 05/07/2024 09:12:33 AM:"),
    ("en", "Ann Lee/BER/Example\n05/07/2024 09:12 AM\n\nTo\nBo Berg/Customer@Customer\ncc\n\nSubject\nRe: pumps"),
    ("en", "From:   Ann Lee/BER/Example\nTo:     Bo Berg <bo@example.org>\nDate:   05/07/2024 09:12 AM\nSubject:        Re: pumps"),
    ("en", "-----Original Message-----\nFrom: ann@example.com\nDate: Tue, 7 May 2024 09:12:33\nTo: <bo@example.org>\nSubject: Pumps"),
    ("en", "Sent with Proton Mail secure email.\n\n------- Original Message -------\n"
     "On Tuesday, May 7th, 2024 at 09:12, Ann <ann@example.com> wrote:"),
    ("en", "Get Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Ann Lee <ann@example.com>\n"
     "Sent: Tuesday, May 7, 2024 9:12:33 AM\nTo: Bo Berg <bo@example.org>\nCc: Desk <desk@example.com>\nSubject: Re: Pumps"),
    ("en", "From: Ann Lee <ann@example.com>\nDate: Tuesday, 7 May 2024 at 09:12\nTo: Bo Berg <bo@example.org>\nSubject: Re: Pumps"),
    ("en", "----- Forwarded by Ann Lee/BER/Example on 05/07/2024 09:12 AM -----\n\nFrom: Bo"),
    ("de", "Am 07.05.2024 um 09:12 schrieb Ann Lee <ann@example.com>:"),
    ("de", "Am Dienstag, 7. Mai 2024, 09:12:33 CEST schrieb Ann Lee:"),
    ("de", "Ann Lee schrieb am 07.05.2024 um 09:12:"),
    ("de", "Ann Lee <ann@example.com> hat am 07.05.2024 09:12 CEST geschrieben:"),
    ("de", "-----Original-Nachricht-----\nBetreff: Re: Pumpen\nDatum: 2024-05-07T09:12:33+0200\n"
     "Von: \"Ann Lee\" <ann@example.com>\nAn: bo@example.org"),
    ("de", "Von: Ann Lee <ann@example.com>\nDatum: Dienstag, 7. Mai 2024 um 09:12\nAn: Bo <bo@example.org>\nBetreff: Re: Pumpen"),
    ("de", "Von: \"Ann Lee\" <ann@example.com>\nGesendet: Dienstag, 7. Mai 2024 09:12\nAn: bo@example.org\n"
     "Cc: desk@example.com\nBetreff: AW: Pumpen"),
    ("fr", "Le mar. 7 mai 2024 à 09:12, Ann Lee <ann@example.com> a\nécrit :"),
    ("fr", "Le mardi 7 mai 2024 à 09:12:33 UTC+2, Ann Lee <ann@example.com> a écrit :"),
    ("fr", "Envoyé : mardi 7 mai 2024 à 09:12\nDe : \"Ann Lee\" <ann@example.com>\nÀ : bo@example.org\nObjet : Re: Pompes"),
    ("fr", "De : Ann Lee <ann@example.com>\nDate : mardi, 7 mai 2024 à 09:12\nÀ : Bo <bo@example.org>\nObjet : Re: Pompes"),
    ("fr", "-------- Message d'origine --------\nDe : Ann Lee <ann@example.com>\nDate : 07/05/2024 09:12 (GMT+01:00)\n"
     "À : bo@example.org\nObjet : Pompes"),
    ("es", "El 7 may 2024, a las 9:12, Ann Lee <ann@example.com> escribió:"),
    ("es", "El martes, 7 de mayo de 2024, 09:12:33 CEST, Ann Lee <ann@example.com> escribió:"),
    ("es", "-----Mensaje original-----\nDe: Ann Lee [mailto:ann@example.com]\nEnviado el: martes, 7 de mayo de 2024 9:12\n"
     "Para: Bo\nAsunto: Bombas"),
    ("es", "De: Ann Lee <ann@example.com>\nFecha: martes, 7 de mayo de 2024, 9:12\nPara: Bo <bo@example.org>\nAsunto: Re: Bombas"),
    ("it", "Il giorno 7 mag 2024, alle ore 09:12, Ann Lee <ann@example.com> ha scritto:"),
    ("it", "Il martedì 7 maggio 2024 alle ore 09:12:33 CEST, Ann Lee <ann@example.com> ha scritto:"),
    ("it", "----Messaggio originale----\nDa: ann@example.com\nData: 07/05/2024 9.12\nA: <bo@example.org>\nOgg: Pompe"),
    ("it", "Da: Ann Lee <ann@example.com>\nInviato: martedì 7 maggio 2024 09:12\nA: Bo\nCc: Desk\nOggetto: R: Pompe"),
    ("nl", "Op 7 mei 2024 om 09:12 heeft Ann Lee <ann@example.com> het volgende geschreven:"),
    ("nl", "Ann Lee <ann@example.com> schreef op 7 mei 2024 09:12:33 CEST:"),
    ("nl", "Op dinsdag 7 mei 2024 om 09:12 schreef Ann Lee <\nann@example.com>:"),
    ("nl", "Van: Ann Lee [mailto:ann@example.com]\nVerzonden: dinsdag 7 mei 2024 9:12\nAan: 'Bo'\nOnderwerp: RE: Pompen"),
    ("pl", "W dniu 7 maja 2024 09:12 użytkownik Ann Lee <ann@example.com> napisał:"),
    ("pl", "Wiadomość napisana przez Ann Lee <ann@example.com> w dniu 7 maj 2024, o godz. 09:12:"),
    ("pl", "wt., 7 maj 2024 o 09:12 Ann Lee <ann@example.com> napisał(a):"),
    ("pl", "-----Wiadomość oryginalna-----\nOd: Ann Lee\nWysłano: wtorek, 7 maja 2024 09:12\nDo: Bo\nTemat: Pompy"),
    ("pl", "From: Ann Lee\nSent: Tuesday, May 7, 2024 9:12 AM\nTo: bo@example.org\nSubject: Pompy"),
    ("pt", "Em ter., 7 de mai. de 2024 às 09:12, Ann Lee <ann@example.com> escreveu:"),
    ("pt", "Ann Lee <ann@example.com> escreveu no dia terça, 7/05/2024 à(s) 09:12:"),
    ("pt", "No dia 7 de maio de 2024 às 09:12, Ann Lee <ann@example.com> escreveu:"),
    ("pt", "De: Ann Lee <ann@example.com>\nData: terça-feira, 7 de maio de 2024 às 09:12\nPara: Bo <bo@example.org>\nAssunto: Re: Bombas"),
    ("ru", "вт, 7 мая 2024 г. в 09:12, Ann Lee <ann@example.com>:"),
    ("ru", "Вторник, 7 мая 2024, 9:12 +03:00 от Ann Lee <ann@example.com>:"),
    ("ru", "07.05.2024, 09:12, \"Ann Lee\" <ann@example.com>:"),
    ("ru", "-------- Исходное сообщение --------\nОт: Ann Lee <ann@example.com>\nДата: 07.05.2024 09:12\n"
     "Кому: bo@example.org\nТема: Насосы"),
    ("ru", "From: Ann Lee\nSent: Tuesday, May 7, 2024 9:12 AM\nTo: bo@example.org\nSubject: Насосы"),
    ("ja", "2024年5月7日(火) 9:12 Ann Lee <ann@example.com>:"),
    ("ja", "On Tue, 7 May 2024 09:12:33 +0900\nAnn Lee <ann@example.com> wrote:"),
    ("ja", "2024年5月7日(火) 9:12、Ann Lee さん（ann@example.com）のメッセージ："),
    ("ja", "-----元のメッセージ-----\n差出人: Ann Lee <ann@example.com>\n送信日時: 2024年5月7日 9:12\n宛先: bo@example.org\n件名: ポンプ"),
    ("ja", "From: Ann Lee <ann@example.com>\nSent: Tuesday, May 7, 2024 9:12 AM\nTo: bo@example.org\nSubject: ポンプ"),
    ("zh", "在 2024-05-07 09:12:33，\"Ann Lee\" <ann@example.com> 写道："),
    ("zh", "Ann Lee <ann@example.com> 于2024年5月7日周二 09:12写道："),
    ("zh", "发件人： Ann Lee\n发送时间： 2024-05-07 09:12\n收件人： bo\n主题： 泵"),
    ("zh", "------------------------------------------------------------------\n发件人：Ann Lee <ann@example.com>\n"
     "发送时间：2024年5月7日(星期二) 09:12\n收件人：bo <bo@example.org>\n主　题：回复：泵"),
    ("zh", "寄件者: Ann Lee <ann@example.com>\n寄件日期: 2024年5月7日 上午 09:12\n收件者: bo@example.org\n主旨: 幫浦"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "above"), ABOVE_UNMARKED_TEXT)
def test_what_stands_below_a_programs_words_is_old(language: str, above: str) -> None:
    assert split_text(f"{NEW[language]}\n\n{above}\n\n{OLD}").reply == NEW[language]


ABOVE_MARKED_TEXT = [
    ("en", "Ann Lee wrote:"),
    ("en", "Ann Lee (ann@example.com) wrote on 2024-05-07:"),
    ("en", "In message <1@example.com>, Ann Lee writes:"),
    ("en", "* Ann Lee <ann@example.com> [2024-05-07 09:12]:"),
    ("en", "At 09:12 AM 5/7/2024, you wrote:"),
    ("en", "2024/5/7 Ann Lee <ann@example.com>"),
    ("en", "Quoting Ann Lee <ann@example.com>:"),
    ("de", "Ann Lee schrieb:"),
    ("fr", "Ann Lee a écrit :"),
    ("es", "Ann Lee escribió:"),
    ("it", "Ann Lee ha scritto:"),
    ("nl", "Ann Lee schreef:"),
    ("pl", "Ann Lee pisze:"),
    ("pt", "Ann Lee escreveu:"),
    ("ru", "Ann Lee пишет:"),
    ("ja", "Ann Lee さんは書きました:"),
    ("zh", "Ann Lee 写道："),
]


@pytest.mark.parametrize(("language", "above"), ABOVE_MARKED_TEXT)
def test_the_line_above_marked_words_goes_with_them(language: str, above: str) -> None:
    quoted = "\n".join(f"> {line}" for line in OLD.split("\n"))
    assert split_text(f"{NEW[language]}\n\n{above}\n{quoted}").reply == NEW[language]
    assert split_text(f"{above}\n{quoted}\n\n{NEW[language]}").reply == NEW[language]


HTML = {
    "gmail": '<div dir="ltr">{new}</div><br><div class="gmail_quote">'
    '<div dir="ltr" class="gmail_attr">On Tue, May 7, 2024 at 9:12 AM Ann Lee '
    '&lt;<a href="mailto:ann@example.com">ann@example.com</a>&gt; wrote:<br></div><blockquote class="gmail_quote" '
    'style="border-left:1px solid #ccc;padding-left:1ex">{old}</blockquote></div>',
    "apple": '<html><body><div>{new}</div><div><br><blockquote type="cite">'
    '<div>On 7 May 2024, at 09:12, Ann Lee &lt;ann@example.com&gt; wrote:'
    "</div><br><div>{old}</div></blockquote></div></body></html>",
    "thunderbird": '<p>{new}</p><div class="moz-cite-prefix">Am 07.05.24 um 09:12 schrieb Ann Lee:<br></div>'
    '<blockquote type="cite" cite="mid:1@example.com">{old}</blockquote>',
    "outlook web": '<div class="elementToProof">{new}</div><div id="appendonsend"></div><hr style="width:98%">'
    '<div id="divRplyFwdMsg" dir="ltr">'
    "<b>Von:</b> Ann Lee &lt;ann@example.com&gt;<br><b>Gesendet:</b> Dienstag, 7. Mai 2024 09:12<br></div><div>{old}</div>",
    "outlook": '<div class="WordSection1"><p class="MsoNormal">{new}</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;'
    'padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Ann Lee &lt;ann@example.com&gt; <br><b>Sent:'
    '</b> Tuesday, May 7, 2024 9:12 AM'
    '<br><b>To:</b> Bo<br><b>Subject:</b> Pumps</p></div></div><p class="MsoNormal">{old}</p></div>',
    "outlook for iphone": '<div>{new}</div><div id="ms-outlook-mobile-signature">Get '
    '<a href="https://aka.ms/o0ukef">Outlook for iOS</a></div>'
    '<hr><div id="divRplyFwdMsg"><b>From:</b> Ann</div><div>{old}</div>',
    "yahoo": '<div class="ydp1yahoo-style-wrap"><div>{new}</div></div><div id="ydp2yahoo_quoted_1" class="ydp3yahoo_quoted">'
    '<div>On Tuesday, May 7, '
    "2024, 09:12:33 AM GMT+2, Ann Lee wrote:</div><div>{old}</div></div>",
    "gmx": '<div>{new}<div name="quote" style="margin:10px 5px 5px 10px;border-left:2px solid #C3D9E5"><div><b>Gesendet:'
    '</b> Dienstag, 07. Mai 2024 '
    "um 09:12 Uhr<br><b>Von:</b> Ann Lee</div><div>{old}</div></div></div>",
    "proton": '<div>{new}</div><div class="protonmail_signature_block">Sent with Proton Mail</div>'
    '<div class="protonmail_quote">On Tuesday, May 7th, '
    '2024 at 9:12 AM, Ann Lee wrote:<br><blockquote class="protonmail_quote" type="cite">{old}</blockquote></div>',
    "notes": "<p>{new}</p><br><font size=1 color=#5f5f5f face=sans-serif>From: </font><font size=1>Ann Lee/BER/Example</font><br>"
    "<font size=1>To: </font><font size=1>bo@example.org</font><br><font size=1>Date: </font><font size=1>05/07/2024 09:12 AM</font><br>"
    "<font size=1>Subject: </font><font size=1>Re: pumps</font><br><hr noshade><br><tt>{old}</tt>",
    "zendesk": "<div>{new}</div><div>##- Please type your reply above this line -##</div><div>{old}</div>",
    "front": '<div>{new}</div><blockquote class="front-blockquote">On May 7, 2024, Ann wrote:<br>{old}</blockquote>',
    "qq": "<div>{new}</div><div><br></div><div>------------------&nbsp;Original&nbsp;------------------</div><div><b>From:"
    "</b> \"Ann\"&lt;ann@example.com"
    "&gt;;</div><div><b>Date:</b> Tue, May 7, 2024 09:12 AM</div><div><b>To:</b> \"Bo\";</div><div><b>Subject:</b> Re: Pumps</div>"
    "<div>{old}</div>",
    "netease": '<div>{new}</div><div id="isReplyContent" style="padding-left:1ex">At 2024-05-07 09:12:33, "Ann" wrote:<br>{old}</div>',
}  # fmt: skip


@pytest.mark.parametrize("name", HTML)
def test_what_the_markup_of_a_program_quotes_is_old(name: str) -> None:
    body = HTML[name].format(new=NEW["en"].replace("\n", "<br>"), old=OLD.replace("\n", "<br>"))
    mail = parse(f"From: bo@example.org\nSubject: Re: Pumps\nContent-Type: text/html; charset=utf-8\n\n{body}".encode())
    assert mail.reply_text == NEW["en"]
    assert "Which pump do you mean?" in mail.text


def test_answers_between_the_quotes_of_gmail_are_kept() -> None:
    quote = '<blockquote class="gmail_quote" style="border-left:1px solid #ccc">{}</blockquote>'
    body = (
        f'<div dir="ltr">See below.<div class="gmail_quote"><div class="gmail_attr">On Tue, Ann wrote:</div>{quote.format("Which pump?")}'
    )
    body += f"<div>The small one.</div>{quote.format('How many?')}<div>Three.</div></div></div>"
    mail = parse(f"From: bo@example.org\nSubject: Re: Pumps\nContent-Type: text/html; charset=utf-8\n\n{body}".encode())
    assert mail.reply_text.split() == ["See", "below.", "The", "small", "one.", "Three."]
