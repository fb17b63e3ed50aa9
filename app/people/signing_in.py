"""Signing in and out, with Flask-Security-Too on pages of our own look."""

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore

from app.database import db
from app.people.models import Person, PersonRole
from config.settings import Settings


def init_app(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECURITY_PASSWORD_SALT=settings.secret_key,
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
    )
    Security(app, SQLAlchemyUserDatastore(db, Person, PersonRole))
