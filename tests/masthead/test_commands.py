"""The command line, as a newcomer reads it and as a script relies on it."""

from __future__ import annotations

import csv
import email
import mailbox
import re
import sqlite3
from collections.abc import Iterator
from email.policy import default
from pathlib import Path

import pytest

from tests.masthead.conftest import Call
from tests.masthead.papers import SEVEN, SetClock, add_article, add_readers, opened, rss, write_config
from tests.servers import HttpServer

DAY = ("--date", "2026-03-02")


@pytest.fixture
def wire() -> Iterator[HttpServer]:
    """A news agency's feed with two stories."""
    server = HttpServer()
    server.serve("/rss", rss({1: "나룻배가 다시 뜬다", 2: "다리가 놓인다"}), content_type="application/rss+xml")
    with server.running():
        yield server


@pytest.fixture
def config(tmp_path: Path, wire: HttpServer) -> Path:
    """A paper that pulls the wire, with two articles in the window of Monday's edition and three readers."""
    written = write_config(tmp_path, source=f"{wire.url}/rss")
    with opened(written, SetClock()) as app:
        add_article(app, 8)
        add_article(app, 9)
        add_readers(app, 3)
    return written


# --- usage ---


@pytest.mark.parametrize(
    "arguments",
    [
        ["pul"],
        ["plan", "--days", "many"],
        ["plan", "--days", "0"],
        ["preview", "morning", "--date", "2026-02-30", "--out", "x"],
        ["preview", "morning", "--date", "tomorrow", "--out", "x"],
        ["preview", "morning", "--out", "x"],
        ["send", "morning", "--date", "2026-03-02", "--to", "nobody"],
        ["send"],
    ],
)
def test_wrong_usage_is_status_2(call: Call, config: Path, arguments: list[str]) -> None:
    """A script could not tell its own mistake from the paper's."""
    said = call("--config", config, *arguments)
    assert said.status == 2
    assert "Error" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pull", "wired"], 'there is no source "wired" in {config}; there are: wire'),
        (["send", "evening", *DAY], 'there is no newsletter "evening" in {config}; there are: morning'),
        (["verify", "evening", *DAY], 'there is no newsletter "evening" in {config}; there are: morning'),
        (["subscribers", "import", "/nowhere.csv"], "/nowhere.csv: No such file or directory"),
        (["preview", "morning", *DAY, "--out", "/dev/null/x"], "/dev/null/x/digest.html cannot be written: Not a directory"),
        (
            ["preview", "morning", "--date", "2025-01-02", "--out", "x"],
            "no article was published from 2025-01-01 07:00 to 2025-01-02 07:00 KST.",
        ),
    ],
)
def test_what_fails_is_said_in_one_line(call: Call, config: Path, arguments: list[str], message: str) -> None:
    """An operator would read a traceback of forty lines for a name mistyped."""
    said = call("--config", config, *arguments)
    assert said.status == 1
    assert said.err == f"masthead: {message.format(config=config)}\n"


# --- which configuration ---


def test_the_configuration_is_named_before_or_after_the_command_or_by_the_environment(
    call: Call, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of all scripts would have the option in the wrong place."""
    monkeypatch.chdir(tmp_path.parent)
    for arguments in (["--config", config, "check"], ["check", "--config", config]):
        assert call(*arguments).status == 0
    assert call("--config", "/nowhere.toml", "check", "--config", config).status == 0, "the nearer one wins"
    assert call("check").status == 2
    monkeypatch.setenv("MASTHEAD_CONFIG", str(config))
    assert call("check").status == 0
    assert call("subscribers", "import", "/nowhere.csv").status == 1
    monkeypatch.delenv("MASTHEAD_CONFIG")
    monkeypatch.chdir(tmp_path)
    assert call("check").status == 0


def test_a_missing_configuration_names_the_command_that_makes_one(call: Call, tmp_path: Path) -> None:
    """A newcomer would not know how to begin."""
    said = call("--config", tmp_path / "config.toml", "status")
    assert said.status == 2
    assert "there is no such file; make one with: masthead init" in said.err


def test_check_says_what_it_found(call: Call, config: Path) -> None:
    """An operator would not know which file was looked at."""
    assert call("--config", config, "check").out == f"{config} is sound: 한강일보, 1 section, 1 source, 1 newsletter.\n"
    found = call("--config", config, "check", "--json").json()
    assert found == {
        "file": str(config),
        "mistakes": [],
        "paper": "한강일보",
        "sections": 1,
        "sources": 1,
        "newsletters": 1,
        "notes": [],
    }


def test_check_tells_a_script_each_mistake(call: Call, config: Path) -> None:
    """An editor could not show the mistakes where they are."""
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('send = "07:00"', 'send = "7 Uhr"'), encoding="utf-8")
    said = call("--config", config, "check", "--json")
    assert said.status == 2
    [mistake] = said.json()["mistakes"]
    assert (mistake["key"], mistake["line"], mistake["file"]) == ("newsletter[1].send", 26, str(config))
    assert mistake["message"] == 'write a time of day as "07:00", not "7 Uhr"'


def test_check_tries_templates_and_secrets(call: Call, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The edition would fail at seven in the morning."""
    text = config.read_text(encoding="utf-8")
    config.write_text(text + 'secret_file = "secret"\n', encoding="utf-8")
    assert "web.secret_file" in call("--config", config, "check").err
    (config.parent / "secret").write_text("too short")
    assert "has fewer than 32 characters; make one with: openssl rand -hex 32" in call("--config", config, "check").err
    (config.parent / "secret").write_text("s" * 32)
    assert call("--config", config, "check").status == 0
    monkeypatch.setenv("MASTHEAD_SECRET", "short")
    assert "MASTHEAD_SECRET has fewer than 32 characters" in call("--config", config, "check").err
    monkeypatch.delenv("MASTHEAD_SECRET")
    for name, broken in (("web/error.html", "{% if %}"), ("mail/digest/body.txt", "{{ ")):
        template = config.parent / "templates" / name
        template.parent.mkdir(parents=True, exist_ok=True)
        template.write_text(broken, encoding="utf-8")
        said = call("--config", config, "check")
        assert said.status == 1
        assert template.name in said.err
        template.unlink()


def test_check_leaves_the_database_alone(call: Call, tmp_path: Path) -> None:
    """Checking a configuration on another machine would make an empty database there."""
    assert call("--config", write_config(tmp_path), "check").status == 0
    assert [file.name for file in tmp_path.iterdir()] == ["config.toml"]


def test_init_writes_what_check_accepts(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first two commands of every newcomer would contradict each other."""
    monkeypatch.chdir(tmp_path)
    answers = ["--name", "한강일보", "--url", "https://hangang.example", "--language", "ko", "--timezone", "Asia/Seoul"]
    said = call("init", *answers)
    assert said.status == 0
    assert said.out.startswith("Wrote config.toml.")
    assert call("check").status == 0
    assert call("init", *answers).err == "masthead: config.toml is there already; name another with --file, or move it away.\n"
    assert "masthead --config other.toml check" in call("init", *answers, "--file", "other.toml").out
    assert call("init", *answers, "--file", "third.toml", "--timezone", "Asia/Soul").status == 2
    assert not (tmp_path / "third.toml").exists()


# --- articles and feeds ---


def test_pull_tells_what_came_in(call: Call, config: Path) -> None:
    """A script that pulls by cron could not tell a quiet day from a broken one."""
    said = call("--config", config, "pull", "--json")
    assert said.json() == [{"source": "wire", "new": 2, "revised": 0, "unchanged": 0, "held": 0, "refused": 0, "problems": []}]
    again = call("--config", config, "pull", "wire")
    assert again.status == 0
    assert [line.split() for line in again.out.splitlines()] == [
        ["source", "new", "revised", "unchanged", "held", "refused"],
        ["wire", "0", "0", "2", "0", "0"],
    ]


def test_a_refused_draft_is_named_with_its_reason(call: Call, config: Path, wire: HttpServer) -> None:
    """A story would be missing, and nobody know that it was ever there."""
    wire.serve(
        "/rss", rss({1: "나룻배", 2: ""}).replace("Mon, 02 Mar 2026 06:01:00 +0900", "soon"), content_type="application/rss+xml"
    )
    found = call("--config", config, "pull", "--json").json()[0]
    assert found["refused"] == 2
    assert {problem["url"] for problem in found["problems"]} == {"https://hangang.example/1", "https://hangang.example/2"}
    assert "refused 나룻배: " in call("--config", config, "pull").err


def test_a_source_that_fails_is_status_1_and_the_others_are_pulled(call: Call, config: Path, wire: HttpServer) -> None:
    """One broken source would hide that another is broken too, or keep it from being pulled."""
    text = config.read_text(encoding="utf-8")
    broken = f'[[source]]\nname = "gone"\nkind = "feed"\nurl = "{wire.url}/gone"\n\n[[newsletter]]'
    config.write_text(text.replace("[[newsletter]]", broken), encoding="utf-8")
    said = call("--config", config, "pull", "--json")
    assert said.status == 1
    wired, gone = said.json()
    assert (wired["new"], gone["source"]) == (2, "gone")
    assert "404" in gone["error"]
    said = call("--config", config, "pull")
    assert said.status == 1
    assert f"gone: {gone['error']}" in said.err
    assert call("--config", config, "pull", "wire").status == 0


def test_publish_tells_what_it_wrote(call: Call, config: Path) -> None:
    """A script would copy all feeds to its servers when none has changed."""
    found = call("--config", config, "publish", "--json").json()
    assert {"front.atom", "sections/society.atom", "feeds.opml", "index.html"} <= set(found["written"])
    assert (found["unchanged"], found["failed"], found["directory"]) == (0, [], str(config.parent / "public"))
    again = call("--config", config, "publish", "--all")
    assert again.out == f"2 feeds in {config.parent / 'public'}: 0 files written, {len(found['written'])} unchanged.\n"


def test_feeds_that_cannot_be_written_are_status_1(call: Call, config: Path) -> None:
    """A deployment would go on with feeds that are not there."""
    (config.parent / "public").write_text("in the way")
    said = call("--config", config, "publish")
    assert said.status == 1
    assert said.err.startswith("masthead: ")


# --- editions ---


def test_preview_writes_the_three_forms_and_opens_nothing(call: Call, config: Path) -> None:
    """An editor who looks at tomorrow's digest would send it, or keep it from being sent."""
    folder = config.parent / "preview"
    said = call("--config", config, "preview", "morning", *DAY, "--out", folder)
    assert said.status == 0
    assert said.out.splitlines()[1:] == [
        f"  {folder / name}  {(folder / name).stat().st_size:,} bytes" for name in ("digest.html", "digest.txt", "digest.eml")
    ]
    message = email.message_from_bytes((folder / "digest.eml").read_bytes(), policy=default)
    assert message["Subject"] == said.out.splitlines()[0]
    assert "나룻배가" in (folder / "digest.txt").read_text(encoding="utf-8")
    assert call("--config", config, "verify", "morning", *DAY).status == 1


def test_send_and_verify(call: Call, config: Path) -> None:
    """Nobody could say whether the paper went out to everybody."""
    outbox = config.parent / "outbox"
    said = call("--config", config, "send", "morning", *DAY, "--dry-run")
    assert (said.status, said.out.splitlines()[1]) == (0, "2 articles to 3 readers. Nothing was sent.")
    said = call("--config", config, "send", "morning", *DAY, "--to", "editor@example.com")
    assert (said.status, said.out.startswith("One test copy to editor@example.com: ")) == (0, True)
    assert len(mailbox.Maildir(outbox)) == 1
    assert (
        call("--config", config, "verify", "morning", *DAY).err
        == "There is no edition of morning for 2026-03-02: it was never opened.\n"
    )
    for _ in range(2):
        said = call("--config", config, "send", "morning", *DAY)
        assert (said.status, said.out) == (0, "planned 3  sent 3  skipped 0  failed 0  in doubt 0\n")
        assert len(mailbox.Maildir(outbox)) == 4
    said = call("--config", config, "verify", "morning", *DAY)
    assert (said.status, said.out.splitlines()[0], said.out.splitlines()[-1]) == (0, "morning 2026-03-02: sent", "It adds up.")
    assert call("--config", config, "verify", "morning", *DAY, "--json").json() == {
        "newsletter": "morning", "date": "2026-03-02", "state": "sent", "reason": "",
        "planned": 3, "sent": 3, "skipped": 0, "failed": 0, "in_doubt": 0, "adds_up": True,
    }  # fmt: skip


def test_an_edition_that_is_not_done_does_not_add_up(call: Call, config: Path) -> None:
    """A monitor would be content with half an edition."""
    with opened(config, SetClock()) as app:
        app.planner.plan(app.newsletter("morning"), SEVEN.date(), SEVEN)
    said = call("--config", config, "verify", "morning", *DAY)
    assert (said.status, said.out.splitlines()[-1]) == (1, "It is not done: 3 deliveries are left, and the edition is sending.")


def test_an_edition_without_articles_is_said_to_be_skipped(call: Call, config: Path) -> None:
    """An operator would look for three mails that were never to be."""
    said = call("--config", config, "send", "morning", "--date", "2026-03-20")
    assert (said.status, said.out) == (0, "The edition of 2026-03-20 was skipped: no articles.\n")


# --- subscribers ---


def test_subscribers_are_imported_and_refused_by_row(call: Call, config: Path) -> None:
    """Ten thousand addresses would be taken or lost without a word."""
    file = config.parent / "readers.csv"
    with file.open("w", encoding="utf-8", newline="") as opened_file:
        rows = csv.writer(opened_file)
        rows.writerow(["email", "name", "consent_time", "consent_source"])
        rows.writerow(["new@example.com", "새 독자", "2026-01-05 09:00", "구독 신청서"])
        rows.writerow(["reader0@example.com", "", "2026-01-05 09:00", "구독 신청서"])
        rows.writerow(["nobody", "", "2026-01-05 09:00", "구독 신청서"])
    said = call("--config", config, "subscribers", "import", file)
    assert (said.status, said.out) == (1, "morning: 3 rows: 1 new, 1 known, 0 left, 0 suppressed, 1 refused.\n")
    assert said.err.startswith(f"{file}:4: nobody: ")
    found = call("--config", config, "subscribers", "import", file, "--json").json()
    assert {name: found[name] for name in ("newsletter", "rows", "new", "known", "left", "suppressed")} == {
        "newsletter": "morning", "rows": 3, "new": 0, "known": 2, "left": 0, "suppressed": 0,
    }  # fmt: skip
    assert found["refused"][0]["line"] == 4


def test_with_several_newsletters_one_must_be_named(call: Call, config: Path) -> None:
    """Readers of the evening would get the morning."""
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("[mail]", '[[newsletter]]\nslug = "evening"\ntitle = "저녁"\n\n[mail]'), encoding="utf-8")
    file = config.parent / "readers.csv"
    file.write_text("email,name,consent_time,consent_source\n")
    said = call("--config", config, "subscribers", "import", file)
    assert said.status == 2
    assert "say which newsletter they read: morning, evening" in said.err
    assert call("--config", config, "subscribers", "import", file, "--newsletter", "evening").status == 0


# --- how it is, and what will be ---


def test_status_and_plan_for_people_and_for_scripts(call: Call, config: Path) -> None:
    """Whoever takes over the shift would not know where the paper stands."""
    call("--config", config, "pull")
    found = call("--config", config, "status", "--json")
    assert "한강일보" in found.out, "Korean stays readable"
    assert found.json()["sources"][0]["detail"]["new"] == 2
    human = call("--config", config, "status").out
    assert "한강일보: 4 articles, SQLite 3." in human
    assert re.search(r"^wire +\d\d-\d\d \d\d:\d\d  done   2 new", human, re.MULTILINE)
    assert "feeds: last published never\n" in human
    assert "한강 아침: 3 readers, last edition none yet, next " in human
    planned = call("--config", config, "plan", "--days", "14", "--json").json()
    assert len(planned["editions"]) == 12
    assert planned["editions"][0]["readers"] == 3
    assert planned["sources"][0]["name"] == "wire"
    lines = call("--config", config, "plan", "--days", "14").out.splitlines()
    assert lines[0].split() == ["date", "at", "newsletter", "readers", "state"]
    assert re.fullmatch(r"20\d\d년 \d+월 \d+일 .요일 +07:00  한강 아침 +3  (due|not opened|sent|skipped)", lines[1].rstrip())
    assert lines[-1].startswith("pull wire: 5m, ")


# --- the database of another version ---


def test_an_older_database_is_refused_with_the_command_that_upgrades_it(call: Call, config: Path) -> None:
    """A new program would write into an old database, and neither understand it any more."""
    database = config.parent / "masthead.db"
    with sqlite3.connect(database) as connection:
        connection.execute("DROP TABLE alembic_version")
    for command in (["pull"], ["publish"], ["status"], ["run"], ["send", "morning", *DAY]):
        said = call("--config", config, *command)
        assert said.status == 1
        assert "masthead upgrade" in said.err
    database.unlink()
    said = call("--config", config, "upgrade")
    assert (said.status, said.out.startswith("The schema was empty and is ")) == (0, True)
    assert call("--config", config, "upgrade").out.startswith("The schema is up to date (")
    assert call("--config", config, "status").status == 0


def test_only_what_goes_wrong_is_logged_unless_asked(call: Call, config: Path) -> None:
    """A script's mail from cron would be full of what went well; or nobody could look closer."""
    assert call("--config", config, "pull").err == ""
    assert "[info     ] published" in call("--verbose", "--config", config, "publish").err
