"""The words for numbers in the languages that the gate knows, with and without their accents."""

import unicodedata
from collections.abc import Iterable
from functools import cache

_UNITS = {
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "fr": "deux trois quatre cinq six sept huit - dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve",
    "it": "due tre quattro cinque - sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove",
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
    "pl": "dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście "
    "siedemnaście osiemnaście dziewiętnaście",
    "pt": "dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete dezoito dezenove",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante septante huitante nonante",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "pl": "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
}
_NINE = {
    "en": "one two three four five six seven eight nine",
    "de": "ein zwei drei vier fünf sechs sieben acht neun",
    "fr": "un deux trois quatre cinq six sept huit neuf",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve",
    "it": "uno due tre quattro cinque sei sette otto nove",
    "nl": "een twee drie vier vijf zes zeven acht negen",
    "pl": "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
    "pt": "um dois três quatro cinco seis sete oito nove",
}
_OTHERS = {
    "en": "zero=0 dozen=12 dozens=12 hundred=100 thousand=1000 million=1000000",
    "de": "null=0 zwo=2 dutzend=12 hundert=100 einhundert=100 tausend=1000 eintausend=1000 million=1000000 millionen=1000000",
    "fr": "zéro=0 douzaine=12 dizaine=10 vingtaine=20 trentaine=30 cinquantaine=50 centaine=100 cent=100 cents=100 neuf_cent=900 "
    "neuf_cents=900 mille=1000 million=1000000",
    "es": "cero=0 docena=12 veintiún=21 cien=100 ciento=100 doscientos=200 doscientas=200 trescientos=300 trescientas=300 "
    "cuatrocientos=400 quinientos=500 seiscientos=600 setecientos=700 ochocientos=800 novecientos=900 mil=1000 millón=1000000",
    "it": "zero=0 dozzina=12 decina=10 cento=100 seicento=600 mille=1000 mila=1000 seimila=6000 un_milione=1000000",
    "nl": "nul=0 dozijn=12 honderd=100 éénhonderd=100 eenhonderd=100 duizend=1000 miljoen=1000000",
    "pl": "zero=0 tuzin=12 dwie=2 dwóch=2 dwoma=2 trzech=3 czterech=4 pięciu=5 sześciu=6 siedmiu=7 ośmiu=8 dziewięciu=9 dziesięciu=10 "
    "jedenastu=11 dwunastu=12 trzynastu=13 czternastu=14 piętnastu=15 szesnastu=16 siedemnastu=17 osiemnastu=18 dziewiętnastu=19 "
    "dwudziestu=20 trzydziestu=30 czterdziestu=40 pięćdziesięciu=50 sześćdziesięciu=60 sto=100 stu=100 dwieście=200 dwustu=200 "
    "trzysta=300 czterysta=400 pięćset=500 sześćset=600 siedemset=700 osiemset=800 dziewięćset=900 tysiąc=1000 tysiące=1000 "
    "tysięcy=1000 milion=1000000",
    "pt": "zero=0 dúzia=12 dezena=10 duas=2 dezasseis=16 dezassete=17 dezanove=19 cem=100 cento=100 duzentos=200 duzentas=200 "
    "trezentos=300 quatrocentos=400 quinhentos=500 seiscentos=600 setecentos=700 oitocentos=800 novecentos=900 mil=1000 milhão=1000000",
}
_FRACTIONS = {
    "en": "half=0.5 halves=0.5 one_third=1/3 a_third=1/3 two_thirds=2/3 one_quarter=0.25 a_quarter=0.25 three_quarters=0.75 "
    "one_fifth=0.2 a_fifth=0.2 one_tenth=0.1 a_tenth=0.1 one_and_a_half=1.5",
    "de": "halb=0.5 halbe=0.5 halben=0.5 halber=0.5 halbes=0.5 hälfte=0.5 drittel=1/3 ein_drittel=1/3 zwei_drittel=2/3 viertel=0.25 "
    "ein_viertel=0.25 dreiviertel=0.75 drei_viertel=0.75 fünftel=0.2 zehntel=0.1 anderthalb=1.5 eineinhalb=1.5 zweieinhalb=2.5",
    "fr": "moitié=0.5 demi=0.5 demie=0.5 un_tiers=1/3 deux_tiers=2/3 un_quart=0.25 trois_quarts=0.75 un_cinquième=0.2 un_dixième=0.1",
    "es": "mitad=0.5 un_tercio=1/3 dos_tercios=2/3 un_cuarto=0.25 tres_cuartos=0.75 un_quinto=0.2 un_décimo=0.1",
    "it": "metà=0.5 un_terzo=1/3 due_terzi=2/3 un_quarto=0.25 tre_quarti=0.75 un_quinto=0.2 un_decimo=0.1",
    "nl": "helft=0.5 half=0.5 halve=0.5 een_derde=1/3 twee_derde=2/3 een_kwart=0.25 kwart=0.25 driekwart=0.75 een_vijfde=0.2 anderhalf=1.5",
    "pl": "połowa=0.5 połowę=0.5 połowy=0.5 pół=0.5 jedna_trzecia=1/3 jedną_trzecią=1/3 dwie_trzecie=2/3 ćwierć=0.25 jedna_czwarta=0.25 "
    "jedną_czwartą=0.25 trzy_czwarte=0.75 półtora=1.5",
    "pt": "metade=0.5 um_terço=1/3 dois_terços=2/3 um_quarto=0.25 três_quartos=0.75 um_quinto=0.2 um_décimo=0.1",
}
_BETWEEN = {"fr": " et ", "es": " y ", "pt": " e "}
_TEENS_ON_TENS = {60: "soixante", 80: "quatre vingt"}
NOT_ALONE = frozenset({"million", "millionen", "zero", "null", "nul", "zéro", "cero"})
"""Words of numbers that are no atom where no other stands beside them."""


@cache
def numerals(language: str) -> dict[str, int]:
    """Word or phrase (lower case, single spaces) → what it stands for: 2 to 99, the hundreds, dozens, thousands."""
    units, tens, nine = (table[language].split() for table in (_UNITS, _TENS, _NINE))
    words = {word.replace("-", " "): value for value, word in enumerate(units, start=2) if word != "-"}
    words |= {word: value for value, word in zip(range(20, 100, 10), tens, strict=True)}
    for ten, word in zip(range(20, 100, 10), tens, strict=True):
        words |= {joined: ten + value for value, unit in enumerate(nine, start=1) for joined in _joined(language, word, unit)}
    if language == "fr":
        words |= _teens_on_tens(words, nine)
    words |= {name.replace("_", " "): int(value) for name, value in _pairs(_OTHERS[language])}
    return {spelled: value for word, value in words.items() for spelled in _spellings(word)}


def _joined(language: str, ten: str, unit: str) -> Iterable[str]:
    """How a ten and a unit make one word: twenty five, fünfundzwanzig, vingt et un, treinta y cinco, ventotto, tweeëntwintig."""
    if language in ("de", "nl"):
        return [f"{unit}und{ten}"] if language == "de" else [f"{unit}en{ten}", f"{unit}ën{ten}"]
    if language == "it":
        return [(ten[:-1] if unit[0] in "uo" else ten) + unit, f"{ten[:-1]}un"] if unit == "uno" else [_italian(ten, unit)]
    if language == "es" and ten == "veinte":
        return [f"veinti{unit}"]
    return [f"{ten}{_BETWEEN.get(language, ' ')}{unit}", f"{ten} {unit}"]


def _italian(ten: str, unit: str) -> str:
    return (ten[:-1] if unit[0] in "uo" else ten) + ("tré" if unit == "tre" else unit)


def _teens_on_tens(words: dict[str, int], nine: list[str]) -> dict[str, int]:
    """Soixante-dix, soixante et onze … quatre-vingt-dix-neuf."""
    teens = {word: value for word, value in words.items() if 10 <= value < 20}
    found = {
        f"{ten}{between}{word}": start + value
        for start, ten in _TEENS_ON_TENS.items()
        for word, value in teens.items()
        for between in (" ", " et ")
    }
    return (
        found | {"quatre vingts": 80, "quatre vingt": 80} | {f"quatre vingt {unit}": 80 + value for value, unit in enumerate(nine, start=1)}
    )


def _spellings(word: str) -> set[str]:
    """`word`, without its accents, and as Germans type it where keys are missing."""
    bare = "".join(character for character in unicodedata.normalize("NFD", word) if not unicodedata.combining(character))
    typed = word.replace("ü", "ue").replace("ö", "oe").replace("ä", "ae").replace("ß", "ss")
    return {word, typed, bare.replace("ß", "ss").replace("ł", "l")}


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (pair.partition("=") for pair in text.split())]


FRACTIONS = {
    language: {spelled: value for name, value in _pairs(text) for spelled in _spellings(name.replace("_", " "))}
    for language, text in _FRACTIONS.items()
}
"""Of each language: words → "0.5" or, where there is no decimal, "1/3"."""
