"""`/settings/privacy`: what the council itself says on the page about privacy."""

from flask import url_for
from flask_security import current_user

from app.moves.fields import LineField, WordsField
from app.moves.forms import MoveForm
from app.moves.meanwhile import Kept
from app.moves.page import Page, Words, move_page
from app.privacy.texts import PrivacyTexts, hold_privacy_texts, privacy_texts, set_privacy_texts
from app.settings.blueprint import settings


class PrivacyForm(MoveForm):
    """The council's texts about privacy."""

    lawful_basis = WordsField("Lawful basis", needed=False, hint="Why your council may use this information")
    retention = WordsField("How long information is kept", named="how long information is kept", needed=False)
    about_staff = WordsField(
        "What information about staff is used for", named="the use of information about staff", needed=False
    )
    contact = LineField(
        "Contact",
        has_names=True,
        needed=False,
        hint="The email address of your data protection officer, who also hears about security problems",
    )

    def texts(self) -> PrivacyTexts:
        """Return what was entered."""
        return PrivacyTexts(
            lawful_basis=self.lawful_basis.data,
            retention=self.retention.data,
            about_staff=self.about_staff.data,
            contact=self.contact.data,
        )


@settings.route("/settings/privacy", methods=["GET", "POST"], endpoint="privacy")
def page() -> Page:
    """Show the form of the council's texts about privacy, and set them."""
    form = PrivacyForm(obj=privacy_texts())
    return move_page(
        form,
        Kept(lambda: PrivacyForm(obj=privacy_texts(), formdata=None), hold_privacy_texts),
        Words(
            "Privacy page",
            "Everyone can read the page about privacy, without signing in. If you leave a text empty, the "
            "page has the one that the service comes with.",
            "Save",
            "Privacy page saved",
        ),
        lambda: set_privacy_texts(form.texts(), by=current_user.email),
        thing="Settings",
        back=url_for("settings.page"),
    )
