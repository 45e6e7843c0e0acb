"""Takes a picture of each page: `python -m tests.browser.shots FOLDER`.

In light and in dark on a desk's screen, in light on a telephone's.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests.browser.demo_site import DemoSite, demo_site
from tests.browser.installation import Installation
from tests.browser.pages import PAGES, open_page
from tests.browser.steps import sign_in
from tests.browser.visitor import Visitor, running_browser

DESK, TELEPHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": DESK, "color_scheme": "light"},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "390": {"viewport": TELEPHONE, "color_scheme": "light"},
}
SCENES = 2_000


def take_all(browser: Browser, house: DemoSite, folder: Path) -> None:
    """Write one picture for each page and look: `scenes-dark.png`."""
    for look, options in LOOKS.items():
        for name in PAGES:
            visitor = Visitor(browser, house.address, **options)
            sign_in(visitor.page)
            open_page(visitor, house, name)
            _take(visitor, folder, name, look)


def take_empty(browser: Browser, site: Installation, folder: Path) -> None:
    """Write pictures of an installation that has no library yet."""
    for look, options in LOOKS.items():
        visitor = Visitor(browser, site.address, **options)
        sign_in(visitor.page)
        _take(visitor, folder, "empty", look)


def _take(visitor: Visitor, folder: Path, name: str, look: str) -> None:
    path = folder / f"{name.replace(' ', '-')}-{look}.png"
    visitor.page.screenshot(path=path, full_page=True)
    visitor.close()


def main() -> None:
    """Make the sites, take the pictures, remove the sites."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="steward-shots-") as name:
        bare = Installation(Path(name) / "bare")
        bare.set_up()
        full = Path(name) / "full"
        full.mkdir()
        with (
            demo_site(full, scenes=SCENES) as house,
            bare.web(),
            running_browser() as browser,
        ):
            take_empty(browser, bare, folder)
            take_all(browser, house, folder)


if __name__ == "__main__":
    main()
