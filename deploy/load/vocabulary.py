"""Words for made-up mail. Ranks follow Zipf's law (the n-th word is met 1/n as often as the first), so that a search meets common words
as well as rare ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

T = TypeVar("T")
INVENTED = 30_000
_ONSETS = ("b", "br", "d", "dr", "f", "fl", "g", "gr", "h", "k", "kl", "kr", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v", "z")
_VOWELS = ("a", "e", "i", "o", "u", "au", "ei", "io")
_ENDS = ("", "l", "m", "n", "r", "s", "t", "x", "nd", "rk", "st")


@dataclass(frozen=True, slots=True)
class Language:
    """How people who speak it write to us. In sentences, `{order}` and the like are slots."""

    greetings: Sequence[str]
    subjects: Sequence[str]
    sentences: Sequence[str]
    closings: Sequence[str]
    replies: Sequence[str]
    parts: Sequence[str]
    wrote: str


LANGUAGES = {
    "en": Language(
        greetings=("Hello,", "Good morning,", "Dear Sir or Madam,", "Hi there,"),
        subjects=("Order {order}", "Where is {order}?", "Invoice for {order}", "Damaged {part}", "Quote for {part}", "Return of {part}"),
        sentences=(
            "Could you please tell me where our order {order} is?",
            "We ordered {number} pieces of the {part} {word}, and nothing has arrived so far.",
            "Our customer {name} is waiting for the delivery and the machine stands still.",
            "The parcel came yesterday, but the {part} in it was damaged on one side.",
            "Please send us a copy of the invoice for {order} for our accounts.",
            "What does the {part} {word} cost if we take {number} of them?",
            "Is the {part} of the {word} series still in stock at your {place} warehouse?",
            "We would like to return {number} of them, as the size does not fit our {word}.",
            "According to the delivery note it should have been {number} instead of {number2}.",
            "Can you change the delivery address to our site in {place}, please?",
            "Our drawing says {word}-{number2}, is this the same as your {part}?",
            "I have tried to call you twice this week and nobody answered.",
            "We need it by the end of the week at the latest.",
            "Is there a data sheet for the {word} {part}, and does it resist {word2}?",
        ),
        closings=("Kind regards", "Best wishes", "Thank you", "Thanks in advance"),
        replies=(
            "Hello,\n\nthank you for your mail. {order} left our warehouse and should reach you within two working days.\n\nKind regards",
            "Hello,\n\nwe are sorry for the trouble. We have checked {order} and send the missing parts today.\n\nKind regards",
            "Hello,\n\nthe copy of the invoice for {order} is on its way to you.\n\nKind regards",
        ),
        parts=("bracket", "valve", "hose", "conveyor belt", "bearing", "gasket", "pump", "coupling", "filter", "cylinder"),
        wrote="On {date} Service wrote:",
    ),
    "de": Language(
        greetings=("Guten Tag,", "Hallo,", "Sehr geehrte Damen und Herren,"),
        subjects=(
            "Bestellung {order}",
            "Wo bleibt {order}?",
            "Rechnung zu {order}",
            "{part} beschädigt",
            "Anfrage {part}",
            "Rücksendung {part}",
        ),
        sentences=(
            "Können Sie mir bitte sagen, wo unsere Bestellung {order} bleibt?",
            "Wir haben {number} Stück {part} {word} bestellt und bisher nichts erhalten.",
            "Unser Kunde {name} wartet auf die Lieferung, und die Anlage steht still.",
            "Das Paket kam gestern an, aber das Teil ({part}) war auf einer Seite beschädigt.",
            "Bitte schicken Sie uns eine Kopie der Rechnung zu {order} für die Buchhaltung.",
            "Was kostet {part} {word} bei Abnahme von {number} Stück?",
            "Haben Sie {part} der Serie {word} noch im Lager {place}?",
            "Wir möchten {number} Stück zurückgeben, weil die Größe nicht zu unserer {word} passt.",
            "Laut Lieferschein hätten es {number} statt {number2} sein müssen.",
            "Bitte ändern Sie die Lieferadresse auf unser Werk in {place}.",
            "Ich habe diese Woche schon zweimal angerufen und niemanden erreicht.",
            "Wir brauchen die Ware spätestens bis Ende der Woche.",
            "Gibt es ein Datenblatt für {part} {word}, und ist das Material gegen {word2} beständig?",
        ),
        closings=("Mit freundlichen Grüßen", "Viele Grüße", "Vielen Dank im Voraus"),
        replies=(
            "Guten Tag,\n\nvielen Dank. {order} hat unser Lager verlassen und trifft in zwei Werktagen ein.\n\nViele Grüße",
            "Guten Tag,\n\ndas tut uns leid. Wir haben {order} geprüft und schicken die fehlenden Teile heute ab.\n\nViele Grüße",
        ),
        parts=("Halterung", "Ventil", "Schlauch", "Förderband", "Lager", "Dichtung", "Pumpe", "Kupplung", "Filter", "Zylinder"),
        wrote="Am {date} schrieb Service:",
    ),
    "fr": Language(
        greetings=("Bonjour,", "Madame, Monsieur,"),
        subjects=("Commande {order}", "Où est {order} ?", "Facture pour {order}", "{part} endommagé", "Devis {part}"),
        sentences=(
            "Pouvez-vous me dire où se trouve notre commande {order} ?",
            "Nous avons commandé {number} pièces ({part} {word}) et n'avons encore rien reçu.",
            "Notre client {name} attend la livraison et la machine est à l'arrêt.",
            "Le colis est arrivé hier, mais la pièce ({part}) était abîmée.",
            "Merci de nous envoyer une copie de la facture de {order}.",
            "Quel est le prix du modèle {part} {word} pour {number} pièces ?",
            "Nous souhaitons retourner {number} pièces, la taille ne convient pas à notre {word}.",
            "Pourriez-vous modifier l'adresse de livraison vers notre site de {place} ?",
            "Nous en avons besoin avant la fin de la semaine.",
        ),
        closings=("Cordialement", "Bien à vous", "Merci d'avance"),
        replies=("Bonjour,\n\nmerci pour votre message. La commande {order} a quitté notre entrepôt hier.\n\nCordialement",),
        parts=("support", "vanne", "flexible", "courroie", "roulement", "joint", "pompe", "raccord", "filtre", "vérin"),
        wrote="Le {date}, Service a écrit :",
    ),
    "es": Language(
        greetings=("Buenos días,", "Hola,", "Estimados señores:"),
        subjects=("Pedido {order}", "¿Dónde está {order}?", "Factura de {order}", "{part} dañado", "Presupuesto {part}"),
        sentences=(
            "¿Pueden decirme dónde está nuestro pedido {order}?",
            "Pedimos {number} unidades de {part} {word} y todavía no ha llegado nada.",
            "Nuestro cliente {name} espera la entrega y la máquina está parada.",
            "El paquete llegó ayer, pero la pieza ({part}) estaba dañada.",
            "Por favor, envíennos una copia de la factura de {order}.",
            "¿Qué precio tiene {part} {word} si compramos {number}?",
            "Queremos devolver {number} unidades porque la medida no sirve para nuestra {word}.",
            "¿Es posible cambiar la dirección de entrega a nuestra planta de {place}?",
            "Lo necesitamos a finales de semana como muy tarde.",
        ),
        closings=("Un saludo", "Saludos cordiales", "Gracias"),
        replies=("Buenos días:\n\ngracias por su mensaje. El pedido {order} salió ayer de nuestro almacén.\n\nUn saludo",),
        parts=("soporte", "válvula", "manguera", "cinta", "rodamiento", "junta", "bomba", "acoplamiento", "filtro", "cilindro"),
        wrote="El {date}, Service escribió:",
    ),
    "he": Language(
        greetings=("שלום,", "בוקר טוב,"),
        subjects=("הזמנה {order}", "איפה {order}?", "חשבונית עבור {order}"),
        sentences=(
            "איפה ההזמנה שלנו {order}?",
            "הזמנו {number} יחידות של {part} {word} ועדיין לא הגיע דבר.",
            "הלקוח שלנו {name} מחכה למשלוח.",
            "נא לשלוח לנו עותק של החשבונית עבור {order}.",
            "מה המחיר של {part} {word} עבור {number} יחידות?",
        ),
        closings=("תודה", "בברכה"),
        replies=("שלום,\n\nתודה על הפנייה. ההזמנה {order} יצאה מהמחסן שלנו אתמול.\n\nבברכה",),
        parts=("שסתום", "משאבה", "צינור", "מסנן"),
        wrote="בתאריך {date} כתב Service:",
    ),
}
SPOKEN = ("en",) * 9 + ("de",) * 6 + ("fr",) * 2 + ("es",) * 2 + ("he",)
FIRST_NAMES = (
    "Ada",
    "Bruno",
    "Clara",
    "Dario",
    "Edda",
    "Felix",
    "Gesa",
    "Hugo",
    "Ines",
    "Jonas",
    "Karla",
    "Liam",
    "Mira",
    "Nils",
    "Olga",
    "Rosa",
)


class Vocabulary:
    """The words of one seed."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.invented = list(dict.fromkeys(self._invent() for _ in range(INVENTED)))

    def ranked(self, words: Sequence[T]) -> T:
        """One of them; the first one most often, by Zipf's law."""
        return words[int((len(words) + 1) ** self.random.random()) - 1]

    def word(self) -> str:
        """An invented word."""
        return self.ranked(self.invented)

    def name(self) -> str:
        """Somebody's name."""
        return f"{self.random.choice(FIRST_NAMES)} {self.word().capitalize()}"

    def _invent(self) -> str:
        pick = self.random.choice
        return "".join(f"{pick(_ONSETS)}{pick(_VOWELS)}{pick(_ENDS)}" for _ in range(self.random.choice((2, 2, 3))))
