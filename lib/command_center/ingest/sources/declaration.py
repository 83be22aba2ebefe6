"""What `data/reference/sources.yml` may say: which portals and files are read, and for which dataset.

Holds no secret: a token is named by its environment variable only. Unknown keys are refused, never ignored.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import AfterValidator, StringConstraints, TypeAdapter, ValidationError, model_validator
from pydantic import Field as Declared

from command_center.catalog.words import Declaration, Sentence, Slug
from command_center.ingest.sources.failures import SourceDeclarationError
from command_center.settings import Settings

FILE_NAME = "sources.yml"

FileFormat = Literal["csv", "tsv", "xls", "xlsx", "ods", "json", "geojson", "gpkg", "zip"]
Form = Literal["file", "datastore"]
CkanName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{2,100}$")]
Target = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+(:[0-9]+)?$")]

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an address with http:// or https://")
    if parts.username or parts.password:
        raise ValueError("must hold no user name or password; use token_variable")
    if parts.fragment:
        raise ValueError("must have no fragment")
    return text


WebAddress = Annotated[str, AfterValidator(_web_address)]


class _Remote(Declaration):
    """What every remote source says. `keeper` is the code of the agency that answers for it."""

    name: Slug
    url: WebAddress
    keeper: Sentence
    token_variable: Variable | None = None
    link_hosts: tuple[Host, ...] = ()
    max_megabytes: Annotated[int, Declared(ge=1, le=2_000)] = 100

    @model_validator(mode="after")
    def _token_needs_https(self) -> "_Remote":
        parts = urlsplit(self.url)
        if self.token_variable and parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise ValueError("a token is sent over https only; change the url or leave token_variable out")
        return self


class DatasetRule(Declaration):
    """One dataset of a portal by name, and the declared dataset of this house that its files are for.

    `resource` limits the rule to resources of that name; `form` chooses between file and datastore where a
    resource has both (the file is taken otherwise).
    """

    name: CkanName
    into: Target | None = None
    resource: Sentence | None = None
    form: Form | None = None


class CkanSource(_Remote):
    """A CKAN portal: everything of `organisations`, and each of `datasets`.

    `reread: always` reads every datastore at every harvest: for portals whose rows are edited in place,
    which changes no date and no number of rows.
    """

    kind: Literal["ckan"]
    organisations: tuple[CkanName, ...] = ()
    datasets: tuple[DatasetRule, ...] = ()
    reread: Literal["changed", "always"] = "changed"
    page_rows: Annotated[int, Declared(ge=1, le=32_000)] = 10_000

    @model_validator(mode="after")
    def _asks_for_something(self) -> "CkanSource":
        if not self.organisations and not self.datasets:
            raise ValueError("name at least one of organisations or datasets")
        return self

    def rule(self, dataset_name: str, resource_name: str) -> DatasetRule | None:
        """Return the first rule for a resource, or None where nothing is said about it."""
        for rule in self.datasets:
            if rule.name == dataset_name and rule.resource in {None, resource_name}:
                return rule
        return None

    def is_excluded(self, dataset_name: str, resource_name: str) -> bool:
        """Return whether the rules of this dataset all name other resources."""
        named = [rule for rule in self.datasets if rule.name == dataset_name]
        return bool(named) and self.rule(dataset_name, resource_name) is None


class HttpSource(_Remote):
    """One file at one address, for one declared dataset."""

    kind: Literal["http"]
    into: Target
    format: FileFormat


Source = Annotated[CkanSource | HttpSource, Declared(discriminator="kind")]


class _Sources(Declaration):
    sources: tuple[Source, ...] = ()


def load_sources(
    settings: Settings, known_datasets: frozenset[str] | None = None
) -> tuple[CkanSource | HttpSource, ...]:
    """Return the declared sources, none where there is no file.

    `known_datasets` holds every SECTOR.DATASET of the house; with it, a target that does not exist is refused.
    Raises SourceDeclarationError naming every wrong key.
    """
    path = settings.reference_dir / FILE_NAME
    where = f"data/reference/{FILE_NAME}"
    if not path.is_file():
        return ()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        declared = TypeAdapter(_Sources).validate_python(content)
    except yaml.YAMLError as error:
        raise _refusal(f"The file is not YAML: {getattr(error, 'problem', 'unreadable')}", where) from error
    except ValidationError as error:
        # Without the input: somebody may have pasted a token where its variable belongs.
        told = "; ".join(_explain(detail) for detail in error.errors(include_input=False, include_url=False))
        raise _refusal(told, where) from None
    names = [source.name for source in declared.sources]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise _refusal(f"Two sources are named {', '.join(doubled)}", where)
    if known_datasets is not None:
        unknown = sorted({into for source in declared.sources for into in _targets(source)} - known_datasets)
        if unknown:
            raise _refusal(f"No sector declares the dataset {', '.join(unknown)}", where)
    return declared.sources


def read_token(source: CkanSource | HttpSource, environment: Mapping[str, str]) -> str | None:
    """Return the token of a source, None where it needs none.

    Raises SourceDeclarationError when its variable is not set or holds what no header can carry; the
    message never repeats the value.
    """
    if source.token_variable is None:
        return None
    token = environment.get(source.token_variable, "").strip()
    if token and token.isascii() and token.isprintable():
        return token
    state = "has characters that no header can carry" if token else "is not set"
    raise SourceDeclarationError(
        f"The token for source {source.name!r} cannot be used: {source.token_variable} {state}",
        where="the environment of this command",
        who="the operator",
        next_step=f"set {source.token_variable} to the token that the portal gave, or remove token_variable",
    )


def _targets(source: CkanSource | HttpSource) -> list[str]:
    if isinstance(source, HttpSource):
        return [source.into]
    return [rule.into for rule in source.datasets if rule.into]


def _explain(detail: Any) -> str:
    place = ".".join(str(part) for part in detail["loc"]) or "file"
    return f"{place}: {detail['msg']}"


def _refusal(what: str, where: str) -> SourceDeclarationError:
    return SourceDeclarationError(
        what, where=where, who="the operator who changed the file", next_step="correct the entry named above"
    )
