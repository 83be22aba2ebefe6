"""What surrounds every page: the stylesheet, the bar with search and language, breadcrumb, title, footer."""

from dataclasses import dataclass

from command_center.locale import Locale
from command_center.pages.addresses import HOME, readiness_page, region_page, sector_page
from command_center.pages.blocks import Block, render, trusted
from command_center.pages.context import PageContext
from command_center.pages.titles import signal_indicator
from command_center.theme import stylesheet

ASSETS = "/assets"


@dataclass(frozen=True)
class Crumb:
    """One step of the breadcrumb; the last has no link."""

    label: str
    link: str = ""


def page_top(context: PageContext, *, lead: str = "", is_wide: bool = False) -> Block:
    """Return stylesheet, bar, breadcrumb and title; `lead` is the sentence below the title."""
    language, link = context.other_language()
    return render(
        "top",
        css=trusted(stylesheet(ASSETS)),
        product=context.house.profile.product_title[context.language],
        home_link=context.home_link,
        search_action=f"{context.home_link}cari/",
        words=frame_words(context.locale),
        query="",
        edition=context.locale.t("Edition {date}", date=context.locale.date(context.as_of)),
        edition_id=context.edition.id,
        is_draft=context.edition.is_draft,
        warnings=(*sample_note(context), *_failures(context)),
        language=language,
        language_link=link,
        crumbs=_crumbs(context),
        title=_title(context),
        lead=lead,
        is_home=context.address.kind == "home",
        is_wide=is_wide,
    )


def page_bottom(context: PageContext) -> Block:
    """Return the footer: edition, what the tags mean, where the figures come from."""
    locale = context.locale
    return render(
        "bottom",
        edition_id=context.edition.id,
        edition_label=locale.t("Edition"),
        note=locale.t(
            "Every figure comes from one edition and can be traced to a file, a row and a rule. "
            "A proposal is never an official threshold."
        ),
        editions_link=f"{context.link(HOME).rstrip('/')}/edisi/",
        editions_label=locale.t("Older editions"),
        send_link=f"{'/en' if locale.language == 'en' else ''}/kirim/",
        send_label=locale.t("Send data"),
        account_link="/en/akun/" if locale.language == "en" else "/akun/",
        account_label=locale.t("Log in or account"),
    )


def _title(context: PageContext) -> str:
    if context.address.kind in ("sector", "indicator"):
        return f"{context.subject}, {context.region_name(context.region.code)}"
    if context.address.kind == "region":
        return context.region_name(context.region.code)
    if context.address.kind == "home":
        return context.house.profile.product_title[context.language]
    return context.subject


def sample_note(context: PageContext) -> tuple[str, ...]:
    """Return the sentence that stands on every page of an edition with invented figures; () without any."""
    if not context.edition.holds_samples:
        return ()
    return (
        context.locale.t(
            "SAMPLE DATA: where this stamp stands, the figure was invented to show how the page works. "
            "It says nothing about the region."
        ),
    )


def _failures(context: PageContext) -> tuple[str, ...]:
    """Return a sentence per sector shown on this page that has its last good figures only."""
    address = context.address
    shown = {sector.slug for sector in context.house.catalog.sectors}
    if address.kind == "sector":
        shown = {address.sector}
    elif address.kind == "problem":
        shown = {context.house.catalog.indicator(signal_indicator(address.subject))[0].slug}
    elif address.kind == "roads":
        shown = {address.subject}
    elif address.kind == "indicator":
        shown = {context.house.catalog.indicator(address.subject)[0].slug}
    return tuple(
        context.locale.t(
            "Sector {sector} could not be refreshed and shows its last good figures; {who} is to act.",
            sector=name,
            who=who,
        )
        for slug, name, who in context.failed_sectors
        if slug in shown or address.kind == "home"
    )


def _crumbs(context: PageContext) -> tuple[Crumb, ...]:
    address, locale = context.address, context.locale
    if address.kind == "home":
        return ()
    crumbs = [Crumb(locale.t("Home"), context.home_link)]
    if address.kind == "indicator":
        sector, _ = context.house.catalog.indicator(address.subject)
        name = sector.name.in_language(context.language)
        crumbs.append(Crumb(name, context.link(sector_page(sector.slug, context.house.regions.root.code))))
    if address.kind == "readiness" and address.subject:
        crumbs.append(Crumb(locale.t("Data readiness"), context.link(readiness_page())))
    if address.part:
        sector = context.house.catalog.sector(address.sector)
        name = sector.name.in_language(context.language)
        crumbs.append(Crumb(name, context.link(sector_page(sector.slug, address.region))))
    if address.kind == "roads":
        name = context.house.catalog.sector(address.subject).name.in_language(context.language)
        crumbs.append(
            Crumb(name, context.link(sector_page(address.subject, context.house.regions.root.code)))
        )
    crumbs.append(Crumb(context.subject, _subject_link(context)))
    if address.region:
        crumbs += _region_crumbs(context)
    return (*crumbs[:-1], Crumb(crumbs[-1].label))


def _subject_link(context: PageContext) -> str:
    address = context.address
    if not address.region:
        return ""
    return context.link(address.in_region(context.house.regions.root.code))


def _region_crumbs(context: PageContext) -> list[Crumb]:
    return [
        Crumb(context.region_name(region.code), context.link(context.address.in_region(region.code)))
        for region in context.house.path_to(context.region.code)
    ]


def frame_words(locale: Locale) -> dict[str, str]:
    """Return the fixed words of the bar and the notes above a page."""
    return {
        "skip": locale.t("Skip to the content"),
        "search": locale.t("Search indicator, region, agency"),
        "search_button": locale.t("Search"),
        "you_are_here": locale.t("You are here"),
        "draft": locale.t("DRAFT, for analysts only"),
        "older": locale.t("You are reading an older edition."),
        "newest": locale.t("Open the newest edition"),
        "newer": locale.t("A newer edition has been published since you opened this page."),
        "open_newer": locale.t("Show it"),
        "ended": locale.t("The live page has ended; its controls no longer answer."),
        "reload": locale.t("Load the page again"),
        "other_language": locale.t("Read this page in Indonesian")
        if locale.language == "en"
        else locale.t("Read this page in English"),
    }


def region_switch(context: PageContext) -> Block:
    """Return the list of regions below and beside this one, as links that keep the subject."""
    regions = context.house.regions
    region = context.region
    below = regions.children(region.code)
    listed = below or (regions.children(region.parent) if region.parent else ())
    if not listed or context.address.kind == "home":
        return Block(trusted(""))
    heading = (
        context.locale.t("Go to a sub-district")
        if listed[0].level == "kec"
        else context.locale.t("Go to a village or urban village")
    )
    return render(
        "region_switch",
        heading=heading,
        entries=[
            {
                "label": entry.name,
                "link": context.link(context.address.in_region(entry.code)),
                "is_here": entry.code == region.code,
            }
            for entry in listed
        ],
        profile_link=context.link(region_page(region.code)) if context.address.kind != "region" else "",
        profile_label=context.locale.t("Profile of {region}", region=context.region_name(region.code)),
    )
