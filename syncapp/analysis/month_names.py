"""The names of months, in the languages that people write dates in."""

import unicodedata
from collections.abc import Iterator

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
# From January on. Cases are those that stand behind a day.
OTHER_LANGUAGES = (
    (
        "januar februar märz april mai juni juli august september oktober november "
        "dezember"
    ),
    "jänner feber mrz apr mai jun jul aug sept okt nov dez",
    (
        "janvier février mars avril mai juin juillet août septembre octobre "
        "novembre décembre"
    ),
    "janv févr mars avr mai juin juil août sept oct nov déc",
    (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre "
        "noviembre diciembre"
    ),
    "ene feb mar abr may jun jul ago set oct nov dic",
    (
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre "
        "ottobre novembre dicembre"
    ),
    (
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro "
        "novembro dezembro"
    ),
    (
        "januari februari maart april mei juni juli augustus september oktober "
        "november december"
    ),
    (
        "januari februari mars april maj juni juli augusti september oktober "
        "november december"
    ),
    (
        "januar februar marts april mai juni juli august september oktober november "
        "desember"
    ),
    (
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września "
        "października listopada grudnia"
    ),
    (
        "ledna února března dubna května června července srpna září října listopadu "
        "prosince"
    ),
    (
        "января февраля марта апреля мая июня июля августа сентября октября ноября "
        "декабря"
    ),
    (
        "січня лютого березня квітня травня червня липня серпня вересня жовтня "
        "листопада грудня"
    ),
)
SHORTEST = 3  # letters of an English month


def _folded(name: str) -> str:
    parts = unicodedata.normalize("NFD", name.lower())
    return "".join(part for part in parts if not unicodedata.combining(part))


def _spellings(name: str) -> Iterator[str]:
    """Yield a name with its marks, with the marks apart, and without any."""
    yield name
    yield unicodedata.normalize("NFD", name)
    yield _folded(name)


NUMBERS = {
    _folded(name): number
    for months in OTHER_LANGUAGES
    for number, name in enumerate(months.split(), 1)
}
ANY_MONTH = "|".join(
    sorted(
        {
            spelling
            for months in OTHER_LANGUAGES
            for name in months.split()
            for spelling in _spellings(name)
        },
        key=lambda name: (-len(name), name),
    )
)


def month_number(name: str) -> int:
    """Return the month that its name, or three letters or more of it, means; or 0."""
    begin = _folded(name)
    means = (n for n, month in enumerate(MONTHS, 1) if month.startswith(begin))
    english = next(means, 0) if len(begin) >= SHORTEST else 0
    return english or NUMBERS.get(begin, 0)
