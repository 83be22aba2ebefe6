"""The title of a page: what, where, whose. Used by the browser tab, the header and search alike."""

from datetime import date

from command_center.locale import Locale
from command_center.pages.addresses import PageAddress
from command_center.pages.house import House


def page_subject(house: House, address: PageAddress) -> str:
    """Return what a page is about, without the region, in the address's language."""
    locale = Locale(address.language)
    if address.kind == "sector":
        sector = house.catalog.sector(address.sector)
        titled = sector.part(address.part).title if address.part else sector.name
        return titled.in_language(address.language)
    if address.kind == "indicator":
        _, indicator = house.catalog.indicator(address.subject)
        return indicator.name.in_language(address.language)
    if address.kind == "briefing":
        return locale.t("Morning briefing, {date}", date=locale.date(date.fromisoformat(address.subject)))
    if address.kind == "problem":
        _, indicator = house.catalog.indicator(signal_indicator(address.subject))
        return locale.t("Problem: {indicator}", indicator=indicator.name.in_language(address.language))
    if address.kind == "readiness":
        return _readiness_subject(house, address, locale)
    if address.kind == "roads":
        return locale.t("Roads")
    if address.kind == "region":
        return locale.t("Region profile")
    return locale.t("Home")


def _readiness_subject(house: House, address: PageAddress, locale: Locale) -> str:
    if not address.subject:
        return locale.t("Data readiness")
    return locale.t("Data readiness: {agency}", agency=house.agencies.get(address.subject).short_name)


def page_title(house: House, address: PageAddress) -> str:
    """Return the title shown by a browser tab."""
    parts = [] if address.kind == "home" else [page_subject(house, address)]
    if address.region:
        parts.append(house.region_label(address.region, Locale(address.language)))
    parts.append(house.profile.product_title[address.language])
    return " · ".join(parts)


def signal_indicator(signal_id: str) -> str:
    """Return the id of the indicator a signal is about."""
    return signal_id.split("-")[1]
