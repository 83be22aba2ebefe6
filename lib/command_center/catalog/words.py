"""The words shared by all declarations: units, rhythms, tags, and a text in both languages.

Unknown words are refused, never ignored.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

Provenance = Literal["law", "practice", "proposal", "published"]
Direction = Literal["up", "down", "neutral"]
Level = Literal["kab", "kec", "desa"]
Cadence = Literal["daily", "weekly", "monthly", "tranche", "quarterly", "semester", "yearly", "irregular"]
Access = Literal["publik", "internal", "dikecualikan"]
Personal = Literal["identity", "phone", "name"]
RegionLevel = Literal["kab", "kec", "desa", "kel"]
Unit = Literal[
    "percent",
    "persons",
    "children",
    "households",
    "villages",
    "km",
    "m",
    "idr",
    "count",
    "cases",
    "deaths",
    "per_1000",
    "per_100000",
    "years",
    "index",
    "days",
    "hours",
    "ratio",
    "points",
]

# Figures made from sample data are a series of their own under this method, whatever their table says.
SAMPLE_METHOD = "sample"

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return " ".join(text.split())


Sentence = Annotated[str, AfterValidator(_filled)]


class Declaration(BaseModel):
    """Base of all declarations: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Declaration):
    """One text in both languages."""

    id: Sentence
    en: Sentence

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.id
