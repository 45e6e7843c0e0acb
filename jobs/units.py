"""Writes numbers with their units; the name of a number says what it counts."""

SECONDS = "_s"  # how the names of durations end
BYTES = "bytes"
STEP, STEPS = 1_000, ("B", "kB", "MB", "GB", "TB")
MINUTE, HOUR = 60, 3_600
TENTHS_BELOW = 10


def figure(name: str, value: float) -> str:
    """Return a number as people read it: 12,345 or 1.2 MB or 0.4 s."""
    if value and name == BYTES:
        return size(value)
    if value and name.endswith(SECONDS):
        return span(value)
    return f"{value:,}"


def is_measure(name: str) -> bool:
    """Return whether the number of that name has a unit."""
    return name == BYTES or name.endswith(SECONDS)


def heading(name: str) -> str:
    """Return the name of a number as people write it: fetch for fetch_s."""
    return name.removesuffix(SECONDS).replace("_", " ")


def size(number: float) -> str:
    """Return a number of bytes."""
    last = STEPS[-1]
    for unit in STEPS:
        if number < STEP or unit == last:
            break
        number /= STEP
    exact = unit == STEPS[0] or number >= TENTHS_BELOW * TENTHS_BELOW
    return f"{number:,.0f} {unit}" if exact else f"{number:.1f} {unit}"


def length(seconds: float) -> str:
    """Return a length of time in its two largest units."""
    whole = int(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"


def span(seconds: float) -> str:
    """Return a length of time, short ones with their tenths or thousandths."""
    if seconds < 1 / TENTHS_BELOW:
        return f"{seconds * STEP:.0f} ms"
    if seconds < TENTHS_BELOW:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), MINUTE)
    return f"{minutes:,} min {rest} s" if minutes else f"{rest} s"
