"""A person who uses a page by keyboard alone."""

from playwright.sync_api import Locator, Page


class Keyboard:
    """A person who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def _go_to(self, wanted: Locator, same: str) -> None:
        for _ in range(80):
            if wanted.evaluate(f"it => {same}"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {wanted}")

    def type(self, field: Locator, text: str) -> None:
        self._go_to(field, "it === document.activeElement")
        self.page.keyboard.type(text)

    def press(self, button: Locator, key: str = "Enter") -> None:
        self._go_to(button, "it === document.activeElement")
        self.page.keyboard.press(key)

    def choose(self, radio: Locator) -> None:
        self._go_to(radio, "it.name === document.activeElement.name")
        self.page.keyboard.press("Space")
        for _ in range(10):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the keyboard does not choose {radio}")
