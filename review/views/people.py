"""People: who works at the desk, and as what."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from drafting.errors import Refused
from review import invitations, team
from review.desk import people as shown
from review.desk import words
from review.models import Invitation
from review.people_forms import AccessForm, InviteForm
from review.permissions import DeskRequest, may_manage_people, needs


@require_safe
@needs(may_manage_people)
def show_people(request: DeskRequest) -> HttpResponse:
    """Everybody, and who was invited."""
    return render(request, "review/people.html", {"rows": shown.rows(request.user), "invited": shown.invited()})


@require_safe
@needs(may_manage_people)
def show_person(request: DeskRequest, person_id: int) -> HttpResponse:
    """One person: roles, mailboxes, and what else can be done."""
    person = get_object_or_404(User, pk=person_id)
    return _person_page(request, person, AccessForm(initial=shown.access_of(person)))


@require_POST
@needs(may_manage_people)
def save_person(request: DeskRequest, person_id: int) -> HttpResponse:
    """Give roles and mailboxes."""
    person, form = get_object_or_404(User, pk=person_id), AccessForm(request.POST)
    if form.is_valid():
        try:
            team.change(person=person, by=request.user, **form.said)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Saved for {words.person(person)}.")
            return redirect("people")
    return _person_page(request, person, form, status=422)


@require_POST
@needs(may_manage_people)
def deactivate_person(request: DeskRequest, person_id: int) -> HttpResponse:
    """Let nobody sign in as this person any more."""
    person = get_object_or_404(User, pk=person_id)
    said = f"{words.person(person)} is deactivated and signed out. What they had taken over waits in the queue again."
    return _done(request, lambda: team.deactivate(person=person, by=request.user), said)


@require_POST
@needs(may_manage_people)
def activate_person(request: DeskRequest, person_id: int) -> HttpResponse:
    """Let them sign in again."""
    person = get_object_or_404(User, pk=person_id)
    return _done(request, lambda: team.activate(person=person, by=request.user), f"{words.person(person)} can sign in again.")


@require_POST
@needs(may_manage_people)
def end_sessions_of_person(request: DeskRequest, person_id: int) -> HttpResponse:
    """Sign them out everywhere."""
    person = get_object_or_404(User, pk=person_id)
    return _done(request, lambda: team.end_sessions(person=person, by=request.user), f"{words.person(person)} is signed out everywhere.")


@require_safe
@needs(may_manage_people)
def new_invitation(request: DeskRequest) -> HttpResponse:
    """Whom to invite, and as what."""
    return render(request, "review/invite.html", {"form": InviteForm()})


@require_POST
@needs(may_manage_people)
@never_cache
def invite(request: DeskRequest) -> HttpResponse:
    """Make the invitation and show its link, this once."""
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            return _link_page(request, *invitations.invite(email=form.cleaned_data["email"], by=request.user, **form.said))
        except Refused as error:
            form.add_error("email", str(error))
    return render(request, "review/invite.html", {"form": form}, status=422)


@require_POST
@needs(may_manage_people)
@never_cache
def renew_invitation(request: DeskRequest, invitation_id: int) -> HttpResponse:
    """Another link in place of the old one, shown this once."""
    invitation = get_object_or_404(Invitation, pk=invitation_id)
    try:
        secret = invitations.renew(invitation=invitation, by=request.user)
    except Refused as error:
        messages.error(request, str(error))
        return redirect("people")
    invitation.refresh_from_db()
    return _link_page(request, invitation, secret)


@require_POST
@needs(may_manage_people)
def withdraw_invitation(request: DeskRequest, invitation_id: int) -> HttpResponse:
    """Let its link no longer work."""
    invitation = get_object_or_404(Invitation, pk=invitation_id)
    said = f"The invitation of {invitation.email} is withdrawn."
    return _done(request, lambda: invitations.withdraw(invitation=invitation, by=request.user), said)


def _done(request: DeskRequest, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("people")


def _person_page(request: DeskRequest, person: User, form: AccessForm, *, status: int = 200) -> HttpResponse:
    context = {"person": person, "name": words.person(person), "form": form, "is_me": person == request.user}
    return render(request, "review/person.html", context, status=status)


def _link_page(request: DeskRequest, invitation: Invitation, secret: str) -> HttpResponse:
    url = request.build_absolute_uri(reverse("invitation", args=[secret]))
    return render(request, "review/invitation_link.html", {"link": shown.link(invitation, url)})
