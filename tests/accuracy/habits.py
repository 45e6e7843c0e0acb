"""The open templates: many people's habits, and what misleads in them."""

from tests.accuracy.further_habits import FURTHER_CALIBRATION_HABITS, FURTHER_HABITS
from tests.accuracy.further_slots import FURTHER_SLOTS
from tests.accuracy.hand import Hand, habits
from tests.accuracy.more_habits import MORE_CALIBRATION_HABITS, MORE_HABITS
from tests.accuracy.more_slots import MORE_SLOTS
from tests.accuracy.stock import OPEN

ROOTS = {
    "root": {
        "/archive/movies": 50,
        "/data/Lectures": 30,
        "/mnt/disk 2": 8,
        "/srv/new": 2,
    },
    "drive": {"D:\\Archive": 3, "E:": 1},
    "share": {"\\\\nas\\media": 1},
}
HABITS = habits(
    r"""
    8 library | {root}/{studio_name}/{year}/{studio_name} - {iso} - {people} - {title} [{mark}].{ext}
    6 studio date people title | {root}/{studio} - {iso} - {people} - {title}.{ext}
    5 people title | {root}/{people_comma} - {title}.{ext}
    5 studio folder, people title | {root}/{studio_name}/{people} - {title}.{ext}
    4 studio folder, dated title | {root}/{studio_name}/{iso} {title}.{ext}
    4 studio folder, people alone | {root}/{studio_name}/{people}.{ext}
    4 title and year | {root}/{title} ({year}).{ext}
    4 film folder with parts | {root}/{untold_title} ({year})/{title_part}.{ext}
    6 release | {root}/{studio.joined}.{short_dots}.{dotted_people}.{title.dots}.DOC.{mark}.{ext}
    4 release, lower | {root}/{studio.joined.lower}.{short_dots}.{dotted_people.lower}.{title.dots.lower}.web.x264.{ext}
    3 release in its folder | {root}/{studio.joined}.{short_dots}.{dotted_people}.{title.dots}.1080p/{hex}.{ext}
    3 release, full year | {root}/{studio.dots}.{iso_dots}.{dotted_people}.{title.dots}.WEB-DL.{mark}-NEUTRAL.{ext}
    3 underscores | {root}/{studio.under}_{iso_under}_{under_people}_-_{title.under}.{ext}
    3 underscores and dashes | {root}/{studio_name}/{under_people}_-_{title.under}_{mark}.{ext}
    3 all lower | {root}/{studio.lower} - {people.lower} - {title.lower}.{ext}
    2 all upper | {root}/{studio.upper} - {iso} - {people_amp.upper} - {title.upper}.{ext}
    3 network above | {root}/{network}/{child_studio}/{iso} - {people} - {title}.{ext}
    2 network in brackets | {root}/[{child_studio}] {people_amp} - {title} ({iso_dots}).{ext}
    4 studio in brackets | {root}/[{studio}] {people} - {title} ({iso}) [{mark}].{ext}
    3 person's folder | {root}/{person_folder}/{title}.{ext}
    3 person's folder, studio in name | {root}/{person_folder}/{studio} - {title} - {iso}.{ext}
    2 people as a folder | {root}/{people_amp}/{title} [{id}].{ext}
    3 last name first | {root}/{inverted} - {title}.{ext}
    2 last name first, studio | {root}/{studio_name}/{inverted} - {title} ({year}).{ext}
    3 date in words | {root}/{studio_name}/{title} - {month_day}.{ext}
    2 short month | {root}/{studio} - {title} ({mon_day}).{ext}
    2 day before month | {root}/{people} - {title} - {day_month}.{ext}
    2 day, short month | {root}/{studio_name}/{day_mon} {title}.{ext}
    3 german dates | {root}/{studio_name}/{title} ({german}).{ext}
    3 american dates | {root}/{studio_name}/{american} - {people} - {title}.{ext}
    2 compact date | {root}/{studio_name}/{compact} {title}.{ext}
    2 compact date behind | {root}/{people_amp} - {title} - {compact}.{ext}
    2 loose date | {root}/{studio} {iso_loose} {people_amp} - {title}.{ext}
    2 date and number | {root}/{studio_name}/{iso}_{id}.{ext}
    2 month folder | {root}/{studio_name}/{year_month}/{title}.{ext}
    2 two dates | {root}/{studio_name}/{title} {two_days}.{ext}
    2 year of arrival | {root}/{studio_name}/{later_year}/{iso} - {title}.{ext}
    3 windows | {drive}\{studio_name}\{iso} - {people} - {title}.{ext}
    2 windows, people | {drive}\{people_comma} - {title}.{ext}
    2 network share | {share}\{studio_name}\{year}\{people_amp} - {title} [{mark}].{ext}
    2 folder with dots | {root}/{studio_name}/{title} ({german}) (x)/scene.{ext}
    3 person in the title | {root}/{studio_name}/{iso} - {title_with_person}.{ext}
    2 person in the title alone | {root}/{title_with_person}.{ext}
    4 studio in the title | {root}/{studio_name}/{people} - {title_with_studio}.{ext}
    2 studio spoken of | {root}/{people_amp} - {title_with_studio}.{ext}
    3 title alone | {root}/{title}.{ext}
    2 title and mark | {root}/{title} [{mark}].{ext}
    2 somebody unknown | {root}/{studio_name}/{iso} - {title_or_stranger}.{ext}
    2 unknown in a folder | {root}/{stranger}/{title}.{ext}
    2 tag in brackets | {root}/{studio_name}/{people} - {title} #{tag}.{ext}
    3 tag folder | {root}/{tag}/{title}.{ext}
    2 tag branch | {root}/{tag_branch}/{people_amp} - {title}.{ext}
    2 bracketed person | {root}/{title} {bracketed}.{ext}
    2 hash marks | {root}/{title} #{people_hash}.{ext}
    2 corner brackets | {root}/【{studio_name}】{people_cjk} - {title}.{ext}
    8 hash | {root}/{hex}.{ext}
    2 hash in a studio's folder | {root}/{studio_name}/{hex}.{ext}
    5 camera | {root}/{camera}.{ext}
    2 camera with a day | {root}/camera/{camera_day}.{ext}
    3 random words | {root}/{junk}/{junk}.{ext}
    2 number | {root}/{id}.{ext}
    3 title is set | {root}/{hex}.{ext} | {people_amp} - {other_title}
    2 title is set, people within | {root}/{id}.{ext} | {other_title} with {people_and}
    2 title and studio are set | {root}/{junk}.{ext} | {studio}: {other_title} ({iso})
    2 details | {root}/{studio_name}/{hex}.{ext} | {other_title} | Seen once more after many years.
    """
)
# Habits of the calibration part alone: else confidence is that of what was tuned on.
CALIBRATION_HABITS = habits(
    r"""
    4 people behind | {root}/{title} - {people} ({studio}).{ext}
    4 year first | {root}/{year} - {studio} - {title}.{ext}
    4 equals signs | {root}/{studio_name}/{title} = {people_amp} = {iso}.{ext}
    4 date in brackets first | {root}/[{iso}] {studio} - {title}.{ext}
    3 all in one folder's name | {root}/{studio} - {people} - {title} ({iso})/video.{ext}
    3 release without mark | {root}/{studio.joined}.{short_dots}.{dotted_people}.{title.dots}.{ext}
    3 starring | {root}/{studio_name}/{title} (starring {people_and}).{ext}
    3 by somebody | {root}/{title} by {studio} [{mark}].{ext}
    3 plus signs | {root}/{people_plus} - {title}.{ext}
    2 kept aside | {root}/unsorted/{year}/{title_with_studio}.{ext}
    3 nested person | {root}/{studio_name}/{person_folder}/{iso}.{ext}
    """
)
TUNED = HABITS + MORE_HABITS + FURTHER_HABITS
CALIBRATED = (
    *(*TUNED, *CALIBRATION_HABITS),
    *(*MORE_CALIBRATION_HABITS, *FURTHER_CALIBRATION_HABITS),
)
SLOTS_OF_HANDS = {**MORE_SLOTS, **FURTHER_SLOTS}
OPEN_HAND = Hand("open", 1, OPEN, TUNED, ROOTS, SLOTS_OF_HANDS)
CALIBRATION_HAND = Hand("open", 1, OPEN, CALIBRATED, ROOTS, SLOTS_OF_HANDS)
