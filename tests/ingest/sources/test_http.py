"""A request is bounded, repeated only where that may help, and tells no secret."""

import gzip
import hashlib
import time

import pytest

from command_center.ingest.sources.failures import (
    AccessDeniedError,
    MissingAtSourceError,
    OversizeError,
    RedirectError,
    SourceUnavailableError,
    UnexpectedAnswerError,
)
from command_center.ingest.sources.web import Limits, Marks, shown

CONTENT = b"code,n\n99.01,1\n"


@pytest.fixture
def part(tmp_path):
    return tmp_path / "part"


def test_a_file_comes_whole_with_size_hash_and_the_marks_of_its_version(site, make_client, part):
    site.routes["/a.csv"] = lambda ask: ask.say(
        CONTENT, ETag='"v1"', Last_Modified="Tue, 24 Nov 2026 00:00:00 GMT"
    )
    got = make_client(site.url).download(f"{site.url}/a.csv", part)
    assert part.read_bytes() == CONTENT
    assert got.size_bytes == len(CONTENT)
    assert got.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert got.marks == Marks('"v1"', "Tue, 24 Nov 2026 00:00:00 GMT")


def test_a_file_that_has_not_changed_is_not_sent_again(site, make_client, part):
    def answer(ask):
        known = ask.headers["If-None-Match"] == '"v1"' and ask.headers["If-Modified-Since"] == "then"
        ask.say(
            b"" if known else CONTENT,
            status=304 if known else 200,
            Content_Length=None if known else len(CONTENT),
        )

    site.routes["/a.csv"] = answer
    client = make_client(site.url)
    assert client.download(f"{site.url}/a.csv", part, Marks('"v1"', "then")) is None
    assert not part.exists()
    assert client.download(f"{site.url}/a.csv", part, Marks('"v0"', "then")) is not None


def test_a_source_that_says_unchanged_without_being_asked_is_refused(site, make_client, part):
    site.routes["/a.csv"] = lambda ask: ask.say(status=304)
    with pytest.raises(UnexpectedAnswerError, match="answered 304"):
        make_client(site.url).download(f"{site.url}/a.csv", part)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_fault_that_may_pass_is_tried_again_with_growing_waits(site, make_client, part, waits, status):
    answers = [status, status, 200]
    site.routes["/a.csv"] = lambda ask: ask.say(CONTENT, status=answers.pop(0))
    assert make_client(site.url).download(f"{site.url}/a.csv", part) is not None
    assert part.read_bytes() == CONTENT
    assert waits == [1.0, 2.0]


def test_after_the_last_attempt_the_error_says_what_where_who_and_next(site, make_client, part, waits):
    site.routes["/a.csv"] = lambda ask: ask.say(status=503)
    with pytest.raises(SourceUnavailableError) as caught:
        make_client(site.url).download(f"{site.url}/a.csv", part)
    assert site.asked("/a.csv") == 4
    assert waits == [1.0, 2.0, 4.0]
    error = caught.value
    assert (error.what, error.where) == ("The source answered 503", f"{site.url}/a.csv")
    assert (error.who, error.next_step) == ("agency 9.99.01", "try again")


@pytest.mark.parametrize(("said", "waited"), [("7", 7.0), ("9999", 60.0), ("soon", 1.0), ("0", 1.0)])
def test_a_source_that_names_the_wait_is_heeded_within_reason(site, make_client, part, waits, said, waited):
    answers = [429, 200]
    site.routes["/a.csv"] = lambda ask: ask.say(CONTENT, status=answers.pop(0), Retry_After=said)
    make_client(site.url).download(f"{site.url}/a.csv", part)
    assert waits == [waited]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, AccessDeniedError),
        (403, AccessDeniedError),
        (404, MissingAtSourceError),
        (410, MissingAtSourceError),
        (400, UnexpectedAnswerError),
        (206, UnexpectedAnswerError),
    ],
)
def test_a_fault_that_will_not_pass_is_told_at_once(site, make_client, part, status, kind):
    site.routes["/a.csv"] = lambda ask: ask.say(CONTENT, status=status)
    with pytest.raises(kind, match=str(status)):
        make_client(site.url).download(f"{site.url}/a.csv", part)
    assert site.asked("/a.csv") == 1


def test_a_source_that_is_not_there_is_tried_again_and_named(make_site, make_client, part, waits):
    gone = make_site()
    gone.shutdown()
    gone.server_close()
    with pytest.raises(SourceUnavailableError, match="cannot be reached"):
        make_client(gone.url).download(f"{gone.url}/a.csv", part)
    assert len(waits) == 3


def test_a_body_that_breaks_off_is_tried_again(site, make_client, part):
    lengths = [len(CONTENT) + 50, len(CONTENT)]
    site.routes["/a.csv"] = lambda ask: ask.say(CONTENT, Content_Length=lengths.pop(0))
    assert make_client(site.url).download(f"{site.url}/a.csv", part).size_bytes == len(CONTENT)


def test_a_body_that_always_breaks_off_is_told_with_both_lengths(site, make_client, part):
    site.routes["/a.csv"] = lambda ask: ask.say(CONTENT, Content_Length=1000)
    with pytest.raises(SourceUnavailableError, match=r"broke off after 15 of 1000 bytes"):
        make_client(site.url).download(f"{site.url}/a.csv", part)


def test_a_chunked_body_that_breaks_off_is_told(site, make_client, part):
    def answer(ask):
        ask.send_response(200)
        ask.send_header("Transfer-Encoding", "chunked")
        ask.send_header("Connection", "close")
        ask.end_headers()
        ask.wfile.write(b"f\r\n" + CONTENT + b"\r\n20\r\nhalf")

    site.routes["/a.csv"] = answer
    with pytest.raises(SourceUnavailableError, match="broke off"):
        make_client(site.url).download(f"{site.url}/a.csv", part)


def test_a_source_that_falls_silent_is_given_up(site, make_client, part):
    site.routes["/a.csv"] = lambda ask: time.sleep(0.6)
    limits = Limits(silence_seconds=0.1, attempts=2)
    with pytest.raises(SourceUnavailableError, match="did not answer in time"):
        make_client(site.url, limits).download(f"{site.url}/a.csv", part)
    assert site.asked("/a.csv") == 2


def test_a_source_that_trickles_is_given_up_though_it_never_falls_silent(site, make_client, part):
    def answer(ask):
        ask.say(b"", Content_Length=100_000)
        for _ in range(200):
            ask.wfile.write(b"x")
            ask.wfile.flush()
            time.sleep(0.02)

    site.routes["/a.csv"] = answer
    began = time.monotonic()
    with pytest.raises(SourceUnavailableError, match="not complete after"):
        make_client(site.url, Limits(total_seconds=0.2, attempts=1)).download(f"{site.url}/a.csv", part)
    assert time.monotonic() - began < 2


def test_a_file_announced_as_too_large_is_not_begun(site, make_client, part):
    site.routes["/a.csv"] = lambda ask: ask.say(CONTENT, Content_Length=5_000)
    with pytest.raises(OversizeError, match="limit of 1000 bytes"):
        make_client(site.url, Limits(file_bytes=1_000)).download(f"{site.url}/a.csv", part)
    assert part.read_bytes() == b""
    assert site.asked("/a.csv") == 1


def test_a_file_that_grows_too_large_is_cut_off_though_it_announced_nothing(site, make_client, part):
    site.routes["/a.csv"] = lambda ask: ask.say(b"1,2\n" * 500_000, Content_Length=None)
    with pytest.raises(OversizeError):
        make_client(site.url, Limits(file_bytes=100_000)).download(f"{site.url}/a.csv", part)
    assert part.stat().st_size <= 100_000


def test_a_small_answer_that_unfolds_is_cut_off(site, make_client, part):
    bomb = gzip.compress(b"0" * 20_000_000)
    site.routes["/a.csv"] = lambda ask: ask.say(bomb, Content_Encoding="gzip")
    with pytest.raises(OversizeError):
        make_client(site.url, Limits(file_bytes=1_000_000)).download(f"{site.url}/a.csv", part)
    assert part.stat().st_size <= 1_000_000
    assert site.seen[0][1]["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("page", [b"<!DOCTYPE html><p>Log in", b"\xef\xbb\xbf\n <HTML><p>Error"])
def test_a_web_page_with_status_200_is_no_file(site, make_client, part, page):
    site.routes["/a.csv"] = lambda ask: ask.say(page)
    with pytest.raises(UnexpectedAnswerError, match="web page"):
        make_client(site.url).download(f"{site.url}/a.csv", part)


def test_an_empty_answer_is_no_file(site, make_client, part):
    site.routes["/a.csv"] = lambda ask: ask.say(b"")
    with pytest.raises(UnexpectedAnswerError, match="empty answer"):
        make_client(site.url).download(f"{site.url}/a.csv", part)


# --- redirects and hosts -----------------------------------------------------------------------


def test_a_redirect_on_the_same_host_is_followed(site, make_client, part):
    site.routes["/a.csv"] = lambda ask: ask.say(status=302, Location="/b/c.csv")
    site.routes["/b/c.csv"] = lambda ask: ask.say(CONTENT)
    assert make_client(site.url).download(f"{site.url}/a.csv", part) is not None


def test_a_redirect_loop_ends(site, make_client, part):
    site.routes["/a.csv"] = lambda ask: ask.say(status=301, Location="/a.csv")
    with pytest.raises(RedirectError, match="more than 5 times"):
        make_client(site.url).download(f"{site.url}/a.csv", part)
    assert site.asked("/a.csv") == 6


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/a.csv", "gopher://127.0.0.1/"])
def test_a_redirect_to_anything_but_the_web_is_refused(site, make_client, part, target):
    site.routes["/a.csv"] = lambda ask: ask.say(status=302, Location=target)
    with pytest.raises(RedirectError, match="not http or https"):
        make_client(site.url).download(f"{site.url}/a.csv", part)


def test_a_redirect_to_an_undeclared_host_is_refused_before_it_is_asked(make_site, make_client, part):
    site, other = make_site(), make_site()
    site.routes["/a.csv"] = lambda ask: ask.say(status=302, Location=f"{other.url}/a.csv")
    other.routes["/a.csv"] = lambda ask: ask.say(CONTENT)
    with pytest.raises(RedirectError, match="not declared") as caught:
        make_client(site.url).download(f"{site.url}/a.csv", part)
    assert "link_hosts" in caught.value.next_step
    assert other.seen == []


def test_the_token_goes_to_its_own_origin_and_nowhere_else(make_site, make_client, part):
    site, other = make_site(), make_site()
    site.routes["/a.csv"] = lambda ask: ask.say(status=302, Location=f"{other.url}/a.csv")
    other.routes["/a.csv"] = lambda ask: ask.say(CONTENT)
    host = other.url.removeprefix("http://")
    client = make_client(site.url, token="opaque-token-value", link_hosts=(host,))
    assert client.download(f"{site.url}/a.csv", part) is not None
    assert site.seen[0][1]["Authorization"] == "opaque-token-value"
    assert "Authorization" not in other.seen[0][1]
    assert "opaque-token-value" not in repr(client)


def test_a_password_file_of_the_user_is_not_used(site, make_client, part, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    site.routes["/a.csv"] = lambda ask: ask.say(CONTENT)
    make_client(site.url).download(f"{site.url}/a.csv", part)
    assert "Authorization" not in site.seen[0][1]


def test_a_redirect_from_https_to_http_is_refused(make_client):
    client = make_client("https://portal.example")
    assert client.allows("http://portal.example/a.csv")
    with pytest.raises(RedirectError, match="from https to http"):
        client._refuse_address("http://portal.example/a.csv", "https://portal.example/a.csv")


@pytest.mark.parametrize(
    ("url", "is_allowed"),
    [
        ("http://portal.example/x", True),
        ("http://portal.example:8080/x", False),
        ("http://portal.example.evil.example/x", False),
        ("http://user@evil.example/portal.example", False),
        ("http://files.example/x", True),
        ("http://127.0.0.1/x", False),
        ("file://portal.example/x", False),
        ("/x", False),
    ],
)
def test_only_the_portal_and_declared_hosts_may_be_read(make_client, url, is_allowed):
    assert make_client("http://portal.example", link_hosts=("files.example",)).allows(url) is is_allowed


# --- what is shown -----------------------------------------------------------------------------


def test_no_error_repeats_a_query_a_user_or_a_servers_words(site, make_client, part):
    site.routes["/a.csv"] = lambda ask: ask.say(b"server words", status=400)
    with pytest.raises(UnexpectedAnswerError) as caught:
        make_client(site.url).download(f"{site.url}/a.csv?key=secret-in-query#x", part)
    told = f"{caught.value} {caught.value!r}"
    assert "secret" not in told
    assert "words" not in told


def test_an_error_of_the_connection_keeps_no_trace_of_the_query(make_site, make_client, part):
    gone = make_site()
    gone.shutdown()
    gone.server_close()
    with pytest.raises(SourceUnavailableError) as caught:
        make_client(gone.url, Limits(attempts=1)).download(f"{gone.url}/a.csv?key=secret-in-query", part)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_an_address_is_shown_without_user_query_and_fragment():
    assert shown("https://u:p@a.example:8443/b/c.csv?key=1#d") == "https://a.example:8443/b/c.csv"
