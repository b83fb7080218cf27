#!/usr/bin/env python3
"""Reads pairs of MusicXML files with music21 and says where the second of a pair is other music than the first.

usage: music21_check.py ORIGINAL EXPORTED [ORIGINAL EXPORTED …]

Compared are the notes of every part (offset, length, spelled pitches, ties, grace notes, lyrics), articulations and
expressions on them, key and time signatures, clefs, dynamics, tempo marks, chord symbols, and repeats and voltas.
"""

import sys
import warnings
from collections import Counter
from fractions import Fraction

from music21 import chord, clef, converter, dynamics, harmony, key, meter, note, repeat, tempo

warnings.simplefilter("ignore")


def exact(number):
    return str(Fraction(number).limit_denominator(100000))


def name_of(pitch):
    return pitch.nameWithOctave


def ties_of(element):
    inner = element.notes if isinstance(element, chord.Chord) else [element]
    return tuple(sorted((name(one), one.tie.type) for one in inner if one.tie))


def name(one):
    return one.pitch.nameWithOctave if isinstance(one, note.Note) else "x"


def sounding(element):
    if isinstance(element, note.Rest):
        return "rest"
    if isinstance(element, note.Unpitched):
        return f"x {element.displayStep}{element.displayOctave}"
    if isinstance(element, chord.Chord):
        return " ".join(sorted(name(one) for one in element.notes))
    return name_of(element.pitch) if isinstance(element, note.Note) else " ".join(sorted(map(str, element.pitches)))


def lyrics_of(element):
    return tuple(sorted((str(one.identifier), one.rawText, one.syllabic or "single") for one in element.lyrics if one.rawText))


def at(part, element):
    return exact(element.getOffsetInHierarchy(part))


def facts(path):
    """Everything that is compared, by kind, in no order."""
    found = {}
    score = converter.parse(path, forceSource=True)
    for index, part in enumerate(score.parts):
        def put(kind, *what):
            found.setdefault(kind, Counter())[(index, *what)] += 1

        for element in part.recurse():
            if isinstance(element, harmony.ChordSymbol):
                put("chord symbols", at(part, element), element.figure)
            elif isinstance(element, note.GeneralNote):
                # How a silence is divided into rests and skips says nothing about the music.
                if isinstance(element, note.Rest):
                    continue
                length = exact(element.duration.quarterLength)
                grace = element.duration.isGrace
                put("notes", at(part, element), length, grace, sounding(element))
                put("ties", at(part, element), ties_of(element))
                put("lyrics", at(part, element), lyrics_of(element))
                marks = [type(one).__name__ for one in element.articulations + element.expressions]
                # An arpeggio of some notes of a chord, or over two staves, is an object of another kind there.
                marks = [mark for mark in marks if mark != "ArpeggioMark"]
                put("marks", at(part, element), tuple(sorted(marks)))
            elif isinstance(element, key.KeySignature):
                put("keys", at(part, element), element.sharps)
            elif isinstance(element, meter.TimeSignature):
                put("times", at(part, element), element.ratioString)
            elif isinstance(element, clef.Clef):
                put("clefs", at(part, element), element.sign, element.line, element.octaveChange)
            elif isinstance(element, dynamics.Dynamic):
                put("dynamics", at(part, element), element.value)
            elif isinstance(element, tempo.MetronomeMark) and element.number is not None:
                # Several staves may say the same.
                found.setdefault("tempi", Counter())[(index, at(part, element), exact(element.getQuarterBPM()))] = 1
            elif isinstance(element, repeat.RepeatMark):
                found.setdefault("repeats", Counter())[(index, at(part, element), type(element).__name__)] = 1
    return found


def differences(original, exported):
    before, after = facts(original), facts(exported)
    lines = []
    for kind in sorted(before.keys() | after.keys()):
        old, new = before.get(kind, Counter()), after.get(kind, Counter())
        lines += [f"  {kind}: only in the original: {what}" for what in (old - new)]
        lines += [f"  {kind}: only in what was written: {what}" for what in (new - old)]
    return sum(map(sum, (kind.values() for kind in before.values()))), lines


def main(paths):
    failed = False
    for original, exported in zip(paths[::2], paths[1::2]):
        count, lines = differences(original, exported)
        if count == 0:
            lines.append("  music21 found nothing in it")
        print(f"{original}: {count} facts, {len(lines)} differ")
        for line in lines[:12]:
            print(line)
        failed |= bool(lines)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
