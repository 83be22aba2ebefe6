"""A portal that a test fills as it likes: as much of CKAN as the harvest asks for."""

import csv
import io

API = "/api/action/"


class Portal:
    """As much of CKAN as the harvest asks for; its search ignores the query."""

    def __init__(self, site) -> None:
        self.site = site
        self.datasets: dict[str, dict] = {}
        self.files: dict[str, bytes] = {}
        self.tables: dict[str, list[tuple]] = {}
        self.ghosts: list[dict] = []
        self.private: set[str] = set()
        for action in ("package_search", "package_list", "package_show", "datastore_search", "status_show"):
            site.routes[API + action] = getattr(self, action)

    def add(self, name, organisation="dinas-a", *, size=3, table=0, **told):
        resources = []
        if size is not None:
            self.files[f"{name}-file"] = ("n\n" * size).encode()
            resources.append(
                {
                    "id": f"{name}-file",
                    "name": "Berkas",
                    "format": "CSV",
                    "url_type": "upload",
                    "url": f"{self.site.url}/files/{name}.csv",
                    "last_modified": "2026-01-01T00:00:00",
                    "metadata_modified": "2026-01-01T00:00:00",
                }
            )
            self.site.routes[f"/files/{name}.csv"] = lambda ask: ask.say(self.files[f"{name}-file"])
        if table:
            self.tables[f"{name}-table"] = [(number, f"baris, {number}") for number in range(1, table + 1)]
            resources.append(
                {
                    "id": f"{name}-table",
                    "name": "Tabel",
                    "format": "CSV",
                    "datastore_active": True,
                    "url_type": "datastore",
                    "url": f"{self.site.url}/datastore/dump/x",
                    "metadata_modified": "2026-01-01T00:00:00",
                }
            )
        self.datasets[name] = {
            "id": f"id-{name}",
            "name": name,
            "title": f"Data {name}",
            "organization": {"name": organisation, "title": organisation.title()},
            "license_title": "CC BY",
            "tags": [{"name": "contoh"}],
            "author": "Orang Contoh",
            "author_email": "orang@contoh.example",
            "maintainer_email": "lain@contoh.example",
            "notes": "hubungi Orang Contoh",
            "metadata_modified": "2026-01-01T00:00:00",
            "state": "active",
            "resources": resources,
        } | told
        return self.datasets[name]

    def touch(self, name, resource, moment):
        self.datasets[name]["metadata_modified"] = moment
        for one in self.datasets[name]["resources"]:
            if one["id"] == resource:
                one["last_modified"] = one["metadata_modified"] = moment

    def reads(self) -> int:
        """How often content was read: files, and pages of tables beyond the look at their state."""
        return sum(1 for path, _ in self.site.seen if path.startswith("/files/"))

    # --- actions -------------------------------------------------------------------------------

    def public(self):
        return [one for one in self.datasets.values() if one["name"] not in self.private]

    def package_search(self, ask):
        listed = sorted([*self.public(), *self.ghosts], key=lambda one: one["id"])
        start, rows = int(ask.query["start"]), int(ask.query["rows"])
        assert ask.query["sort"] == "id asc"
        answer(ask, {"count": len(listed), "results": listed[start : start + rows]})

    def package_list(self, ask):
        answer(ask, [one["name"] for one in self.public()])

    def package_show(self, ask):
        wanted = ask.query["id"]
        for one in self.datasets.values():
            if wanted in (one["id"], one["name"]):
                if one["name"] in self.private:
                    refuse(ask, 403, "Authorization Error")
                else:
                    answer(ask, one)
                return
        refuse(ask, 404, "Not Found Error")

    def status_show(self, ask):
        answer(ask, {"ckan_version": "2.12.0"})

    def datastore_search(self, ask):
        rows = self.tables[ask.query["resource_id"]]
        offset, limit = int(ask.query["offset"]), min(int(ask.query["limit"]), 400)
        ordered = sorted(rows, reverse=ask.query["sort"] == "_id desc")[offset : offset + limit]
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(ordered)
        fields = [
            {"id": "_id", "type": "int"},
            {"id": "isi", "type": "text", "info": {"label": "Isi", "x": "y"}},
        ]
        answer(ask, {"total": len(rows), "fields": fields, "records": text.getvalue(), "limit": limit})


def answer(ask, result):
    ask.say({"success": True, "result": result})


def refuse(ask, status, kind):
    ask.say({"success": False, "error": {"__type": kind, "message": "words of the server"}}, status=status)
