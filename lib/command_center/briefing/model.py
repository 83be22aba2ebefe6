"""What a briefing consists of: parts in order, sentences with their evidence, and how many words that makes."""

from dataclasses import dataclass

LEAST_WORDS, MOST_WORDS = 250, 350


@dataclass(frozen=True)
class Sentence:
    """One sentence and the link to its evidence. `order` 0 always stands; others fill the page, lowest first."""

    text: str
    link: str
    order: int = 0

    @property
    def words(self) -> int:
        return len(self.text.split())


@dataclass(frozen=True)
class BriefingPart:
    """One part of the briefing."""

    heading: str
    sentences: tuple[Sentence, ...]

    @property
    def words(self) -> int:
        """The words of heading and sentences."""
        return len(self.heading.split()) + sum(sentence.words for sentence in self.sentences)


@dataclass(frozen=True)
class Briefing:
    """A whole briefing: parts in order."""

    title: str
    language: str
    parts: tuple[BriefingPart, ...]

    @property
    def words(self) -> int:
        """The words of the body, headings included; the title is not counted."""
        return sum(part.words for part in self.parts)

    @property
    def plain_text(self) -> str:
        """The briefing as plain text, one paragraph a part."""
        blocks = [self.title]
        blocks += [
            "\n".join([part.heading.upper(), *(sentence.text for sentence in part.sentences)])
            for part in self.parts
        ]
        return "\n\n".join(blocks) + "\n"


def fitted(briefing: Briefing) -> Briefing:
    """Return the briefing at the length of one page: what always stands, and as many further sentences as fit.

    Sentences come in by their order while the page has room. Without enough to say it stays shorter.
    """
    middle = (LEAST_WORDS + MOST_WORDS) // 2
    kept = {id(s) for part in briefing.parts for s in part.sentences if s.order == 0}
    total = _words(briefing, kept)
    extras = sorted(
        (s for part in briefing.parts for s in part.sentences if s.order > 0), key=lambda s: s.order
    )
    for sentence in extras:
        if total < middle and total + sentence.words <= MOST_WORDS:
            kept.add(id(sentence))
            total += sentence.words
    return Briefing(
        briefing.title,
        briefing.language,
        tuple(
            BriefingPart(part.heading, tuple(s for s in part.sentences if id(s) in kept))
            for part in briefing.parts
        ),
    )


def _words(briefing: Briefing, kept: set[int]) -> int:
    headings = sum(len(part.heading.split()) for part in briefing.parts)
    return headings + sum(s.words for part in briefing.parts for s in part.sentences if id(s) in kept)
