// Written by `UPDATE=1 cargo test -p bandpro-desktop --test contract` from crates/app/src/view.rs, the
// files in crates/app/src/view and src-tauri/src/commands.rs. Changes belong there.
/** A score in the library. */
export interface ScoreCard {
  /** What commands and files name it by. */
  id: string;
  /** Its title; empty where it has none. */
  title: string;
  /** Who wrote it. */
  composer: string;
  /** The names of its parts, in score order. */
  parts: string[];
  /** How many measures it has. */
  measures: number;
  /** The space it lives in. */
  space: string;
  /** What that space is called. */
  spaceName: string;
  /** When it was last changed on this device, in milliseconds since 1970. */
  modified: number;
}
/** A part of a score. */
export interface PartView {
  /** Its number in score order, from 1: what `goto` and exports count by. */
  number: number;
  /** Its name. */
  name: string;
}
/** A rectangle on a page, in staff spaces. */
export interface RectView {
  /** From the page's left edge. */
  x: number;
  /** From the page's top edge. */
  y: number;
  /** Its width. */
  width: number;
  /** Its height. */
  height: number;
}
/** What of a score is looked at, and how. */
export interface LookingView {
  /** In one endless system instead of on pages. */
  continuous: boolean;
  /** Only this part, from 1, in its own layout; all that are visible where absent. */
  part: number | null;
}
/** One system of a page; in the view of one endless system a length of it. */
export interface SystemView {
  /**
   * Names the picture: two systems of a score have the same key only where they look the same, and a system that changed
   * has a new one.
   */
  key: string;
  /** Where its picture starts, from the page's left edge. */
  x: number;
  /** Where its picture starts, from the page's top edge. */
  y: number;
  /** The width of its picture. */
  width: number;
  /** The height of its picture. */
  height: number;
  /** The first and the last measure in it, from 1. */
  measures: [number, number];
  /**
   * An SVG `<g>` element, in spaces, drawn in `currentColor`, whose origin is `x` and `y`. Absent in an
   * update where the receiver already holds a system of this key.
   */
  svg?: string;
}
/** One page. */
export interface PageView {
  /** Its number, from 1. */
  number: number;
  /** The width of the paper in millimetres. */
  widthMm: number;
  /** The height of the paper in millimetres. */
  heightMm: number;
  /** The width in staff spaces: the width of the SVG's `viewBox`. */
  width: number;
  /** The height in staff spaces. */
  height: number;
  /** An SVG `<g>` element with what belongs to no system: title, names, page number. */
  frameSvg: string;
  /** Its systems from top to bottom. */
  systems: SystemView[];
}
/** What is selected, where it is, and how it is spoken. */
export interface SelectionView {
  /** `note`, `chord` or `rest`. */
  kind: string;
  /** The page it is on, from 1; absent where it is not engraved (a hidden part). */
  page: number | null;
  /** What it covers on that page. */
  rect: RectView;
  /** The selected noteheads, a rectangle each; the rest's sign for a rest. */
  heads: RectView[];
  /** Where a range is selected: what is in it, in its order, the selection among it; empty where one thing is selected. */
  range: SpotView[];
  /** For a screen reader and the status line, in the language: note, value, measure, beat, then articulations. */
  announcement: string;
  /** The number of its part, from 1. */
  part: number;
  /** The part's name. */
  partName: string;
  /** The place of its measure in the score, from 1. */
  measure: number;
  /** The number that is printed for that measure. */
  measureLabel: string;
  /** The beat it starts on, counted as the time signature counts, such as `2` or `2½`. */
  beat: string;
  /** The staff within the part, from 1. */
  staff: number;
  /** The voice, from 1. */
  voice: number;
  /** The written pitch, such as `F#4`; absent for a rest and for an unpitched note. */
  pitch: string | null;
  /** The note value, such as `quarter`, and its dots. */
  value: [string, number] | null;
  /** The ids of the marks on it that toggle commands switch, such as `staccato`: which buttons are down. */
  active: string[];
}
/** Something that is selected, on its page. */
export interface SpotView {
  /** The page, from 1. */
  page: number;
  /** What it covers there. */
  rect: RectView;
  /** Its noteheads, or the rest's sign. */
  heads: RectView[];
}
/** The state of note input. */
export interface InputView {
  /** Whether letters enter notes at the cursor and move on. */
  active: boolean;
  /** The value that is entered, such as `quarter`. */
  value: string;
  /** Its dots. */
  dots: number;
}
/** An open score. */
export interface ScoreView {
  /** Which score. */
  id: string;
  /** Its title. */
  title: string;
  /** Counts the pictures of this score that were handed out; an update says which one it follows. */
  revision: number;
  /** All pages, every system with its picture. */
  pages: PageView[];
  /** What is selected. */
  selection: SelectionView | null;
  /** The state of note input. */
  input: InputView;
  /** Whether there is something to undo. */
  canUndo: boolean;
  /** Whether there is something to redo. */
  canRedo: boolean;
  /** What of it is looked at. */
  looking: LookingView;
  /** Its parts. */
  parts: PartView[];
  /** How many measures it has. */
  measures: number;
}
/** What a command (or another device) did to an open score. */
export interface CommandOutcome {
  /** Which score. */
  id: string;
  /** The revision that the changes lead from. A receiver that holds another one calls `open` again. */
  base: number;
  /** The revision they lead to; the same as `base` where no picture changed. */
  revision: number;
  /** How many pages there are now; later ones are gone. */
  pageCount: number;
  /** The pages that changed. A system without a picture is one that the receiver holds under the same key. */
  pages: PageView[];
  /** The title now. */
  title: string;
  /** What of the score is looked at now. */
  looking: LookingView;
  /** What is selected now. */
  selection: SelectionView | null;
  /** The state of note input. */
  input: InputView;
  /** Whether there is something to undo. */
  canUndo: boolean;
  /** Whether there is something to redo. */
  canRedo: boolean;
  /** What to tell the person, in the language; what a screen reader says after the command. */
  message: string | null;
}
/** The style of a score, or of the part of it that is looked at. */
export interface StyleView {
  /** The preset that it is, where nothing in it was changed since. */
  preset: string | null;
  /** The presets there are: what the command `style` takes. */
  presets: string[];
  /** For each command that sets something of it, the argument that sets it as it is. */
  values: Record<string, string>;
  /** What of it the part that is looked at has for itself: the argument `score` gives it up. */
  own: string[];
}
/** Where playing is. */
export interface PlaybackView {
  /** `stopped`, `preparing`, `playing` or `unavailable`. */
  state: PlaybackState;
  /** The score that plays. */
  score: string | null;
  /** How far, in seconds. */
  seconds: number;
  /** How long the whole is, in seconds; 0 where unknown. */
  duration: number;
  /** Where to draw the play cursor. */
  cursor: CursorView | null;
  /** Why there is no sound, in the language, where there is none. */
  message: string | null;
}
/** Whether it sounds. */
export type PlaybackState =
  /** Nothing plays. */
  | 'stopped'
  /** The sounds are being loaded. */
  | 'preparing'
  /** Playing. */
  | 'playing'
  /** There is no sound device, or it went away. */
  | 'unavailable';
/** A vertical line on a page. */
export interface CursorView {
  /** The page, from 1. */
  page: number;
  /** From the left edge. */
  x: number;
  /** Its upper end. */
  top: number;
  /** Its lower end. */
  bottom: number;
  /** The measure it is in, from 1. */
  measure: number;
}
/** Who had a hand in something, and when. */
export interface HandView {
  /** What their device is called. */
  name: string;
  /** When they last did, by that device's clock, in milliseconds since 1970; 0 where that is not known. */
  when: number;
}
/** A way to decide a conflict. */
export interface WayView {
  /** What it does, in the language. */
  text: string;
}
/** Something that merging left to decide. Nothing of it is lost, whatever is decided and as long as nothing is. */
export interface ConflictView {
  /** What `resolve` names it by; the same on every device. */
  id: string;
  /** `competing`, `overlap`, `overfull`, `dangling`, `removed` or `numbers`. */
  kind: string;
  /** What happened, in the language. */
  text: string;
  /** Where, in the language; empty where it is about the whole score. */
  place: string;
  /** The part, from 1, where it is about one. */
  part: number | null;
  /** The measure, from 1, where it is about one; for a measure that was taken out, the one before it. */
  measure: number | null;
  /** Who took part. */
  hands: HandView[];
  /** What can be done, each in one step that can be undone; never empty. */
  ways: WayView[];
}
/** An invitation to a space. */
export interface TicketView {
  /** What the other person pastes. */
  ticket: string;
  /** The same as a link that opens BandPro: what a QR code shows. */
  link: string;
  /** Until when it is good, in milliseconds since 1970. */
  expires: number;
  /** The space it leads to. */
  space: string;
  /** What that space is called. */
  spaceName: string;
  /** The link as a QR code; nothing where it is too long for one. */
  qr: QrView | null;
}
/** What joining brought. */
export interface JoinOutcome {
  /** The space. */
  space: string;
  /** What it is called. */
  spaceName: string;
  /** The scores in it. */
  scores: ScoreCard[];
}
/** How this device stands with the others. */
export interface SyncView {
  /** `alone` (nothing shared), `offline`, `syncing`, `inStep` or `waiting`. */
  state: SyncState;
  /** The other devices that are known. */
  devices: DeviceView[];
  /** How many of them are connected now. */
  connected: number;
  /** How many changes here have not reached every laptop that shares them. */
  pending: number;
  /** One short sentence, in the language, such as “In step with 2 laptops”. */
  message: string;
}
/** How this device stands with the others. */
export type SyncState =
  /** No other device is known. */
  | 'alone'
  /** Others are known, the network is not open. */
  | 'offline'
  /** Talking to another. */
  | 'syncing'
  /** Everything that others have is here and the other way round. */
  | 'inStep'
  /** There are changes that another device has not received. */
  | 'waiting'
  /** A backup was restored here: what is written here is taken by nobody until this device is renewed. */
  | 'held';
/** Another device. */
export interface DeviceView {
  /** Its key, shortened for reading. */
  id: string;
  /** Its name, where it is known. */
  name: string;
  /** Whether it is connected now. */
  connected: boolean;
  /** By which way it is connected, or that it is not. */
  link: Link;
  /** How it is reached, or why not, and how far behind one is of the other: a sentence or two, in the language. */
  detail: string;
  /** How many changes it is known to have that are not here yet. */
  lackingHere: number;
  /** How many changes are here that it is not known to have. */
  lackingThere: number;
  /** Whether it is a mailbox, and not a laptop. */
  mailbox: boolean;
  /** When it was last in step, in milliseconds since 1970. */
  lastSeen: number | null;
}
/** The way to another device. */
export type Link =
  /** In the same network. */
  | 'near'
  /** Directly, over the internet. */
  | 'direct'
  /** By way of a relay of the band. */
  | 'relayed'
  /** Not connected. */
  | 'away';
/** A relay that someone runs for a band. */
export interface RelayView {
  /** What it is called. */
  name: string;
  /** The spaces that use it. */
  spaces: string[];
  /** Whether it forwards between laptops that cannot reach one another. */
  forwards: boolean;
  /** Whether it keeps changes for those who are not there. */
  keeps: boolean;
}
/** What happened without a call from this surface. */
export type AppEvent =
  /** A score came, went or was renamed: ask for the library again. */
  | { type: 'libraryChanged' }
  /** An open score was changed from outside (another device, another process): call `refresh`. */
  | {
      type: 'scoreChanged';
      /** Which one. */
      id: string;
    }
  /** The state of sync changed. */
  | {
      type: 'sync';
      /** The state now. */
      status: SyncView;
    }
  /** Playing started, moved on (some 30 times a second) or stopped. */
  | {
      type: 'playback';
      /** The state now. */
      playback: PlaybackView;
    }
  /** Somebody asks to come into a space: a person says yes or no to it. */
  | {
      type: 'asked';
      /** Who, and where. */
      request: RequestView;
    }
  /** A device has two logs, as after a restored backup: nothing more of it is taken. */
  | {
      type: 'forked';
      /** The space. */
      space: string;
      /** What that is called. */
      spaceName: string;
      /** What the device is called. */
      deviceName: string;
    }
  /** This person was invited: a link was opened. */
  | {
      type: 'invited';
      /** The link, as [`crate::App::join`] takes it. */
      ticket: string;
    }
  /** An export of many scores went on. */
  | {
      type: 'exporting';
      /** How many files are done. */
      done: number;
      /** How many there will be. */
      total: number;
      /** The score that was done last. */
      name: string;
    }
  /** Settings changed. */
  | {
      type: 'settingsChanged';
      /** The settings now. */
      settings: Settings;
    };
/** A command of the one command table, in the language. */
export interface CommandView {
  /** Its id, as scripts write it. */
  id: string;
  /** What menus and the palette show. */
  label: string;
  /** One sentence of help. */
  help: string;
  /** The group it is listed in: a key of the texts. */
  category: string;
  /** The group's name. */
  categoryLabel: string;
  /**
   * Default keys, such as `Mod+Shift+Z`, `Shift+S`, `ArrowUp`, `Space`, `Alt+Shift+ArrowDown`: `Mod` is Ctrl, Command on
   * macOS; the last word is a `KeyboardEvent.key`, letters in upper case. A second word after a blank is the argument that
   * this key gives: none here, see `keyed_arguments`.
   */
  keys: string[];
  /** Keys that run the command with an argument, as `(key, argument)`: `("5", "quarter")`. */
  keyedArguments: [string, string][];
  /** The form of its argument, such as `PITCH` or `PART MEASURE N`; absent where it takes none. */
  argument: string | null;
  /**
   * The words that the argument may be, where it is one of a few, each as the language has it: `("on", "Yes")`. Beside them it may
   * be what is in capitals in its form.
   */
  choices: [string, string][];
  /** Whether the argument may be left out. */
  argumentOptional: boolean;
  /** Who runs it: `score` through `command`, `window` by the window itself. */
  runs: string;
}
/** What a person chose, kept in the data folder. */
export interface Settings {
  /** `en`, `zh-TW`, or empty for the system's. */
  language: string;
  /** `system`, `light`, `dark` or `contrast`. */
  theme: string;
  /** The colour of the paper: `white`, `cream` or `dark`. */
  paper: string;
  /** Whatever else a surface wants to keep. */
  other: Record<string, string>;
}
/** The texts of one language. */
export interface TextsView {
  /** The language, `en` or `zh-TW`. */
  language: string;
  /** The languages there are, with what each calls itself. */
  languages: [string, string][];
  /** The Fluent source: give it to a `FluentBundle` of that language. */
  ftl: string;
}
/** An error as a surface shows it. */
export interface ErrorView {
  /** A small code that a surface may act on, such as `unknown-score`. */
  code: string;
  /** What happened, in the language. */
  message: string;
  /** What to do next, in the language. */
  hint: string | null;
  /** Where: a file, a line and column, a command's number. */
  place: string | null;
  /** Nothing failed: what was asked for does not apply here, and the message is advice. */
  advice: boolean;
}
/** What an import made. */
export interface ImportOutcome {
  /** The new score. */
  id: string;
  /** Its title. */
  title: string;
  /** What was read but not understood, a sentence each, with its place. */
  report: string[];
}
/** How to export. */
export interface ExportOptions {
  /** Only this part, from 1. */
  part: number | null;
  /** Only this page, from 1 (pictures). */
  page: number | null;
  /** Dots an inch (PNG); 200 where absent. */
  dpi: number | null;
  /** A style instead of the score's own (pictures and PDF), as the command `style` names it. */
  style: string | null;
  /** Paper instead of the score's own (pictures and PDF), as the command `page-size` names it. */
  paper: string | null;
  /** Whether an SVG names its fonts instead of containing their outlines. */
  namedFonts: boolean;
  /** Whether all is drawn in one endless system (pictures and PDF). */
  continuous: boolean;
  /** Whether a MIDI file has one track for all parts (type 0) instead of one each (type 1). */
  oneTrack?: boolean;
}
/** What an export wrote. */
export interface ExportOutcome {
  /** The files, in order. */
  files: string[];
  /** What the format could not hold, a sentence each. */
  report: string[];
}
/** What came of exporting many scores. */
export interface BatchView {
  /** The files that were written. */
  files: string[];
  /** What could not be written. */
  failed: BatchFailure[];
  /** What formats could not hold. */
  remarks: BatchRemark[];
  /** Whether it was ended before all was done. */
  cancelled: boolean;
}
/** A score that could not be written in a format. */
export interface BatchFailure {
  /** The score. */
  name: string;
  /** The format's ending; empty where the score itself could not be read. */
  ending: string;
  /** Why. */
  error: ErrorView;
}
/** What a format could not hold of a score. */
export interface BatchRemark {
  /** The score. */
  name: string;
  /** The format's ending. */
  ending: string;
  /** A sentence each. */
  report: string[];
}
/** How this person is shown to others. */
export interface PersonView {
  /** Their name. */
  name: string;
  /** Their colour, as `#rrggbb`. */
  colour: string;
  /** Colours to choose from, which stay apart with every kind of colour vision. */
  colours: string[];
  /** What this laptop is called. */
  deviceName: string;
  /** Where the key of this laptop is kept: `file` or `system`. */
  keyPlace: string;
}
/** A QR code, as a drawing of unit squares. */
export interface QrView {
  /** How many squares it is wide and high, the quiet zone around it included: what an SVG's `viewBox` says. */
  size: number;
  /** The dark squares, as the `d` of an SVG path. They have to be drawn dark on light. */
  path: string;
}
/** A space that this person belongs to. */
export interface BandView {
  /** What commands name it by. */
  id: string;
  /** What it is called. */
  name: string;
  /** Whether it is this person's own. */
  own: boolean;
  /** What this person may do: `viewer`, `editor` or `owner`. */
  role: string;
  /** That role, in the language. */
  roleLabel: string;
  /** The members, this person first. */
  members: MemberView[];
  /** The invitations that are still good. */
  invites: InviteView[];
  /** Those who wait for an answer here. */
  requests: RequestView[];
  /** Relays that members meet through. */
  relays: string[];
  /** Mailboxes that keep changes for members who are never online together. */
  mailboxes: string[];
  /** Devices that were removed, and of which another log stands than the one here. */
  unsettled: UnsettledView[];
}
/** A device that was removed and had two logs, since a backup was restored there. The one that stands has not come here. */
export interface UnsettledView {
  /** What commands name it by. */
  id: string;
  /** What it is called. */
  name: string;
  /** Whose it was. */
  member: string;
}
/** A band that this person, or this laptop, does not belong to any more. What was here of it is here still, to read. */
export interface FormerBandView {
  /** What commands name it by. */
  id: string;
  /** What it was called. */
  name: string;
  /** Since when, in milliseconds since 1970. */
  since: number;
  /** Who removed this person or this laptop; absent where this person left. */
  by: string | null;
  /** Whether this laptop was removed, and not the person. */
  deviceOnly: boolean;
  /** How many scores of it are here. */
  scores: number;
}
/** A member. */
export interface MemberView {
  /** What commands name them by, besides their name. */
  id: string;
  /** Their name. */
  name: string;
  /** Their colour, as `#rrggbb`. */
  colour: string;
  /** `viewer`, `editor` or `owner`. */
  role: string;
  /** That role, in the language. */
  roleLabel: string;
  /** Whether it is this person. */
  you: boolean;
  /** Their devices. */
  devices: MemberDeviceView[];
}
/** A device of a member. */
export interface MemberDeviceView {
  /** What commands name it by. */
  id: string;
  /** What it is called. */
  name: string;
  /** Whether it is this one. */
  this: boolean;
  /** Whether it is no device but a printed key. */
  recovery: boolean;
  /** By which way it is connected now, or that it is not. */
  link: Link;
  /**
   * How it is reached, or why not, and how far behind one is of the other: a sentence or two, in the language; empty for this
   * one and for a printed key.
   */
  detail: string;
  /** How many changes it is known to have that are not here yet. */
  lackingHere: number;
  /** How many changes are here that it is not known to have. */
  lackingThere: number;
  /** When it was last in step, in milliseconds since 1970. */
  lastSeen: number | null;
  /** Whether it has two logs (a backup was restored there), so that nothing more of it is taken. */
  frozen: boolean;
  /** Whether it is what this device was before it was renewed. */
  renewed: boolean;
}
/** An invitation. */
export interface InviteView {
  /** What commands name it by. */
  id: string;
  /** What it is for: `viewer`, `editor`, `owner`, or `device`. */
  offer: string;
  /** Until when it is good, in milliseconds since 1970. */
  expires: number;
  /** How many may still use it. */
  left: number;
  /** Whether somebody has to say yes to each who asks. */
  confirm: boolean;
  /** Who invited. */
  by: string;
}
/** What an invitation leads to. */
export interface InvitationView {
  /** What the space is called, as whoever invites says. */
  spaceName: string;
  /** Until when it is good, in milliseconds since 1970. */
  expires: number;
  /** Whether this person is in that space already. */
  here: boolean;
}
/** How to invite. */
export interface InviteOptions {
  /** What for: `viewer`, `editor`, `owner`, or `device` for a further device of this person; `editor` where empty. */
  offer: string;
  /** For how many hours; a week where absent. */
  hours: number | null;
  /** For how many; one where absent. */
  uses: number | null;
  /** Whether somebody has to say yes to each who asks. */
  confirm: boolean;
}
/** Somebody who asks to come in. */
export interface RequestView {
  /** What commands name it by, besides the name and the device alone. */
  id: string;
  /** The space. */
  space: string;
  /** What that is called. */
  spaceName: string;
  /** The name that they give. */
  name: string;
  /** Their colour, as `#rrggbb`. */
  colour: string;
  /** The device that asks. */
  device: string;
  /** What it is called. */
  deviceName: string;
  /** When they asked, in milliseconds since 1970. */
  since: number;
}
/** A change that was refused, or is kept without being applied. */
export interface RefusedView {
  /** The space that it came for. */
  space: string;
  /** What that is called. */
  spaceName: string;
  /** The member who wrote it, or is said to have; the device's id where it is nobody's. */
  who: string;
  /** The device that wrote it, or is said to have. */
  device: string;
  /** Its number in the log of that device. */
  number: number;
  /** The score that it is about, where that is known. */
  score: string | null;
  /** The title of that score, where it is in the library. */
  scoreTitle: string | null;
  /** Why, as a small code. */
  reason: string;
  /** Why, in the language. */
  message: string;
}
/** The printed key of this person: whoever has it can become another device of them. */
export interface RecoveryView {
  /** The words to print or write down, in groups. */
  key: string;
}

/** The commands of the host. */
export interface Host {
  /** The files named on the command line. */
  filesToOpen(): Promise<string[]>;
  /** The scores, most recently changed first. */
  library(): Promise<ScoreCard[]>;
  /** Reads every score of a file into the library. */
  importFile(path: string): Promise<ImportOutcome[]>;
  /** A whole SVG document that shows the first page. */
  thumbnail(id: string): Promise<string>;
  /** Takes a score out of the library, on all devices of its space. */
  deleteScore(id: string): Promise<void>;
  /** Gives a score another title. */
  renameScore(id: string, title: string): Promise<void>;
  /** Puts the demo scores into the library. */
  addDemos(): Promise<ImportOutcome[]>;
  /** Opens a score, or shows an open one anew. */
  openScore(id: string): Promise<ScoreView>;
  /** Lets go of an open score. */
  closeScore(id: string): Promise<void>;
  /** Selects what is at (or nearest to) a point of a page. */
  point(id: string, page: number, x: number, y: number): Promise<SelectionView | null>;
  /** Runs a command of the table: its id, and after a blank its argument. */
  command(id: string, line: string): Promise<CommandOutcome>;
  /** What changed in an open score since the last outcome. */
  refresh(id: string): Promise<CommandOutcome>;
  /** What merging left to decide in a score. */
  conflicts(id: string): Promise<ConflictView[]>;
  /** Decides a conflict in one of its ways, from 1. */
  resolve(id: string, conflict: string, way: number): Promise<CommandOutcome>;
  /** The style of an open score, or of the part of it that is looked at. */
  style(id: string): Promise<StyleView>;
  /** The command table in the language. */
  commands(): Promise<CommandView[]>;
  /** Plays a score from the selection or from the beginning. */
  play(id: string, fromSelection: boolean): Promise<PlaybackView>;
  /** Stops. */
  stop(): Promise<PlaybackView>;
  /** Where playing is now. */
  playback(): Promise<PlaybackView>;
  /** Writes a score to a file; its ending says the format. */
  export(id: string, to: string, options: ExportOptions): Promise<ExportOutcome>;
  /** Writes scores of the library into a folder, each in each format, and tells how far it is. */
  exportMany(ids: string[], endings: string[], folder: string): Promise<BatchView>;
  /** Ends an export of many scores after the file at hand. */
  stopExporting(): Promise<void>;
  /** An invitation to the space of a score, or to one's own. */
  share(score: string | null): Promise<TicketView>;
  /** Accepts an invitation and fetches what is there. */
  join(ticket: string): Promise<JoinOutcome>;
  /** Exchanges changes with every device that can be reached now. */
  syncNow(): Promise<SyncView>;
  /** How this device stands with the others. */
  syncStatus(): Promise<SyncView>;
  /** The texts of a language, or of the current one. */
  texts(language: string | null): Promise<TextsView>;
  /** The settings. */
  settings(): Promise<Settings>;
  /** Changes one setting and gives back all. */
  setSetting(key: string, value: string): Promise<Settings>;
  /** The invitation that the window was opened with, once. */
  invitation(): Promise<string | null>;
  /** Why this computer shows no notifications, where it shows none. */
  noNotifications(): Promise<string | null>;
  /** What an invitation leads to, before it is accepted. */
  lookAtTicket(ticket: string): Promise<InvitationView>;
  /** How this person and this laptop are shown to others. */
  person(): Promise<PersonView>;
  /** Says how this person is shown to others; what is not given stays as it is. */
  setPerson(name: string | null, colour: string | null): Promise<PersonView>;
  /** Gives this laptop a name, in all spaces; where that is empty, the one of its first start. */
  nameDevice(name: string): Promise<PersonView>;
  /** The spaces that this person belongs to, their own first. */
  bands(): Promise<BandView[]>;
  /** Founds a band. */
  createBand(name: string): Promise<BandView>;
  /** Gives a band another name. */
  renameBand(space: string, name: string): Promise<void>;
  /** Leaves a band. What is here of it stays here. */
  leaveBand(space: string): Promise<void>;
  /** The bands that this person, or this laptop, does not belong to any more, until they are forgotten. */
  formerBands(): Promise<FormerBandView[]>;
  /** Puts such a band out of sight, with its scores; copies of these stay where that is wanted. */
  forgetBand(space: string, keep: boolean): Promise<ScoreCard[]>;
  /** Seals what is written from now on with a new key. */
  rotateKey(space: string): Promise<void>;
  /** An invitation into a band. */
  invite(space: string, options: InviteOptions): Promise<TicketView>;
  /** Withdraws an invitation. */
  revokeInvite(space: string, invite: string): Promise<void>;
  /** Says yes (or no) to one who asks to come in. */
  answerRequest(request: string, yes: boolean): Promise<RequestView>;
  /** The names of the spaces whose invitation this person accepted, where nobody has said yes or no yet. */
  asked(): Promise<string[]>;
  /** Gives a member another role. */
  setMemberRole(space: string, member: string, role: string): Promise<BandView>;
  /** Removes a member. */
  removeMember(space: string, member: string): Promise<void>;
  /** Removes a device. */
  removeDevice(space: string, device: string): Promise<void>;
  /** Lets this laptop go on under another key, and starts the window again. */
  renewDevice(): Promise<void>;
  /** What was refused, or is kept without being applied, newest first. */
  refused(): Promise<RefusedView[]>;
  /** Makes a key to print. */
  makeRecoveryKey(): Promise<RecoveryView>;
  /** Writes a printed key to a file that only its owner may read. */
  saveRecoveryKey(key: RecoveryView, to: string): Promise<void>;
  /** Makes this laptop one of the person whose printed key this is. Gives the names of the spaces. */
  recover(key: string, ticket: string | null): Promise<string[]>;
  /** The relays that are run for the spaces of this device. */
  relays(): Promise<RelayView[]>;
  /** Uses a relay from now on, by the pass that whoever runs it gave. */
  addRelay(pass: string): Promise<RelayView>;
  /** Uses the relay of this name no more. Gives whether there was one. */
  removeRelay(name: string): Promise<boolean>;
  /** Whether laptops in the same network find this one without being told where. */
  discovery(): Promise<boolean>;
  /** Says whether laptops in the same network shall find this one. Holds when BandPro is started next. */
  setDiscovery(on: boolean): Promise<void>;
  /** Puts a copy of a score into another space. */
  copyScore(id: string, space: string): Promise<ScoreCard>;
  /** Moves a score into another space. */
  moveScore(id: string, space: string): Promise<ScoreCard>;
}

/** How a command travels: its name and its arguments by name. */
export type Invoke = <T>(command: string, args: Record<string, unknown>) => Promise<T>;

/** The host behind a way to invoke its commands. */
export function hostThrough(invoke: Invoke): Host {
  return {
    filesToOpen: () => invoke('files_to_open', {}),
    library: () => invoke('library', {}),
    importFile: (path) => invoke('import_file', { path }),
    thumbnail: (id) => invoke('thumbnail', { id }),
    deleteScore: (id) => invoke('delete_score', { id }),
    renameScore: (id, title) => invoke('rename_score', { id, title }),
    addDemos: () => invoke('add_demos', {}),
    openScore: (id) => invoke('open_score', { id }),
    closeScore: (id) => invoke('close_score', { id }),
    point: (id, page, x, y) => invoke('point', { id, page, x, y }),
    command: (id, line) => invoke('command', { id, line }),
    refresh: (id) => invoke('refresh', { id }),
    conflicts: (id) => invoke('conflicts', { id }),
    resolve: (id, conflict, way) => invoke('resolve', { id, conflict, way }),
    style: (id) => invoke('style', { id }),
    commands: () => invoke('commands', {}),
    play: (id, fromSelection) => invoke('play', { id, fromSelection }),
    stop: () => invoke('stop', {}),
    playback: () => invoke('playback', {}),
    export: (id, to, options) => invoke('export', { id, to, options }),
    exportMany: (ids, endings, folder) => invoke('export_many', { ids, endings, folder }),
    stopExporting: () => invoke('stop_exporting', {}),
    share: (score) => invoke('share', { score }),
    join: (ticket) => invoke('join', { ticket }),
    syncNow: () => invoke('sync_now', {}),
    syncStatus: () => invoke('sync_status', {}),
    texts: (language) => invoke('texts', { language }),
    settings: () => invoke('settings', {}),
    setSetting: (key, value) => invoke('set_setting', { key, value }),
    invitation: () => invoke('invitation', {}),
    noNotifications: () => invoke('no_notifications', {}),
    lookAtTicket: (ticket) => invoke('look_at_ticket', { ticket }),
    person: () => invoke('person', {}),
    setPerson: (name, colour) => invoke('set_person', { name, colour }),
    nameDevice: (name) => invoke('name_device', { name }),
    bands: () => invoke('bands', {}),
    createBand: (name) => invoke('create_band', { name }),
    renameBand: (space, name) => invoke('rename_band', { space, name }),
    leaveBand: (space) => invoke('leave_band', { space }),
    formerBands: () => invoke('former_bands', {}),
    forgetBand: (space, keep) => invoke('forget_band', { space, keep }),
    rotateKey: (space) => invoke('rotate_key', { space }),
    invite: (space, options) => invoke('invite', { space, options }),
    revokeInvite: (space, invite) => invoke('revoke_invite', { space, invite }),
    answerRequest: (request, yes) => invoke('answer_request', { request, yes }),
    asked: () => invoke('asked', {}),
    setMemberRole: (space, member, role) => invoke('set_member_role', { space, member, role }),
    removeMember: (space, member) => invoke('remove_member', { space, member }),
    removeDevice: (space, device) => invoke('remove_device', { space, device }),
    renewDevice: () => invoke('renew_device', {}),
    refused: () => invoke('refused', {}),
    makeRecoveryKey: () => invoke('make_recovery_key', {}),
    saveRecoveryKey: (key, to) => invoke('save_recovery_key', { key, to }),
    recover: (key, ticket) => invoke('recover', { key, ticket }),
    relays: () => invoke('relays', {}),
    addRelay: (pass) => invoke('add_relay', { pass }),
    removeRelay: (name) => invoke('remove_relay', { name }),
    discovery: () => invoke('discovery', {}),
    setDiscovery: (on) => invoke('set_discovery', { on }),
    copyScore: (id, space) => invoke('copy_score', { id, space }),
    moveScore: (id, space) => invoke('move_score', { id, space }),
  };
}
