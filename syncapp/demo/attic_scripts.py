"""Films of the attic in several scripts, and on machines with Windows."""

from syncapp.demo.reels import ALL, Reel

HRAUN, WYDMY, PELAGIA = "Hraunfilm", "Wydmy Studio", "Πελαγία Ταινίες"
POLAR, UMIBE, DUNES = "Полярна Студія", "海辺映画社", "אולפני החולות"
ROOM, STAGE = "Lecture Room Nine", "Candlewick Stage"

# Folders and names in many scripts; days before months.
SCRIPTS = (
    Reel(
        "/media/Films/Hraunfilm/Þórdís Ævarsdóttir - Mosinn 23.04.2016.mkv",
        *(HRAUN, "Þórdís Ævarsdóttir", "", "2016-04-23", "Mosinn"),
    ),
    Reel(
        "/media/Films/Hraunfilm/Thordis Aevarsdottir & Guðrún Hjaltalín - Hverir 30.08.2016.mkv",
        *(
            HRAUN,
            "Þórdís Ævarsdóttir;Guðrún Hjaltalín",
            "",
            "2016-08-30",
            "Hverir",
            "date",
        ),
    ),
    Reel(
        "/media/Films/Hraunfilm/Gudrun Hjaltalin - Brimið 03.04.2017.mkv",
        *(HRAUN, "Guðrún Hjaltalín", "", "2017-04-03", "Brimið", "title"),
    ),
    Reel(
        "/media/Films/Hraunfilm/Guðrún Hjaltalín - Vetur 19.12.2017.mkv",
        *(HRAUN, "Guðrún Hjaltalín", "", "2017-12-19", "Vetur", ALL),
    ),
    Reel(
        "/media/Films/Wydmy Studio/Podwodne/Wanda Żurawska - Łąki trawy (22.11.2011).mp4",
        *(WYDMY, "Wanda Żurawska", "Podwodne", "2011-11-22", "Łąki trawy"),
    ),
    Reel(
        "/media/Films/Wydmy Studio/Podwodne/Zurawska_Wanda_i_Lecki_Stanislaw.mp4",
        *(
            WYDMY,
            "Wanda Żurawska;Stanisław Łęcki",
            "Podwodne",
            "",
            "Zatoka",
            "title tags",
        ),
    ),
    Reel(
        "/media/Films/Wydmy Studio/Stanisław Łęcki - Mierzeja (17.06.2012).mp4",
        *(WYDMY, "Stanisław Łęcki", "", "2012-06-17", "Mierzeja", ALL),
    ),
    Reel(
        "/media/Films/Πελαγία Ταινίες/Θάλασσα/Ελένη Παπαδάκη, Νίκος Θαλασσινός - Το κύμα.mkv",
        *(PELAGIA, "Ελένη Παπαδάκη;Νίκος Θαλασσινός", "Θάλασσα", "", "Το κύμα"),
    ),
    Reel(
        "/media/Films/Πελαγία Ταινίες/ΕΛΕΝΗ ΠΑΠΑΔΑΚΗ - Αλμύρα.mkv",
        *(PELAGIA, "Ελένη Παπαδάκη", "", "", "Αλμύρα", "title studio"),
    ),
    Reel(
        "/media/Films/Πελαγία Ταινίες/Νίκος Θαλασσινός - Δίχτυα 2014-06-02.mkv",
        *(PELAGIA, "Νίκος Θαλασσινός", "", "2014-06-02", "Δίχτυα", ALL),
    ),
    Reel(
        "/media/Films/Полярна Студія/Олена Ковальчук и Тарас Гірник - Тюлені (2018-02-05).mkv",
        *(POLAR, "Олена Ковальчук;Тарас Гірник", "", "2018-02-05", "Тюлені", "title"),
    ),
    Reel(
        "/media/Films/Полярна Студія/Olena Kovalchuk - Зимівля (2018-07-19).mkv",
        *(POLAR, "Олена Ковальчук", "", "2018-07-19", "Зимівля"),
    ),
    Reel(
        "/media/Films/Полярна Студія/Тарас Гірник - Станція (2018-11-30).mkv",
        *(POLAR, "Тарас Гірник", "", "2018-11-30", "Станція", ALL),
    ),
    Reel(
        "/media/Films/海辺映画社/海の生き物/浜野はな「潮だまり」2015-07-20.mp4",
        *(UMIBE, "浜野はな", "海の生き物", "2015-07-20", "潮だまり"),
    ),
    Reel(
        "/media/Films/海辺映画社/海の生き物/浜野はなえ・岸本真理「夜光虫」2015-08-11.mp4",
        *(
            UMIBE,
            "浜野はなえ;岸本真理",
            "海の生き物",
            "2015-08-11",
            "夜光虫",
            "title date",
        ),
    ),
    Reel(
        "/media/Films/海辺映画社/岸本真理「灯台守」2016-03-03.mp4",
        *(UMIBE, "岸本真理", "", "2016-03-03", "灯台守", ALL),
    ),
    Reel(
        "/media/Films/אולפני החולות/נועה ברקן - גלים 2019-12-24.mp4",
        *(DUNES, "נועה ברקן", "", "2019-12-24", "גלים"),
    ),
    Reel(
        "/media/Films/אולפני החולות/Noa Barkan - רוח 2020-01-05.mp4",
        *(DUNES, "נועה ברקן", "", "2020-01-05", "רוח", ALL),
    ),
)

# A lecture room and a stage, kept on machines with Windows.
WINDOWS = (
    Reel(
        r"D:\Video\Lecture Room Nine\Chalk Talk\Peter van der Meulen - Knots (Oct 28, 2009).wmv",
        *(ROOM, "Peter van der Meulen", "Chalk Talk", "2009-10-28", "Knots"),
    ),
    Reel(
        r"D:\Video\Lecture Room Nine\Blackboard\Peter Van Der Meulen - Braids (Nov 4, 2009).wmv",
        *(ROOM, "Peter van der Meulen", "Chalk Talk", "2009-11-04", "Braids", "title"),
    ),
    Reel(
        r"D:\Video\Lecture Room Nine\LR9 - I. Solheim - Tide Tables (Mar 15, 2010).wmv",
        *(
            ROOM,
            "Ingrid Solheim",
            "Tide Tables",
            "2010-03-15",
            "Tides by Hand",
            "title tags",
        ),
    ),
    Reel(
        r"D:\Video\Lecture Room Nine\Peter van der Meulen - Links (Apr 22, 2010).wmv",
        *(ROOM, "Peter van der Meulen", "", "2010-04-22", "Links", ALL),
    ),
    Reel(
        r"\\nas\films\Candlewick Stage\Stage Play\[Jade Kestrel] The Lamplighter 2013-03-16.mkv",
        *(STAGE, "Jade Kestrel", "Stage Play", "2013-03-16", "The Lamplighter"),
    ),
    Reel(
        r"\\nas\films\Candlewick Stage\Stage Play\Jade Kestrel vs. Max Sternwood - The Duel, Act 2.mkv",
        *(
            STAGE,
            "Jade Kestrel;Max Sternwood",
            "Stage Play",
            "",
            "The Duel, Act 2",
            "title studio",
        ),
    ),
    Reel(
        r"\\nas\films\Candlewick Stage\Stage Play\Joan Arkwright - The Orchard Wall 2013-05-25.mkv",
        *(STAGE, "Joan Arkwright", "Stage Play", "2013-05-25", "The Orchard Wall", ALL),
    ),
    Reel(
        r"\\nas\films\Candlewick Stage\stopmotion\Tomás Ferreira #nocturnal Paper Owls.mkv",
        *(STAGE, "Tomas Ferreira", "Stop Motion;Nocturnal", "", "Paper Owls", "title"),
    ),
)
