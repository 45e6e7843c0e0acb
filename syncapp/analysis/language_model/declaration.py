"""What model-made proposals are called wherever detectors are listed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

QUOTED = "model quoted"


@dataclass(frozen=True, slots=True)
class BatchDetector:
    """What is listed beside detectors, and asks for many scenes at a time."""

    name: str
    version: int  # rises with every change of what is asked or taken
    title: str
    does: str
    kinds: Mapping[str, str]
    options: Mapping[str, str] = field(default_factory=dict)
    is_on_request: bool = True


MODEL = BatchDetector(
    name="model",
    version=1,
    title="Language model",
    does="Asks a language model of yours which known names a scene's texts mean.",
    kinds=MappingProxyType(
        {QUOTED: "A language model chose it and quoted the words that it rests on."}
    ),
)
