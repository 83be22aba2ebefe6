"""The morning briefing: one page a Regent reads in three minutes. Says what the edition says, and no more."""

from command_center.briefing.compose import compose
from command_center.briefing.model import Briefing, BriefingPart, Sentence
from command_center.briefing.page import BriefingPage, open_briefing

__all__ = ["Briefing", "BriefingPage", "BriefingPart", "Sentence", "compose", "open_briefing"]
