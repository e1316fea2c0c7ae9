"""Pages of the postbox: choose who you are, read, write."""

import hashlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deploy.demo import accounts, mail_program, places
from deploy.demo import people as everybody
from deploy.demo.accounts import Account
from deploy.demo.mail_program import CannotSend, Mail
from deploy.demo.people import Person
from deploy.demo.postbox import composing, examples


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody whose postbox can be opened."""
    context = {"customers": everybody.customers(), "outsiders": everybody.outsiders(), "company": places.COMPANY}
    return render(request, "people.html", context)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answers as soon as pages can be had."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def postbox(request: HttpRequest, address: str) -> HttpResponse:
    """The mails of one person, and what to try."""
    person = get_person(address)
    context = {**frame(person), "examples": examples.examples_for(person), "just_sent": "sent" in request.GET}
    return render(request, "postbox.html", context)


@require_safe
def mails(request: HttpRequest, address: str) -> HttpResponse:
    """The list alone, for the page that looks every two seconds; nothing where it shows the newest already."""
    context = frame(get_person(address), current=request.GET.get("current", ""))
    if request.GET.get("state") == context["state"]:
        return HttpResponse(status=204)
    return render(request, "_mails.html", context)


@require_safe
def read(request: HttpRequest, address: str, key: str) -> HttpResponse:
    """One mail, which counts as seen from now on."""
    person = get_person(address)
    mail = get_mail(person, key)
    mail_program.mark_seen(account_of(person), mail)
    return render(request, "read.html", {**frame(person, current=key), "mail": mail})


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, address: str) -> HttpResponseBase:
    """Write to the company: anew, from an example, or in reply to one of the mails."""
    person = get_person(address)
    answered = get_mail(person, request.GET["reply"]) if request.GET.get("reply") else None
    example = examples.find(person, request.GET.get("example", ""))
    if request.method == "GET":
        subject, text = composing.answer_to(answered) if answered else (example.subject, example.text) if example else ("", "")
        return show_form(request, person, subject=subject, text=text, example=example)
    subject, text = request.POST.get("subject", ""), request.POST.get("text", "").replace("\r\n", "\n")
    trick = example.trick if example else ""
    try:
        send(person, composing.compose(person=person, subject=subject, text=text, answered=answered, trick=trick).as_bytes(), trick)
    except CannotSend as error:
        return show_form(request, person, subject=subject, text=text, example=example, problem=str(error))
    return redirect(f"{reverse('postbox', args=[person.address])}?sent=1")


def show_form(request: HttpRequest, person: Person, **context: Any) -> HttpResponse:
    """The form, with what was typed and what went wrong."""
    status = 503 if context.get("problem") else 200
    return render(request, "write.html", {**frame(person), "to": places.COMPANY_ADDRESS, **context}, status=status)


def send(person: Person, raw: bytes, trick: str) -> None:
    """A forged mail comes from somewhere else, so nobody signs in for it."""
    account = None if trick == "spoofed" else account_of(person)
    mail_program.send(raw, account=account, sender=person.address)


def frame(person: Person, *, current: str = "") -> dict[str, Any]:
    """What every page of one person shows. `state` changes when a mail comes or is read."""
    found = mail_program.mails(account_of(person))
    state = hashlib.sha256("".join(f"{mail.key}{mail.is_seen}" for mail in found).encode()).hexdigest()[:16]
    return {"person": person, "company": places.COMPANY, "mails": found, "state": state, "current": current}


def get_person(address: str) -> Person:
    """Whose postbox it is; the company's own is the product's business."""
    found = next((person for person in [*everybody.customers(), *everybody.outsiders()] if person.address == address.lower()), None)
    if found is None:
        raise Http404("Nobody in the demo has this address.")
    return found


def get_mail(person: Person, key: str) -> Mail:
    """One mail of this person."""
    found = next((mail for mail in mail_program.mails(account_of(person)) if mail.key == key), None)
    if found is None:
        raise Http404("There is no such mail in this postbox.")
    return found


def account_of(person: Person) -> Account:
    """The account with its password."""
    return accounts.load()[person.address]
