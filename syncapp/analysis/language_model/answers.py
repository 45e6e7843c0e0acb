"""Makes sense of what a model said; takes nothing that was not offered and shown."""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from syncapp.analysis.language_model.candidates import Candidate, EntityKey
from syncapp.analysis.language_model.declaration import QUOTED
from syncapp.analysis.language_model.prompt import (
    LONGEST_QUOTE,
    NONE,
    Prompt,
    SceneQuestion,
)
from syncapp.analysis.library import EntityKind
from syncapp.analysis.proposals import (
    Evidence,
    Finding,
    Op,
    Proposal,
    SceneField,
    TextSpan,
)
from syncapp.text.folding import tokens

LONGEST = 100_000  # characters; of what is longer nothing is read
MOST_ROWS = 500
UNREADABLE = (msgspec.DecodeError, ValueError, RecursionError)
BEGINS = re.compile(r"\s*<(think|thinking|thought|reasoning)>", re.IGNORECASE)
ENDS = re.compile(r"</(think|thinking|thought|reasoning)>", re.IGNORECASE)
FIELDS: Mapping[EntityKind, tuple[SceneField, Op]] = {
    EntityKind.STUDIO: (SceneField.STUDIO, Op.SET),
    EntityKind.PERFORMER: (SceneField.PERFORMERS, Op.ADD),
    EntityKind.TAG: (SceneField.TAGS, Op.ADD),
}
# What is left out here, its own confidence for one, is not read.
WHERE = {"path": "its path", "path:1": "the path of its second file"}


class _Row(msgspec.Struct):
    scene: str
    id: str
    quote: str = ""


class _Told(msgspec.Struct):
    answers: list[_Row]


_decode = msgspec.json.Decoder(_Told).decode


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """What an answer is worth: findings of scenes, and scenes to be asked again."""

    findings: Mapping[int, tuple[Finding, ...]] = field(default_factory=dict)
    failed: tuple[SceneQuestion, ...] = ()
    why: str = (
        "The model gave no answer of the form that it was asked for, or chose what was "
        "not offered, or quoted what does not stand in the scene's texts."
    )


def judge_answer(text: str, prompt: Prompt) -> JudgedAnswer:
    """Return what the answer says of each scene; one wrong row fails its whole scene.

    What stands in it that nobody asked for has no effect.
    """
    rows = list(_rows(text))
    findings: dict[int, tuple[Finding, ...]] = {}
    failed: list[SceneQuestion] = []
    for label, question in prompt.scenes.items():
        ours = [row for row in rows if row.scene == label]
        found = _findings(ours, question, prompt.choices[label])
        if found is None:
            failed.append(question)
        else:
            findings[question.scene_id] = found
    return JudgedAnswer(findings, tuple(failed))


def _rows(text: str) -> list[_Row]:
    """Return the rows of an answer, none of one that is not of the form asked for."""
    for part in _parts(text[:LONGEST].strip()):
        try:
            rows = _decode(part).answers
        except UNREADABLE:
            continue
        return rows if len(rows) <= MOST_ROWS else []
    return []


def _parts(text: str) -> Iterator[str]:
    """Yield where the answer may stand: alone, behind thoughts, in fences, in prose."""
    yield text
    thought = ENDS.search(text)
    if thought:
        text = text[thought.end() :]
    elif BEGINS.match(text):
        return  # it never came to an end
    begin, end = text.find("{"), text.rfind("}")
    if 0 <= begin < end:
        yield text[begin : end + 1]


def _findings(
    rows: list[_Row], question: SceneQuestion, choices: Mapping[str, Candidate]
) -> tuple[Finding, ...] | None:
    """Return the proposals for a scene, None if any of its rows is wrong."""
    chosen = {row.id: row for row in rows}
    if not chosen or (NONE in chosen and len(chosen) > 1):
        return None
    if NONE in chosen:
        return ()
    proposals: dict[EntityKey, Proposal] = {}
    for local_id, row in chosen.items():
        candidate = choices.get(local_id)
        span = _quoted(row.quote, question, candidate) if candidate else None
        if candidate is None or span is None:
            return None
        for each in _namesakes(candidate, question.candidates):
            proposals[each.key] = _proposal(each, row.quote, span)
    return tuple(_exclusive(proposals, question.candidates))


def _namesakes(
    candidate: Candidate, candidates: Iterable[Candidate]
) -> Iterator[Candidate]:
    """Yield all that are spelled so: which of them is meant, no quote can show."""
    return (each for each in candidates if _spelled(each) == _spelled(candidate))


def _spelled(candidate: Candidate) -> str:
    """Return what namesakes have in common, also with what is written "JaneDoe"."""
    return f"{candidate.entity.kind.value} {' '.join(tokens(candidate.spelling))}"


def _quoted(
    quote: str, question: SceneQuestion, candidate: Candidate
) -> TextSpan | None:
    """Return where the quote stands, if it does, and holds a word of the name."""
    if len(quote) > LONGEST_QUOTE or candidate.words.isdisjoint(tokens(quote)):
        return None
    spans = (excerpt.span_of(quote) for excerpt in question.shown)
    return next((span for span in spans if span), None)


def _proposal(candidate: Candidate, quote: str, span: TextSpan) -> Proposal:
    entity = candidate.entity
    name, op = FIELDS[entity.kind]
    where = WHERE.get(span.text, f"its {span.text}")
    sentence = f'A language model took "{quote}" in {where} for {entity.name}.'
    return Proposal(
        field=name,
        op=op,
        value=entity.entity_id,
        evidence=Evidence(QUOTED, sentence, (span,)),
        cause=f"{entity.kind.value} {entity.entity_id} because a model quoted it",
    )


def _exclusive(
    proposals: Mapping[EntityKey, Proposal], candidates: Iterable[Candidate]
) -> Iterator[Proposal]:
    """Yield the proposals; of several studios, and of namesakes, a person picks one."""
    chosen = [each for each in candidates if each.key in proposals]
    names = Counter(map(_spelled, chosen))
    studios = sum(each.entity.kind is EntityKind.STUDIO for each in chosen)
    for each in chosen:
        choice = _spelled(each) if names[_spelled(each)] > 1 else ""
        if studios > 1 and each.entity.kind is EntityKind.STUDIO:
            choice = "studio"
        yield dataclasses.replace(
            proposals[each.key], choice=choice and f"{choice}, by a model"
        )
