"""The stand-in model: a rule-based server behind the OpenAI interface, so that everything runs with no weights at hand.

It answers only from what a request contains (the mail, the category list, the evidence, templates, articles, instructions), and knows no
product, customer or order. `server` speaks HTTP, `completions` reads a request and fits the answer to its schema, `choosing` picks the
category, `acting` decides between a lookup, a reply and a hand-over, `composing` and `phrases` write. Nothing here needs Django.
"""

MODEL = "stand-in-1"
"""The one model id that the server knows."""
