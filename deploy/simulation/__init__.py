"""Auto-send tried out with time compressed (`manage.py simulate_automation`): the real ledger, states, chance and limits; made-up mails,
reviewers and error rates. It runs in a database of its own, which goes when it ends.

`plan` says what comes, `company` makes it, `run.simulate` lets it happen, `report` tells.
"""
