"""Publishing to an object store: a real S3 conversation over loopback, with what stores do wrong."""

from __future__ import annotations

import gzip
import sys
import threading
import time
from collections.abc import Iterator

import brotli
import pytest
from obstore.store import S3Store

from feeds.errors import BucketError, StorageError
from feeds.media_types import CACHE_CONTROL
from feeds.storage import Storage, open_storage
from feeds.storage.bucket import Bucket
from tests.feeds.storage.s3 import BUCKET, S3Server

URL = f"s3://{BUCKET}/feeds"
NEWS = "메트로신문 새 소식. ".encode() * 100


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Server]:
    """An object store, named by the environment as operators do."""
    server = S3Server()
    with server.running():
        for name, value in {
            "AWS_ENDPOINT_URL": server.url,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "ap-northeast-2",
        }.items():
            monkeypatch.setenv(name, value)
        yield server


def publish(storage: Storage, files: dict[str, bytes]) -> list[bool]:
    """One run."""
    with storage.locked():
        written = [storage.write(path, data) for path, data in files.items()]
        storage.flush()
    return written


def impatient(server: S3Server, lasts: float) -> Bucket:
    """A publisher whose lease runs out soon."""
    store = S3Store(BUCKET, prefix="feeds", endpoint=server.url, client_options={"allow_http": True})
    return Bucket(URL, store, lasts)


def test_objects_are_served_as_files_would_be(s3: S3Server) -> None:
    """A bucket serves what it was given: without a type a reader downloads the feed, without Cache-Control nobody knows when to ask."""
    assert publish(open_storage(URL), {"sections/it.atom": NEWS}) == [True]
    main, zipped, brotlied = (s3.objects[f"feeds/sections/it.atom{ending}"] for ending in ("", ".gz", ".br"))
    assert (main.body, gzip.decompress(zipped.body), brotli.decompress(brotlied.body)) == (NEWS, NEWS, NEWS)
    for item in (main, zipped, brotlied):
        assert item.headers["content-type"] == "application/atom+xml; charset=utf-8"
        assert item.headers["cache-control"] == CACHE_CONTROL
    assert [item.headers.get("content-encoding") for item in (main, zipped, brotlied)] == [None, "gzip", "br"]


def test_the_file_is_sent_after_its_siblings(s3: S3Server) -> None:
    """A file that is as it should be says that its siblings are: sent first, it would hide that they are not."""
    publish(open_storage(URL), {"front.atom": NEWS})
    assert s3.written() == ["feeds/front.atom.gz", "feeds/front.atom.br", "feeds/front.atom"]


@pytest.mark.parametrize("fresh", [True, False])
def test_only_what_changed_is_sent(s3: S3Server, *, fresh: bool) -> None:
    """Stores bill each request, and each new ETag makes every reader fetch again."""
    s3.page = 2
    storage = open_storage(URL)
    publish(storage, {"front.atom": NEWS, "icon.png": b"picture", "sections/it.atom": NEWS})
    before = len(s3.written())
    storage = open_storage(URL) if fresh else storage
    assert publish(storage, {"front.atom": NEWS, "icon.png": b"picture", "sections/it.atom": NEWS + b"!"}) == [False, False, True]
    assert s3.written()[before:] == [f"feeds/sections/it.atom{ending}" for ending in (".gz", ".br", "")]


def test_one_process_lists_once(s3: S3Server) -> None:
    """Thousands of archives would be listed for each new article."""
    storage = open_storage(URL)
    for number in range(3):
        publish(storage, {"front.atom": NEWS * (number + 1)})
    assert len([key for _, key in s3.requests if "list-type" in key]) == 1


def test_what_another_publisher_did_is_seen(s3: S3Server) -> None:
    """A process that trusts its memory would leave the other one's older feed in place."""
    first, second = open_storage(URL), open_storage(URL)
    publish(first, {"front.atom": NEWS})
    publish(second, {"front.atom": NEWS + b"other"})
    assert first.identity() == second.identity()
    assert publish(first, {"front.atom": NEWS}) == [True]
    assert first.read("front.atom") == NEWS


def test_etags_that_are_no_digests_only_cost_requests(s3: S3Server) -> None:
    """Encrypted buckets would never, or always, be up to date."""
    s3.digests = False
    storage = open_storage(URL)
    assert publish(storage, {"front.atom": NEWS}) == [True]
    assert publish(storage, {"front.atom": NEWS}) == [False]
    assert publish(open_storage(URL), {"front.atom": NEWS}) == [True]


def test_a_lost_sibling_comes_back(s3: S3Server) -> None:
    """A web server that serves siblings would send nothing, or yesterday's news, to most readers."""
    publish(open_storage(URL), {"front.atom": NEWS})
    del s3.objects["feeds/front.atom.gz"]
    storage = open_storage(URL)
    assert storage.differs("front.atom", NEWS)
    assert publish(storage, {"front.atom": NEWS}) == [True]
    assert gzip.decompress(s3.objects["feeds/front.atom.gz"].body) == NEWS


def test_a_file_too_small_for_siblings_loses_them(s3: S3Server) -> None:
    """Readers who accept gzip would get the old, longer feed for ever."""
    storage = open_storage(URL)
    publish(storage, {"front.atom": NEWS})
    publish(storage, {"front.atom": b"little"})
    assert sorted(s3.objects) == ["feeds/.masthead", "feeds/front.atom"]
    assert not storage.differs("front.atom", b"little")


def test_one_failure_stops_no_other(s3: S3Server) -> None:
    """One object that a store refuses would keep all other sections' news back."""
    s3.failing["feeds/a.atom"] = [403]
    storage = open_storage(URL)
    with storage.locked():
        for path in ("a.atom", "b.atom", "c.atom"):
            storage.write(path, NEWS)
        with pytest.raises(StorageError, match=r"a\.atom: .*403.*credentials") as refused:
            storage.flush()
    assert list(refused.value.failed) == ["a.atom"]
    assert {"feeds/b.atom", "feeds/c.atom"} <= s3.objects.keys()
    assert publish(storage, {"a.atom": NEWS, "b.atom": NEWS}) == [True, False]


def test_a_file_does_not_follow_a_sibling_that_failed(s3: S3Server) -> None:
    """The next run would take the file for done, and leave gzip readers with the old news."""
    storage = open_storage(URL)
    publish(storage, {"front.atom": NEWS})
    s3.failing["feeds/front.atom.br"] = [403]
    with pytest.raises(StorageError):
        publish(storage, {"front.atom": NEWS * 2})
    assert s3.objects["feeds/front.atom"].body == NEWS
    assert publish(storage, {"front.atom": NEWS * 2}) == [True]
    assert brotli.decompress(s3.objects["feeds/front.atom.br"].body) == NEWS * 2


def test_a_busy_store_is_asked_again(s3: S3Server) -> None:
    """S3 answers 503 when it wants to be asked more slowly: the news would wait for the next run."""
    s3.failing["feeds/front.atom"] = [503, 500]
    assert publish(open_storage(URL), {"front.atom": NEWS}) == [True]
    assert s3.objects["feeds/front.atom"].body == NEWS


def test_many_objects_are_sent_at_the_same_time(s3: S3Server) -> None:
    """One after the other, a thousand feeds would take minutes over a slow line."""
    s3.delay = 0.02
    publish(open_storage(URL), {f"reporters/{number}.atom": NEWS for number in range(30)})
    assert s3.most_at_once > 4


def test_only_what_was_published_is_removed(s3: S3Server) -> None:
    """A prefix shared with the paper's own pages would lose them."""
    storage = open_storage(URL)
    s3.put("feeds/about.html", b"the paper's own", {})
    publish(storage, {"gone.atom": NEWS, "front.atom": NEWS})
    with storage.locked():
        assert storage.remove("gone.atom") is True
        assert storage.remove("gone.atom") is False
        assert storage.remove("about.html") is False
        storage.flush()
    assert [storage.has(path) for path in ("gone.atom", "front.atom", "about.html")] == [False, True, True]
    assert not [key for key in s3.objects if key.startswith("feeds/gone")]
    assert list(storage.paths()) == ["about.html", "front.atom"]
    assert storage.read("gone.atom") is None


def test_a_bucket_has_an_identity_that_lasts(s3: S3Server) -> None:
    """The database would take another bucket for this one, and leave it out of date."""
    storage = open_storage(URL)
    assert storage.identity() == ""
    with storage.locked() as identity:
        assert identity
    with open_storage(URL).locked() as again, open_storage(f"s3://{BUCKET}/elsewhere").locked() as other:
        assert again == identity == storage.identity() != other


def test_one_at_a_time(s3: S3Server) -> None:
    """Two publishers at once could leave an older feed over a newer one."""
    entered = threading.Event()

    def second() -> None:
        with impatient(s3, 3).locked():
            entered.set()

    thread = threading.Thread(target=second)
    with impatient(s3, 3).locked():
        thread.start()
        assert not entered.wait(0.5)
    assert entered.wait(10)
    thread.join()


def test_a_killed_publisher_holds_up_the_next_only_until_its_lease_ends(s3: S3Server) -> None:
    """After a crash nothing would be published until somebody removes a lock by hand."""
    killed = impatient(s3, 0.6)
    with killed.locked():
        publish(impatient(s3, 0.6), {"front.atom": NEWS})
        killed.write("front.atom", b"old news")
        with pytest.raises(StorageError, match="another publisher has taken over"):
            killed.flush()
    assert s3.objects["feeds/front.atom"].body == NEWS


def test_a_long_publish_keeps_its_lease(s3: S3Server) -> None:
    """A rebuild of thousands of feeds would be taken for dead in the middle."""
    entered = threading.Event()

    def second() -> None:
        with impatient(s3, 0.6).locked():
            entered.set()

    thread = threading.Thread(target=second)
    storage = impatient(s3, 0.6)
    with storage.locked():
        thread.start()
        for number in range(15):
            storage.write("front.atom", b"%d" % number)
            storage.flush()
            time.sleep(0.1)
        assert not entered.is_set()
    assert entered.wait(10)
    thread.join()


@pytest.mark.parametrize("conditions", ["ignored", "refused"])
def test_a_store_without_conditional_writes_is_refused(s3: S3Server, conditions: str) -> None:
    """Two publishers would believe to be alone."""
    s3.conditions = conditions
    with pytest.raises(BucketError, match=r"If-None-Match|501"), open_storage(URL).locked():
        pytest.fail("it was locked")


def test_a_bucket_that_is_not_there_is_told_with_what_to_check(s3: S3Server) -> None:
    """The operator would have to guess which of five settings is wrong."""
    with (
        pytest.raises(BucketError, match=r"s3://typo/feeds: .*404.*check feeds\.directory, AWS_ENDPOINT_URL"),
        open_storage("s3://typo/feeds").locked(),
    ):
        pytest.fail("it was locked")
    with pytest.raises(BucketError, match="write s3://bucket/prefix"):
        open_storage("s3:///feeds")


def test_news_is_not_sent_over_plain_http_to_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials and news could be read and changed on the way."""
    for name, value in {"AWS_ENDPOINT_URL": "http://192.0.2.1", "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "s"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BucketError, match="AWS_ALLOW_HTTP"), open_storage(URL).locked():
        pytest.fail("it was locked")


def test_without_the_library_the_operator_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """A traceback from an import says nothing to who wrote s3:// into config.toml."""
    monkeypatch.delitem(sys.modules, "feeds.storage.bucket", raising=False)
    monkeypatch.delitem(sys.modules, "feeds.storage.lease", raising=False)
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(StorageError, match=r"pip install 'masthead\[s3\]'"):
        open_storage(URL)
