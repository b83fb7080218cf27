### The words of the window that the program itself does not say. What the host reports arrives in its own words.

window-title = BandPro
window-title-of = { $title } — BandPro
close = Close
cancel = Cancel

## The frame.

rooms = Rooms
room-library = Library
room-score = Score
room-band = Band
room-settings = Settings
drop-here = Drop scores here to import them

waiting-library = Looking through the library
waiting-import = Importing
waiting-open = Opening the score
waiting-edit = Working on the score
waiting-sound = Preparing the sound
waiting-export = Exporting
waiting-sync = Exchanging changes
waiting-share = Making the invitation
waiting-join = Fetching what is shared

status-voice = Voice { $voice }
status-place = Measure { $measure }, beat { $beat }
status-nothing-selected = Click a note, or press → to select the first
status-saved = Saved
status-saving = Saving
status-input = Note input: { $value }

fatal-title = The library cannot be opened
fatal-words = Nothing was changed. Close this window, and open it again once the cause is gone.

## The library.

library-search = Search titles and composers
library-import = Import…
library-open = Open “{ $title }”
library-rename = Rename “{ $title }”
library-share = Share “{ $title }”
library-delete = Delete “{ $title }”
library-size = { $parts ->
    [one] { $parts } part
   *[other] { $parts } parts
  } · { $measures ->
    [one] { $measures } measure
   *[other] { $measures } measures
  }
library-no-picture = No preview
library-nothing-found = Nothing here is called “{ $asked }”.

empty-title = Your music stand is empty
empty-words = Start with the demo scores and change a note, or bring a MusicXML file from any notation program.
empty-demo = Add the demo scores
empty-join = Join a band…
empty-drop = You can also drop files anywhere in this window.

import-kinds = MusicXML scores
import-failed = “{ $file }” was not imported.
import-noted = { $count ->
    [one] “{ $file }” was imported; one thing in it was not understood
   *[other] “{ $file }” was imported; { $count } things in it were not understood
}

rename-title = Rename the score
rename-field = Title
rename-save = Rename
delete-title = Delete “{ $title }”?
delete-words = It goes from this laptop and from every other that shares “{ $space }”.
delete-confirm = Delete

## The score.

score-of = Score: { $title }
page = Page { $page }
transport = Playing
transport-measure = measure { $measure }
play = Play
stop = Stop
playback-preparing = Preparing
undo = Undo
redo = Redo
zoom-in = Larger
zoom-out = Smaller
zoom-fit = Fit the width of the window
zoom-percent = { $percent }%
tree = The score by part and measure
tree-measure = Measure { $measure }

palette = All commands
palette-search = Find a command
palette-argument = Type: { $form }
palette-nothing = No command of this name

export-title = Export the score
export-format = Format
export-part = Part
export-all-parts = All parts
export-dpi = Dots an inch
export-save = Save as…
export-done = { $count ->
    [one] Written:
   *[other] { $count } files written:
}
export-left-out = The format could not hold:
format-pdf = PDF
format-pdf-use = For printing and reading
format-musicxml = MusicXML
format-musicxml-use = For other notation programs
format-mxl = Compressed MusicXML
format-mxl-use = The same, smaller
format-mid = MIDI
format-mid-use = For sequencers
format-wav = Sound (WAV)
format-wav-use = For listening
format-png = Picture (PNG)
format-png-use = An image a page
format-svg = Drawing (SVG)
format-svg-use = Sharp at every size

## The band.

band-devices = Laptops
band-sync-now = Sync now
band-unnamed = A laptop without a name
band-last-seen = Last here { DATETIME($when, dateStyle: "medium", timeStyle: "short") }
band-never-seen = Not met yet
invite-title = Invite
invite-words = An invitation opens one space, with every score in it, to whoever has it. Send it only to the people you mean.
invite-what = What to share
invite-own-space = My own scores
invite-space-of = { $space }: “{ $title }” and all that is with it
invite-make = Make an invitation
invite-ready = Send this invitation to “{ $space }”, and keep BandPro open until it was used:
invite-ticket = Invitation
invite-copy = Copy
invite-copied = Copied
join-title = Join
join-field = Paste the invitation that you were sent
join-do = Join
join-done = { $count ->
    [0] You are in “{ $space }”. Nothing is in it yet.
    [one] You are in “{ $space }”. One score came with it:
   *[other] You are in “{ $space }”. { $count } scores came with it:
}

## Settings.

settings-language = Language
settings-language-system = As the system
settings-theme = Colours
theme-system = As the system
theme-light = Light
theme-dark = Dark
theme-contrast = High contrast
settings-paper = Paper
paper-white = White
paper-cream = Cream
paper-dark = Dark
settings-device-name = Name of this laptop
settings-device-name-words = What others in the band see.

## What merging left to decide.

conflicts-count = { $count ->
    [one] One thing to decide after merging
   *[other] { $count } things to decide after merging
}
conflict-hand = { $name }, { $when }
conflict-show = Show
