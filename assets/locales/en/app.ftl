### BandPro: what the application itself says, on every surface.

## Commands: the label of menus and the palette, and a sentence of help.

category-select = Move and select
category-enter = Enter notes
category-pitch = Pitch
category-rhythm = Rhythm
category-marks = Marks
category-text = Text
category-measures = Measures
category-view = View
category-layout = Layout
category-edit = Edit
category-play = Play
category-window = Window

command-next = Next note or rest
    .help = Selects the next note or rest of the same voice.
command-previous = Previous note or rest
    .help = Selects the note or rest before, in the same voice.
command-next-measure = Next measure
    .help = Selects the first note of the next measure.
command-previous-measure = Previous measure
    .help = Selects the first note of the measure before.
command-first = Start of the part
    .help = Selects the first note of the part.
command-last = End of the part
    .help = Selects the last note of the part.
command-extend-next = Select on to the next note
    .help = Lets the range reach to the next note or rest of the same voice. Changing pitch and deleting then go for all that is in it.
command-extend-previous = Select on to the note before
    .help = Lets the range reach to the note or rest before, in the same voice.
command-extend-next-measure = Select on to the next measure
    .help = Lets the range reach to the first note of the next measure.
command-extend-previous-measure = Select on to the measure before
    .help = Lets the range reach to the first note of the measure before.
command-extend-first = Select on to the beginning
    .help = Lets the range reach to the first note of the score.
command-extend-last = Select on to the end
    .help = Lets the range reach to the last note of the score.
command-chord-up = Note or staff above
    .help = Selects the next higher note of the chord, or what sounds above it in the next voice, staff or part.
command-chord-down = Note or staff below
    .help = Selects the next lower note of the chord, or what sounds below it in the next voice, staff or part.
command-goto = Go to
    .help = Selects a note by its part, measure and number within the measure, each counted from 1.
command-input = Note input
    .help = Starts or ends note input: letters enter notes of the chosen value and move on.
command-leave-input = Leave note input
    .help = Ends note input.
command-note = Note
    .help = Enters a note near the one before; outside note input, gives the selected note this pitch.
command-add-note = Add to chord
    .help = Adds a note to the chord, near the selected one, or of the exact pitch.
command-add-interval = Add interval above
    .help = Adds a note this interval above the chord’s highest: 3 for a third.
command-rest = Rest
    .help = Enters a rest; outside note input, makes the selected chord a rest.
command-delete = Delete
    .help = Deletes the selected note; a rest remains where a chord has no note left.
command-pitch = Set pitch
    .help = Gives the selected note this pitch, such as F#4, or puts the note in place of a rest.
command-pitch-up = Up a semitone
    .help = Moves the selection up a semitone, spelled by the key.
command-pitch-down = Down a semitone
    .help = Moves the selection down a semitone, spelled by the key.
command-octave-up = Up an octave
    .help = Moves the selection up an octave.
command-octave-down = Down an octave
    .help = Moves the selection down an octave.
command-diatonic-up = Up a step
    .help = Moves the selection up a step of the key.
command-diatonic-down = Down a step
    .help = Moves the selection down a step of the key.
command-sharp = Sharp
    .help = Makes the selected note sharp, on its line or space.
command-flat = Flat
    .help = Makes the selected note flat, on its line or space.
command-natural = Natural
    .help = Makes the selected note natural, on its line or space.
command-respell = Respell
    .help = Writes the same sound with another name: G sharp as A flat.
command-value = Note value
    .help = Sets the value of the selection, or of what is entered next: quarter, half., 16th. Measures stay full.
command-dot = Dot
    .help = Adds a dot to the selection or takes it away; in note input, to what is entered next.
command-halve = Half the value
    .help = Makes the selection half as long; rests fill the rest.
command-double = Double the value
    .help = Makes the selection twice as long, over what follows it.
command-tie = Tie
    .help = Ties the selected notes to the next of the same pitch, or takes the tie away.
command-slur = Slur
    .help = Slurs the selection to the next note, or takes the slur away.
command-staccato = Staccato
    .help = Adds a staccato dot or takes it away.
command-tenuto = Tenuto
    .help = Adds a tenuto line or takes it away.
command-accent = Accent
    .help = Adds an accent or takes it away.
command-marcato = Marcato
    .help = Adds a marcato or takes it away.
command-fermata = Fermata
    .help = Adds a fermata or takes it away.
command-dynamic = Dynamic
    .help = Writes a dynamic, such as mf, at the selection. The same again, or nothing, takes it away.
command-chord-symbol = Chord symbol
    .help = Writes a chord symbol, such as F#m7 or Bbmaj7/D, at the selection. Nothing takes it away.
command-lyric = Lyric
    .help = Writes a syllable: “Hal-” begins a word, “-le-” goes on, “jah_” is held, “2:la” is for the second verse.
command-text = Staff text
    .help = Writes text above the staff at the selection. Nothing takes it away.
command-rehearsal-mark = Rehearsal mark
    .help = Puts a rehearsal mark at the selected measure. Nothing takes it away.
command-tempo = Tempo
    .help = Sets the tempo from the selection on, in quarter notes a minute. Nothing takes it away.
command-title = Title
    .help = Sets the title of the score.
command-composer = Composer
    .help = Sets the composer of the score.
command-insert-measure = Insert measure
    .help = Puts an empty measure before the selected one.
command-append-measure = Append measure
    .help = Puts an empty measure at the end.
command-delete-measure = Delete measure
    .help = Takes the selected measure out of all parts.
command-repeat-start = Start of repeat
    .help = Starts a repeat at the selected measure, or takes its start away.
command-repeat-end = End of repeat
    .help = Ends a repeat at the selected measure, or takes its end away.
command-key = Key
    .help = Sets the key from the selected measure on: Bb, f#m, or a number of sharps (flats are negative).
command-clef = Clef
    .help = Changes the clef from the selection on: treble, bass, alto, tenor, treble-8, bass-8, percussion.
command-view = Pages or one line
    .help = Shows the score on pages, or in one line that never breaks.
command-part = Part
    .help = Shows one part in its own layout: its number, all, next or previous.
command-style = Style
    .help = Gives the score a style: classical, jazz (as a copyist writes) or large-print (for the stage).
command-page-size = Page size
    .help = Sets the paper: A3, A4, A5, B4, letter, legal, tabloid, A4 landscape, or millimetres such as 229x305.
command-staff-size = Staff size
    .help = Sets the height of a staff in millimetres; 7 is usual.
command-note-spacing = Note spacing
    .help = Sets the room between notes in percent of what is usual.
command-measure-numbers = Measure numbers
    .help = Prints no measure numbers, those at the start of each system, or every so many.
command-hide-empty-staves = Hide empty staves
    .help = Leaves out, after the first system, staves on which nothing is played: on or off.
command-multi-rests = Multi-measure rests
    .help = Gathers measures of rest into one: on, off, or in parts alone.
command-margins = Margins
    .help = Sets the margins in millimetres: one for all sides, or those at the top, right, bottom and left.
command-staff-distance = Distance of staves
    .help = Sets the least room between the staves of a system, in percent of what is usual.
command-system-distance = Distance of systems
    .help = Sets the least room between systems, in percent of what is usual.
command-fill-pages = Fill pages
    .help = Spreads the systems over the height of their page: on or off.
command-fill-last-system = Fill the last system
    .help = Stretches the last system to the right margin: on or off.
command-page-turns = Turn pages at rests
    .help = Turns pages where the player has a rest: on, off, or in parts alone.
command-concert-pitch = Concert pitch
    .help = Shows transposing parts at the pitch they sound: on or off.
command-music-font = Music font
    .help = Draws notes and signs with bravura, as engraved, or petaluma, as written by hand.
command-text-font = Font of titles and words
    .help = Sets titles, names, words and tempi in academico or petaluma-script.
command-lyric-font = Font of lyrics
    .help = Sets lyrics in academico or petaluma-script.
command-chord-font = Font of chord symbols
    .help = Sets chord symbols in academico or petaluma-script.
command-chord-spelling = Chord qualities
    .help = Writes the quality of chords in words (maj7) or signs (△7).
command-text-size = Size of words
    .help = Sets the size of words, tempi and names, in percent of what is usual.
command-lyric-size = Size of lyrics
    .help = Sets the size of lyrics, in percent of what is usual.
command-chord-size = Size of chord symbols
    .help = Sets the size of chord symbols, in percent of what is usual.
command-title-size = Size of titles
    .help = Sets the size of the title and the names under it, in percent of what is usual.
command-staff-line-width = Width of staff lines
    .help = Sets how thick staff lines are, in percent of what the music font asks for.
command-stem-width = Width of stems
    .help = Sets how thick stems are, in percent of what the music font asks for.
command-line-width = Width of other lines
    .help = Sets how thick barlines, ledger lines, hairpins and brackets are, in percent of what is usual.
command-break = Break
    .help = Starts a new system, page or section with the selected measure, or takes the break away (none).
command-undo = Undo
    .help = Takes your last change back. What others changed stays.
command-redo = Redo
    .help = Makes the change again that was taken back.
command-play = Play
    .help = Plays from the beginning, or from the selection.
command-stop = Stop
    .help = Stops playing.
command-show-library = Library
    .help = Shows the library.
command-import = Import
    .help = Reads MusicXML, MIDI and ABC files into the library.
command-export = Export
    .help = Writes the score as PDF, picture, sound, MIDI or MusicXML.
command-export-many = Export many
    .help = Writes several scores of the library at once, in the formats you choose.
command-show-commands = All commands
    .help = Finds any command by its name.
command-show-style = Style and paper
    .help = Shows or hides the settings of style and paper.
command-zoom-in = Zoom in
    .help = Shows the score larger.
command-zoom-out = Zoom out
    .help = Shows the score smaller.
command-zoom-reset = Actual width
    .help = Fits the page to the window.

## What is selected, as it is spoken and shown in the status line.

value-maxima = maxima
value-long = longa
value-breve = breve
value-whole = whole
value-half = half
value-quarter = quarter
value-eighth = eighth
value-16th = sixteenth
value-32nd = thirty-second
value-64th = sixty-fourth
value-128th = hundred twenty-eighth
value-256th = two hundred fifty-sixth
value-512th = five hundred twelfth
value-1024th = thousand twenty-fourth
value-dotted = { $dots ->
    [1] dotted { $value }
    [2] double dotted { $value }
   *[other] triple dotted { $value }
}
spoken-alter-2 = double sharp
spoken-alter-1 = sharp
spoken-alter--1 = flat
spoken-alter--2 = double flat
spoken-alter-other = altered
spoken-pitch = { $step } { $octave }
spoken-pitch-altered = { $step } { $alter } { $octave }
spoken-unpitched = unpitched note
spoken-chord = chord of { $count } notes: { $notes }
spoken-rest = { $value } rest
spoken-measure-rest = measure rest
spoken-grace = grace note
spoken-in-tuplet = in a tuplet of { $count }
spoken-measure = measure { $measure }
spoken-beat = beat { $beat }
spoken-tied = tied
spoken-voice = voice { $voice }
spoken-lyric = “{ $text }”
spoken-range = { $count } notes and rests, from measure { $measure }, beat { $beat }, to measure { $lastMeasure }, beat { $lastBeat }
spoken-nothing = nothing selected
mark-staccato = staccato
mark-tenuto = tenuto
mark-accent = accent
mark-marcato = marcato
mark-fermata = fermata
mark-slur = slur
list-separator = {", "}

## What commands say.

said-undone = Undone.
said-decided = Decided. Undo takes it back.
said-redone = Redone.
said-deleted = Deleted.
said-input-on = Note input, { $value }.
said-input-off = Note input ended.
said-value = { $value }.
said-view-pages = on pages
said-view-continuous = in one line
said-view-all = The whole score, { $view }.
said-view-part = { $part }, { $view }.
said-measures = { $count ->
    [one] The score has { $count } measure now.
   *[other] The score has { $count } measures now.
}

## Library.

untitled = Untitled
own-space = My scores
this-device = { $name }’s laptop

## Playing.

playback-no-device = No sound device was found. Connect one and play again; the score can still be exported as sound.
playback-device-lost = The sound device went away. Connect it and play again.

## What the argument of a command may be.

choice-on = Yes
choice-off = No
choice-parts = In parts
choice-bravura = Bravura
choice-petaluma = Petaluma
choice-academico = Academico
choice-petaluma-script = Petaluma Script
choice-words = Words: maj7
choice-signs = Signs: △7
choice-classical = Classical
choice-jazz = Jazz
choice-large-print = Large print
choice-none = None
choice-systems = Each system
choice-pages = Pages
choice-continuous = One line
choice-all = All parts
choice-other = The other way
choice-system = System
choice-page = Page
choice-section = Section
choice-next = The next one
choice-previous = The one before

## The band.

link-near = Connected in this network.
link-direct = Connected over the internet.
link-relayed = Connected by way of the band’s relay.
link-not-tried = Not looked for yet.
link-no-address = Not in this network, and its address is not known. Open BandPro there, or share a new invitation.
link-no-answer = Does not answer: it is switched off or in another network, or a firewall is in between.
link-turned-away = Turned this laptop away: { $detail }
link-failed = Could not be talked with: { $detail }
link-lacking-here = { $count ->
    [one] { $count } change of theirs is on its way.
   *[other] { $count } changes of theirs are on their way.
}
link-lacking-there = { $count ->
    [one] { $count } change waits for it.
   *[other] { $count } changes wait for it.
}
firewall-help = If laptops in the same room do not find each other: Windows and macOS ask once whether BandPro may accept connections; say yes for private networks. On Linux, allow BandPro’s UDP port, and 5353/UDP for finding each other. Some guest networks keep laptops apart; a phone’s hotspot does not.
sync-alone = Nobody else is in your spaces yet.
sync-offline = { $count ->
    [one] Offline. { $count } other laptop will catch up when you meet.
   *[other] Offline. { $count } other laptops will catch up when you meet.
}
sync-held = A backup was restored here: nobody takes what is written here. Renew this laptop in the Band screen.
sync-syncing = Exchanging changes.
sync-in-step = { $count ->
    [one] In step with { $count } laptop.
   *[other] In step with { $count } laptops.
}
sync-waiting-for = { $pending ->
    [one] { $pending } change waiting for { $name }.
   *[other] { $pending } changes waiting for { $name }.
}
sync-waiting = { $count ->
   *[other] { $pending } changes waiting for { $count } laptops.
}

turned-away-not-a-member = this laptop does not belong to the band there.
turned-away-ticket = the invitation was used already, or withdrawn.
turned-away-expired = the invitation ran out.
turned-away-unknown-space = the band is not on that laptop.
turned-away-version = one of the two has an older BandPro.
turned-away-removed = this laptop was removed from the band.
turned-away-waiting = the request waits for somebody to say yes.
turned-away-declined = somebody said no to the request.
turned-away-not-theirs = the invitation has to be answered by whoever made it.
turned-away-too-many = too many requests wait there already.

## Notifications: a title and a sentence.

notify-asked = { $name } wants to join
notify-asked-body = Say yes or no in the Band screen of “{ $space }”.
notify-forked = { $name } was restored from a backup
notify-forked-body = Nothing more of it is taken in “{ $space }” until you decide in the Band screen.
notify-invited = You are invited
notify-invited-body = Look at the invitation to “{ $space }” in BandPro.

recovery-page =
    BandPro: the printed key of { $name }

    { $key }

    Keep it where no one else finds it: whoever has it can become { $name }.
    You need it when your laptops are gone. On a new laptop, open BandPro, go to Band, choose “I have a printed key”, type it, and add
    an invitation from somebody in the band.

role-viewer = Reader
role-editor = Player
role-owner = Owner
recovery-device = Printed key
refused-space = It belongs to another space.
refused-not-a-member = Its device does not belong to the band.
refused-signature = Its signature does not hold.
refused-gap = Changes of its device before it are missing.
refused-fork = Its device has written another change with the same number. Was a backup restored there?
refused-frozen = Its device has two logs. Nothing more of it is taken until the device is removed or renewed.
refused-membership = The members that it goes by are not known here yet.
refused-role = Its author may read here, but not write.
refused-removed = Its author was no longer allowed to write.
refused-epoch = It is sealed with a key that had been replaced.
refused-too-many = Too much of its device was refused already.
refused-sealed = It is sealed with a key that has not come here yet.
refused-body = It is damaged.
refused-too-large = It is larger than a change may be.
refused-change = It is no change of a score.
refused-actor = It was made in another device’s name.
refused-dependencies = A change that it builds on is missing.
refused-containers = It replaces a part of the score that all share.
refused-apply = It cannot be applied.

## Errors: what happened, and what to do next.

error-read = “{ $text }” could not be read: { $detail }
    .hint = Nothing was changed. Check the file and try again.
error-not-found = “{ $text }” is not there.
    .hint = Check the path and the spelling.
error-no-permission = “{ $text }” may not be opened or written by you.
    .hint = Choose another place, or change its permissions.
error-folder-not-file = “{ $text }” is a folder.
    .hint = Choose or name a file in it.
error-file-too-large = “{ $text }” is larger than any score.
    .hint = Choose a MusicXML (.musicxml, .xml, .mxl), ABC (.abc) or MIDI (.mid) file.
error-write = “{ $text }” could not be written: { $detail }
    .hint = Nothing was left behind. Choose another place.
error-no-space = There is no space left for “{ $text }”.
    .hint = Nothing was left behind. Free some space, or choose another disk.
error-unknown-format = “{ $text }” does not say a format.
    .hint = End its name in .musicxml, .mxl, .mid, .abc, .svg, .pdf, .png or .wav.
error-export = The score could not be written as { $text }: { $detail }
    .hint = The score itself is unchanged. Try another format.
error-no-such-part = There is no part { $number }; the score has { $count }.
    .hint = Parts are counted from 1, from the top.
error-no-such-page = There is no page { $number }; the score has { $count }.
    .hint = Pages are counted from 1.
error-bad-resolution = { $text } dots an inch cannot be drawn.
    .hint = Choose between 20 and 1200, or a smaller page.
error-no-such-place = Part { $text } has no note { $number } in measure { $count }.
    .hint = Parts, measures and notes are counted from 1.
error-unknown-command = There is no command “{ $text }”.
    .hint = “bandpro commands” lists them all.
error-bad-argument = The command “{ $text }” needs { $detail }.
    .hint = “bandpro commands” shows what each command takes.
error-window-only = “{ $text }” works only in the window.
error-nothing-selected = No note is selected.
    .hint = Select a note first.
error-out-of-range = The pitch would leave the range from C-1 to B11.
error-gone = What this was about is not in the score any more.
    .hint = Somebody may have deleted it. Select again.
error-edit = The change does not fit the score.
    .hint = Nothing was changed.
error-nothing-to-undo = There is nothing to undo.
error-nothing-to-redo = There is nothing to redo.
error-changed-by-others = Others have changed this since, so there is nothing left to take back.
error-no-such-conflict = There is nothing to decide called { $text }, or not any more.
    .hint = Look at the list again: someone may have decided it already.
error-script = Command { $number }, “{ $text }”: { $detail }
    .hint = The commands before it were done and stay.
error-not-open = This score is not open.
    .hint = Open it again.
error-no-data-folder = The system names no folder for application data.
    .hint = Name one with --data.
error-nothing-to-renew = There is nothing to renew: this laptop has one log.
    .hint = A laptop is renewed after a backup was restored there, once it has met somebody who knows later changes of it.
error-bad-setting = “{ $text }” cannot be “{ $detail }”.
error-internal = Something failed inside: { $detail }
    .hint = What was stored is safe. Try again; if it stays, report it with this text.

error-import-empty = “{ $text }” is empty.
    .hint = The download or copy may have failed. Fetch the file again.
error-import-too-large = “{ $text }” is too large: { $detail }.
    .hint = If the score is really that large, split it into movements.
error-import-zip-bomb = “{ $text }” expands to more than any score.
    .hint = Do not trust this file. Ask its sender for an uncompressed .musicxml.
error-import-archive = “{ $text }” is a damaged archive: { $detail }.
    .hint = Fetch it again, or export an uncompressed .musicxml.
error-import-no-score = “{ $text }” is an archive without a score in it.
    .hint = Choose a .mxl or .musicxml file.
error-import-encoding = “{ $text }” is in a text encoding that cannot be read.
    .hint = Export the file again as UTF-8.
error-import-not-xml = “{ $text }” is not a score that BandPro reads.
    .hint = Choose a MusicXML (.musicxml, .xml, .mxl), ABC (.abc) or MIDI (.mid) file. Export other formats as MusicXML first.
error-import-midi = “{ $text }” is a damaged MIDI file: { $detail }
    .hint = Fetch it again, or export it again from the program it came from.
error-import-no-tune = “{ $text }” holds no tune.
    .hint = A tune has a line with its number (X:1) and a line with its key (K:C) before its notes.
error-import-not-musicxml = “{ $text }” is XML, but not a MusicXML score: { $detail }.
    .hint = Export it as MusicXML from the program it came from.
error-import-truncated = “{ $text }” is cut off at { $place }.
    .hint = The download or copy was probably interrupted. Fetch the file again.
error-import-malformed = “{ $text }” is damaged: { $detail }.
    .hint = Export the file again, or correct it at that place with a text editor.
error-import-entities = “{ $text }” defines XML entities at { $place }, which is refused because they can expand without bound.
    .hint = Remove the definitions at the top of the file, or export it again.

key-in-file = The key of this laptop is in a file of the data folder, which only you may read.
key-in-system = The key of this laptop is in the system’s key store.

error-folder = The data folder “{ $text }” cannot be used: { $detail }
    .hint = Choose another with --data, or change its permissions.
rescue-unreadable = It cannot be read without the key.
rescue-behind = The last changes are missing: they can be read with the key only.
error-device-key = The key of this device is damaged.
    .hint = Restore the data folder from a backup.
error-device-key-gone = The file “device.key” of this data folder is missing, or is another laptop’s.
    .hint = Put it back from a backup. Without it, begin with a new data folder (--data): “bandpro rescue” copies the scores of this one, and you come back to your bands as another laptop of yours or by your printed key. Nothing here was changed.
error-device-key-not-here = The key of this data folder is not in the key store of this system: the folder was probably copied from another laptop.
    .hint = Where the key is, run “bandpro band key --keep file” and copy the folder again. Otherwise begin with a new data folder (--data): “bandpro rescue” copies the scores of this one, and you come back to your bands as another laptop of yours or by your printed key. Nothing here was changed.
error-key-store-absent = The system’s key store cannot be reached from here.
    .hint = Start BandPro within your desktop session. To use this folder without one, run “bandpro band key --keep file” there once.
error-key-store-locked = The system’s key store is locked.
    .hint = Unlock it (Passwords and Keys, KWallet, Keychain) and start BandPro again.
error-key-store-silent = The system’s key store does not answer.
    .hint = Try again in a moment, or log out and in again. Your key is where it was.
error-key-store = The system’s key store refused: { $detail }
    .hint = Your key is where it was. With BANDPRO_KEY_STORE=file, a new data folder keeps its key in a file.
error-newer-database = “{ $text }” was written by a newer version of BandPro. It was not touched.
    .hint = Update BandPro to open it.
error-damaged-database = The database is damaged: { $detail }
    .hint = Move the data folder away and sync from another laptop, or restore a backup.
error-disk-full = There is no space left on the disk: the last change was not stored.
    .hint = What was stored before is safe. Free some space and repeat it.
error-read-only = The data folder cannot be written: the last change was not stored.
    .hint = Check its permissions.
error-busy = Another BandPro keeps the database busy: the last change was not stored.
    .hint = Repeat it in a moment.
error-database = The database failed: { $detail }
    .hint = What was stored before is safe. Try again.
error-unknown-score = There is no score “{ $text }”.
    .hint = “bandpro list” shows the scores and their ids.
error-ambiguous-score = More than one score’s id begins with “{ $text }”.
    .hint = Give more of the id.
error-unknown-space = This device is not in that space.
    .hint = Ask for an invitation.
error-too-large = This change is larger than one change may be.
    .hint = Make it in smaller steps.
error-document = The score’s document failed: { $detail }
    .hint = What was stored before is safe. Open the score again.
error-refused = A change was refused: { $detail }
error-old-database = “{ $text }” is from before bands had members and keys.
    .hint = It was not touched. Export its scores with the BandPro that wrote it, move it away, and import them.
error-not-allowed = Your role in this band does not allow that.
    .hint = Ask an owner of the band.
error-renewed = This laptop was renewed.
    .hint = Close BandPro here and start it again.
error-no-member = You do not belong to the band of this score any more.
    .hint = It stays here to read. Copy it to your own scores to go on with it.
error-no-key = The key of this band has not reached this laptop yet.
    .hint = It comes when a laptop of an owner is met.
error-unknown-name = “{ $text }” names nobody and nothing here, or more than one.
    .hint = Give more of the id, or the whole name.
error-last-owner = A band needs an owner.
    .hint = Make somebody else an owner first.
error-membership = The band’s list of members could not be written: { $detail }
error-bad-recovery = This is not a whole printed key.
    .hint = Compare it with the printed one, letter by letter.
error-bad-ticket = This is not a whole ticket.
    .hint = Copy it again, from “bandpro-” to its end.
error-newer-ticket = This invitation was made by a newer version of BandPro.
    .hint = Update BandPro to use it.
error-expired-ticket = This invitation ran out.
    .hint = Ask for a new one.
error-no-address = The other laptop was never met and is not in this network.
    .hint = Open BandPro there in the same network, or ask for a new invitation.
error-bad-pass = This is not a whole relay pass.
    .hint = Copy it again, from “bandpro-relay-” to its end.
error-newer-pass = This relay pass was made by a newer version of BandPro.
    .hint = Update BandPro to use it.
error-mailbox-refused = The band’s mailbox turned this laptop away: { $detail }
    .hint = Ask an owner of the band to open BandPro once, or whoever runs the relay for a new pass.
error-asked = You asked to come in. Somebody there has to say yes.
    .hint = Leave BandPro open, or sync later: you come in once they said yes.
error-turned-away = The other laptop turned this one away: { $detail }
    .hint = Ask for a new invitation.
error-unreachable = The other laptop cannot be reached.
    .hint = Open BandPro there, and join the same network. Everything here is saved.
error-protocol = The other laptop sent what it should not: { $detail }
    .hint = Update BandPro on both. Nothing here was changed.
error-network = The network cannot be opened: { $detail }
    .hint = Everything here is saved. Work on, and sync later.
error-randomness = The system gives no randomness: { $detail }
error-shut-down = The work was cut off by shutting down. What was stored stays.

error-sound-no-device = No sound device was found.
    .hint = Connect one and play again. Export as .wav works without.
error-sound-lost = The sound device went away.
    .hint = Connect it and play again.
error-sound-failed = The sound could not be made: { $detail }
    .hint = Try again, or export as .mid.

## What stands in the way of a command.

error-too-many-accidentals = A key has at most seven sharps or flats.
error-tuplet-keeps-value = A note in a tuplet keeps its value.
    .hint = Delete the tuplet’s notes, or change notes outside it.
error-unpitched = A note without pitch cannot be moved by pitch.
error-measure-rest = A rest for the whole measure has no value of its own.
    .hint = Choose a value first.
error-last-measure = A score keeps at least one measure.
error-empty-syllable = A syllable needs at least one letter.
error-tempo-range = A tempo is between 5 and 999 beats a minute.
error-nothing-to-slur = No note follows that a slur could lead to.
error-nothing-to-tie = No note of the same pitch follows.
error-odd-length = No note values make up this length.
error-no-syllable = No syllable of this verse is here.
error-measure-too-odd = One note cannot fill this measure.
    .hint = Choose a value first.
error-not-a-chord-symbol = That is not a chord symbol.
    .hint = Write a root and a quality, as in F#m7 or Bbmaj7/D.
error-not-a-dynamic = That is not a dynamic.
    .hint = Write ppp to fff, mp, mf, sf, sfz, fp, rfz or fz.
error-note-there-already = The chord has this note already.
error-end-of-music = The music ends before this note does.
    .hint = Append a measure first.
error-no-such-value = There is no such note value.
error-nothing-to-take-away = There is nothing of that kind here to take away.
error-no-rehearsal-mark = This measure has no rehearsal mark.
error-no-room = This measure has no room for it.
error-cuts-tuplet = This would cut through a tuplet.
    .hint = Change the whole tuplet.

place-measure = measure { $measure }
place-line-column = line { $line }, column { $column }
report-not-supported = Not taken over: { $what }
report-invalid = Not valid, left out: { $what }
report-repaired = Repaired: { $what }
report-times = { $line } ({ $count } times)
report-at = { $line }, first at { $place }

# What merging left to decide.
field-notes-pitch = The pitch of a note
field-notes-head = The head of a note
field-notes-tie-next = The tie of a note
field-notes-accidental = The accidental of a note
field-events-time = The place or length of a note or rest
field-events-voice = The voice of a note or rest
field-events-staff = The staff of a note or rest
field-events-stem = The direction of a stem
field-events-beams = The beams of a note
field-header-title = The title
field-header-subtitle = The subtitle
field-header-composer = The composer
field-header-lyricist = The lyricist
field-header-arranger = The arranger
field-header-copyright = The copyright
field-parts-name = The name of a part
field-parts-abbreviation = The abbreviation of a part
field-parts-order = The order of the parts
field-parts-instruments = The instrument of a part
field-measures-time = A time signature
field-measures-length = The length of a measure
field-measures-right-bar = A barline
field-measures-left-bar = A barline
field-measures-repeat-start = The start of a repeat
field-measures-repeat-end = The end of a repeat
field-measures-ending-start = A volta bracket
field-measures-ending-stop = The end of a volta bracket
field-measures-jumps = A jump (D.C., D.S., coda)
field-measures-break-before = A line or page break
field-signs-kind = A clef, key or other sign
field-signs-at = The place of a clef, key or other sign
field-lyrics-text = A syllable
field-lyrics-verse = The verse of a syllable
field-lyrics-extend = The line after a syllable
field-marks-kind = A mark or text
field-marks-anchor = The place of a mark or text
field-marks-placement = The side of a mark or text
field-spans-start = The start of a line
field-spans-end = The end of a line
field-spans-kind = The kind of a line
field-other = Something about { $what }
record-header = the title and names
record-layout = the layout
record-parts = a part
record-groups = a group of parts
record-measures = a measure
record-signs = a clef, key or other sign
record-events = a note or rest
record-notes = a note
record-lyrics = a syllable
record-marks = a mark or text
record-spans = a line
record-slur = a slur
conflict-competing = { $what } was given { $count } different values ({ $names }).
conflict-overlap = { $count } notes or rests of one voice get in each other’s way ({ $names }).
conflict-overfull = There is more in this measure than its time signature has room for ({ $names }).
conflict-dangling = What { $what } starts or ends on was taken out, so it cannot be shown ({ $names }).
conflict-removed = { $remover } took out { $what } while someone worked on it ({ $names }).
conflict-numbers = Measures were put in or taken out by several people; the numbers no longer count on ({ $names }).
conflict-after-measure = after measure { $measure }
conflict-someone = someone
conflict-nothing = none
conflict-yes = yes
conflict-no = no
conflict-version = version { $number }
conflict-way-stay = Keep { $value } ({ $name })
conflict-way-choose = Take { $value } ({ $name })
conflict-way-voice = Put what came later into voice { $voice }
conflict-way-restore = Bring it back, with what was done to it
conflict-way-leave-out = Leave it out
conflict-way-drop-rests = Take out the rests
conflict-way-lengthen = Make the measure longer
conflict-way-remove-line = Take the line out
conflict-way-renumber = Count the measures anew from here
conflict-way-keep = Leave it as it is
