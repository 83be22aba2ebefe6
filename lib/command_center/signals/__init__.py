"""What needs attention, read from the measures. Proposes; decides nothing."""

from command_center.signals.attention import AttentionRules, Problem, find_problems, load_rules
from command_center.signals.engine import HouseSignals, find_signals
from command_center.signals.rules import Rule, RuleBook, load_rule_book

__all__ = [
    "AttentionRules",
    "HouseSignals",
    "Problem",
    "Rule",
    "RuleBook",
    "find_problems",
    "find_signals",
    "load_rule_book",
    "load_rules",
]
