"""Films of the attic that people named by many habits."""

from syncapp.demo.reels import ALL, Reel

BOTANIST, RECORDIST = "Anna Berg (botanist)", "Anna Berg (sound recordist)"
KELP, HERON, SHORTS = "Kelpline Pictures", "Blue Heron Films", "Blue Heron Shorts"
TERN, HALM = "Tern Island Films", "Otto Halm Filmhus"
OTTO, JOE, MAEVE = "Otto Halm", "Joe Doe", "Maeve O'Lovely"

# "Studio.19.04.03.Person.Title", and one of two of a name who is regular there.
KELPLINE = (
    Reel(
        "/media/Films/Kelpline Pictures/Kelpline.Pictures.17.06.21.Anna.Berg.Eel.Year.mp4",
        *(KELP, BOTANIST, "", "2017-06-21", "Eel Year", ALL),
    ),
    Reel(
        "/media/Films/Kelpline Pictures/Kelpline.Pictures.17.09.02.Anna.Berg.Sugar.Kelp.mp4",
        *(KELP, BOTANIST, "", "2017-09-02", "Sugar Kelp", ALL),
    ),
    Reel(
        "/media/Films/Kelpline Pictures/Kelpline.Pictures.18.01.14.Anna.Berg.Holdfast.mp4",
        *(KELP, BOTANIST, "", "2018-01-14", "Holdfast", ALL),
    ),
    Reel(
        "/media/Films/Kelpline Pictures/Kelpline.Pictures.18.03.30.Anna.Berg.Joe.Doe.Spores.mp4",
        *(KELP, f"{BOTANIST};{JOE}", "", "2018-03-30", "Spores", ALL),
    ),
    Reel(
        "/media/Films/Kelpline Pictures/Kelpline.Pictures.18.05.19.Anna.Berg.Red.Algae.mp4",
        *(KELP, BOTANIST, "", "2018-05-19", "Red Algae", ALL),
    ),
    Reel(
        "/media/Films/Kelpline Pictures/Kelpline.Pictures.18.11.08.Anna.Berg.The.Cold.Tank.mp4",
        *(KELP, BOTANIST, "", "2018-11-08", "The Cold Tank", "studio date title"),
    ),
    Reel(
        "/media/Films/Kelpline Pictures/Kelpline.Pictures.19.04.03.Anna.Berg.Low.Tide.1080p.mp4",
        *(KELP, BOTANIST, "", "2019-04-03", "Low Tide"),
    ),
    Reel(
        "/media/Films/Kelpline Pictures/Kelpline.Pictures.19.07.25.Ingrid.Solheim.Joe.Doe.Fronds.2160p.H.264.mkv",
        *(KELP, f"Ingrid Solheim;{JOE}", "", "2019-07-25", "Fronds", "title"),
    ),
    Reel(
        "/media/Films/Kelpline Pictures/KLP.20.02.11.Ingrid.Solheim.Under.the.Pier.mp4",
        *(KELP, "Ingrid Solheim", "", "2020-02-11", "Under the Pier", "people"),
    ),
    Reel(
        "/media/Films/Kelpline Pictures/Kelpline.Pictures.20.08.16.Macro.Lens.Diatoms.mp4",
        *(KELP, "", "Macro Lens", "2020-08-16", "Diatoms", "studio title"),
    ),
    Reel(
        "/media/Incoming/Anna Berg - Wax Cylinders at Home.mkv",
        *("", RECORDIST, "", "", "Wax Cylinders at Home"),
    ),
    Reel(
        "/media/Incoming/Anna Berg (sound recordist) - Hiss and Hum.mkv",
        *("", RECORDIST, "", "", "Hiss and Hum", "title"),
    ),
)

# "Person & Person - Title", folders of parent and child, ISO dates.
BLUE_HERON = (
    Reel(
        "/media/Films/Blue Heron Films/2012-10-07 - Joan Arkwright & Tomas Ferreira - The Reed Line.mkv",
        *(
            HERON,
            "Joan Arkwright;Tomas Ferreira",
            "",
            "2012-10-07",
            "The Reed Line",
            ALL,
        ),
    ),
    Reel(
        "/media/Films/Blue Heron Films/2013-02-28 - Joan Arkwright - Stilts.mkv",
        *(HERON, "Joan Arkwright", "", "2013-02-28", "Stilts", ALL),
    ),
    Reel(
        "/media/Films/Blue Heron Films/2013-08-09 - Jade Kestrel & Joan Arkwright - Mudlarks.mkv",
        *(HERON, "Jade Kestrel;Joan Arkwright", "", "2013-08-09", "Mudlarks", "title"),
    ),
    Reel(
        "/media/Films/Blue Heron Films/2014-05-04 - Jade & Tomas Ferreira - Nest Count.mkv",
        *(HERON, "Jade;Tomas Ferreira", "", "2014-05-04", "Nest Count", "studio"),
    ),
    Reel(
        "/media/Films/Blue Heron Films/Blue Heron Shorts/2015-11-21 - Maeve O'Lovely - Pike.mkv",
        *(SHORTS, MAEVE, "", "2015-11-21", "Pike", "date"),
    ),
    Reel(
        "/media/Films/Blue Heron Films/Blue Heron Shorts/2016-01-30 - Maeve O’Lovely - Perch.mkv",
        *(SHORTS, MAEVE, "", "2016-01-30", "Perch", "title date"),
    ),
    Reel(
        "/media/Films/Blue Heron Films/Blue Heron Shorts/2016-03-12 - Maeve OLovely & Jean Luc Marchetti - Bream.mkv",
        *(SHORTS, f"{MAEVE};Jean-Luc Marchetti", "", "2016-03-12", "Bream", "studio"),
    ),
    Reel(
        "/media/Films/Blue Heron Films/Blue Heron Shorts/2016-04-17 - Drone - Weir.mkv",
        *(SHORTS, "", "Drone", "2016-04-17", "Weir", ALL),
    ),
    Reel(
        "/media/Films/Blue Heron Films/2019 May 4 - Salt Pans.mkv",
        *(HERON, "", "", "2019-05-04", "Salt Pans", "title"),
    ),
    Reel(
        "/media/Films/Blue Heron Films/May & Joe Doe - Hay Meadows (2009) part 1.mkv",
        *(HERON, f"May;{JOE}", "", "2009", "Hay Meadows part 1", "title studio"),
    ),
)

# A short name in a longer one, commas, underscores and joined words.
OTHERS = (
    Reel(
        "/mnt/disk1/Tern Island Films/Sternwood, Max - Guano.avi",
        *(TERN, "Max Sternwood", "", "", "Guano"),
    ),
    Reel(
        "/mnt/disk1/Tern Island Films/Sternwood, Max; Lindholm, Greta - Egg Tooth.avi",
        *(TERN, "Max Sternwood;Margarethe Lindholm", "", "", "Egg Tooth", "title"),
    ),
    Reel(
        "/mnt/disk1/Tern Island Films/Doe, Joe - Ringing Day.avi",
        *(TERN, JOE, "", "", "Ringing Day", "studio title"),
    ),
    Reel(
        "/mnt/disk1/Tern Island Films/Greta_Lindholm_-_The_Ledge_20110814.avi",
        *(TERN, "Margarethe Lindholm", "", "2011-08-14", "The Ledge"),
    ),
    Reel(
        "/mnt/disk1/Tern Island Films/MargaretheLindholm_Warden_20110902.avi",
        *(TERN, "Margarethe Lindholm", "", "2011-09-02", "Warden", "title"),
    ),
    Reel(
        "/mnt/disk1/Tern Island Films/Ferry Day feat. Ⱥrvid Solheid.avi",
        *(TERN, "Ⱥrvid Solheid", "", "", "Ferry Day", "title"),
    ),
    Reel(
        "/mnt/disk1/Tern Island Films/İpek Aydın with Joe Doe - Gannetry (28 Oct 2011).avi",
        *(TERN, f"İpek Aydın;{JOE}", "", "2011-10-28", "Gannetry", ALL),
    ),
    Reel(
        "/mnt/disk1/Otto Halm Filmhus/Otto Halm Filmhus - Bobbins (1931).avi",
        *(HALM, "", "", "1931", "Bobbins", "title"),
    ),
    Reel(
        "/mnt/disk1/Otto Halm Filmhus/Otto Halm - A Self Portrait (1934).avi",
        *(HALM, OTTO, "", "1934", "A Self Portrait", "title date"),
    ),
    Reel(
        "/mnt/disk1/Otto Halm Filmhus/Looms (1936).avi",
        *(HALM, "", "", "1936", "Looms", ALL),
    ),
    Reel(
        "/media/Incoming/20200916-119273743.mp4",
        *("", "", "", "2020-09-16", "Camera Trap, Night Three", "title"),
    ),
    Reel(
        "/media/Incoming/2009-08-01_6052.mov",
        *("", "", "", "2009-08-01", "Camera Trap, Dusk", "title"),
    ),
    Reel(
        "/media/Incoming/S01E02 The Long Groyne 2160p v2.mkv",
        *("", "", "", "", "The Long Groyne", "title"),
    ),
    Reel(
        "/media/Incoming/Films/Seal Pups 7-14-2009 1080p.mkv",
        *("", "", "", "2009-07-14", "Seal Pups", "title"),
    ),
    Reel("/media/Incoming/asdfqwer8821.mp4"),
    Reel("/media/Incoming/VID_0017.MOV"),
    Reel("/media/Incoming/9f86d081884c7d659a2feaa0c55ad015.mp4"),
)
