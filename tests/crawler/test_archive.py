"""What is archived comes back whole, also after a kill and from the archives of others."""

from __future__ import annotations

import zlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive import ArchiveReader, ArchiveWriter, Bodies, digest
from data.errors import InputError
from data.known import Body
from tests.support.sites import moment

AT = moment("2026-11-21")
HOME = "http://www.example.gov.cn/"
HTML = [("Content-Type", "text/html; charset=gbk")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "a.warc.gz"


def write(path: Path, *answers: tuple[str, int, bytes]) -> list[str]:
    writer = ArchiveWriter(path)
    digests = [writer.write(HOME + url, AT, status, HTML, body).sha256 for url, status, body in answers]
    writer.close()
    return digests


def found(reader: ArchiveReader, url: str) -> tuple[int, bytes] | None:
    answer = reader.find(HOME + url)
    return (answer[0].status, answer[1]) if answer else None


def test_bytes_come_back_as_they_were(path: Path) -> None:
    pages = [
        ("", 200, "<p>示例</p>".encode("gbk")),
        ("a.html", 404, b""),
        ("b.html", 999, b"\x00\xff\r\n\r\n" * 1000),
        ("政策.html", 200, b"x"),
    ]
    assert write(path, *pages) == [digest(body) for _, _, body in pages]
    reader = ArchiveReader(path)
    assert [found(reader, url) for url, _, _ in pages] == [(status, body) for _, status, body in pages]
    assert found(reader, "index.html") == (200, pages[0][2])  # one address
    assert found(reader, "nowhere.html") is None
    assert reader.newest() == AT
    assert len(reader.urls()) == 4
    assert dict(reader.find(HOME)[0].headers)["Content-Type"] == "text/html; charset=gbk"  # type: ignore[index]


def test_evidence_names_the_body_by_its_sha256(path: Path) -> None:
    (sha256,) = write(path, ("", 200, b"body"))
    with path.open("rb") as file:
        assert [record.rec_headers.get_header("WARC-Payload-Digest") for record in ArchiveIterator(file)] == [f"sha256:{sha256}"]


def test_a_body_is_kept_once(path: Path) -> None:
    body = bytes(range(256)) * 200
    write(path, ("a", 200, body), ("b", 200, body), ("c", 200, b"other"))
    with path.open("rb") as file:
        assert [record.rec_type for record in ArchiveIterator(file)] == ["response", "revisit", "response"]
    reader = ArchiveReader(path)
    assert found(reader, "b") == (200, body)
    assert found(reader, "c") == (200, b"other")


def test_of_two_answers_the_last_counts(path: Path) -> None:
    write(path, ("a", 503, b"busy"), ("a", 200, b"page"))
    assert found(ArchiveReader(path), "a") == (200, b"page")


def test_a_second_run_adds_to_the_file(path: Path) -> None:
    write(path, ("a", 200, b"one"))
    write(path, ("b", 200, b"one"))
    reader = ArchiveReader(path)
    assert (found(reader, "a"), found(reader, "b")) == ((200, b"one"), (200, b"one"))


def test_headers_of_the_transfer_are_not_kept(path: Path) -> None:
    writer = ArchiveWriter(path)
    headers = [
        ("Content-Encoding", "gzip"),
        ("Transfer-Encoding", "chunked"),
        ("Set-Cookie", "session=secret"),
        ("Content-Length", "7"),
        ("ETag", '"x"'),
    ]
    writer.write(HOME, AT, 200, headers, b"plain text")
    writer.close()
    answer = ArchiveReader(path).find(HOME)
    assert answer is not None
    assert (answer[1], dict(answer[0].headers)) == (b"plain text", {"ETag": '"x"', "Content-Length": "10"})


def test_whole_records_survive_a_kill(path: Path) -> None:
    writer = ArchiveWriter(path)
    writer.write(HOME + "a", AT, 200, HTML, b"one")
    kept = path.read_bytes()  # not closed: what a killed run leaves
    writer.write(HOME + "b", AT, 200, HTML, b"two" * 5000)
    cut = path.read_bytes()[:-20]
    writer.close()
    path.write_bytes(kept)
    assert found(ArchiveReader(path), "a") == (200, b"one")
    path.write_bytes(cut)
    assert found(ArchiveReader(path), "a") == (200, b"one")


@pytest.mark.parametrize("gzip", [True, False])
def test_archives_of_others(gzip: bool, tmp_path: Path) -> None:
    """wget and browsers write request, metadata and warcinfo records, chunked and compressed bodies, http:// and https://."""
    compressor = zlib.compressobj(wbits=31)
    packed = compressor.compress("正文".encode()) + compressor.flush()
    chunked = f"{len(packed):x}\r\n".encode() + packed + b"\r\n0\r\n\r\n"
    path = tmp_path / "other.warc"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=gzip)
        writer.write_record(writer.create_warcinfo_record("other.warc", {"software": "x"}))
        http = StatusAndHeaders("200 OK", [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            "https://www.example.gov.cn/a.html", "response", payload=BytesIO(chunked), length=len(chunked), http_headers=http
        )
        request = StatusAndHeaders("GET /a.html HTTP/1.1", [("Host", "x")], is_http_request=True)
        writer.write_request_response_pair(writer.create_warc_record(HOME + "a.html", "request", http_headers=request), record)
        writer.write_record(writer.create_warc_record("urn:x", "metadata", payload=BytesIO(b"m"), length=1, warc_content_type="text/plain"))
    assert found(ArchiveReader(path), "a.html") == (200, "正文".encode())


def test_what_is_no_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    with pytest.raises(InputError, match=r"--replay .*a\.warc: cannot be read \(No such file or directory\); give a WARC file"):
        ArchiveReader(path)
    for content in (b"<html><body>no archive</body></html>", b"\x1f\x8b\x08\x00broken gzip", b"PK\x03\x04zip"):
        path.write_bytes(content)
        with pytest.raises(InputError, match="no WARC file") as caught:
            ArchiveReader(path)
        assert "\n" not in str(caught.value)
    with pytest.raises(InputError):
        ArchiveReader(tmp_path)


def test_an_empty_archive_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"")
    with pytest.raises(InputError, match="no archived answers in it"):
        ArchiveReader(tmp_path / "a.warc")


def test_a_folder_is_read_as_one_archive_up_to_the_clock_of_the_run(tmp_path: Path) -> None:
    later = AT + timedelta(days=1)
    for name, at, body in (("one.warc.gz", AT, b"<p>1</p>"), ("two.warc.gz", later, b"<p>2</p>")):
        writer = ArchiveWriter(tmp_path / "site" / name)
        writer.write(HOME, at, 200, [], body)
        writer.close()
    for until, body, seen in (
        (None, b"<p>2</p>", later),
        (AT, b"<p>1</p>", AT),
        (AT - timedelta(days=9), b"<p>2</p>", AT - timedelta(days=9)),
    ):
        reader = ArchiveReader(tmp_path, until)
        found = reader.find(HOME)
        assert found is not None
        assert (found[1], reader.observed_at(found[0]), reader.newest()) == (body, seen, seen)


# --- over several crawls ------------------------------------------------------------------------------


def earlier_of(path: Path, url: str, body: bytes) -> Bodies:
    """An archive of one body, and what finds it there."""
    writer = ArchiveWriter(path)
    written = writer.write(HOME + url, AT, 200, HTML, body)
    writer.close()
    held = Body(path.name, written.record, HOME + url, AT)
    return Bodies(path.parent, lambda sha256: held if sha256 == written.sha256 else None, some=True)


def test_a_body_of_an_earlier_crawl_is_named_not_kept_again(tmp_path: Path) -> None:
    body = bytes(range(256)) * 200
    bodies = earlier_of(tmp_path / "1.warc.gz", "a", body)
    later = AT + timedelta(days=1)
    writer = ArchiveWriter(tmp_path / "2.warc.gz", bodies.find)
    assert not writer.write(HOME + "b", later, 200, HTML, body).first
    assert not writer.write(HOME + "a", later, 304, [("ETag", "x")], body, not_modified=True).first
    assert writer.write(HOME + "c", later, 200, HTML, b"new").first
    writer.close()
    with (tmp_path / "2.warc.gz").open("rb") as file:
        told = [(record.rec_type, record.rec_headers) for record in ArchiveIterator(file)]
    assert [kind for kind, _ in told] == ["revisit", "revisit", "response"]
    assert [headers.get_header("WARC-Profile", "").rpartition("/")[2] for _, headers in told[:2]] == [
        "identical-payload-digest",
        "server-not-modified",
    ]
    assert {headers.get_header("WARC-Refers-To-Target-URI") for _, headers in told[:2]} == {HOME + "a"}
    for reader in (ArchiveReader(tmp_path / "2.warc.gz"), ArchiveReader(tmp_path)):
        assert (found(reader, "a"), found(reader, "b"), found(reader, "c")) == ((200, body), (200, body), (200, b"new"))
        assert dict(reader.find(HOME + "a")[0].headers)["Content-Type"] == "text/html; charset=gbk"  # type: ignore[index]
    (tmp_path / "1.warc.gz").unlink()
    assert found(ArchiveReader(tmp_path / "2.warc.gz"), "a") is None  # its bytes are gone: not archived


def test_a_body_whose_file_is_gone_is_kept_again(tmp_path: Path) -> None:
    bodies = earlier_of(tmp_path / "1.warc.gz", "a", b"body")
    (tmp_path / "1.warc.gz").unlink()
    writer = ArchiveWriter(tmp_path / "2.warc.gz", bodies.find)
    assert writer.write(HOME + "a", AT, 304, [], b"body", not_modified=True).first
    writer.close()
    assert found(ArchiveReader(tmp_path / "2.warc.gz"), "a") == (200, b"body")


def test_bodies_are_read_only_as_what_they_are(tmp_path: Path) -> None:
    bodies = earlier_of(tmp_path / "1.warc.gz", "a", b"body")
    read = bodies.read(digest(b"body"))
    assert read is not None
    assert read[1] == b"body"
    assert bodies.read(digest(b"other")) is None
    raw = (tmp_path / "1.warc.gz").read_bytes()
    (tmp_path / "1.warc.gz").write_bytes(raw[:-12])
    assert bodies.read(digest(b"body")) is None


def test_a_cut_archive_is_read_up_to_the_cut_with_a_word(path: Path) -> None:
    write(path, ("a", 200, b"one"), ("b", 200, bytes(range(256)) * 300))
    whole = path.read_bytes()
    assert ArchiveReader(path).cut == []
    for cut in (10, 300, len(whole) // 2):
        path.write_bytes(whole[:-cut])
        reader = ArchiveReader(path)
        assert (reader.cut, found(reader, "a"), found(reader, "b")) == ([path], (200, b"one"), None)


def test_a_plain_cut_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=False)
        for name in ("a", "b"):
            http = StatusAndHeaders("200 OK", [], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(HOME + name, "response", payload=BytesIO(b"x" * 500), length=500, http_headers=http)
            )
    path.write_bytes(path.read_bytes()[:-100])
    reader = ArchiveReader(path)
    assert (reader.cut, found(reader, "a"), found(reader, "b")) == ([path], (200, b"x" * 500), None)


def test_what_is_written_behind_half_a_record_can_be_read(path: Path) -> None:
    write(path, ("a", 200, b"one"), ("b", 200, bytes(range(256)) * 300))
    path.write_bytes(path.read_bytes()[:-20])
    write(path, ("c", 200, b"three"))
    reader = ArchiveReader(path)
    assert (reader.cut, found(reader, "a"), found(reader, "b"), found(reader, "c")) == ([], (200, b"one"), None, (200, b"three"))
