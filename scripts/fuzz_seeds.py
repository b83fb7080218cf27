"""Real files for the fuzz targets to start from: fuzz_seeds.py BANDPRO FOLDER

Demo scores, tunes and, where they are, the corpora beside the project; each in MusicXML, as an archive, in ABC and as MIDI, if it is
small enough to be tried often. And for the formats of text the words they are made of, as a dictionary.
"""

import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

LARGEST = 64 * 1024
ROOT = Path(__file__).resolve().parent.parent
CORPORA = ROOT.parent / "shared" / "corpora"
CONTAINER = b'<container><rootfiles><rootfile full-path="score.xml"/></rootfiles></container>'


def sources():
    yield from sorted((ROOT / "assets" / "demo").glob("*.musicxml"))
    yield from sorted((ROOT / "crates" / "notation" / "tests" / "tunes").glob("*.abc"))
    if not CORPORA.is_dir():
        print(f"skipped: there is no {CORPORA}; starting from the project's own scores alone")
        return
    yield from sorted(CORPORA.glob("suite/*.*xml"))
    yield from sorted(CORPORA.glob("suite/*.mxl"))
    yield from sorted(CORPORA.glob("lieder/*.mxl"))[::10]


def keep(folder, data):
    if 0 < len(data) <= LARGEST:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


def score_of(archive):
    with zipfile.ZipFile(archive) as opened:
        names = [name for name in opened.namelist() if name.endswith((".xml", ".musicxml")) and not name.startswith("META-INF")]
        return opened.read(names[0]) if names else b""


def words(seeds, name, pattern):
    found = set()
    for file in (seeds / name).iterdir():
        found.update(re.findall(pattern, file.read_bytes()))
    plain = sorted(word for word in found if len(word) <= 40 and all(32 <= byte < 127 and byte not in b'"\\' for byte in word))
    (seeds / f"{name}.dict").write_text("".join(f'"{word.decode()}"\n' for word in plain))


def main():
    bandpro, seeds = sys.argv[1], Path(sys.argv[2])
    for source in sources():
        data = source.read_bytes()
        if data[:2] == b"PK":
            keep(seeds / "mxl", data)
            data = score_of(source)
        if source.suffix == ".abc":
            keep(seeds / "abc", data)
        else:
            keep(seeds / "musicxml", data)
            keep(seeds / "mxl", CONTAINER + b"\0" + data)
        with tempfile.TemporaryDirectory() as folder:
            for name in ["musicxml", "abc", "midi"]:
                to = Path(folder) / f"score.{name}"
                made = subprocess.run([bandpro, "export", source, "--to", to], capture_output=True, check=False)
                if made.returncode == 0:
                    keep(seeds / name, to.read_bytes())
    words(seeds, "musicxml", rb"</?[a-z][a-z0-9-]*|[a-z-]+=|(?<=>)[a-zA-Z0-9.-]+(?=<)")
    words(seeds, "abc", rb"![^!\n]{1,20}!|^[A-Za-z]:|%%[a-z]+|\[[A-Za-z]:|[_^=]*[A-Ga-gz][,']*[0-9/]*")


if __name__ == "__main__":
    main()
