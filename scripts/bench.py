#!/usr/bin/env python3
"""Prints the numbers of the design's table, measured on this machine in this run, beside their targets.

`cargo bench -p bandpro-tests --bench numbers` measures ours. Verovio (PyPI) engraves the same files where it can be had:
an installed one, or one put into a virtual environment in the cache folder. An argument measures only a group of rows:
file-to-svg, pdf-100-pages, one-note, edit-to-disk, open-stored, import-stored, wav, sync (with join and catch-up) or mailbox.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "bandpro"
VEROVIO = "verovio==6.4.1"
CORPORA = ROOT.parent / "shared" / "corpora"

# Row: what it is, and the target with its direction.
TARGETS = {
    "file-to-svg-song": ("MusicXML → SVG of all pages, a song", None),
    "file-to-svg-quartet": ("MusicXML → SVG of all pages, a quartet", None),
    "file-to-svg-orchestra": ("MusicXML → SVG of all pages, an orchestra", None),
    **{f"{stage}-{kind}": (f"  {what}, {a}", None) for kind, a in [("song", "a song"), ("quartet", "a quartet"), ("orchestra", "an orchestra")] for stage, what in [("parse", "of it reading"), ("layout", "of it layout"), ("svg", "of it SVG"), ("peak", "most memory")]},
    "instructions-full": ("an orchestra read and engraved", None),
    "instructions-note": ("one note changed → new SVG", None),
    "pdf-100-pages": ("a hundred pages: engraved → PDF", ("≤", 2000.0)),
    "one-note-p50": ("one note changed → new SVG, median", ("≤", 2.0)),
    "one-note-p99": ("one note changed → new SVG, p99", ("≤", 8.0)),
    "edit-to-disk-p50": ("edit → durable in SQLite, median", None),
    "edit-to-disk-p99": ("edit → durable in SQLite, p99", ("≤", 5.0)),
    "open-stored": ("open a stored score, engraved", ("≤", 300.0)),
    "import-stored": ("import an orchestra → stored and open", ("≤", 1500.0)),
    "peak-import-stored": ("  most memory", None),
    "reopen-stored": ("open it again", ("≤", 300.0)),
    "reopen-warm": ("  and its document, for changes", None),
    "peak-reopen-stored": ("  most memory", None),
    "join": ("ticket → the score is on the other device, loopback", None),
    "sync-p50": ("edit → applied on another device, loopback, median", None),
    "sync-p95": ("edit → applied on another device, loopback, p95", ("≤", 15.0)),
    "wire-per-change": ("bytes on the wire, a change", None),
    "disk-per-change": ("bytes on disk, a change", None),
    "plain-sync-p50": ("the same edits by plain automerge sync, median", None),
    "plain-sync-bytes": ("bytes of plain automerge sync, a change", None),
    "mailbox-pushes": ("mailbox: durable pushes a second", None),
    "mailbox-idle": ("mailbox: memory at 10,000 idle connections", None),
    "catch-up": ("catch up 10,000 changes", ("≤", 2000.0)),
    "wav": ("offline WAV rendering", ("≥", 30.0)),
}

KINDS = ["song", "quartet", "orchestra"]
BEETHOVEN = CORPORA / "orchestra" / "Beethoven_Ludwig_van_Symphony_No_5_Op_67_1.mxl"
# As many notes as callgrind counts the change of.
NOTES = 20

# Runs in an interpreter that has Verovio: one toolkit a run, as its documentation does it. Loading lays out what layout then
# does again, so that reading alone is the difference.
PEER = """
import json, resource, sys, time
import verovio
verovio.enableLog(verovio.LOG_OFF)
path = sys.argv[1]
runs = []
for _ in range(3):
    begun = time.perf_counter()
    toolkit = verovio.toolkit()
    if not toolkit.loadFile(path):
        break
    loaded = time.perf_counter()
    toolkit.redoLayout()
    laid = time.perf_counter()
    pages = [toolkit.renderToSVG(page + 1) for page in range(toolkit.getPageCount())]
    drawn = time.perf_counter()
    layout = laid - loaded
    runs.append([1e3 * t for t in (loaded - begun + drawn - laid, max(loaded - begun - layout, 0.0), layout, drawn - laid)])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
print(json.dumps({"runs": runs, "peak": peak}), flush=True)
"""


def measure_ours(wanted):
    command = ["cargo", "bench", "--locked", "--quiet", "-p", "bandpro-tests", "--bench", "numbers", "--", *wanted]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    rows = [line.split("\t") for line in run.stdout.splitlines() if line.count("\t") == 3]
    return {name: (float(value), unit, remark) for name, value, unit, remark in rows}


def python_with_verovio():
    """An interpreter that can import Verovio, or None and a line that says why not."""
    own = CACHE / "bench-venv"
    for python in [sys.executable, str(own / "bin" / "python")]:
        if Path(python).exists() and subprocess.run([python, "-c", "import verovio"], capture_output=True).returncode == 0:
            return python
    try:
        venv.create(own, with_pip=True)
        subprocess.run([own / "bin" / "pip", "install", "--quiet", VEROVIO], check=True, timeout=300)
        return str(own / "bin" / "python")
    except (OSError, subprocess.SubprocessError) as error:
        print(f"skipped: Verovio cannot be installed to compare with ({error})", file=sys.stderr)
        return None


def measure_verovio(ours):
    """Median milliseconds and megabytes by row, for the rows that name a file at the end of their remark."""
    files = {str(CORPORA / remark.split("; ")[-1]): name for name, (_, _, remark) in ours.items() if name.startswith("file-to-svg")}
    python = python_with_verovio() if files else None
    if python is None:
        return {}
    medians = {}
    for path, name in files.items():
        # A process a file, so that the memory is that file's.
        run = subprocess.run([python, "-c", PEER, path], stdout=subprocess.PIPE, text=True, timeout=900, check=True)
        measured = json.loads(run.stdout)
        kind = name.removeprefix("file-to-svg-")
        if measured["runs"]:
            middle = [sorted(times)[len(times) // 2] for times in zip(*measured["runs"])]
            medians |= dict(zip([name, f"parse-{kind}", f"layout-{kind}", f"svg-{kind}"], middle))
            medians[f"peak-{kind}"] = measured["peak"]
    return medians


def measure_instructions():
    """Instructions by row, counted under callgrind."""
    if shutil.which("valgrind") is None or not BEETHOVEN.exists():
        print("skipped: instructions are counted by valgrind, on a file of ../shared/corpora", file=sys.stderr)
        return {}
    build = ["cargo", "build", "--locked", "--quiet", "--release", "-p", "bandpro-notation", "--example", "one_note", "--message-format=json"]
    built = subprocess.run(build, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    messages = [json.loads(line) for line in built.stdout.splitlines() if line.startswith("{")]
    program = next(m["executable"] for m in messages if m.get("target", {}).get("name") == "one_note" and m.get("executable"))

    def counted(notes):
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, str(BEETHOVEN), str(notes)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=900, check=True)
        return int(re.search(r"Collected\s*:\s*(\d+)", run.stderr).group(1))

    full, edited = counted(0), counted(NOTES)
    return {
        "instructions-full": (full / 1e6, "M instr.", "read and engraved, once"),
        "instructions-note": ((edited - full) / NOTES / 1e6, "M instr.", f"the mean of {NOTES} changes"),
    }


def judged(value, target):
    if target is None:
        return ""
    sign, bound = target
    met = value <= bound if sign == "≤" else value >= bound
    return f"{sign} {bound:g}: {'met' if met else 'MISSED'}"


def main():
    wanted = sys.argv[1:]
    ours = {} if wanted == ["instructions"] else measure_ours(wanted)
    for kind in KINDS:
        if f"file-to-svg-{kind}" in ours:
            ours |= measure_ours([f"peak-{kind}"])
    if not wanted or "instructions" in wanted:
        ours |= measure_instructions()
    peer = measure_verovio(ours)
    print(f"\n{'what':<52}{'measured':>16}  {'target':<18}remark")
    for name, (value, unit, remark) in ours.items():
        what, target = TARGETS.get(name, (name, None))
        print(f"{what:<52}{value:>11.2f} {unit:<12.12}  {judged(value, target):<18}{remark}")
        if name in peer:
            ratio = peer[name] / value
            target = ("≥", 10) if name.startswith("file-to-svg") else None
            print(f"{'    Verovio on the same file':<52}{peer[name]:>11.2f} {unit:<12.12}  {judged(ratio, target):<18}{ratio:.1f} × ours")


if __name__ == "__main__":
    main()
