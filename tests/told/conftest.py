"""The mail server of the tests of what people are told."""

from tests.mail_server import mail_server

__all__ = ["mail_server"]
