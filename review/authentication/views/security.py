"""A person's own sign-in: authenticator app, passkeys, recovery codes and sessions; and what an admin takes away."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from review import audit_log
from review.authentication import second_factor, sessions
from review.authentication.views.parts import OwnPage, frame_of, own
from review.desk import security, words
from review.permissions import DeskRequest, may_manage_people, needs


@require_safe
@own
def show(request: DeskRequest) -> HttpResponse:
    """What somebody signs in with."""
    context = frame_of(request.user, here="mfa_index") | {"security": security.security(request.user)}
    return render(request, "mfa/index.html", context)


class _AddApp(OwnPage, totp.ActivateTOTPView):
    template_name = "mfa/add_app.html"

    def form_valid(self, form: Any) -> HttpResponse:
        with audit_log.recording(act="person.second_factor_added", by=self.request.user, about="authenticator app"):
            return super().form_valid(form)  # type: ignore[no-any-return]


class _RemoveApp(OwnPage, totp.DeactivateTOTPView):
    template_name = "mfa/remove.html"

    def get_context_data(self, **about: Any) -> dict[str, Any]:
        return super().get_context_data(**about) | {"thing": "the authenticator app"}

    def form_valid(self, form: Any) -> HttpResponse:
        with audit_log.recording(act="person.second_factor_removed", by=self.request.user, about="authenticator app"):
            return super().form_valid(form)  # type: ignore[no-any-return]


class _AddPasskey(OwnPage, webauthn.AddWebAuthnView):
    template_name = "mfa/add_passkey.html"

    def get_context_data(self, **about: Any) -> dict[str, Any]:
        context = super().get_context_data(**about)
        # Always one that its owner unlocks and that can sign in by itself, so that there is one kind of passkey. What is asked last counts.
        options = auth.begin_registration(self.request.user, True)
        return context | {"options": security.plain_json(options), "form": about.get("form") or context["form"]}

    def form_valid(self, form: Any) -> HttpResponse:
        with audit_log.recording(act="person.second_factor_added", by=self.request.user, about=f"passkey “{form.cleaned_data['name']}”"):
            return super().form_valid(form)  # type: ignore[no-any-return]


class _NamePasskey(OwnPage, webauthn.EditWebAuthnView):
    template_name = "mfa/name_passkey.html"

    def get_success_url(self) -> str:
        return reverse("mfa_index")


class _RemovePasskey(OwnPage, webauthn.RemoveWebAuthnView):
    template_name = "mfa/remove.html"

    def get_context_data(self, **about: Any) -> dict[str, Any]:
        refusal = "" if get_adapter().can_delete_authenticator(self.object) else get_adapter().error_messages["cannot_delete_authenticator"]
        return super().get_context_data(**about) | {"thing": f"the passkey “{self.object}”", "refusal": refusal}

    def get_success_url(self) -> str:
        return reverse("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.object):
            return self.form_invalid(form)
        with audit_log.recording(act="person.second_factor_removed", by=self.request.user, about=f"passkey “{self.object}”"):
            return super().form_valid(form)  # type: ignore[no-any-return]


class _ShowCodes(OwnPage, recovery_codes.ViewRecoveryCodesView):
    template_name = "mfa/codes.html"


class _MakeCodes(OwnPage, recovery_codes.GenerateRecoveryCodesView):
    template_name = "mfa/new_codes.html"


add_app = own(_AddApp.as_view())
remove_app = own(_RemoveApp.as_view())
add_passkey = own(_AddPasskey.as_view())
name_passkey = own(_NamePasskey.as_view())
remove_passkey = own(_RemovePasskey.as_view())
show_codes = own(_ShowCodes.as_view())
make_codes = own(_MakeCodes.as_view())
download_codes = own(recovery_codes.download_recovery_codes)


@require_safe
@own
def show_sessions(request: DeskRequest) -> HttpResponse:
    """Where somebody is signed in."""
    context = frame_of(request.user, here="usersessions_list")
    rows = security.sessions(request.user, current=request.session.session_key)
    return render(request, "usersessions/list.html", context | {"sessions": rows, "limits": security.limits()})


@require_POST
@own
def end_session(request: DeskRequest, session_id: int) -> HttpResponse:
    """Sign out elsewhere."""
    session = get_object_or_404(UserSession, pk=session_id, user=request.user)
    with audit_log.recording(act="person.session_ended", by=request.user, about=security.device(session.user_agent)):
        sessions.end([session])
    return redirect("usersessions_list")


@require_POST
@own
def end_other_sessions(request: DeskRequest) -> HttpResponse:
    """Sign out everywhere else."""
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    with audit_log.recording(act="person.sessions_ended", by=request.user, about=request.user.get_username()):
        ended = sessions.end(others)
    messages.success(request, f"{words.count(ended, 'other session')} ended." if ended else "You were signed in nowhere else.")
    return redirect("usersessions_list")


@require_POST
@needs(may_manage_people)
def reset_second_factor(request: DeskRequest, person_id: int) -> HttpResponse:
    """Somebody lost their phone: they sign in with their password alone again, and add a new factor."""
    person = get_object_or_404(User, pk=person_id)
    if person.is_superuser and not request.user.is_superuser:
        raise PermissionDenied
    second_factor.reset(person, by=request.user)
    messages.success(request, f"The second factor of {words.person(person)} was taken away, and their sessions ended.")
    return redirect("people")
