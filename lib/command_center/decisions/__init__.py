"""What people decide about what the system proposes. Kept in registers of their own, added to and never changed."""

from command_center.decisions.verdicts import FALSE_ALARM, Share, Verdict, Verdicts, may_judge

__all__ = ["FALSE_ALARM", "Share", "Verdict", "Verdicts", "may_judge"]
