"""How each kind of ask is dealt with.

`orders` says where one stands, and deals with its invoice and its changes; `goods` with returns and damage; then `products` and `policies`.
"""
