"""Roads: condition of segments, damage reports placed on them, and what to repair first.

Works on tables and lines; knows no place, no page and no edition. What is judged by which number stands in
`data/reference/roads.yml` (see parameters).
"""
