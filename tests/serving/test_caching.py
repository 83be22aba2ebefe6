"""What a browser may keep: an edition's own pages and Voila's scripts for ever, the latest only after asking."""

import gzip
import re

import pytest

from command_center.settings import Settings
from tests.serving.conftest import Site

PAGE = "bidang/water/33.16/"


def scripts_of(site: Site) -> list[str]:
    return re.findall(r'<link rel="preload" as="script" href="([^"]+)">', site.get(f"/{PAGE}?live=1").text)


def test_a_page_of_an_edition_is_kept_for_ever_and_the_latest_is_asked_for(site: Site, latest: str) -> None:
    pinned, newest = site.get(f"/edisi/{latest}/{PAGE}"), site.get(f"/{PAGE}")
    assert pinned.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert newest.headers["cache-control"] == "no-cache"
    assert pinned.headers["etag"] == newest.headers["etag"]


def test_the_scripts_of_a_live_page_are_compressed_and_kept_for_ever(site: Site) -> None:
    scripts = scripts_of(site)
    assert scripts[0].endswith("/live.js")
    for script in scripts[:5]:
        plain, small = site.get(script), site.get(script, Accept_Encoding="gzip")
        assert (plain.status, small.status) == (200, 200)
        assert small.headers["cache-control"] == "public, max-age=31536000, immutable"
        if small.headers.get("content-encoding") == "gzip":
            assert gzip.decompress(small.body) == plain.body
            assert len(small.body) < len(plain.body)
        else:
            assert small.body == plain.body


@pytest.mark.parametrize(
    "path", ["../../../../etc/passwd", "..%2F..%2F..%2Fconf.json", "%2Fetc%2Fpasswd", "nothing.js", "."]
)
def test_no_other_file_is_served_beside_them(site: Site, path: str) -> None:
    folder = scripts_of(site)[0].rpartition("/")[0]
    assert site.get(f"{folder}/{path}").status == 404


def test_the_scripts_of_another_version_are_not_there(site: Site) -> None:
    assert site.get("/voila/static/000000000000/voila.js").status == 404
    assert site.get("/voila/static/voila.js").status == 404


def test_an_open_page_can_ask_for_the_latest_edition_and_its_kernel(site: Site, latest: str) -> None:
    answer = site.get("/edisi/terbaru.json")
    assert answer.text == f'{{"edition": "{latest}", "live": true}}'
    assert answer.headers["cache-control"] == "no-store"
    assert '"live": false' in site.get("/edisi/terbaru.json?kernel=none").text


def test_the_answer_follows_a_publish_at_once(own_site: Site, no_pages: None) -> None:
    from command_center.refresh import refresh
    from tests.conftest import DAY

    settings: Settings = own_site.settings
    new = refresh(settings, DAY.replace(day=29)).edition.id
    assert new in own_site.get("/edisi/terbaru.json").text
    assert new in own_site.get(f"/{PAGE}").text
    assert new in own_site.get(f"/{PAGE}?live=1").text
