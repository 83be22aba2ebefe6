"""The fixed words of the road page."""

from collections.abc import Mapping

from command_center.locale import Locale, translatable
from command_center.roads.condition import UNSURVEYED

CLASS_NAMES = {
    "baik": translatable("Good condition"),
    "sedang": translatable("Fair condition"),
    "rusak_ringan": translatable("Light damage"),
    "rusak_berat": translatable("Heavy damage"),
    UNSURVEYED: translatable("Not surveyed"),
}
PART_NAMES = {
    "traffic": translatable("traffic"),
    "people": translatable("people along the road"),
    "reports": translatable("damage reports"),
    "access": translatable("schools and health centres"),
}
BAND_NAMES = {
    "low": translatable("Low"),
    "middle": translatable("Middle"),
    "high": translatable("High"),
}


def road_words(locale: Locale) -> Mapping[str, str]:
    """Return the fixed words by name, those of the classes under the classes' own names."""
    t = locale.t
    named = {name: t(text) for name, text in CLASS_NAMES.items()}
    return named | {
        "heading": t("Condition on the map"),
        "show": t("Show"),
        "all": t("All classes"),
        "zoom_in": t("Zoom in"),
        "zoom_out": t("Zoom out"),
        "zoom_all": t("Whole map"),
        "map_keys": t(
            "With the map in focus: + and − zoom, arrows move, 0 shows all. A road opens its strip map; every "
            "road stands in the table below too."
        ),
        "other": t("Roads of other bodies"),
        "report": t("Open damage report"),
        "planned": t("Works of the chosen budget"),
        "shade": t("Steady share of the sub-district"),
        "strip_heading": t("Strip map of a road"),
        "strip_hint": t("Choose a road on the map or in the table; its strip map appears here."),
        "condition": t("Condition"),
        "sdi": t("SDI (0–325)"),
        "reports": t("Reports"),
        "works": t("Works"),
        "plan_heading": t("What to repair first"),
        "budget": t("Budget"),
        "slider_note": t("Move the slider with the mouse or with the arrow keys."),
        "proposal": t("PROPOSAL"),
        "plan_note": t(
            "Unit costs, weights, least package and years kept steady are proposals of data/reference/roads.yml. "
            "No floor per sub-district is set here; `command-center roads plan` sets one."
        ),
        "awaited": t("no data yet"),
        "road": t("Road"),
        "stretch": t("STA"),
        "length": t("Length"),
        "cost": t("Cost"),
        "per_year": t("Per km and year kept steady"),
        "reason": t("Reason"),
        "waiting_heading": t("What a year of waiting costs"),
        "waiting_note": t(
            "Roads drop a class a year at proposed shares; low is half and high one and a half of each share."
        ),
        "assumption": t("Assumption"),
        "needed_now": t("Needed now"),
        "needed_later": t("Needed in a year"),
        "waiting": t("Waiting costs"),
        "steady_later": t("Steady in a year"),
        "critical_heading": t("Roads nobody can do without"),
        "critical_note": t(
            "Of the roads with most heavy damage: how many people lose every way to the centre of a sub-district, "
            "where the health centres stand, once the road is closed, and how far the others must go round."
        ),
        "people_cut": t("People cut off"),
        "detour": t("Detour (person-km)"),
        "table_heading": t("All roads"),
        "code": t("Number"),
        "authority": t("Authority"),
        "steady": t("Steady"),
    }
