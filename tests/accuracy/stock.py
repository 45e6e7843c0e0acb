"""The words that open names and titles are made of; all are invented or common."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stock:
    """What a catalogue is made from. No two stocks share a word that matters."""

    given: tuple[str, ...]
    family_starts: tuple[str, ...]
    family_ends: tuple[str, ...]
    # Whole names that are hard for a reason: accents, apostrophes, hyphens, scripts.
    hard_people: tuple[str, ...]
    # Two characters each: words of their script hold them by chance.
    short_people: tuple[str, ...]
    # One word, found in no ordinary title.
    single_people: tuple[str, ...]
    # One word that is also a place, a month, a season, a thing.
    common_people: tuple[str, ...]
    studio_firsts: tuple[str, ...]
    studio_seconds: tuple[str, ...]
    studio_lasts: tuple[str, ...]
    hard_studios: tuple[str, ...]
    common_studios: tuple[str, ...]  # one ordinary word each
    tags: tuple[tuple[str, str, str], ...]  # (name, its parent or "", a synonym or "")
    common_tags: tuple[str, ...]
    adjectives: tuple[str, ...]
    nouns: tuple[str, ...]
    places: tuple[str, ...]
    foreign_titles: tuple[str, ...]
    strangers: tuple[str, ...]  # family names that no performer of the catalogue has


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


def tag_lines(text: str) -> tuple[tuple[str, str, str], ...]:
    """Read lines of `name < parent = synonym`."""
    found = []
    for line in lines(text):
        rest, _, synonym = line.partition("=")
        name, _, parent = rest.partition("<")
        found.append((name.strip(), parent.strip(), synonym.strip()))
    return tuple(found)


OPEN = Stock(
    given=words(
        "Ansel Bryony Cato Delphine Edda Fenno Gisela Halvard Ilsa Joran Kasimir Lenka"
        " Marit Niels Ottilie Piet Quill Runa Sunniva Tobin Ulla Viggo Wendel Ximena"
        " Yorick Zelda Aurel Birgit Corin Dagny Emeric Fritha Goran Hedda Isolde Jutta"
        " Kell Lorcan Mirela Nerys Orla Pavel Rosalind Sorrel Tamsin Ursel Verena Wim"
    ),
    family_starts=words(
        "Vel Tor Kren Mar Hol Sten Bran Ald Ost Ruk Fen Gar Lind Nor Sal Tam Wes Yar"
        " Zel Dun Ber Cald Ek Haug"
    ),
    family_ends=words("der vald sby quist mere land wick rup haven dal holm stone ova"),
    hard_people=lines(
        """
        José Garrido Peña
        Zoë Ålstrøm
        Siobhán O'Malveny
        Conor O'Brisk
        Jean-Luc Fontarel
        Anne-Marie d'Orvaux
        Łucja Wąsowicka
        Jürgen Müllersheim
        Françoise L'Éperon
        Søren Bjærgaard
        J. R. Stonequist
        A. J. Whitmarsh
        M. Tessaly
        Mirov O'Tallen-Smythe
        Ngọc Vânh
        İpek Yıldıran
        Мирон Вельский
        Аглая Тихорецкая
        Ольга Незнамова
        Γιώργος Λεμόνης
        山田花代
        佐久間涼介
        小鳥遊こずえ
        タカハシレイ
        김서윤하
        陈晓岚芳
        Dúnhallow Reyes Jr.
        Maria de la Cuestanera
        Ludo van den Broekhart
        X'anthe Q. Dorn
        """
    ),
    short_people=words("林凛 東岳 金海 日本"),
    single_people=words(
        "Zephyrine Oktavio Brindle Marzipane Quennell Vashti Tindra Ozymar Lyssandre"
        " Pellinor Cassivelle Drusko"
    ),
    common_people=words(
        "May April June August Paris Florence Robin Jade Autumn River Sky Rose Jack"
        " Madison Holly Dean Art Summer Linden Marina Reed Cobalt Sonnet"
    ),
    studio_firsts=words(
        "Blue Copper Northern Silent Amber Hollow Granite Paper Velvet Crooked Winter"
        " Distant Harbour Iron Mossy Painted"
    ),
    studio_seconds=words(
        "Heron Lantern Meridian Orchard Kestrel Anchor Foxglove Compass Tern Juniper"
        " Weaver Bittern Quarry Beacon Thistle Otter"
    ),
    studio_lasts=("Films", "Pictures", "Archive", "Media", "Productions", "", "", "TV"),
    hard_studios=lines(
        """
        Finch & Marlow
        Weaver's Loom
        Ciné Lumineux
        L'Atelier du Nord
        Studio 84
        4Winds Footage
        Nature.Reel
        Mudlark!
        Bråten Film
        K2 Expeditions
        The Old Mill
        A Room of Maps
        Ten:Tenths
        Северный Маяк
        青空映像社
        하늘영화사
        Dune/Sea
        Tidewater-Low
        """
    ),
    common_studios=words(
        "Horizon Origin Atlas Nomad Vista Ember Fathom Summit Canvas Drift"
    ),
    tags=tag_lines(
        """
        Animals =
        Birds < Animals =
        Birds of Prey < Birds = Raptors
        Sea Mammals < Animals =
        Filming Technique =
        Slow Motion < Filming Technique = Slo-Mo
        Time Lapse < Filming Technique = Timelapse
        Hand Held Camera < Filming Technique =
        Black and White < Filming Technique = B&W
        Stage Plays =
        Puppet Theatre < Stage Plays =
        Open Air Theatre < Stage Plays =
        Public Lecture = Lecture Hall
        Question Round < Public Lecture = Q and A
        Coral Reef =
        Polar Expedition =
        Steam Railway = Steam Trains
        Aerial Footage = Drone Footage
        Behind the Scenes = Making Of
        Silent Era =
        Glass Blowing =
        Tide Pools =
        Folk Dancing =
        Choir Rehearsal =
        """
    ),
    common_tags=words(
        "Water Night Movies Lectures Snow City Music Forest Interview Short Outdoor"
        " Documentary Winter Red"
    ),
    adjectives=words(
        "Quiet Long Golden Broken Early Restless Hidden Narrow Bright Empty Distant"
        " Gentle Frozen Last First Slow Dark"
    ),
    nouns=words(
        "Marsh Tide Ferry Meadow Lighthouse Ridge Garden Market Bridge Valley Kiln"
        " Island Glacier Harvest Workshop Letter Journey Window Lantern Orchard Stairs"
        " Threshold Kettle Snowfall Dawn Shore Pasture Tower"
    ),
    places=words("Lisbon Tromso Galway Kyoto Quito Paris Florence Bergen Madison Oslo"),
    foreign_titles=lines(
        """
        夜の港と古い船
        私は日本人です
        春の山をゆく
        東京の朝、雨のあと
        Последний паром
        Зимний сад
        L'été des rivières
        Über den Fluß
        El año del deshielo
        겨울 바다의 기억
        """
    ),
    strangers=words(
        "Abernook Castellow Drummley Everglint Farthingo Grimsel Hockaday Ivermark"
        " Jessop Kilbracken Lovelock Mottram Nettlefold Ormiston Prendergrass"
    ),
)
