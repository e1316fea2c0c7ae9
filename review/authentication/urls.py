"""The addresses of signing in, and of what a person signs in with. Names like `account_…` and `mfa_…` are those that allauth looks for."""

from django.urls import URLPattern, path, re_path

from review.authentication.views import entry, passwords, proving, security

urlpatterns: list[URLPattern] = [
    path("sign-in/", entry.sign_in, name="sign_in"),
    path("sign-in/", entry.sign_in, name="account_login"),
    path("sign-in/code/", entry.second_factor, name="mfa_authenticate"),
    path("sign-in/passkey/", entry.passkey, name="mfa_login_webauthn"),
    path("sign-in/switched-off/", entry.inactive, name="account_inactive"),
    path("sign-in/with/<slug:provider_id>/", entry.single_sign_on, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back/", entry.single_sign_on_back, name="openid_connect_callback"),
    path("sign-in/cancelled/", entry.cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/forgotten/", passwords.forgotten, name="account_reset_password"),
    path("sign-in/forgotten/sent/", passwords.forgotten_sent, name="account_reset_password_done"),
    path("sign-in/new-password/done/", passwords.new_password_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^sign-in/new-password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", passwords.new_password, name="account_reset_password_from_key"
    ),
    path("sign-out/", entry.sign_out, name="sign_out"),
    path("sign-out/", entry.sign_out, name="account_logout"),
    path("settings/confirm/", proving.by_password, name="account_reauthenticate"),
    path("settings/confirm/code/", proving.by_code, name="mfa_reauthenticate"),
    path("settings/confirm/passkey/", proving.by_passkey, name="mfa_reauthenticate_webauthn"),
    path("settings/password/", passwords.change, name="account_change_password"),
    path("settings/password/first/", passwords.set_first, name="account_set_password"),
    path("settings/security/", security.show, name="mfa_index"),
    path("settings/security/app/", security.add_app, name="mfa_activate_totp"),
    path("settings/security/app/remove/", security.remove_app, name="mfa_deactivate_totp"),
    path("settings/security/codes/", security.show_codes, name="mfa_view_recovery_codes"),
    path("settings/security/codes/new/", security.make_codes, name="mfa_generate_recovery_codes"),
    path("settings/security/codes/download/", security.download_codes, name="mfa_download_recovery_codes"),
    path("settings/security/passkeys/", security.show, name="mfa_list_webauthn"),
    path("settings/security/passkeys/add/", security.add_passkey, name="mfa_add_webauthn"),
    path("settings/security/passkeys/<int:pk>/name/", security.name_passkey, name="mfa_edit_webauthn"),
    path("settings/security/passkeys/<int:pk>/remove/", security.remove_passkey, name="mfa_remove_webauthn"),
    path("settings/sessions/", security.show_sessions, name="usersessions_list"),
    path("settings/sessions/end-others/", security.end_other_sessions, name="end_other_sessions"),
    path("settings/sessions/<int:session_id>/end/", security.end_session, name="end_session"),
    path("people/<int:person_id>/password-link/", passwords.make_link, name="make_password_link"),
    path("people/<int:person_id>/second-factor/reset/", security.reset_second_factor, name="reset_second_factor"),
]
