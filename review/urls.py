"""The addresses of the desk: one per page, one per verb."""

from django.urls import URLPattern, path

from review.views import conversations, decisions, messages, outgoing, queue, setup, sign_in

urlpatterns: list[URLPattern] = [
    path("", sign_in.home, name="home"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("theme/", sign_in.theme, name="theme"),
    path("queue/", queue.show_queue, name="queue"),
    path("queue/rows/", queue.rows, name="queue_rows"),
    path("queue/<int:draft_id>/", queue.show_item, name="item"),
    path("queue/<int:draft_id>/renew/", queue.renew, name="renew"),
    path("queue/<int:draft_id>/approve/", decisions.approve, name="approve"),
    path("queue/<int:draft_id>/edit/", decisions.edit, name="edit"),
    path("queue/<int:draft_id>/reject/", decisions.reject, name="reject"),
    path("queue/<int:draft_id>/take-over/", decisions.take_over, name="take_over"),
    path("queue/<int:draft_id>/reply/", decisions.reply, name="reply"),
    path("queue/<int:draft_id>/no-reply/", decisions.no_reply, name="no_reply"),
    path("decisions/<int:decision_id>/undo/", decisions.undo, name="undo"),
    path("decisions/<int:decision_id>/why/", decisions.say_why, name="say_why"),
    path("conversations/", conversations.show_conversations, name="conversations"),
    path("conversations/<int:conversation_id>/", conversations.show_conversation, name="conversation"),
    path("conversations/<int:conversation_id>/hand-back/", decisions.hand_back, name="hand_back"),
    path("messages/<int:message_id>/html/", messages.html, name="message_html"),
    path("messages/<int:message_id>/text/", messages.text, name="message_text"),
    path("attachments/<int:attachment_id>/", messages.attachment, name="attachment"),
    path("attachments/<int:attachment_id>/preview/", messages.preview, name="attachment_preview"),
    path("outgoing/", outgoing.show_outgoing, name="outgoing"),
    path("outgoing/<int:mail_id>/cancel/", outgoing.cancel, name="cancel"),
    path("outgoing/<int:mail_id>/retry/", outgoing.retry, name="retry"),
    path("outgoing/<int:mail_id>/resolve/", outgoing.resolve, name="resolve"),
    path("setup/", setup.show_setup, name="setup"),
]
