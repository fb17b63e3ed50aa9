"""The words for a browser and the device it runs on, from what it says of itself. Pure."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""Signs of browsers and their names: the first that is found counts, as each also names those after it."""

DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def in_words(user_agent: str) -> str:
    """Return "Edge on Windows", as much of it as the browser says."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "a browser")
    device = next((name for sign, name in DEVICES if sign in user_agent), None)
    words = f"{browser} on {device}" if device else browser
    return words[:1].upper() + words[1:]
