import pytest

from inbox.languages import detect


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Could you please tell me when my order will arrive?", "en"),
        ("Können Sie mir bitte sagen, wann meine Bestellung ankommt?", "de"),
        ("Pouvez-vous me dire quand ma commande arrivera, s'il vous plaît ?", "fr"),
        ("¿Podría decirme cuándo llegará mi pedido, por favor?", "es"),
        ("Potrebbe dirmi per favore quando arriverà il mio ordine?", "it"),
        ("Kunt u mij alstublieft vertellen wanneer mijn bestelling aankomt?", "nl"),
        ("Czy może mi Pan powiedzieć, kiedy dotrze moje zamówienie?", "pl"),
        ("Подскажите, пожалуйста, когда придёт мой заказ?", "ru"),
        ("注文はいつ届きますか。教えてください。", "ja"),
        ("请告诉我我的订单什么时候到达。", "zh"),
        ("제 주문은 언제 도착하나요?", "ko"),
        ("Πότε θα φτάσει η παραγγελία μου;", "el"),
    ],
)
def test_the_language_of_a_sentence_is_found(text: str, code: str) -> None:
    assert detect(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Где мой заказ?", "ru"),
        ("Де моє?", "uk"),
        ("أين طلبي؟", "ar"),
        ("سفارش من کجاست؟", "fa"),
        ("मेरा ऑर्डर कहाँ है", "hi"),
        ("আমার অর্ডার", "bn"),
        ("Danke schön!", "de"),
        ("Dziękuję", "pl"),
        ("Tack så mycket", "sv"),
        ("Où est ma commande ?", "fr"),
    ],
)
def test_a_few_words_are_enough_where_they_leave_no_doubt(text: str, code: str) -> None:
    assert detect(text) == code


@pytest.mark.parametrize("text", ["", "12345", "https://example.com/a/b", "ok", "bo@example.com"])
def test_too_little_text_has_no_language(text: str) -> None:
    assert detect(text) == ""
