"""Signing in through the page, as everyone does."""

from playwright.sync_api import Page, expect

from tests.conftest import PASSWORD


def sign_in(page: Page, name: str, at: str = "/") -> None:
    """Sign in from the page that was asked for, as a link in a message does, and wait until one is in.

    A click comes back before the next page is there; whoever went elsewhere at once would not be signed in.
    """
    page.goto(at)
    page.get_by_label("Email").fill(f"{name}@council.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
