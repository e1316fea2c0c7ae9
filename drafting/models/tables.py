"""What the assistant looks customers, orders and products up in: tables of our own, filled from CSV."""

from django.db import models

from drafting.models.bare import Bare, BareName, Digits, MailDomain


class Customer(models.Model):
    """Somebody who buys from the company (built-in table, filled from CSV)."""

    number = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=8, blank=True)
    terms = models.CharField(max_length=200, blank=True, help_text="What was agreed with this customer, in words.")

    class Meta:
        indexes = [models.Index(Bare("number"), name="customer_by_number"), models.Index(BareName("name"), name="customer_by_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class CustomerAddress(models.Model):
    """A mail address that a customer writes from; each belongs to one customer only. Stored in lower case."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=320, unique=True)
    contact = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(BareName("contact"), name="address_by_contact"),
            models.Index(MailDomain("address"), "id", name="address_by_domain"),
        ]

    def __str__(self) -> str:
        return self.address


class Product(models.Model):
    """Something the company sells, with stock and price (built-in table, filled from CSV)."""

    sku = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, default="EUR")
    stock = models.IntegerField(default=0)
    restock_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"


class Order(models.Model):
    """What a customer ordered (built-in table, filled from CSV). `total` is in `currency`, freight included."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CONFIRMED = "confirmed", "Confirmed"
        PACKED = "packed", "Packed"
        SHIPPED = "shipped", "Shipped"
        DELIVERED = "delivered", "Delivered"
        BACKORDERED = "backordered", "Waiting for stock"
        CANCELLED = "cancelled", "Cancelled"
        RETURNED = "returned", "Returned"

    number = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders")
    status = models.CharField(max_length=12, choices=Status)
    ordered_on = models.DateField()
    promised_on = models.DateField(null=True, blank=True)
    shipped_on = models.DateField(null=True, blank=True)
    delivered_on = models.DateField(null=True, blank=True)
    carrier = models.CharField(max_length=80, blank=True)
    tracking_number = models.CharField(max_length=80, blank=True)
    invoice_number = models.CharField(max_length=40, blank=True)
    total = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, default="EUR")
    delivery_address = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-ordered_on"], name="order_of_customer"),
            models.Index(Bare("number"), name="order_by_number"),
            models.Index(Digits("number"), name="order_by_digits"),
            models.Index(Bare("invoice_number"), name="order_by_invoice"),
            models.Index(Bare("tracking_number"), name="order_by_tracking"),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """One position of an order; `price` is per piece in the order's currency."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "product"], name="order_line_once")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.product_id}"
