"""How fast mail comes in, measured beside the bare parts of the same work (`manage.py bench_intake`).

`mails` makes realistic mail by a seed, `provider` serves it over IMAP, `floor` does the least that could be done, `run` measures both.
"""
