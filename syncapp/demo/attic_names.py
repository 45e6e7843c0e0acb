"""Who and what the films of the attic name: people, studios and tags, all invented.

No title or path of the catalogue holds one of them, and none of the attic one of its.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AtticEntity:
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
    AtticEntity("Kelpline Pictures", ("KLP",)),
    AtticEntity("Blue Heron Films"),
    AtticEntity("Blue Heron Shorts", parent="Blue Heron Films"),
    AtticEntity("Tern"),
    AtticEntity("Tern Island Films", ("Tern Island",)),
    AtticEntity("Hraunfilm"),
    AtticEntity("Wydmy Studio", ("Studio Wydmy",)),
    AtticEntity("Πελαγία Ταινίες", ("Pelagia Tainies",)),
    AtticEntity("Полярна Студія", ("Polar Studio",)),
    AtticEntity("海辺映画社", ("Umibe Eigasha",)),
    AtticEntity("אולפני החולות", ("Hacholot Studios",)),
    AtticEntity("Otto Halm Filmhus"),
    AtticEntity("Lecture Room Nine", ("LR9",)),
    AtticEntity("Candlewick Stage"),
)

PEOPLE = (
    AtticEntity("Anna Berg", disambiguation="botanist"),
    AtticEntity("Anna Berg", disambiguation="sound recordist"),
    AtticEntity("Otto Halm"),
    AtticEntity("Jade"),
    AtticEntity("Jade Kestrel"),
    AtticEntity("May"),
    AtticEntity("Joe Doe", ("Joe D.",)),
    AtticEntity("Joan Arkwright"),
    AtticEntity("Tomas Ferreira", ("Tomás Ferreira",)),
    AtticEntity("Maeve O'Lovely"),
    AtticEntity("Jean-Luc Marchetti"),
    AtticEntity("Margarethe Lindholm", ("Greta Lindholm",)),
    AtticEntity("Max Sternwood"),
    AtticEntity("Ingrid Solheim", ("I. Solheim",)),
    AtticEntity("Peter van der Meulen"),
    AtticEntity("Þórdís Ævarsdóttir", ("Thordis Aevarsdottir",)),
    AtticEntity("Guðrún Hjaltalín"),
    AtticEntity("Wanda Żurawska"),
    AtticEntity("Stanisław Łęcki"),
    AtticEntity("Ελένη Παπαδάκη", ("Eleni Papadaki",)),
    AtticEntity("Νίκος Θαλασσινός"),
    AtticEntity("Олена Ковальчук", ("Olena Kovalchuk",)),
    AtticEntity("Тарас Гірник"),
    AtticEntity("浜野はな", ("Hamano Hana",)),
    AtticEntity("浜野はなえ"),
    AtticEntity(
        "岸本真理",
    ),
    AtticEntity("נועה ברקן", ("Noa Barkan",)),
    AtticEntity("İpek Aydın"),
    AtticEntity("Ⱥrvid Solheid"),
)

TAGS = (
    AtticEntity("Films"),
    AtticEntity("Camera Work"),
    AtticEntity("Macro", parent="Camera Work"),
    AtticEntity("Macro Lens", parent="Camera Work"),
    AtticEntity("Drone", ("Quadcopter",), parent="Camera Work"),
    AtticEntity("Stop Motion", ("stopmotion",), parent="Camera Work"),
    AtticEntity("Stage Play"),
    AtticEntity("Chalk Talk", ("Blackboard",)),
    AtticEntity("Nocturnal"),
    AtticEntity("Tide Tables"),
    AtticEntity("Cave Diving"),
    AtticEntity("海の生き物"),
    AtticEntity("Podwodne"),
    AtticEntity("Θάλασσα"),
)
