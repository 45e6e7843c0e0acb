"""Films of the attic that are there twice, and some that only look so."""

from syncapp.demo.reels import Copy, Reel

_PIER = "/media/Films/Kelpline Pictures/KLP.20.02.11.Ingrid.Solheim.Under.the.Pier.mp4"
_REED = "/media/Films/Blue Heron Films/2012-10-07 - Joan Arkwright & Tomas Ferreira - The Reed Line.mkv"
_LOOMS = "/mnt/disk1/Otto Halm Filmhus/Looms (1936).avi"
_STILTS = "/media/Films/Blue Heron Films/2013-02-28 - Joan Arkwright - Stilts.mkv"
_SPORES = "/media/Films/Kelpline Pictures/Kelpline.Pictures.18.03.30.Anna.Berg.Joe.Doe.Spores.mp4"
_VETUR = "/media/Films/Hraunfilm/Guðrún Hjaltalín - Vetur 19.12.2017.mkv"
_LINKS = r"D:\Video\Lecture Room Nine\Peter van der Meulen - Links (Apr 22, 2010).wmv"
_DARK = "/media/Incoming/tape 1.avi"

# The same films once more, and some that only look so.
COPIES = (
    Reel(
        "/media/Incoming/copy of pier.mp4",
        title="Pier",
        has="title",
        copy=Copy(_PIER, is_exact=True),
    ),
    Reel(
        "/media/Incoming/looms-old.avi",
        title="Looms, 1936",
        has="title",
        copy=Copy(_LOOMS, is_exact=True),
    ),
    Reel(
        "/media/Incoming/reedline.mkv",
        title="Reed Line",
        has="title",
        copy=Copy(_REED, longer=0.4),
    ),
    Reel(
        "/media/Incoming/reedline small.mp4",
        title="Reed Line for the Bus",
        has="title",
        copy=Copy(_REED, steps=1, longer=0.1),
    ),
    Reel(
        "/media/Incoming/stilts_tv.mp4",
        title="Stilts for Television",
        has="title",
        copy=Copy(_STILTS, steps=2, longer=1.5),
    ),
    Reel(
        "/media/Incoming/spores final.mp4",
        title="Spores, Last Cut",
        has="title",
        copy=Copy(_SPORES, steps=3, longer=-0.8),
    ),
    Reel(
        "/media/Incoming/vetur_web.mp4",
        title="Vetur á netinu",
        has="title",
        copy=Copy(_VETUR, steps=4),
    ),
    # As long to the second, but another film.
    Reel(
        "/media/Incoming/braids.wmv",
        title="Braids Again",
        has="title",
        copy=Copy(_LINKS, steps=16, is_same=False),
    ),
    # Its opening is the other's, and then it goes on.
    Reel(
        "/media/Incoming/stilts and more.mp4",
        title="Stilts and More",
        has="title",
        copy=Copy(_STILTS, steps=3, longer=2400.0, is_same=False),
    ),
    Reel(_DARK, title="Tape One", has="title", is_flat=True),
    Reel(
        "/media/Incoming/tape 2.avi",
        title="Tape Two",
        has="title",
        copy=Copy(_DARK, longer=0.2, is_same=False),
        is_flat=True,
    ),
)
