"""Names of the months in the languages of Europe, with their usual short forms.

Left out: short forms that are common words elsewhere ("set", "ago", "out").
"""

ENGLISH = "january february march april may june july august september october november december"
_ENGLISH_SHORT = "jan feb mar apr may jun jul aug sep oct nov dec"
_OTHERS = """
januar februar märz april mai juni juli august september oktober november dezember
jänner feber maerz april mai juni juli august september oktober november dezember
jan feb mär apr mai jun jul aug sep okt nov dez
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
janv févr mars avr mai juin juil août sept oct nov déc
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
ene feb mar abr may jun jul - sept oct nov dic
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
gen feb mar apr mag giu lug - sett ott nov dic
januari februari maart april mei juni juli augustus september oktober november december
jan feb mrt apr mei jun jul aug sep okt nov dec
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
sty lut mar kwi maj cze lip sie wrz paź lis gru
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
jan fev mar abr mai jun jul - - - nov dez
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november december
ledna února března dubna května června července srpna září října listopadu prosince
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
"""


def _numbered(*lines: str) -> dict[str, int]:
    return {name: number for line in lines for number, name in enumerate(line.split(), start=1) if name != "-"}


ENGLISH_MONTHS = _numbered(ENGLISH, _ENGLISH_SHORT) | {"sept": 9}
MONTHS = _numbered(*_OTHERS.strip().splitlines()) | ENGLISH_MONTHS
"""Lower-case name → 1 to 12."""
