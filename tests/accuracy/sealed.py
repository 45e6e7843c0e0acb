"""The sealed fifth: words, names and templates of their own.

It is never looked at while a detector is written or tuned: not this file, not a path
that it makes, not one scene that a detector gets wrong here. The bench counts, and that
is all that anybody hears of it. Whoever has to look for a mistake of the *data* here
says so in the commit, and writes nothing of a detector afterwards.
"""

import calendar
from collections.abc import Sequence

from tests.accuracy.draft import Draft
from tests.accuracy.hand import Hand, habits
from tests.accuracy.slots import person, stranger
from tests.accuracy.stock import Stock, lines, tag_lines, words

STOCK = Stock(
    given=words(
        "Abelard Beatrix Cyprian Dorothea Eluned Florian Griselda Hubert Imogen Jarek"
        " Katinka Leander Mafalda Nestor Odile Percival Quirin Rhona Silvan Theodora"
        " Umberto Valeska Wolfram Xandra Ysolde Zbigniew Agathe Benedek Clotilde"
        " Desmond Elspeth Ferenc Guinevere Hjalmar Ingrid Jocasta Konrad Liesl Magnus"
        " Noemi Oswin Petronel Rafe Saskia Thaddeus Urszula Vilmos Wanda Alice Tom"
    ),
    family_starts=words(
        "Ash Birch Cor Drav Elm Frost Gren Hesk Ing Jas Kolb Lorn Maw Nett Orm Pryn"
        " Quar Rost Sched Thol Ul Vint Wold Zim"
    ),
    family_ends=words(
        "bourne croft eld fold gate hurst inek kamp lund more nagy over pool ridge"
    ),
    hard_people=lines(
        """
        Íñigo Barrenechal
        Renée Saint-Aubrac
        Anaïs D'Aubervain
        Tiernan O'Shaughlin
        Marie-Claire Vasseurot
        Ștefan Brătulesc
        Ágnes Körtvélyi
        Þóra Skjaldvík
        Håkon Øvregård
        Żaneta Gołąbrowska
        K. T. Ellisgrave
        R.J. Thornaby
        P. Ambrosse
        Şirin Çağlarova
        Đặng Hoàng Vĩa
        Фёдор Лесничев
        Прасковья Донная
        Семён Рябинкин
        Ελένη Παπαδρύμα
        星野美紗子
        黒川辰之助
        水無瀬ひより
        ナカムラユウキ
        이도현수
        欧阳文静雅
        Ada St. Clairmont
        Gil del Montecarlo
        Sir Oswald Tanglewick
        Mary Lou O'Fenn-Barrow
        Wu'lan Tesh
        """
    ),
    short_people=words("森薫 南海 雪子 中国"),
    single_people=words(
        "Aurelienne Balthazra Corvinia Dulcinette Eskarine Fenwickia Gwendra Hesperil"
        " Iolantha Jessamund Kestriel Lucindor"
    ),
    common_people=words(
        "March Victoria Sydney Ruby Brook Dawn Hunter Heath Savannah Georgia Faith"
        " Grace Miles Crystal Stone Star Virginia Lake"
    ),
    studio_firsts=words(
        "Green Marble Southern Humble Scarlet Broad Flint Linen Satin Leaning Spring"
        " Nearby Canal Tin Sandy Gilded"
    ),
    studio_seconds=words(
        "Egret Candle Parallel Vineyard Falcon Rudder Bluebell Sextant Gannet Hawthorn"
        " Potter Curlew Chapel Pharos Bramble Badger"
    ),
    studio_lasts=(
        "Cinema",
        "Studio",
        "Footage",
        "Network",
        "Filmworks",
        "",
        "",
        "Docs",
    ),
    hard_studios=lines(
        """
        Pike & Sons
        Potter's Wheel
        Théâtre Ouvert
        D'Arcy Reels
        Channel 19
        7Seas Diary
        Wild.Planet.Diaries
        Look Up!
        Fjällräv Bild
        B12 Laboratory
        The Long Room
        A Ship of Books
        Re:Play House
        Южный Причал
        夕凪記録社
        바람기록원
        Tide/Table
        Upland-Lore
        """
    ),
    common_studios=words(
        "Signal Voyage Mirage Cascade Lodestar Prism Aurora Strand Cove"
    ),
    tags=tag_lines(
        """
        Plants =
        Trees < Plants =
        Ancient Oaks < Trees = Old Oaks
        Water Lilies < Plants =
        Camera Work =
        Long Take < Camera Work = One-Shot
        Split Screen < Camera Work = Splitscreen
        Infrared Footage < Camera Work =
        Sepia Toned < Camera Work = Sepia
        Music Theatre =
        Shadow Play < Music Theatre =
        Street Theatre < Music Theatre =
        Guided Tour = Museum Tour
        Panel Debate < Guided Tour = Round Table
        Kelp Forest =
        Desert Crossing =
        Canal Boats = Narrowboats
        Underwater Footage = Diving Footage
        Deleted Scenes = Cut Scenes
        Early Television =
        Book Binding =
        Rock Pools =
        Morris Dancing =
        String Quartet =
        """
    ),
    common_tags=words(
        "Fire Day Videos Theatre Rain Village Dance Desert Portrait Long Indoor Sport"
        " Spring Blue"
    ),
    adjectives=words(
        "Silver Old Sudden Secret Wooden Lonely Warm Crossing Distant Second Patient"
        " Brave Final Green Wandering Loud Plain"
    ),
    nouns=words(
        "River Harbour Cellar Canyon Station Windmill Forest Kitchen Courtyard Ladder"
        " Comet Almanac Pier Beekeeper Cathedral Moor Well Clock Mountain Attic Caravan"
        " Mirror Rain Thicket Chapel Road Stove Wharf"
    ),
    places=words(
        "Sydney Porto Vienna Georgia Cusco Turin Virginia Reykjavik Osaka Cork"
    ),
    foreign_titles=lines(
        """
        古い時計と月の光
        これは中国の茶です
        川のほとりで、秋
        鉄道員の一日
        Дорога к морю
        Старый мост
        Le jardin d'hiver
        Die Mühle am Bach
        La montaña y el río
        오래된 다리 아래
        Ο δρόμος της βροχής
        """
    ),
    strangers=words(
        "Applegarth Bickerton Crumpsall Dalrymple Eccleshall Frobisher Gathercole"
        " Hathersage Inkersole Jollife Knatchbull Lillywhite Meddlecott Openshaw"
    ),
)


def the_day(draft: Draft, styles: Sequence[str]) -> str:
    day = draft.draw_day()
    draft.tell_date(day.isoformat())
    ending = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
    numbered = f"{day.day}{ending.get(day.day, 'th')}"
    return f"{numbered} of {calendar.month_name[day.month]} {day.year}"


def told_of(draft: Draft, styles: Sequence[str]) -> str:
    """A title that speaks of a studio's word, a month and a place, and means none."""
    stock, rng = draft.catalogue.stock, draft.rng
    one = rng.choice((*stock.common_people, *stock.common_studios))
    draft.title = rng.choice(
        (
            f"One {one} in {rng.choice(stock.places)}",
            f"The {one} Papers",
            f"Before {one}, after {rng.choice(stock.common_tags)}",
            f"{rng.randint(3, 40)} Days of {one}",
            f"Back to {rng.choice((1912, 1945, 1968))} with {one}",
            f"Who Was {one}?",
        )
    )
    draft.tell_title(draft.title, styles)
    return draft.title


def strangers(draft: Draft, styles: Sequence[str]) -> str:
    """People alone, whom the library does not know; a program may take it for a title."""
    text = f"{stranger(draft, styles)} & {stranger(draft, styles)}"
    draft.tolerated_titles |= {text}
    return text


def numbered_person(draft: Draft, styles: Sequence[str]) -> str:
    return f"{person(draft, styles)} {draft.rng.randint(2, 9):02}"


ROOTS = {
    "root": {"/volume1/videos": 50, "/home/ida/Theatre": 28, "/mnt/nas3": 9, "/x": 2},
    "drive": {"F:\\Filme": 3, "Z:": 1},
    "share": {"\\\\server\\share$": 1, "\\\\10.0.0.7\\clips": 1},
}
HABITS = habits(
    r"""
    7 shelf | {root}/{studio_name}/{people_and}/{iso} {title}.{ext}
    6 title first | {root}/{title} - {people} - {studio} - {iso}.{ext}
    6 studio colon | {root}/{studio} - {title} - {people_amp}.{ext}
    5 dated, people in brackets | {root}/{studio_name}/{iso} - {title} ({people_comma}).{ext}
    5 people behind studio in brackets | {root}/({studio}) {people_comma} - {title}.{ext}
    4 year behind the dot | {root}/{title.dots}.{year}.1080p.BluRay.x265-PLAIN.{ext}
    4 release, day first of all | {root}/{short_dots}.{studio.joined}.{dotted_people}.{title.dots}.{mark}.{ext}
    5 release by a group | {root}/{studio.joined}.{short_dots}.{dotted_people}.{title.dots}.XYZ.1080p.HEVC.x265.PRT.{ext}
    4 release, lower and dashes | {root}/{studio.joined.lower}-{iso}-{under_people.lower}-{title.under.lower}.{ext}
    3 release as a folder | {root}/{studio.dots}.{iso_dots}.{dotted_people}.{title.dots}.2160p.WEB/clip.{ext}
    3 underscored wholly | {root}/{studio.under}_-_{iso}_-_{under_people}_-_{title.under}_{mark}.{ext}
    3 dashes | {root}/{studio_name}/{iso}-{title.dashes}.{ext}
    3 plus signs | {root}/{studio_name}/{title.plus}.{ext}
    3 lower | {root}/{studio.lower}/{people_amp.lower} - {title.lower} ({iso}).{ext}
    2 upper | {root}/{title.upper} ({year}) {mark}.{ext}
    3 child below parent | {root}/{network}/{child_studio}/{people_comma} - {title}.{ext}
    3 child beside parent | {root}/{network} - {child_studio} - {iso} - {title}.{ext}
    3 by year and studio | {root}/{year}/{studio_name}/{title}.{ext}
    3 by year and month | {root}/{year_month}/{studio} - {title} - {people}.{ext}
    3 person, then year | {root}/{person_folder}/{year}/{studio} - {title}.{ext}
    3 person at a studio | {root}/{person_folder}/{studio_name} - {iso} - {title}.{ext}
    2 person numbered | {root}/{studio_name}/{numbered_person}.{ext}
    3 family name first | {root}/{studio_name}/{iso} {inverted} - {title}.{ext}
    2 family name first alone | {root}/{inverted} ({year}).{ext}
    3 written day | {root}/{studio} - {title} - {the_day}.{ext}
    3 written day first | {root}/{month_day} - {studio} - {people_amp} - {title}.{ext}
    2 short month in brackets | {root}/{studio_name}/{title} [{mon_day}].{ext}
    2 day month behind | {root}/{people_comma} - {title} ({day_month}).{ext}
    3 dotted day in brackets | {root}/{studio_name}/{people} ({german}) {title}.{ext}
    3 american first | {root}/{american} {studio} - {title}.{ext}
    2 british last | {root}/{studio_name}/{title} {british}.{ext}
    2 compact first | {root}/{compact}_{studio.under}_{title.under}.{ext}
    2 compact and number | {root}/{studio_name}/{compact}-{id}.{ext}
    2 two days | {root}/{studio} - {two_days} - {title}.{ext}
    2 bought later | {root}/{later_year}/{studio_name}/{iso} {people_amp} - {title}.{ext}
    3 windows | {drive}\{studio_name}\{title} ({people_and}) {iso}.{ext}
    2 windows by person | {drive}\{person_folder}\{title} [{id}].{ext}
    3 share | {share}\{studio_name}\{people_comma} - {title} ({year}).{ext}
    4 speaks of words | {root}/{told_of}.{ext}
    4 speaks of words, at a studio | {root}/{studio_name}/{iso} - {told_of}.{ext}
    3 speaks of words, with people | {root}/{people_amp} - {told_of}.{ext}
    3 speaks of a person | {root}/{studio_name}/{title_with_person} ({iso}).{ext}
    4 speaks of a studio | {root}/{people_comma} - {title_with_studio} ({year}).{ext}
    3 speaks of a studio, at another | {root}/{studio_name}/{iso} - {title_with_studio}.{ext}
    2 unknown people | {root}/{studio_name}/{strangers}.{ext}
    2 unknown person's folder | {root}/{stranger}/{title} [{mark}].{ext}
    2 unknown, then title | {root}/{studio} - {title_or_stranger}.{ext}
    2 title at the top | {root}/{title}.{ext}
    2 tag behind | {root}/{studio_name}/{title} #{tag}.{ext}
    3 by tag | {root}/{tag}/{people_amp} - {title}.{ext}
    2 by branch | {root}/{tag_branch}/{title} ({year}).{ext}
    2 bracketed person | {root}/{studio} - {bracketed} {title}.{ext}
    2 handles | {root}/{title} - #{people_hash} {mark}.{ext}
    2 corner brackets | {root}/【{studio_name}】{title}（{people_cjk}）.{ext}
    2 slashes | {root}/{studio_name}/{people_plus} - {title} - {iso}.{ext}
    2 parts | {root}/{untold_title} [{year}]/{title_part} {mark}.{ext}
    2 hash | {root}/{hex}/{hex}.{ext}
    2 hash by person | {root}/{person_folder}/{hex}.{ext}
    2 hash by studio and day | {root}/{studio_name}/{iso}/{hex}.{ext}
    3 camera | {root}/DCIM/100MEDIA/{camera}.{ext}
    2 camera and day | {root}/phone/{camera_day}.{ext}
    2 random | {root}/{junk}.{ext}
    3 title set, people in it | {root}/{hex}.{ext} | {people_comma}: {other_title}
    2 title set, studio in it | {root}/{id}.{ext} | {other_title} | {studio} ({iso})
    2 title set, in brackets | {root}/{junk}.{ext} | {other_title} [{studio_name}]
    """
)
HAND = Hand(
    seed="sealed",
    first_id=200_001,
    stock=STOCK,
    habits=HABITS,
    roots=ROOTS,
    slots={
        "the_day": the_day,
        "told_of": told_of,
        "strangers": strangers,
        "numbered_person": numbered_person,
    },
)
