# ruff: noqa: E501 - a template is one line
"""Further open templates, by a third hand: what stands beside names, and what lists."""

from tests.accuracy.hand import habits

FURTHER_HABITS = habits(
    r"""
    5 film about somebody | {root}/{life.dots}.{year}.{mark}.{source}.x264-{group}.{ext}
    3 film about somebody, no year | {root}/{life.dots}.{mark}.{ext}
    2 film about somebody, lower | {root}/{life.dots.lower}.{year}.{mark}.{ext}
    2 film about somebody, underscores | {root}/{life.under}_{year}.{ext}
    3 film about somebody, studio | {root}/{studio_name}/{life.dots}.{mark}.{ext}
    3 film about somebody, release | {root}/{studio.joined}.{short_dots}.{life.dots}.{mark}.{ext}
    2 film about somebody, full year | {root}/{studio.dots}.{iso_dots}.{life.dots}.WEB-DL.{mark}-{group}.{ext}
    1 film about somebody, underscores and a day | {root}/{studio.under}_{iso_under}_{life.under}.{ext}
    3 deed | {root}/{studio_name}/{deed}.{ext}
    2 deed, dots | {root}/{deed.dots}.{mark}.{source}-{group}.{ext}
    2 deed, release | {root}/{studio.joined}.{short_dots}.{deed.dots}.{mark}.{ext}
    2 deed, day | {root}/{studio_name} - {iso} - {deed}.{ext}
    2 talk | {root}/{studio_name}/{talk}.{ext}
    2 talk, dots | {root}/{talk.dots}.{year}.{mark}.{ext}
    2 talk, release | {root}/{studio.joined}.{short_dots}.{talk.dots}.{mark}.{ext}
    2 talk, day | {root}/{iso} {talk}.{ext}
    4 names and title, dots alone | {root}/{dotted_people}.{title.dots}.{mark}.{ext}
    3 names and title, dots and a folder | {root}/{studio_name}/{dotted_people}.{title.dots}.{mark}.{ext}
    3 studio, names and title, dots alone | {root}/{studio.dots}.{dotted_people}.{title.dots}.{mark}.{ext}
    2 names and title, underscores alone | {root}/{under_people}_{title.under}_{mark}.{ext}
    3 names of one word in a release | {root}/{studio.joined}.{short_dots}.{mixed_people.dots}.{title.dots}.{mark}.{ext}
    2 names of one word, dots alone | {root}/{mixed_people.dots}.{title.dots}.{mark}.{ext}
    2 names of one word, blanks | {root}/{studio_name}/{iso} {mixed_people} {title}.{ext}
    5 somebody unknown in a release | {root}/{studio.joined}.{short_dots}.{dotted_people}.{stranger_told.dots}.{title.dots}.{mark}.{ext}
    2 somebody unknown first in a release | {root}/{studio.joined}.{short_dots}.{stranger_told.dots}.And.{dotted_people}.{title.dots}.{mark}.{ext}
    3 somebody unknown, dots alone | {root}/{dotted_people}.{stranger_told.dots}.{title.dots}.{mark}.{ext}
    3 scene of a release | {root}/{studio.joined}.{short_dots}.{person_whole.dots}.{scene_mark.dots}.{title.dots}.{mark}.{ext}
    2 scene between dashes | {root}/{person_whole} - {scene_mark} - {title}.{ext}
    2 scene and studio | {root}/{studio_name} - {scene_mark} - {title}.{ext}
    2 series by dots | {root}/{studio.dots}.{scene_mark.dots}.{title.dots}.{mark}.{ext}
    4 topics | {root}/{topics}.{ext}
    4 topics, studio | {root}/{studio_name}/{topics}.{ext}
    3 topics, day | {root}/{studio_name} - {iso} - {topics}.{ext}
    2 topics, dots | {root}/{topics.dots}.{year}.{mark}.{ext}
    2 topics, people | {root}/{studio_name}/{people_amp} - {topics}.{ext}
    3 people unknown | {root}/{strangers}.{ext}
    2 people unknown, day | {root}/{studio_name} - {iso} - {strangers}.{ext}
    3 first names | {root}/{studio_name}/{first_names}.{ext}
    2 first names and a title | {root}/{studio_name}/{first_names} - {title}.{ext}
    2 initial and last name | {root}/{initialled} - {title}.{ext}
    2 initial and last name, dots | {root}/{initialled.dots}.{title.dots}.{mark}.{ext}
    3 studio's initials | {root}/{studio_short} - {iso} - {title}.{ext}
    3 studio's initials in a release | {root}/{studio_short}.{short_dots}.{dotted_people}.{title.dots}.{mark}.{ext}
    2 studio's initials, underscores | {root}/{studio_short}_{title.under}_{mark}.{ext}
    3 shelf by subject | {root}/{tag}/{year}/{title}.{ext}
    """
)
# Of the calibration part alone.
FURTHER_CALIBRATION_HABITS = habits(
    r"""
    3 film about somebody, in its folder | {root}/{life.dots}.{year}.{source}.1080p-{group}/{hex}.{ext}
    2 deed, underscores | {root}/{studio.under}_{deed.under}_{iso_under}.{ext}
    2 talk, studio | {root}/{studio_name} - {talk}.{ext}
    3 names and title, dots, group | {root}/{dotted_people}.{title.dots}.{year}.{source}-{group}.{ext}
    2 names of one word, behind the studio | {root}/{studio.dots}.{mixed_people.dots}.{title.dots}.{ext}
    3 somebody unknown, lower | {root}/{studio.joined.lower}.{short_dots}.{dotted_people.lower}.{stranger_told.dots.lower}.{title.dots.lower}.{mark}.{ext}
    2 topics, person | {root}/{person_folder}/{topics}.{ext}
    2 topics, underscores | {root}/{topics.under}_{mark}.{ext}
    2 people unknown and a title | {root}/{strangers} - {title}.{ext}
    2 subject below the studio | {root}/{studio_name}/{tag}/{iso} {title}.{ext}
    """
)
