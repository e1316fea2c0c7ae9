"""The views of signing in: django-allauth's, with our answers where a form is wrong, our guards and our pages."""
