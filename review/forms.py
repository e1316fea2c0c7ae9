"""What people type, checked. `said` is the text once the form is valid, with line ends as drafts have them."""

from django import forms

LONGEST_REPLY = 20_000


class SayingForm(forms.Form):
    """A form of one text, named by the subclass."""

    field_name = ""

    @property
    def said(self) -> str:
        """The text, so that one that was not changed compares equal to the draft."""
        text: str = self.cleaned_data[self.field_name]
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()

    @property
    def typed(self) -> str:
        """What was typed, valid or not."""
        return str(self.data.get(self.field_name, ""))


class ReplyForm(SayingForm):
    """The text of a reply."""

    field_name = "text"
    text = forms.CharField(
        max_length=LONGEST_REPLY,
        error_messages={
            "required": "The reply is empty. Write something, or choose “No reply”.",
            "max_length": f"The reply is longer than {LONGEST_REPLY:,} characters. Shorten it.",
        },
    )


class RejectForm(SayingForm):
    """Why a draft is rejected; the assistant reads it as its instruction."""

    field_name = "reason"
    reason = forms.CharField(
        max_length=2000,
        error_messages={
            "required": "Say what is wrong, so that the next draft is better.",
            "max_length": "Say it in at most 2,000 characters.",
        },
    )


class NoteForm(SayingForm):
    """An internal note."""

    field_name = "note"
    note = forms.CharField(
        max_length=5000,
        error_messages={
            "required": "The note is empty. Write something first.",
            "max_length": "The note is longer than 5,000 characters. Shorten it.",
        },
    )
