"""Who and what the films of the attic name: people, studios and tags, all invented.

No title or path of the catalogue holds one of them, and none of the attic one of its.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """A performer, studio or tag of the attic."""

    name: str
    aliases: tuple[str, ...] = ()
    disambiguation: str = ""
    parent: str = ""

    @property
    def label(self) -> str:
        """What reels call it: "Anna Berg (botanist)"."""
        apart = f" ({self.disambiguation})" if self.disambiguation else ""
        return self.name + apart


STUDIOS = (
    Named("Kelpline Pictures", ("KLP",)),
    Named("Blue Heron Films"),
    Named("Blue Heron Shorts", parent="Blue Heron Films"),
    Named("Tern"),
    Named("Tern Island Films", ("Tern Island",)),
    Named("Hraunfilm"),
    Named("Wydmy Studio", ("Studio Wydmy",)),
    Named("Πελαγία Ταινίες", ("Pelagia Tainies",)),
    Named("Полярна Студія", ("Polar Studio",)),
    Named("海辺映画社", ("Umibe Eigasha",)),
    Named("אולפני החולות", ("Hacholot Studios",)),
    Named("Otto Halm Produktion"),
    Named("Lecture Room Nine", ("LR9",)),
    Named("Candlewick Stage"),
)

PEOPLE = (
    Named("Anna Berg", disambiguation="botanist"),
    Named("Anna Berg", disambiguation="sound recordist"),
    Named("Otto Halm"),
    Named("Jade"),
    Named("Jade Kestrel"),
    Named("May"),
    Named("Joe Doe", ("Joe D.",)),
    Named("Joan Arkwright"),
    Named("Tomas Ferreira", ("Tomás Ferreira",)),
    Named("Maeve O'Lovely"),
    Named("Jean-Luc Marchetti"),
    Named("Margarethe Lindholm", ("Greta Lindholm",)),
    Named("Max Sternwood"),
    Named("Ingrid Solheim", ("I. Solheim",)),
    Named("Peter van der Meulen"),
    Named("Þórdís Ævarsdóttir", ("Thordis Aevarsdottir",)),
    Named("Guðrún Hjaltalín"),
    Named("Wanda Żurawska"),
    Named("Stanisław Łęcki"),
    Named("Ελένη Παπαδάκη", ("Eleni Papadaki",)),
    Named("Νίκος Θαλασσινός"),
    Named("Олена Ковальчук", ("Olena Kovalchuk",)),
    Named("Тарас Гірник"),
    Named("浜野はな", ("Hamano Hana",)),
    Named("浜野はなえ"),
    Named(
        "岸本真理",
    ),
    Named("נועה ברקן", ("Noa Barkan",)),
    Named("İpek Aydın"),
    Named("Ⱥrvid Solum"),
)

TAGS = (
    Named("Films"),
    Named("Camera Work"),
    Named("Macro", parent="Camera Work"),
    Named("Macro Lens", parent="Camera Work"),
    Named("Drone", ("Quadcopter",), parent="Camera Work"),
    Named("Stop Motion", ("stopmotion",), parent="Camera Work"),
    Named("Stage Play"),
    Named("Chalk Talk", ("Blackboard",)),
    Named("Nocturnal"),
    Named("Tide Tables"),
    Named("Cave Diving"),
    Named("海の生き物"),
    Named("Podwodne"),
    Named("Θάλασσα"),
)
