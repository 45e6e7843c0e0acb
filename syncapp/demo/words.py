"""The words that the invented catalogue is made of."""

SUBJECTS = """
    Wolves|Glaciers|Salt Marshes|Night Herons|Tide Pools|Lichens|Peat Bogs|Barn Owls
    Harbour Cranes|Steam Ferries|Mountain Hares|Dune Grass|Storm Petrels|Kelp Forests
    River Otters|Cloud Chambers|Prime Numbers|Sand Martins|Limestone Caves|Reindeer
    Snow Algae|Arctic Terns|Mangroves|Desert Lizards|Old Orchards|Weather Balloons
    Lighthouses|Rain Gauges|Honey Bees|Moss Gardens|Eel Grass|Coral Nurseries
""".replace("\n", "|").split("|")
SUBJECTS = [word.strip() for word in SUBJECTS if word.strip()]

FRAMES = [
    "{0} of {1}",
    "{0}, reel {2}",
    "A Lecture on {0}",
    "{1}: {0} in Winter",
    "{0} Seen from {1}",
    "Archive {2}: {0}",
    "«{0}», {1}",
    "The Year of the {0} (part {2})",
]

PLACES = [
    "Þingvellir",
    "Ærø",
    "Ōtsu",
    "Žilina",
    "Łeba",
    "Córdoba",
    "Ísafjörður",
    "Málaga",
    "Tromsø",
    "Kyōto",
    "Niš",
    "Gdańsk",
    "Saint-Malo",
    "Bergen",
    "Leiden",
    "Porto",
    "Ljubljana",
    "Halifax",
    "Hobart",
    "Valparaíso",
    "Reykjanes",
    "Ushuaia",
    "Kiruna",
    "Θεσσαλονίκη",
    "札幌",
    "Одеса",
    "Zürich",
    "Åland",
    "Skye",
    "Nuuk",
]

SENTENCES = [
    "Filmed over three winters from the same hide.",
    'A "lost" reel, found in a cellar and cleaned frame by frame.',
    "The lecture runs without a break; questions follow.",
    "Sound was added later.\nThe original had none.",
    "Colours were matched to the surviving print — as far as it goes.",
    "Shown once on television and then forgotten 🎞️.",
    "The narrator's notes are kept with the film.",
    "Includes the <uncut> opening & the second ending.",
]

FIRST_NAMES = [
    "Astrid",
    "Björn",
    "Chiara",
    "Dmitri",
    "Élodie",
    "Farid",
    "Greta",
    "Håkon",
    "Inés",
    "João",
    "Kateřina",
    "Łukasz",
    "Mei",
    "Noor",
    "Oisín",
    "Priya",
    "Quentin",
    "Rūta",
    "Sławomir",
    "Tuuli",
    "Uwe",
    "Violeta",
    "Wanjiru",
    "Ximena",
    "Yūko",
    "Zoë",
    "Amara",
    "Bashir",
    "Celeste",
    "Daiki",
]

LAST_NAMES = [
    "Ångström",
    "Brennan",
    "Çelik",
    "Duarte",
    "Eriksen",
    "Fjeld",
    "Gutiérrez",
    "Hashimoto",
    "Ivanova",
    "Jørgensen",
    "Kowalski",
    "Lindqvist",
    "Müller",
    "Nakamura",
    "O'Leary",
    "Petrović",
    "Quispe",
    "Rasmussen",
    "Sørensen",
    "Tanaka",
    "Umarov",
    "Vasquez",
    "Whitfield",
    "Ximénez",
    "Yilmaz",
    "Żukowska",
    "Achterberg",
    "Bhatt",
    "Cissé",
    "Dragomir",
]

TOPICS = """
    Birds|Ice|Rivers|Forests|Mountains|Coasts|Insects|Weather|Harbours|Railways|Bridges
    Geology|Astronomy|Mathematics|Botany|Fungi|Mammals|Reptiles|Fish|Farming|Crafts
    Music|Architecture|Maps|Rain|Snow|Light|Stone|Wood|Water|Deserts|Islands|Volcanoes
    Marshes|Gardens|Markets|Festivals|Schools|Museums|Ships
""".replace("\n", "|").split("|")
TOPICS = [word.strip() for word in TOPICS if word.strip()]

QUALIFIERS = """
    |at dawn|at night|in winter|in spring|from the air|under water|close up|time lapse
    |slow motion|black and white|hand coloured|restored|with narration|silent|in colour
    |before 1930|after 1960|interview|field notes|lecture hall|100%_raw
""".replace("\n", "").split("|")
QUALIFIERS = [word.strip() for word in QUALIFIERS]
QUALIFIERS = list(dict.fromkeys(QUALIFIERS))

HOUSES = [
    "Film Archive",
    "Nature Unit",
    "University Lectures",
    "Picture House",
    "Broadcasting",
    "Field Station",
    "Museum",
    "& Daughters",
]

COUNTRIES = ["NO", "IS", "JP", "SK", "PL", "ES", "FO", "PT", "UA", "CL", "CA", "AU"]

GENDERS = [
    "MALE",
    "FEMALE",
    "NON_BINARY",
    "TRANSGENDER_MALE",
    "TRANSGENDER_FEMALE",
    "INTERSEX",
]

SITES = [
    "https://archive.example/films",
    "https://nature.example/watch",
    "https://lectures.example/v",
    "https://films.example/ünïcode",
]

BOXES = ["https://box.example/graphql", "https://films.example/graphql"]

VIDEO = [
    ("mp4", "h264", "aac", 1920, 1080),
    ("mkv", "hevc", "opus", 3840, 2160),
    ("mp4", "h264", "aac", 1280, 720),
    ("avi", "mpeg4", "mp3", 720, 576),
    ("webm", "vp9", "opus", 1920, 1080),
    ("mov", "prores", "", 2048, 1556),
]
