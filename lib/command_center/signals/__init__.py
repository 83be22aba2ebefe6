"""What needs attention, read from the measures. Proposes; decides nothing."""

from command_center.signals.attention import AttentionRules, Problem, find_problems, load_rules

__all__ = ["AttentionRules", "Problem", "find_problems", "load_rules"]
