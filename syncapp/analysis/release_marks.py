"""Finds marks in file names: what tells of the file, not of what it shows."""

import re
from collections.abc import Iterator

# Each of these is a mark wherever it stands.
STRONG = (
    r"[0-9]{3,4}[pi](?:[0-9]{2,3})?",
    r"[0-9]{3,4} ?x ?[0-9]{3,4}",
    r"[48]k(?:uhd)?|uhd|fhd|qhd",
    r"[0-9]{2,3}(?:[.,][0-9]+)?[-._ ]?fps",
    r"[xh][-._ ]?26[456]|hevc|xvid|divx|av1|vp9|mpeg-?[24]|[0-9]+-?bits?|hi10p?",
    r"hdr(?:10)?\+?|dovi|web-?dl|web-?rip|web-?hd|web-?cap|blu-?ray|b[dr]-?rip|bdremux",
    r"dvd(?:-?(?:rip|scr|r|full))?[0-9]?|hd-?dvd|hdtv(?:-?rip)?|pdtv|dsr(?:ip)?|sdtv",
    r"(?:tv|vhs|vod|sat|dvb|hd|ppv|hdcam|cam|ds|ld)-?rip|remux|hdcam|telesync",
    r"vhs(?![-_. ]?[0-9]{1,3}(?![0-9pi]))",  # "VHS 12" is the label of a tape
    r"(?:he-?)?aac(?:[-._ ]?(?:lc|[0-9][. ][0-9](?:ch)?))*",
    r"e?-?ac-?3(?:[-._ ]?[0-9][. ][0-9](?:ch)?)?|ddp?a?\+?[-._ ]?[0-9][. ][0-9]",
    r"dts(?:-?(?:hd|x|es|ma|hra))*(?:[-._ ]?ma)?(?:[-._ ]?[0-9][. ][0-9](?:ch)?)?",
    r"true-?hd(?:[-._ ]?[0-9][. ][0-9])?|atmos|flac(?:[-._ ]?[0-9][. ][0-9])?|mp3|lpcm",
    r"vr180|180x180|360x180|[lt]r_?180|h-?sbs|half-?sbs|half-?ou|h-?ou|3d-?sbs",
    r"(?:[0-9]{1,2}(?:[.,][0-9]+)?)[-._ ]?(?:gb|mb|gib|mib|[km]bps)",
    r"(?-i:HD|FHD|HQ|XXX)(?=[\])} ]*$)",
    r"hr-?hdtv|dual-?audio|multi-?subs?|x-?cd|2in1",
)
# These are marks beside a mark alone: by themselves they may be words of a title.
WEAK = (
    r"hd|hq|lq|sd|web|dvd|cam|ts|proper|real|repack|rerip|internal|int|limited|unrated",
    r"extended|uncut|uncensored|remastered|restored|retail|readnfo|nfofix|multi|dual",
    r"subbed|dubbed|subs?|vost(?:fr)?|fr(?:ench)?|ger(?:man)?|spa(?:nish)?|ita(?:lian)?",
    r"eng(?:lish)?|vo|vff?|rus(?:sian)?|nl|dl|hsbs|sbs|3d|2d|10|8|avc|vc-?1|cbr|vbr|sdr",
    r"german|japanese|hindi|telugu|tamil|korean|hybrid|imax|docu|doku|stv|truefrench|hfr",
    r"480|576|720|1080|2160|ntsc|pal|mhd|hdlight|upscaled?|custom|proof|sample|fix|dc|se",
    r"dv|audio|complete|season|criterion|theatrical|festival|screener|nf|amzn|dsnp|hulu",
    r"[0-9]\.[0-9]|ch|mp4|mkv|avi|wmv|mov|m4v|webm|mpg|flv|xxx|(?-i:DOC)|full-?hd|ultra-?hd|ma|hi",
)
BEFORE_MARK, BEHIND_MARK = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
STRONG_MARK = f"{BEFORE_MARK}(?:{'|'.join(STRONG)}){BEHIND_MARK}"
WEAK_MARK = f"{BEFORE_MARK}(?:{'|'.join(WEAK)}){BEHIND_MARK}"
A_MARK = re.compile(STRONG_MARK, re.IGNORECASE)
WEAK_BEFORE = re.compile(f"(?:{WEAK_MARK}[-._ +]+)+$", re.IGNORECASE)
WEAK_BEHIND = re.compile(f"(?:[-._ +,]+{WEAK_MARK})+", re.IGNORECASE)
# Who made the file, glued to its last mark: "x264-GROUP".
GROUP = re.compile(r"(?: ?-|-| ?@)[0-9A-Za-z]+(?:[-_][0-9A-Za-z]+)?(?=[\])} ]*$)")

# What ends a release though no mark of it is strong: "HD.WEB-GROUP", ".WEB".
LONGEST_TAIL = 40  # characters
TAIL = re.compile(
    rf"(?:[._]{WEAK_MARK}){{2,}}(?:-[0-9A-Za-z]+)?$|[._]{WEAK_MARK}-[0-9A-Za-z]+$"
    r"|[._](?-i:WEB|DVD|HDTV|SD|HD|DOC|PROPER|REPACK|INTERNAL|PPV|NTSC|PAL|XXX)$",
    re.IGNORECASE,
)


def marks_in(text: str, start: int, end: int) -> Iterator[range]:
    """Yield where marks stand between two places of a text, with what goes along."""
    at = start
    for match in A_MARK.finditer(text, start, end):
        if match.start() < at:
            continue
        weak = WEAK_BEFORE.search(text[at : match.start()])
        begin = at + weak.start() if weak else match.start()
        at = match.end()
        for pattern in (WEAK_BEHIND, GROUP):
            behind = pattern.match(text, at, end)
            at = behind.end() if behind else at
        yield range(begin, at)
    if " " in text[start:end]:
        return
    if tail := TAIL.search(text, max(at, end - LONGEST_TAIL), end):
        yield range(tail.start() + 1, tail.end())
