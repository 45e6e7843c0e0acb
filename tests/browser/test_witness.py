"""The witness notices what no page of ours may do."""

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import Visitor, audit

ADDRESS = "http://127.0.0.1:9"
STRICT = {"Content-Security-Policy": "default-src 'none'"}


@pytest.mark.parametrize(
    ("html", "headers", "complaint"),
    [
        ("<script>console.error('oh')</script>", {}, "error in the console: oh"),
        ("<script>throw new Error('oh')</script>", {}, "error on the page"),
        ("<script>1</script>", STRICT, "Policy: script-src-elem refused inline"),
        ("<p style='color: red'>x", STRICT, "Policy: style-src-attr refused inline"),
        ("<img alt='' src='http://films.example/x.png'>", {}, "another host"),
    ],
)
def test_it_complains(
    html: str, headers: dict[str, str], complaint: str, browser: Browser
) -> None:
    visitor = Visitor(browser, ADDRESS)
    visitor.context.route(
        "**/*",
        lambda route: route.fulfill(
            body=f"<link rel=icon href=data:,>{html}",
            content_type="text/html",
            headers=headers,
        ),
    )

    visitor.page.goto("/")

    with pytest.raises(AssertionError, match=complaint):
        visitor.close()


def test_axe_is_heard(browser: Browser) -> None:
    visitor = Visitor(browser, ADDRESS)
    visitor.page.set_content("<html lang=en><title>x</title><main><h1>x</h1><input>")

    assert "label" in audit(visitor.page)
    visitor.close()
