"""Signing in: who a person is, how they prove it, and for how long that holds. Rests on django-allauth."""
