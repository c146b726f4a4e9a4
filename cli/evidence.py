"""`gongkai evidence verify`, `show` and `prune`: what findings rest on, out of the archive, without network."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.session import Session, verb
from crawler.evidence import Proof, Prover
from crawler.retention import prune as prune_archive
from data.errors import ConfigurationError
from data.evidence import FindingEvidence, findings_evidence

app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode=None, help="Prove what findings rest on, write it out, prune the archive."
)

_ID = re.compile(r"F\d{1,12}", re.I)

ArchiveOption = Annotated[
    Path | None, typer.Option("--archive", metavar="DIR", help="Folder of archives (default: archive in the state folder).")
]


@app.command("verify")
@verb
def verify(
    session: Session,
    finding: Annotated[list[str] | None, typer.Argument(metavar="[FINDING]...", help="F000123; all findings where none is named.")] = None,
    archive: ArchiveOption = None,
) -> int:
    """Prove offline that every evidence entry is in the archive with the hash, the address and the time it says; 3 where one is not."""
    held = _findings(session, finding or ())
    prover = Prover(session.database, archive or session.config.archive)
    broken = entries = bare = 0
    for one in held:
        proofs = prover.prove(one.evidence)
        faults = [proof for proof in proofs if proof.fault is not None]
        entries += len(proofs)
        bare += sum(proof.evidence.sha256 is None for proof in proofs)
        broken += len(faults)
        session.console.print(f"{one.id}: {'broken' if faults else 'holds'}: {_counted(proofs)}")
        for proof in faults:
            session.console.print(f"  {proof.evidence.url} {proof.evidence.observed_at.isoformat()} {proof.evidence.sha256}: {proof.fault}")
    session.console.print(f"{len(held)} findings, {entries} evidence entries: {broken} do not hold, {bare} name no bytes")
    return 3 if broken else 0


@app.command("show")
@verb
def show(
    session: Session,
    finding: Annotated[str, typer.Argument(metavar="FINDING")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where to write (default: evidence in the state folder).")
    ] = None,
    archive: ArchiveOption = None,
) -> int:
    """Write out the archived bytes that a finding rests on, with a readable summary. Nothing of them is opened or run."""
    (one,) = _findings(session, [finding])
    proofs = Prover(session.database, archive or session.config.archive).prove(one.evidence)
    folder = (out or session.config.state / "evidence") / one.id
    folder.mkdir(parents=True, exist_ok=True)
    lines = [one.id, f"rule: {one.rule}", f"site: {one.site}", f"state: {one.state}", _plain(one.message), ""]
    for number, proof in enumerate(proofs, 1):
        piece = proof.evidence
        lines += [f"[{number}] {_plain(piece.note)}", f"    {_plain(piece.url)}", f"    observed at: {piece.observed_at.isoformat()}"]
        if piece.sha256 is None:
            lines.append("    names no bytes")
        elif proof.body is None or proof.at is None or proof.path is None:
            lines += [f"    sha256: {piece.sha256}", f"    DOES NOT HOLD: {proof.fault}"]
        else:
            # No file name of the page's making and no suffix that a double click would open in a browser.
            name = f"{number:02d}-{piece.sha256[:16]}"
            (folder / f"{name}.body").write_bytes(proof.body)
            headers = "".join(f"{_plain(key)}: {_plain(value)}\n" for key, value in proof.headers)
            (folder / f"{name}.headers.txt").write_text(headers, encoding="utf-8")
            lines += [
                f"    sha256: {piece.sha256} ({len(proof.body)} bytes, proved)",
                f"    archived at: {proof.at.isoformat()} in {proof.path}",
                f"    written: {name}.body, {name}.headers.txt",
            ]
        lines.append("")
    text = "\n".join(lines)
    (folder / "summary.txt").write_text(text, encoding="utf-8")
    session.console.print(text)
    session.console.print(f"written: {folder}")
    return 3 if any(proof.fault for proof in proofs) else 0


@app.command("prune")
@verb
def prune(session: Session) -> int:
    """Throw away what GONGKAI_ARCHIVE_DAYS and GONGKAI_ARCHIVE_BYTES no longer allow; never evidence, nor the newest copy of a page."""
    if not session.config.retention.limited:
        raise ConfigurationError("no limit is set, so everything is kept: set GONGKAI_ARCHIVE_DAYS or GONGKAI_ARCHIVE_BYTES")
    return prune_round(session)


def prune_round(session: Session) -> int:
    """Prune, and say what went; 3 where a site was left alone."""
    config = session.config
    owner = f"{socket.gethostname()}:{os.getpid()}"
    done = prune_archive(session.database, config.archive, config.retention, session.now, owner)
    session.console.print(
        f"archive: {done.records} records, {done.size} bytes; {done.gone_records} records, {done.gone_bytes} bytes thrown away"
    )
    limit = config.retention.bytes
    if limit is not None and done.size - done.gone_bytes > limit:
        session.console.print(f"archive: still above GONGKAI_ARCHIVE_BYTES ({limit}): the rest is evidence, or the newest copy of a page")
    for site in done.busy:
        session.errors.print(f"site {site}: a crawl runs on it; its archive was left as it is")
    for file in done.unread:
        session.errors.print(f"{file}: holds records of another make; left as it is")
    return 3 if done.busy else 0


def _findings(session: Session, ids: Sequence[str]) -> tuple[FindingEvidence, ...]:
    for text in ids:
        if not _ID.fullmatch(text):
            raise ConfigurationError(f"{text}: no finding's id; write F000123, `gongkai findings` lists them")
    found = findings_evidence(session.database, ids)
    known = {one.id for one in found}
    for text in ids:
        if f"F{int(text[1:]):06d}" not in known:
            raise ConfigurationError(f"{text}: no such finding; `gongkai findings` lists them")
    return found


def _counted(proofs: Sequence[Proof]) -> str:
    proved = sum(proof.body is not None and proof.fault is None for proof in proofs)
    bare = sum(proof.evidence.sha256 is None for proof in proofs)
    return f"{len(proofs)} entries, {proved} proved" + (f", {bare} name no bytes" if bare else "")


def _plain(text: str) -> str:
    """Text of a page on one line, without control characters."""
    return "".join(character if character.isprintable() else " " for character in text)
