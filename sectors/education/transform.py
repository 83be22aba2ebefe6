"""Columns the education item computes from school and out-of-school tables.

Pure: a table in, the same table with more columns out. Missing stays missing, nothing is filled.
"""

import pandas as pd


def out_of_school(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `out_of_school_children`: never enrolled, dropped out and not continued.

    Missing where one of the three parts is missing; the printed total is then the value.
    """
    parts = ["never_enrolled_children", "dropped_out_children", "not_continued_children"]
    return table.assign(out_of_school_children=table[parts].sum(axis=1, min_count=len(parts)))


def classrooms(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with `damaged_classrooms`: moderate and heavy damage; missing where one is missing."""
    parts = ["moderate_damage_classrooms", "heavy_damage_classrooms"]
    return table.assign(damaged_classrooms=table[parts].sum(axis=1, min_count=2))
