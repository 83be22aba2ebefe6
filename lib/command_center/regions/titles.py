"""What a region is called in the reader's language: "Kecamatan X" or "X Sub-district". One place for all pages and maps."""

from command_center.locale import Translator


def region_title(name: str, level: str, translator: Translator) -> str:
    """Return the title of a region of a level (kab, kec, desa, kel); the bare name for any other level."""
    if level == "kab":
        return translator.t("{name} Regency", name=name)
    if level == "kec":
        return translator.t("{name} Sub-district", name=name)
    if level == "desa":
        return translator.t("{name} Village", name=name)
    if level == "kel":
        return translator.t("{name} Urban Village", name=name)
    return name
