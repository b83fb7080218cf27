#!/usr/bin/env python3
"""Draws BandPro's icon and writes it in the sizes and containers that the desktop systems want.

Needs ImageMagick's `convert`. The results are committed; run this only after a change to the drawing.
"""
import math
import struct
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
ICONS = HERE.parent.parent / "src-tauri" / "icons"
GROUND, LINE, INK, BRASS = "#0b5f66", "#4f8a8d", "#f7f4ea", "#e3b75a"


def notehead(cx, cy, rx=60, ry=43, degrees=-22):
    """A tilted ellipse as four cubic curves: drawn alike by every renderer."""
    k, turn = 0.5522847, math.radians(degrees)

    def at(x, y):
        return f"{cx + x * math.cos(turn) - y * math.sin(turn):.1f} {cy + x * math.sin(turn) + y * math.cos(turn):.1f}"

    corners = [(rx, 0, rx, ry * k, rx * k, ry), (0, ry, -rx * k, ry, -rx, ry * k), (-rx, 0, -rx, -ry * k, -rx * k, -ry), (0, -ry, rx * k, -ry, rx, -ry * k)]
    ends = [(0, ry), (-rx, 0), (0, -ry), (rx, 0)]
    curves = [f"C{at(c[2], c[3])} {at(c[4], c[5])} {at(*end)}" for c, end in zip(corners, ends)]
    return f"M{at(rx, 0)}" + "".join(curves) + "Z"


def drawing():
    lines = "".join(f"M24 {y - 5}H488V{y + 5}H24Z" for y in (156, 226, 296, 366))
    stems = "M196 142L220 137V352H196ZM362 108L386 103V318H362Z"
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" stroke="none">
  <rect x="24" y="24" width="464" height="464" rx="104" fill="{GROUND}"/>
  <path d="{lines}" fill="{LINE}"/>
  <path d="{stems}" fill="{INK}"/>
  <path d="M196 132L386 94V150L196 188Z" fill="{INK}"/>
  <path d="{notehead(163, 352)}" fill="{INK}"/>
  <path d="{notehead(329, 318)}" fill="{BRASS}"/>
</svg>
"""


def png(source, size, target):
    subprocess.run(["convert", "-background", "none", "-density", "192", str(source), "-resize", f"{size}x{size}", "-strip", f"PNG32:{target}"], check=True)


def icns(entries, target):
    """Apple's container: a type of four letters and a length before each PNG."""
    body = b"".join(kind.encode() + struct.pack(">I", len(data) + 8) + data for kind, data in entries)
    target.write_bytes(b"icns" + struct.pack(">I", len(body) + 8) + body)


def main():
    ICONS.mkdir(exist_ok=True)
    source = HERE / "bandpro.svg"
    source.write_text(drawing())
    for size, name in ((32, "32x32"), (128, "128x128"), (256, "128x128@2x"), (512, "icon")):
        png(source, size, ICONS / f"{name}.png")
    icns([(kind, (ICONS / f"{name}.png").read_bytes()) for kind, name in (("ic07", "128x128"), ("ic08", "128x128@2x"), ("ic09", "icon"))], ICONS / "icon.icns")
    subprocess.run(["convert", str(ICONS / "icon.png"), "-define", "icon:auto-resize=256,64,48,32,16", str(ICONS / "icon.ico")], check=True)


if __name__ == "__main__":
    main()
