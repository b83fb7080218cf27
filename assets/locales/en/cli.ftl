### BandPro on the command line.

cli = Sheet music that a band owns together. Everything without a window.
cli-exit-codes =
    Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but not every other laptop was reached.
    A score is named by its id or by a beginning that is its alone. Data is kept in the system’s folder for
    applications, in $BANDPRO_DATA or in --data DIR. With $BANDPRO_LISTEN, such as 192.168.1.20, other laptops
    are met at that one address instead of on every network. With $BANDPRO_KEY_STORE, the key of a new data folder
    goes into a file or, with “system”, into the system’s key store.
cli-option-data = Keep everything in this folder
cli-option-json = Print results and errors as JSON, a line each
cli-option-language = Speak this language
cli-option-verbose = Tell more on stderr; twice for even more
cli-option-help = Print help
cli-option-version = Print the version

cli-import = Read files into the library: a line a score, its id and title
    .more = MusicXML, ABC or MIDI; which it is, the file itself tells. Of an ABC tune book every tune becomes a score.
cli-import-files = MusicXML (.musicxml, .xml, .mxl), ABC (.abc) or MIDI files (.mid)
cli-rescue = Copy the scores of a data folder whose key is gone into the library, as they were last kept beside the sealed log
cli-rescue-folder = The data folder, such as a backup of a laptop that is gone
cli-list = List the library: id, title, composer, measures and parts of each score
cli-events = Print the notes of a score as JSON lines
cli-events-what = A file, or a score of the library
cli-engrave = Print as JSON which measures stand on which page
cli-engrave-what = A file, or a score of the library
cli-engrave-check = Also what an engraver would circle in red, by kind and place
cli-export = Write a score as MusicXML, MIDI, ABC, SVG, PDF, PNG or WAV
    .more = The ending of PATH says the format: musicxml, mxl, mid, abc, svg, pdf, png or wav. A picture (svg, png) of a score with several pages makes further files beside it: out-2.svg, out-3.svg and so on.
cli-export-what = A file, or a score of the library
cli-export-to = Where to write; the ending says the format
cli-export-part = Only this part, from 1
cli-export-page = Only this page, from 1
cli-export-dpi = Dots an inch of a PNG, 20 to 1200 (200 if not said)
cli-export-style = Another style than the score's own: classical, jazz or large-print
cli-export-paper = Other paper than the score's own: A4, letter, "A4 landscape", or millimetres such as 229x305
cli-export-one_track = Put all parts of a MIDI file into one track (type 0)
cli-export-named_fonts = Let an SVG name its fonts instead of containing their outlines
cli-export-view = page (if not said), or continuous: one endless system
cli-export-all = Write many scores in many formats into a folder
    .more = Without a file or score it is the whole library. Names follow from titles; nothing is written over: where a name is taken, a number is added. One failure does not stop the rest; the exit code tells of it.
cli-export-all-what = Files, or scores of the library
cli-export-all-to = The folder
cli-export-all-format = Endings, separated by commas, such as musicxml,mid,pdf
cli-export-all-done = { $written ->
    [one] One file written
   *[other] { $written } files written
}, { $failed } failed
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
cli-band = Bands: who belongs to them, who may write, who may read
    .more = A band is named by its id, the beginning of it, or its name. Results are a line each; --json gives all there is.
cli-band-list = List your spaces: id, name, your role, how many members
cli-band-create = Found a band
cli-band-create-name = What it is called
cli-band-invite = Print a ticket for one new member, and stay reachable
    .more = The ticket lets in whoever shows it first. It holds no key of the band.
cli-band-invite-band = The band
cli-band-invite-role = What the new member may do: viewer reads, editor reads and writes, owner also says who belongs to the band
cli-band-invite-device = For a further laptop of your own, not for somebody else
cli-band-invite-hours = For how many hours it is good; a week if left out
cli-band-invite-uses = For how many; one if left out
cli-band-invite-confirm = Ask here before anybody comes in
cli-band-invite-qr = Show the link as a QR code too
cli-band-invite-no_wait = Print the ticket and end
cli-band-join = Accept a ticket and fetch what is shared
cli-band-join-ticket = The ticket or its link
cli-band-requests = List who asks to come in: device, name, name of the device, band
cli-band-admit = Let somebody in who asks
cli-band-admit-request = The device or the name, as “band requests” lists them
cli-band-refuse = Say no to somebody who asks
cli-band-refuse-request = The device or the name, as “band requests” lists them
cli-band-members = List the members: id, name, role, how many devices
cli-band-members-band = The band
cli-band-devices = List the devices: id, member, name, what it is, how it is reached or how far behind it is
cli-band-devices-band = The band
cli-band-role = Give a member another role
cli-band-role-band = The band
cli-band-role-member = The member’s id or name
cli-band-role-role = viewer, editor or owner
cli-band-remove = Remove a member, or one device
    .more = What they wrote stays. What is written from now on is sealed with a new key, which they do not get; what they have they keep.
cli-band-remove-band = The band
cli-band-remove-member = The member’s id or name
cli-band-remove-device = Only this device
cli-band-revoke = Withdraw an invitation
cli-band-revoke-band = The band
cli-band-revoke-invite = The invitation’s id, as “band invitations” lists it
cli-band-rename = Give a band another name
cli-band-rename-band = The band
cli-band-rename-name = Its new name
cli-band-refused = List what was refused, and why
cli-band-recovery-key = Make a key to print, for the day when your laptops are gone
cli-band-recovery-key-to = Write it to this file, which only you may read, instead of printing it here
cli-band-recover = Make this laptop one of yours by the printed key
cli-band-recover-key = The printed key
cli-band-recover-ticket = A ticket of somebody in the band, where nothing of it is on this laptop
cli-band-person = Say how you are shown to others, or print it: name, colour, name of this laptop
cli-band-person-name = Your name
cli-band-person-colour = Your colour, as #rrggbb or by its number from 1 to 8
cli-band-person-laptop = What this laptop is called
cli-band-key = Say where the key of this laptop is kept, or keep it somewhere else
cli-band-key-keep = Keep it in a file of the data folder, or in the system’s key store
cli-band-invitations = List the invitations that are still good: id, what for, how many may still use it, for how long, by whom
cli-band-invitations-band = The band
cli-band-look = Say what an invitation leads to, without accepting it
cli-band-look-ticket = The ticket or its link
cli-band-asked = List the bands where you asked to come in and nobody has answered yet
cli-band-renew = Go on under another key on this laptop, where a backup was restored
cli-band-rotate-key = Seal what is written from now on with a new key
    .more = Removing a member or a laptop does that by itself.
cli-band-rotate-key-band = The band
cli-band-move = Move a score to another band: those in it see it from then on, and no one else
cli-band-move-score = The score’s id
cli-band-move-band = The band, or the name of your own space
cli-band-copy = Put a copy of a score into another band
cli-band-copy-score = The score’s id
cli-band-copy-band = The band, or the name of your own space
cli-band-leave = Leave a band; what is here of it stays
cli-band-leave-band = The band
cli-band-forget = Put a band out of sight that you left or were removed from; its scores are kept as copies of your own
cli-band-forget-band = The band
cli-band-forget-without_scores = Put its scores out of sight too
cli-former-left = you left { $days ->
    [0] today
    [one] a day ago
   *[other] { $days } days ago
}
cli-former-removed = { $name } removed you { $days ->
    [0] today
    [one] a day ago
   *[other] { $days } days ago
}
cli-former-laptop-removed = { $name } removed this laptop { $days ->
    [0] today
    [one] a day ago
   *[other] { $days } days ago
}
cli-recovery-key-note = Print it or write it down, and keep it where no one else finds it. Whoever has it can become you.
cli-device-this = this one
cli-device-recovery = printed key
cli-device-frozen = two logs: restored from a backup?
cli-device-renewed = what this laptop was before it was renewed
cli-renewed = This laptop goes on under another key. Start BandPro again where it is open; what was written since the backup follows when this laptop meets the others.
cli-device-unsettled = removed; the log of it that stands has not come here (an owner decides anew with “band remove”)
cli-device-other = laptop
cli-hours-left = { $hours ->
    [one] { $hours } hour left
   *[other] { $hours } hours left
}
cli-saved = Written to { $path }.
cli-invitation-here = You are in “{ $space }” already.
cli-invitation-good = An invitation to “{ $space }”.
cli-invitation-over = An invitation to “{ $space }” that ran out. Ask for a new one.
cli-admitted = { $name } may come into “{ $space }”.
cli-declined = { $name } may not come into “{ $space }”.
cli-sync = Exchange changes with every laptop that can be reached, again and again until Ctrl-C
cli-sync-once = Only once
cli-met = { $name }: { $received } received, { $sent } sent
cli-serve = Stay reachable for other laptops until Ctrl-C
cli-serving = Reachable. Ctrl-C ends it.
cli-serving-firewall = Not found by the others? { $help }
cli-band-relay = Relays that someone runs for the band
cli-band-relay-add = Use a relay from now on
cli-band-relay-add-pass = The pass that whoever runs it gave: bandpro-relay-…
cli-band-relay-list = List the relays
cli-band-relay-remove = Use a relay no more
cli-band-relay-remove-name = Its name in the list
cli-band-relay-added = { $name } is used from now on. Members who join by a new ticket use it too.
cli-band-relay-unknown = There is no relay { $name }.
cli-band-relay-forwards = forwards
cli-band-relay-keeps = keeps
cli-band-discovery = Whether laptops in the same network find this one by themselves; without a word: say whether they do
cli-band-discovery-state = on or off
cli-band-discovery-on = Laptops in the same network find this one.
cli-band-discovery-off = Laptops in the same network do not find this one by themselves.
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
