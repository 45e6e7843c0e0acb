"""Details lose their HTML, and nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncapp.analysis.detectors.details import DETAILS
from syncapp.analysis.markup import BREAKS, KNOWN_TAGS, plain_text
from tests.hand_readings import proposed, read_scene, values

SITES, PEOPLE, PLAN = "texts of web pages", "texts that people type", "the plan"

# (details, what is proposed, where such a text was met)
TIDIED = [
    ("<p>Sea.</p><p>Fog.</p>", "Sea.\n\nFog.", SITES),
    ("<p>Sea.</p>\n\n<p>Fog.</p>\n", "Sea.\n\nFog.", SITES),
    ("<p>Sea and <b>fog</b>, <i>and</i> ice.</p>", "Sea and fog, and ice.", SITES),
    ("Sea.<br>Fog.", "Sea.\nFog.", SITES),
    ("Sea.<br/>\nFog.<BR />Ice.", "Sea.\nFog.\nIce.", SITES),
    ("Sea.<br><br>Fog.", "Sea.\n\nFog.", SITES),
    ("Sea.<br><br><br><br>Fog.", "Sea.\n\nFog.", SITES),
    ("<ul><li>Sea</li><li>Fog</li></ul>", "- Sea\n- Fog", PLAN),
    ("<ul>\n  <li>Sea\n  <li>Fog\n</ul>", "- Sea\n- Fog", PLAN),
    ("Has:<ol><li>Sea</li></ol>End", "Has:\n\n- Sea\n\nEnd", PLAN),
    ("Sea &amp; fog", "Sea & fog", PLAN),
    ("Sea&nbsp;fog &eacute; &#233; &#xE9;", "Sea fog é é é", PLAN),
    ("&ldquo;Sea&rdquo; &hellip;", "“Sea” …", SITES),
    ("<b>a &lt; b</b>", "a < b", PLAN),
    ("<i>a < b</i> and c > d", "a < b and c > d", PLAN),
    ("<p>I <3 fog</p>", "I <3 fog", PEOPLE),
    ("<p>By <unknown></p>", "By <unknown>", PEOPLE),
    ("<p>Write to <ada@example.org></p>", "Write to <ada@example.org>", PEOPLE),
    ("Sea<script>alert('x')</script> fog", "Sea fog", PLAN),
    ("<style>p { color: red }</style><p>Sea</p>", "Sea", PLAN),
    ("Sea<script>if (a < b) { '<p>' }</script>", "Sea", PLAN),
    ("<b>Sea</b> <script> fog", "Sea fog", PEOPLE),
    ("Sea<!-- <p>hidden</p> --> fog", "Sea fog", SITES),
    ('<a href="/x?a=1&copy=2">Sea</a> fog', "Sea fog", SITES),
    ("<a href='x' title='a > b'>Sea</a>", "Sea", SITES),
    ('<p class="x" hidden>Sea</p>', "Sea", SITES),
    ("<h2>Sea</h2>Fog<hr>Ice", "Sea\n\nFog\n\nIce", SITES),
    ("<div>Sea</div><div>Fog</div>", "Sea\n\nFog", SITES),
    ("<blockquote>Sea</blockquote>Fog", "Sea\n\nFog", SITES),
    (
        "<table><tr><td>Sea</td><td>1</td></tr><tr><td>Fog</td></tr></table>",
        "Sea 1\nFog",
        SITES,
    ),
    ("&lt;p&gt;Sea&lt;/p&gt;", "Sea", SITES),
    ("Sea &amp;amp; fog", "Sea & fog", SITES),
    ("<p>one\ntwo</p>", "one\ntwo", PLAN),
    ("One\n\nTwo<br>", "One\n\nTwo", PEOPLE),
    ("</p>Sea", "Sea", SITES),
]

# (details, where such a text was met)
KEPT = [
    ("", PLAN),
    ("Sea and fog.", PLAN),
    ("One.\n\nTwo.", PLAN),
    ("a < b", PLAN),
    ("a<b and c>d", PLAN),
    ("a < b > c", PLAN),
    ("I <3 fog", PEOPLE),
    ("<unknown>", PEOPLE),
    ("-> fog <-", PEOPLE),
    ("Sea & fog", PEOPLE),
    ("Sea &fog; ice", PEOPLE),
    ("AT&T; R&D", PEOPLE),
    ("x?a=1&copy=2&reg=3", PEOPLE),
    ("  two  spaces  ", PEOPLE),
    ("a <b", PEOPLE),
    ("<p></p>", SITES),
    ("<br>&nbsp;", SITES),
]


@pytest.mark.parametrize(("details", "text", "met"), TIDIED)
def test_html_becomes_text(details: str, text: str, met: str) -> None:
    assert values(DETAILS, read_scene(details=details)) == [text], met


@pytest.mark.parametrize(("details", "met"), KEPT)
def test_a_text_without_markup_stays(details: str, met: str) -> None:
    assert values(DETAILS, read_scene(details=details)) == [], met


def test_it_runs_on_request_alone() -> None:
    assert DETAILS.is_on_request


@pytest.mark.parametrize(
    ("details", "kind", "marked"),
    [
        ("Sea<br>fog", "tags", ["<br>"]),
        ("Sea &amp; <b>fog</b>", "tags", ["&amp;", "<b>", "</b>"]),
        ("Sea &amp; fog", "entities", ["&amp;"]),
        ("&lt;b&gt;Sea", "escaped", ["&lt;", "&gt;"]),
    ],
)
def test_what_is_markup_is_marked(details: str, kind: str, marked: list[str]) -> None:
    [proposal] = proposed(DETAILS, read_scene(details=details))

    spans = proposal.evidence.spans
    assert proposal.evidence.kind == kind
    assert [details[span.start : span.end] for span in spans] == marked


PARTS = st.one_of(
    st.sampled_from([f"<{name}>" for name in sorted(KNOWN_TAGS)]),
    st.sampled_from([f"</{name}>" for name in sorted(KNOWN_TAGS)]),
    st.sampled_from([*"<>&;/!-\n ", "<!--", "-->", "&amp;", "&lt;", "<a href='x'>"]),
    st.text(max_size=5),
)
TEXTS = st.lists(PARTS, max_size=20).map("".join)


@given(st.text("ab<>&;\n., "))
def test_words_that_are_no_markup_are_kept(text: str) -> None:
    words = re.sub(r"</?[ab]\s*>", "", text)

    said = plain_text(text)

    assert re.sub(r"\s", "", said) == re.sub(r"\s", "", words)


@given(TEXTS)
def test_whatever_the_text_no_line_gets_longer(text: str) -> None:
    longest = max(map(len, text.splitlines()), default=0)

    said = plain_text(text)

    assert said == said.strip()
    assert "\n\n\n" not in said
    assert not set(said) & set(BREAKS)
    assert max(map(len, said.splitlines()), default=0) <= longest


@given(TEXTS)
def test_what_was_proposed_is_not_proposed_again(text: str) -> None:
    for said in values(DETAILS, read_scene(details=text)):
        assert values(DETAILS, read_scene(details=str(said))) == []
