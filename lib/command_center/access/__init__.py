"""Who may see what: roles, views and the rows of a table that a view leaves. Reads and stores nothing."""

from command_center.access.people import ANYBODY, ROLES, Person, Role, person
from command_center.access.sharing import shared_view, views_beside_publik
from command_center.access.views import EVERYTHING, INTERNAL, PUBLIK, VIEW_VARIABLE, View, view_in_environment

__all__ = [
    "ANYBODY",
    "EVERYTHING",
    "INTERNAL",
    "PUBLIK",
    "ROLES",
    "VIEW_VARIABLE",
    "Person",
    "Role",
    "View",
    "person",
    "shared_view",
    "view_in_environment",
    "views_beside_publik",
]
