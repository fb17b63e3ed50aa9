"""The forms of accounts. What is typed in them is kept nowhere."""

from flask_wtf import FlaskForm

from app.moves.fields import LineField, PasswordField


class CodeForm(FlaskForm):  # type: ignore[misc]
    """A code of an authenticator app, or a recovery code."""

    code = LineField("Code", is_free=False, named="the code", longest=50)


class PasswordAgainForm(FlaskForm):  # type: ignore[misc]
    """The password of the person who is signed in."""

    password = PasswordField("Password", named="your password")


class ChangePasswordForm(FlaskForm):  # type: ignore[misc]
    """The password of now and the new one, shown on demand rather than typed twice."""

    password = PasswordField("Current password", named="your current password")
    new_password = PasswordField("New password", named="a new password")
