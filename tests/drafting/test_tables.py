from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from drafting import versions
from drafting.models import Article, Customer, CustomerAddress, Order, OrderLine, Product
from drafting.tables import TABLES, RowErrors, import_table
from tests.drafting.factories import make_article, make_category, make_customer, make_order, make_product

pytestmark = pytest.mark.django_db


def take(name: str, text: str) -> int:
    return import_table(name=name, file=StringIO(text))


def errors_of(name: str, text: str) -> list[tuple[int, str]]:
    with pytest.raises(RowErrors) as caught:
        take(name, text)
    return caught.value.errors


def test_a_company_fills_its_tables_from_files() -> None:
    take("customers", 'number,name,language\nK-1,Ann Ltd,en\nK-2,"Bob, Sons",de\n')
    take("customer_addresses", "customer,address,contact\nK-1,Ann@Customer.example,Ann Lee\n")
    take("products", "sku,name,price,stock,restock_on\nA-1,Seal,1.20,5,\nA-2,Pump,80,0,2026-12-01\n")
    take("orders", "number,customer,status,ordered_on,promised_on,total\nSO-1,K-1,shipped,2026-11-02,,81.20\n")
    take("order_lines", "order,product,quantity,price\nSO-1,A-1,1,1.20\nSO-1,A-2,1,80\n")
    order = Order.objects.get()
    assert (order.customer.name, order.promised_on, str(order.total), order.currency) == ("Ann Ltd", None, "81.20", "EUR")
    assert CustomerAddress.objects.get().address == "ann@customer.example"
    assert OrderLine.objects.filter(order=order).count() == 2


def test_a_known_row_is_updated_and_columns_that_are_missing_stay() -> None:
    make_product("A-1", name="Seal", stock=5)
    assert take("products", "sku,name,price,stock\nA-1,Seal,1.30,7\n") == 1
    product = Product.objects.get()
    assert (str(product.price), product.stock) == ("1.30", 7)
    make_customer(number="K-1", name="Ann", terms="30 days")
    take("customers", "number,name\nK-1,Ann Ltd\n")
    customer = Customer.objects.get()
    assert (customer.name, customer.terms) == ("Ann Ltd", "30 days")


def test_one_bad_row_keeps_the_whole_file_out_and_every_bad_row_is_named() -> None:
    file = "sku,name,price,stock\nA-1,Seal,1.20,5\nA-2,Pump,cheap,0\nA-3,,1,1\nA-1,Again,1,1\n"
    errors = dict(errors_of("products", file))
    assert set(errors) == {3, 4, 5}
    assert "price" in errors[3]
    assert "name" in errors[4]
    assert "stands in a line above" in errors[5]
    assert not Product.objects.exists()


def test_a_row_that_names_something_unknown_says_what_to_import_first() -> None:
    ((line, words),) = errors_of("orders", "number,customer,status,ordered_on,total\nSO-1,K-9,open,2026-11-02,1\n")
    assert line == 2
    assert "no customer 'K-9'; import it first" in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sku,name,price,colour\n", "Unknown columns: colour"),
        ("sku,stock\n", "Missing columns: name, price"),
        ("", "Missing columns"),
        ("sku,name,price\nA-1,Seal\n", "does not have 3 values"),
        ("sku,name,price\nA-1,Seal,1,2,3\n", "does not have 3 values"),
        ('sku,name,price\nA-1,"Seal,1\n', "no CSV file"),
        ("sku,name,price\nA-1,Seal,99999999999999\n", "price"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_in_words(text: str, words: str) -> None:
    assert words in errors_of("products", text)[0][1]


def test_order_status_must_be_a_known_one() -> None:
    make_customer(number="K-1")
    assert "status" in errors_of("orders", "number,customer,status,ordered_on,total\nSO-1,K-1,lost,2026-11-02,1\n")[0][1]


def test_importing_twice_makes_no_doubles() -> None:
    make_order(make_customer(number="K-1"), "SO-1")
    make_product("A-1")
    for _ in range(2):
        take("order_lines", "order,product,quantity,price\nSO-1,A-1,3,1.20\n")
    assert OrderLine.objects.filter(product__sku="A-1").count() == 1


def test_progress_is_told() -> None:
    seen: list[int] = []
    rows = "".join(f"A-{number},Seal,1\n" for number in range(1200))
    import_table(name="products", file=StringIO("sku,name,price\n" + rows), progress=seen.append)
    assert seen == [500, 1000, 1200]


def test_every_table_knows_its_columns() -> None:
    for table in TABLES.values():
        assert set(table.key) <= set(table.required) <= set(table.fields)


def test_the_command_says_what_came_in(tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    path.write_text("\ufeffsku,name,price\nA-1,Dichtung Ø 4,1.20\n", encoding="utf-8")
    out = StringIO()
    call_command("import_table", "products", str(path), stdout=out)
    assert "products: 1 rows" in out.getvalue()


def test_the_command_lists_the_lines_to_mend(tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    path.write_text("sku,name,price\nA-1,Seal,cheap\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"Nothing was imported[\s\S]*line 2: price"):
        call_command("import_table", "products", str(path))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_table", "products", str(tmp_path / "missing.csv"))


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    path.write_bytes("sku,name,price\nA-1,Größe,1\n".encode("latin-1"))
    with pytest.raises(CommandError, match="save it as “CSV UTF-8”"):
        call_command("import_table", "products", str(path))


def test_days_and_numbers_may_be_written_as_in_other_countries() -> None:
    take("products", 'sku;name;price;restock_on\nA-1;Seal;1,20;31.01.2026\nA-2;Pump;"1.234,56";\n')
    prices = dict(Product.objects.values_list("sku", "price"))
    assert (str(prices["A-1"]), str(prices["A-2"])) == ("1.20", "1234.56")
    assert str(Product.objects.get(sku="A-1").restock_on) == "2026-01-31"
    ((_, words),) = errors_of("products", "sku;name;price\nA-3;Hose;1.234\n")
    assert "decimal places" in words


def test_all_that_is_wrong_with_a_row_is_said_at_once() -> None:
    ((_, words),) = errors_of("orders", "number,customer,status,ordered_on,total\nSO-1,K-9,lost,soon,1\n")
    assert all(part in words for part in ["no customer 'K-9'", "status: ", "ordered_on: "])


def test_a_quotation_mark_that_nothing_closes_is_found() -> None:
    ((line, words),) = errors_of("products", 'sku,name,price\nA-1,Seal,1\nA-2,"Pump,2\n')
    assert (line, "quotation mark" in words) == (3, True)


def test_imported_articles_and_templates_keep_versions() -> None:
    article = make_article(slug="returns", title="Returns", body="Old.")
    make_category("return")
    take("articles", "slug,language,title,body\nreturns,en,Returns,New.\nhours,en,Hours,All day.\n")
    assert [version.content["body"] for version in versions.of(article)] == ["New."]
    take("articles", "slug,language,title,body\nreturns,en,Returns,Newer.\nhours,en,Hours,All day.\n")
    assert [version.content["body"] for version in versions.of(article)] == ["Newer.", "New."]
    assert len(versions.of(Article.objects.get(slug="hours"))) == 1
    take("templates", "category,name,language,body\nreturn,Label,en,The label for {order:id} is on its way.\n")


def test_a_template_with_a_wrong_slot_is_a_row_to_mend() -> None:
    make_category("return")
    assert "no kind “colour”" in errors_of("templates", "category,name,language,body\nreturn,Label,en,{order:colour}\n")[0][1]


def test_the_words_that_the_database_keeps_are_no_column_of_a_file() -> None:
    assert "search" not in TABLES["articles"].fields
