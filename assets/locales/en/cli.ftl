### BandPro on the command line.

cli = Sheet music that a band owns together. Everything without a window.
cli-exit-codes =
    Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but not every other laptop was reached.
    A score is named by its id or by a beginning that is its alone. Data is kept in the system’s folder for
    applications, in $BANDPRO_DATA or in --data DIR. With $BANDPRO_LISTEN, such as 192.168.1.20, other laptops
    are met at that one address instead of on every network.
cli-option-data = Keep everything in this folder
cli-option-json = Print results and errors as JSON, a line each
cli-option-language = Speak this language
cli-option-verbose = Tell more on stderr; twice for even more
cli-option-help = Print help
cli-option-version = Print the version

cli-import = Read MusicXML files into the library: a line a score, its id and title
cli-import-files = MusicXML files (.musicxml, .xml, .mxl)
cli-list = List the library: id, title, composer, measures and parts of each score
cli-events = Print the notes of a score as JSON lines
cli-events-what = A file, or a score of the library
cli-engrave = Print as JSON which measures stand on which page
cli-engrave-what = A file, or a score of the library
cli-engrave-check = Also what an engraver would circle in red, by kind and place
cli-export = Write a score as MusicXML, MIDI, SVG, PDF, PNG or WAV
    .more = The ending of PATH says the format: musicxml, mxl, mid, svg, pdf, png or wav. A picture (svg, png) of a score with several pages makes further files beside it: out-2.svg, out-3.svg and so on.
cli-export-what = A file, or a score of the library
cli-export-to = Where to write; the ending says the format
cli-export-part = Only this part, from 1
cli-export-page = Only this page, from 1
cli-export-dpi = Dots an inch of a PNG, 20 to 1200 (200 if not said)
cli-export-style = Another style than the score's own: classical, jazz or large-print
cli-export-paper = Other paper than the score's own: A4, letter, "A4 landscape", or millimetres such as 229x305
cli-export-named_fonts = Let an SVG name its fonts instead of containing their outlines
cli-export-view = page (if not said), or continuous: one endless system
cli-edit = Run commands on a score
    .more = Commands are separated by “;” and named as “bandpro commands” lists them: goto 1 3 2; pitch F#4; goto 1 4 1; delete; undo. It stops at the first that fails; what was done before stays.
cli-edit-id = A score of the library
cli-edit-script = Commands, separated by “;”
cli-conflicts = List what merging left to decide in a score, with the ways to decide it
    .more = A line a conflict: its id, where, what happened. Then a line for each way: its number, what it does. “bandpro resolve” takes one.
cli-conflicts-id = A score of the library
cli-resolve = Decide a conflict
cli-resolve-id = A score of the library
cli-resolve-conflict = The conflict’s id, as “bandpro conflicts” lists it
cli-resolve-way = The number of the way
cli-commands = List the commands that edit knows, with their keys
cli-rename = Give a score another title
cli-rename-id = A score of the library
cli-rename-title = The new title
cli-delete = Take a score out of the library, on all laptops of its space
cli-delete-id = A score of the library
cli-play = Play a score
cli-play-id = A score of the library
cli-share = Print a ticket that invites another laptop
    .more = Started by a person it stays reachable until Ctrl-C, started by a script for 30 seconds. The other laptop must reach this one to join: here, or while “bandpro serve” or a window is open.
cli-share-id = A score; its whole space is shared. Your own space if none is named
cli-share-wait = Stay reachable until interrupted
cli-share-no_wait = Print the ticket and end
cli-share-waiting = Reachable. The ticket works while this runs; Ctrl-C ends it.
cli-share-waiting-while = Reachable for { $seconds } seconds.
cli-join = Accept a ticket and fetch what is shared: a line a score, its id and title
cli-join-ticket = The ticket, from “bandpro-” to its end
cli-joined = Joined “{ $space }”.
cli-sync = Exchange changes with every laptop that can be reached, again and again until Ctrl-C
cli-sync-once = Only once
cli-met = { $name }: { $received } received, { $sent } sent
cli-serve = Stay reachable for other laptops until Ctrl-C
cli-serving = Reachable. Ctrl-C ends it.
cli-demo = Put the demo scores into the library
cli-demo-tour = Instead, show what two laptops do with one score, in this folder or a temporary one
cli-demo-there = The demo scores are there already.

tour-folders = Two laptops: Mei’s in { $one }, Jon’s in { $two }
tour-imported = Mei puts “{ $title }” into her library
tour-ticket = She invites Jon with a ticket: { $ticket }
tour-joined = Jon joins and has “{ $title }”. Now they go apart, with no network
tour-edited = { $who }, alone: { $script }
tour-merged = They meet again, and their laptops exchange what changed: { $count } notes, the same on both
tour-written = Written: { $file }
tour-read-back = Read back: { $count } notes
tour-end = Everything is in { $folder }
