"""Reports: figures with one definition each, counted from rows that anybody can be led to.

`outcomes` says what became of each inbound message, `rolling` keeps those rows and their sums up to date, `reading` adds the sums up for a
period, `figures` says what the figures on the page are made of, in words and in measures.
"""
