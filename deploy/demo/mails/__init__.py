"""The demo's mails: written down in data/mails, rendered when they are sent so that their dates are fresh."""

from deploy.demo.mails.rendering import render
from deploy.demo.mails.written import WrittenMail, load

__all__ = ["WrittenMail", "load", "render"]
