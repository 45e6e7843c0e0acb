"""How many tokens a text is at most, near enough, without a tokenizer."""

import string

# Models split words into pieces of three letters or more; digits, signs and letters of
# other scripts may be a token each, and what is beyond the basic plane several.
CHEAP = dict.fromkeys(map(ord, string.ascii_letters + " "))
BASIC_PLANE = 0xFFFF
LETTERS_A_TOKEN = 3
BEYOND = 3  # tokens of an emoji
FRAME = 40  # what a server puts around three texts


def estimate_tokens(text: str) -> int:
    """Return how many tokens a text is; rather too many than too few."""
    dear = text.translate(CHEAP)
    cheap = len(text) - len(dear)
    beyond = 0
    if not dear.isascii():
        beyond = sum(ord(letter) > BASIC_PLANE for letter in dear)
    return len(dear) + (BEYOND - 1) * beyond + -(-cheap // LETTERS_A_TOKEN)


def fitting_length(text: str, most_tokens: int) -> int:
    """Return how many characters from the start of a text are so many tokens."""
    short, long = 0, min(len(text), most_tokens * LETTERS_A_TOKEN)
    while short < long:
        middle = (short + long + 1) // 2
        fits = estimate_tokens(text[:middle]) <= most_tokens
        short, long = (middle, long) if fits else (short, middle - 1)
    return short
