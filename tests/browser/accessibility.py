"""WCAG 2.2 AA, as far as a program can check it: axe-core, run inside the page."""

from playwright.sync_api import Page

from config.settings import PROJECT

AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def faults(page: Page, rule: str = "") -> list[str]:
    """Return the accessibility faults of the page, a line for each element; empty if there are none.

    All rules of the standards are checked, or one by its name.
    """
    # through the browser's own door, because the page's security policy lets no foreign script in
    page.evaluate(AXE.read_text())
    run_only = {"type": "rule", "values": [rule]} if rule else {"type": "tag", "values": STANDARDS}
    found = page.evaluate("checked => axe.run({ runOnly: checked })", run_only)
    return [
        f"{violation['id']}: {violation['help']}: {node['html']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
