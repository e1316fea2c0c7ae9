"""The demo company: a made-up parts distributor, everybody's mail provider, and a customer's postbox.

Only this package knows that it is a demo. It uses the product from above, as a person or another program would.
"""
