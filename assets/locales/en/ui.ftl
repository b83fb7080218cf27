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
status-range = { $count ->
    [one] { $count } selected
   *[other] { $count } selected
}
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
empty-words = Start with the demo scores and change a note, or bring a file from any notation program: MusicXML, MIDI or ABC.
empty-demo = Add the demo scores
empty-join = Join a band…
empty-drop = You can also drop files anywhere in this window.

import-kinds = Scores: MusicXML, MIDI, ABC
import-book = { $count ->
    [one] “{ $file }”: one score was imported.
   *[other] “{ $file }”: { $count } scores were imported.
}
import-failed = “{ $file }” was not imported.
import-noted = { $count ->
    [one] “{ $file }” was imported; one thing in it was not understood
   *[other] “{ $file }” was imported; { $count } things in it were not understood
}

## Many scores at once.

library-tick = Choose “{ $title }” for exporting
library-ticked = { $count ->
    [one] { $count } chosen
   *[other] { $count } chosen
}
library-untick = Choose none
library-export-ticked = Export chosen…
library-export-all = Export…
batch-title = { $count ->
    [one] Export { $count } score
   *[other] Export { $count } scores
}
batch-formats = Formats
batch-folder = Folder for the files
batch-folder-choose = Choose a folder…
batch-folder-none = No folder chosen yet
batch-start = Export
batch-progress = { $done } of { $total }
batch-stopping = Stopping after this file
batch-done = { $count ->
    [one] { $count } file written.
   *[other] { $count } files written.
}
batch-cancelled = The rest was left out, as you asked.
batch-failed = { $count ->
    [one] One could not be written:
   *[other] { $count } could not be written:
}
batch-of = { $name } ({ $format }):
batch-left-out = { $count ->
    [one] In one file something had to be left out
   *[other] In { $count } files something had to be left out
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

## What of the score is looked at.

view = View
view-part = Part to show
view-part-number = Part { $number }

## Style and paper.

style-title = Style and paper
style-preset = Style
style-changed = With changes of your own.
style-paper = Paper
style-paper-of = Paper of { $part }
style-width-height = Width and height (mm)
style-width = Width in millimetres
style-height = Height in millimetres
style-orientation = Orientation
style-portrait = Portrait
style-landscape = Landscape
style-as-score = As in the whole score
style-room = Room
style-shown = What is shown
style-type = Type
style-lines = Lines
size-a3 = A3
size-a4 = A4
size-a5 = A5
size-b4 = B4
size-letter = Letter
size-legal = Legal
size-tabloid = Tabloid
size-custom = Own size
side-top = Top
side-right = Right
side-bottom = Bottom
side-left = Left
unit-mm = mm
unit-percent = %
numbers-every = { $each ->
    [one] Every measure
   *[other] Every { $each } measures
}

## Commands and exports.

palette = All commands
palette-search = Find a command
palette-argument = Type: { $form }
palette-choose = Choose
palette-choose-or = Choose, or type: { $form }
palette-nothing = No command of this name

export-title = Export the score
export-format = Format
export-part = Part
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
format-abc = ABC
format-abc-use = For folk tunes in plain text
format-wav = Sound (WAV)
format-wav-use = For listening
format-png = Picture (PNG)
format-png-use = An image a page
format-svg = Drawing (SVG)
format-svg-use = Sharp at every size

## The band.

band-sync-now = Sync now
band-unnamed = A laptop without a name
band-last-seen = Last here { DATETIME($when, dateStyle: "medium", timeStyle: "short") }.
band-own = Your own space
band-own-words = These are your own scores. Add your other laptops, and print a key for the day when all are gone. To play with others, found a band or join one.
band-alone-words = Nobody else is here yet. Invite the players: they need BandPro on a laptop, and no account.
band-your-role = You: { $role }
band-rename = Rename “{ $name }”
band-rename-title = Rename the band
band-name-field = Name of the band
band-add-laptop = Add a laptop of mine
band-calls = { $count ->
    [one] { $count } thing to answer
   *[other] { $count } things to answer
}
found-title = New band
found-words = A band has scores of its own. Whoever you invite sees all of them; your own scores stay yours.
found-do = Found the band
pane-relays = Network and relays
status-show-band = Show the Band screen
status-pending = { $count ->
    [one] { $count } change waiting
   *[other] { $count } changes waiting
}
no-notifications = This computer shows no desktop notifications. Requests to join are shown here and in the status line.
members-title = Members
member-you = you
member-role = Role of { $name }
member-remove = Remove { $name }
member-devices = Laptops of { $name }
device-this = This laptop
device-key = Printed key
device-frozen = Two logs
device-near = In this network
device-direct = Over the internet
device-relayed = By way of a relay
device-away = Not connected
device-behind = { $count ->
    [one] { $count } change behind
   *[other] { $count } changes behind
}
device-frozen-way = It was restored from a backup after it had shared later changes. What it wrote since is kept apart. Renew it there, in its own Band screen: nothing is lost by that. If it is not in use any more, remove it here.
device-frozen-here = This laptop was restored from a backup after it had shared later changes, and what is written here does not reach the others. Renew it: what you shared comes back from the others, and what you wrote since is added to it.
device-renewed = Before it was renewed
device-renewed-way = This is what this laptop was before it was renewed. It goes when this laptop meets somebody who has what it shared.
renew-do = Renew this laptop
renew-title = Renew this laptop
renew-what = BandPro closes and starts again. The others see this laptop as a new one of yours, and nobody has to invite you. What you wrote since the backup follows as soon as this laptop meets one of them.
device-remove = Remove { $name }
requests-title = Waiting for your answer
requests-count = { $count ->
    [one] { $count } request to join
   *[other] { $count } requests to join
}
requests-words = Once you said yes they come in when they ask again; BandPro on their laptop does that by itself.
request-since = { $device }, asked { DATETIME($when, dateStyle: "medium", timeStyle: "short") }
request-admit = Let in
request-admit-name = Let { $name } in
request-refuse = Refuse
request-refuse-name = Refuse { $name }
request-admitted = { $name } may come in.
request-refused = { $name } stays outside.
invite-title = Invite
invite-to = Invite to “{ $space }”
invite-words = An invitation opens this space, with every score in it, to whoever has it. Send it only to the people you mean.
invite-for = For whom
offer-viewer = Reader
offer-viewer-use = Sees and plays every score
offer-editor = Player
offer-editor-use = Also writes
offer-owner = Owner
offer-owner-use = Also says who belongs to the band
offer-device = Another laptop of mine
offer-device-use = The same person, the same rights
invite-valid = Good for
valid-1 = An hour
valid-24 = A day
valid-168 = A week
valid-720 = A month
invite-uses = How many may use it
invite-confirm = Ask me before anybody comes in
invite-make = Make the invitation
invite-another = Make another one
invite-ticket = Invitation
invite-copy = Copy
invite-copied = Copied
ticket-send = Send this invitation to “{ $space }”, or let it be read off the screen. Keep BandPro open here until it was used.
ticket-device = On your other laptop, open BandPro, choose Band and Join, and paste this. Keep BandPro open here until then.
ticket-qr = QR code of the invitation
ticket-no-qr = The invitation is too long for a QR code.
ticket-copy-link = Copy as a link
ticket-until = Good until { DATETIME($when, dateStyle: "medium", timeStyle: "short") }.
ticket-trouble = If the laptops do not find each other
invites-title = Open invitations
invites-left = { $count ->
    [one] For { $count } more.
   *[other] For { $count } more.
}
invites-confirm = Each is asked about first.
invites-by = Made by { $name }.
invites-revoke = Withdraw
join-title = Join
join-words = Somebody sent you an invitation: a text from “bandpro-” to its end, or a link.
join-field = Paste the invitation that you were sent
join-do = Join
join-found = An invitation to “{ $space }”, good until { DATETIME($when, dateStyle: "medium", timeStyle: "short") }.
join-over = This invitation to “{ $space }” ran out. Ask for a new one.
join-here = You are in “{ $space }” already.
join-done = { $count ->
    [0] You are in “{ $space }”. Nothing is in it yet.
    [one] You are in “{ $space }”. One score came with it:
   *[other] You are in “{ $space }”. { $count } scores came with it:
}
asked-title = You asked to come in
asked-words = Somebody there has to say yes. Leave BandPro open, or ask again later.
asked-again = Ask again
you-title = You
you-words = How others see you, in every band.
you-name = Your name
you-colour = Your colour
you-colour-number = Colour { $number }
you-save = Save
near-title = Laptops nearby
near-find = Laptops in the same network find this one by themselves
near-next-start = This holds when BandPro is started next.
relays-title = Relays
relays-words = The band needs none. One helps where laptops cannot reach each other directly, or are never switched on at the same time. It can read nothing. Whoever runs it gives you a pass.
relays-none = No relay is used.
relay-forwards = Forwards between laptops.
relay-keeps = Keeps changes for those who are away.
relay-for = For { $spaces }.
relay-pass = Relay pass, from “bandpro-relay-” to its end
relay-add = Add
relay-remove = Remove
relay-remove-name = Remove the relay { $name }
key-title = Printed key
key-words = For the day when your laptops are gone: a key on paper makes a new laptop yours, in all your bands. There is no account and nobody else who could let you back in.
key-have = { $count ->
    [one] You have { $count } printed key.
   *[other] You have { $count } printed keys.
}
key-make = Make a printed key
key-once = It is shown only now. Print it or write it down, and keep it where no one else finds it: whoever has it can become you.
key-save = Save as a file to print…
key-file-kind = Text
key-file-name = BandPro printed key
key-saved = Saved to { $path }. Delete the file once it is printed.
key-done = I have it
recover-title = I have a printed key
recover-words = On a new laptop, type the key and paste an invitation from somebody in the band. With a restored backup the key alone is enough.
recover-key = Printed key
recover-ticket = Invitation of somebody in the band, where nothing of it is here
recover-do = Make this laptop mine
recovered = This laptop is yours now, in { $spaces }.
refused-title = Refused changes
refused-none = Nothing was refused.
refused-words = { $count ->
    [one] { $count } change was refused and is kept apart. It is not in any score.
   *[other] { $count } changes were refused and are kept apart. They are not in any score.
}
refused-of = { $count ->
    [one] One change of { $name }.
   *[other] { $count } changes of { $name }.
}
refused-in = In “{ $space }”.
refused-in-score = In “{ $title }”, { $space }.
keys-title = Key and leaving
rotate-words = A new key seals what is written from now on. Removing somebody makes one by itself.
rotate-do = New key
rotate-title = Make a new key
rotate-what = What is written from now on is sealed with it. All members get it. What was written before stays readable to those who could read it.
leave-words = What is on this laptop stays here. Others no longer get what you write, nor you what they write.
leave-do = Leave
leave-title = Leave “{ $space }”
leave-what = Your copies of its scores stay on this laptop as they are now. To come back you need a new invitation.
former-title = Former bands
former-left = You left on { DATETIME($when, dateStyle: "medium", timeStyle: "short") }.
former-removed = { $name } removed you on { DATETIME($when, dateStyle: "medium", timeStyle: "short") }.
former-laptop-removed = { $name } removed this laptop on { DATETIME($when, dateStyle: "medium", timeStyle: "short") }.
former-words = What you had of it stays here to read, to play and to copy. Nothing is exchanged any more. To come back you need a new invitation.
former-scores = { $count ->
    [0] No score of it is here.
    [one] One score of it is here:
   *[other] { $count } scores of it are here:
}
former-forget = Forget this band…
former-forget-title = Forget “{ $space }”
former-forget-what = It goes out of sight on this laptop. Only a new invitation brings it back.
former-keep = Keep its scores, as copies in “{ $space }”
former-forget-do = Forget
remove-member-title = Remove { $name } from “{ $space }”
remove-what = From now on everything is written with a new key that they do not get.
remove-keeps = What they have on their laptops stays there, and what they wrote stays in the scores.
remove-device-title = Remove { $name } from “{ $space }”
remove-device-what = It gets nothing more from now on. What is on it stays there.
unsettled-title = Two logs
unsettled-words = “{ $name }” of { $member } was removed and had two logs. The one that counts has not come here yet: it comes from whoever has it.
unsettled-decide = If nobody has it any more, an owner can decide that the one here counts.
unsettled-do = Let the one here count
unsettled-confirm = Let the log of “{ $name }” that is here count?
unsettled-what = Everybody takes what is known here of it from now on. The other one is given up.
remove-frozen-what = What it wrote after its backup was restored does not count. What it shared before stays in the scores.
remove-key-what = Nobody can come in with this printed key any more.
remove-do = Remove
share-open = Share
share-title = Share “{ $title }”
share-in = In “{ $space }”
share-nowhere = In “{ $space }”, which you do not belong to any more
share-own-words = Only your own laptops have it.
share-invite = Invite to “{ $space }”
share-put = Put it into another band
share-no-band = You are in no other band where you may write.
share-to-band-screen = Found or join a band
share-where = Where to
share-choose = Choose…
share-put-words = Everybody in that band sees it. A copy and the original go their own ways.
share-copy = Copy
share-move = Move
share-moved = It is in “{ $space }” now.
share-copied = A copy is in “{ $space }” now.

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
