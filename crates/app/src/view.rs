//! What a surface sees: plain values that cross to a window, a terminal or a script as JSON with `camelCase` keys.
//!
//! Lengths on a page are staff spaces with the origin at the page's top left corner and y downwards, as in
//! [`bandpro_notation::engrave::Page`]; a page says how many millimetres of paper it covers.

mod band;
mod files;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use band::*;
pub use files::*;

/// A score in the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScoreCard {
    /// What commands and files name it by.
    pub id: String,
    /// Its title; empty where it has none.
    pub title: String,
    /// Who wrote it.
    pub composer: String,
    /// The names of its parts, in score order.
    pub parts: Vec<String>,
    /// How many measures it has.
    pub measures: usize,
    /// The space it lives in.
    pub space: String,
    /// What that space is called.
    pub space_name: String,
    /// When it was last changed on this device, in milliseconds since 1970.
    pub modified: u64,
}

/// A part of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PartView {
    /// Its number in score order, from 1: what `goto` and exports count by.
    pub number: usize,
    /// Its name.
    pub name: String,
}

/// A rectangle on a page, in staff spaces.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RectView {
    /// From the page's left edge.
    pub x: f32,
    /// From the page's top edge.
    pub y: f32,
    /// Its width.
    pub width: f32,
    /// Its height.
    pub height: f32,
}

/// What of a score is looked at, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LookingView {
    /// In one endless system instead of on pages.
    pub continuous: bool,
    /// Only this part, from 1, in its own layout; all that are visible where absent.
    pub part: Option<usize>,
}

/// One system of a page; in the view of one endless system a length of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SystemView {
    /// Names the picture: two systems of a score have the same key only where they look the same, and a system that changed
    /// has a new one.
    pub key: String,
    /// Where its picture starts, from the page's left edge.
    pub x: f32,
    /// Where its picture starts, from the page's top edge.
    pub y: f32,
    /// The width of its picture.
    pub width: f32,
    /// The height of its picture.
    pub height: f32,
    /// The first and the last measure in it, from 1.
    pub measures: (usize, usize),
    /// An SVG `<g>` element, in spaces, drawn in `currentColor`, whose origin is `x` and `y`. Absent in an
    /// update where the receiver already holds a system of this key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub svg: Option<String>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageView {
    /// Its number, from 1.
    pub number: usize,
    /// The width of the paper in millimetres.
    pub width_mm: f32,
    /// The height of the paper in millimetres.
    pub height_mm: f32,
    /// The width in staff spaces: the width of the SVG's `viewBox`.
    pub width: f32,
    /// The height in staff spaces.
    pub height: f32,
    /// An SVG `<g>` element with what belongs to no system: title, names, page number.
    pub frame_svg: String,
    /// Its systems from top to bottom.
    pub systems: Vec<SystemView>,
}

/// What is selected, where it is, and how it is spoken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SelectionView {
    /// `note`, `chord` or `rest`.
    pub kind: String,
    /// The page it is on, from 1; absent where it is not engraved (a hidden part).
    pub page: Option<usize>,
    /// What it covers on that page.
    pub rect: RectView,
    /// The selected noteheads, a rectangle each; the rest's sign for a rest.
    pub heads: Vec<RectView>,
    /// Where a range is selected: what is in it, in its order, the selection among it; empty where one thing is selected.
    pub range: Vec<SpotView>,
    /// For a screen reader and the status line, in the language: note, value, measure, beat, then articulations.
    pub announcement: String,
    /// The number of its part, from 1.
    pub part: usize,
    /// The part's name.
    pub part_name: String,
    /// The place of its measure in the score, from 1.
    pub measure: usize,
    /// The number that is printed for that measure.
    pub measure_label: String,
    /// The beat it starts on, counted as the time signature counts, such as `2` or `2½`.
    pub beat: String,
    /// The staff within the part, from 1.
    pub staff: u8,
    /// The voice, from 1.
    pub voice: u8,
    /// The written pitch, such as `F#4`; absent for a rest and for an unpitched note.
    pub pitch: Option<String>,
    /// The note value, such as `quarter`, and its dots.
    pub value: Option<(String, u8)>,
    /// The ids of the marks on it that toggle commands switch, such as `staccato`: which buttons are down.
    pub active: Vec<String>,
}

/// Something that is selected, on its page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SpotView {
    /// The page, from 1.
    pub page: usize,
    /// What it covers there.
    pub rect: RectView,
    /// Its noteheads, or the rest's sign.
    pub heads: Vec<RectView>,
}

/// The state of note input.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InputView {
    /// Whether letters enter notes at the cursor and move on.
    pub active: bool,
    /// The value that is entered, such as `quarter`.
    pub value: String,
    /// Its dots.
    pub dots: u8,
}

/// An open score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScoreView {
    /// Which score.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Counts the pictures of this score that were handed out; an update says which one it follows.
    pub revision: u64,
    /// All pages, every system with its picture.
    pub pages: Vec<PageView>,
    /// What is selected.
    pub selection: Option<SelectionView>,
    /// The state of note input.
    pub input: InputView,
    /// Whether there is something to undo.
    pub can_undo: bool,
    /// Whether there is something to redo.
    pub can_redo: bool,
    /// What of it is looked at.
    pub looking: LookingView,
    /// Its parts.
    pub parts: Vec<PartView>,
    /// How many measures it has.
    pub measures: usize,
}

/// What a command (or another device) did to an open score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommandOutcome {
    /// Which score.
    pub id: String,
    /// The revision that the changes lead from. A receiver that holds another one calls `open` again.
    pub base: u64,
    /// The revision they lead to; the same as `base` where no picture changed.
    pub revision: u64,
    /// How many pages there are now; later ones are gone.
    pub page_count: usize,
    /// The pages that changed. A system without a picture is one that the receiver holds under the same key.
    pub pages: Vec<PageView>,
    /// The title now.
    pub title: String,
    /// What of the score is looked at now.
    pub looking: LookingView,
    /// What is selected now.
    pub selection: Option<SelectionView>,
    /// The state of note input.
    pub input: InputView,
    /// Whether there is something to undo.
    pub can_undo: bool,
    /// Whether there is something to redo.
    pub can_redo: bool,
    /// What to tell the person, in the language; what a screen reader says after the command.
    pub message: Option<String>,
}

/// The style of a score, or of the part of it that is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StyleView {
    /// The preset that it is, where nothing in it was changed since.
    pub preset: Option<String>,
    /// The presets there are: what the command `style` takes.
    pub presets: Vec<String>,
    /// For each command that sets something of it, the argument that sets it as it is.
    pub values: BTreeMap<String, String>,
    /// What of it the part that is looked at has for itself: the argument `score` gives it up.
    pub own: Vec<String>,
}

/// Where playing is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaybackView {
    /// `stopped`, `preparing`, `playing` or `unavailable`.
    pub state: PlaybackState,
    /// The score that plays.
    pub score: Option<String>,
    /// How far, in seconds.
    pub seconds: f64,
    /// How long the whole is, in seconds; 0 where unknown.
    pub duration: f64,
    /// Where to draw the play cursor.
    pub cursor: Option<CursorView>,
    /// Why there is no sound, in the language, where there is none.
    pub message: Option<String>,
}

/// Whether it sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PlaybackState {
    /// Nothing plays.
    Stopped,
    /// The sounds are being loaded.
    Preparing,
    /// Playing.
    Playing,
    /// There is no sound device, or it went away.
    Unavailable,
}

/// A vertical line on a page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CursorView {
    /// The page, from 1.
    pub page: usize,
    /// From the left edge.
    pub x: f32,
    /// Its upper end.
    pub top: f32,
    /// Its lower end.
    pub bottom: f32,
    /// The measure it is in, from 1.
    pub measure: usize,
}

/// Who had a hand in something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HandView {
    /// What their device is called.
    pub name: String,
    /// When they last did, by that device's clock, in milliseconds since 1970; 0 where that is not known.
    pub when: u64,
}

/// A way to decide a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WayView {
    /// What it does, in the language.
    pub text: String,
}

/// Something that merging left to decide. Nothing of it is lost, whatever is decided and as long as nothing is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConflictView {
    /// What `resolve` names it by; the same on every device.
    pub id: String,
    /// `competing`, `overlap`, `overfull`, `dangling`, `removed` or `numbers`.
    pub kind: String,
    /// What happened, in the language.
    pub text: String,
    /// Where, in the language; empty where it is about the whole score.
    pub place: String,
    /// The part, from 1, where it is about one.
    pub part: Option<usize>,
    /// The measure, from 1, where it is about one; for a measure that was taken out, the one before it.
    pub measure: Option<usize>,
    /// Who took part.
    pub hands: Vec<HandView>,
    /// What can be done, each in one step that can be undone; never empty.
    pub ways: Vec<WayView>,
}

/// An invitation to a space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketView {
    /// What the other person pastes.
    pub ticket: String,
    /// The same as a link that opens BandPro: what a QR code shows.
    pub link: String,
    /// Until when it is good, in milliseconds since 1970.
    pub expires: u64,
    /// The space it leads to.
    pub space: String,
    /// What that space is called.
    pub space_name: String,
    /// The link as a QR code; nothing where it is too long for one.
    pub qr: Option<QrView>,
}

/// What joining brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JoinOutcome {
    /// The space.
    pub space: String,
    /// What it is called.
    pub space_name: String,
    /// The scores in it.
    pub scores: Vec<ScoreCard>,
}

/// How this device stands with the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncView {
    /// `alone` (nothing shared), `offline`, `syncing`, `inStep` or `waiting`.
    pub state: SyncState,
    /// The other devices that are known.
    pub devices: Vec<DeviceView>,
    /// How many of them are connected now.
    pub connected: usize,
    /// How many changes here have not reached every laptop that shares them.
    pub pending: u64,
    /// One short sentence, in the language, such as “In step with 2 laptops”.
    pub message: String,
}

/// How this device stands with the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SyncState {
    /// No other device is known.
    Alone,
    /// Others are known, the network is not open.
    Offline,
    /// Talking to another.
    Syncing,
    /// Everything that others have is here and the other way round.
    InStep,
    /// There are changes that another device has not received.
    Waiting,
    /// A backup was restored here: what is written here is taken by nobody until this device is renewed.
    Held,
}

/// Another device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceView {
    /// Its key, shortened for reading.
    pub id: String,
    /// Its name, where it is known.
    pub name: String,
    /// Whether it is connected now.
    pub connected: bool,
    /// By which way it is connected, or that it is not.
    pub link: Link,
    /// How it is reached, or why not, and how far behind one is of the other: a sentence or two, in the language.
    pub detail: String,
    /// How many changes it is known to have that are not here yet.
    pub lacking_here: u64,
    /// How many changes are here that it is not known to have.
    pub lacking_there: u64,
    /// Whether it is a mailbox, and not a laptop.
    pub mailbox: bool,
    /// When it was last in step, in milliseconds since 1970.
    pub last_seen: Option<u64>,
}

/// The way to another device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Link {
    /// In the same network.
    Near,
    /// Directly, over the internet.
    Direct,
    /// By way of a relay of the band.
    Relayed,
    /// Not connected.
    Away,
}

/// A relay that someone runs for a band.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RelayView {
    /// What it is called.
    pub name: String,
    /// The spaces that use it.
    pub spaces: Vec<String>,
    /// Whether it forwards between laptops that cannot reach one another.
    pub forwards: bool,
    /// Whether it keeps changes for those who are not there.
    pub keeps: bool,
}

/// What happened without a call from this surface.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "type")]
pub enum AppEvent {
    /// A score came, went or was renamed: ask for the library again.
    LibraryChanged,
    /// An open score was changed from outside (another device, another process): call `refresh`.
    ScoreChanged {
        /// Which one.
        id: String,
    },
    /// The state of sync changed.
    Sync {
        /// The state now.
        status: SyncView,
    },
    /// Playing started, moved on (some 30 times a second) or stopped.
    Playback {
        /// The state now.
        playback: PlaybackView,
    },
    /// Somebody asks to come into a space: a person says yes or no to it.
    Asked {
        /// Who, and where.
        request: RequestView,
    },
    /// A device has two logs, as after a restored backup: nothing more of it is taken.
    Forked {
        /// The space.
        space: String,
        /// What that is called.
        space_name: String,
        /// What the device is called.
        device_name: String,
    },
    /// This person was invited: a link was opened.
    Invited {
        /// The link, as [`crate::App::join`] takes it.
        ticket: String,
    },
    /// An export of many scores went on.
    Exporting {
        /// How many files are done.
        done: usize,
        /// How many there will be.
        total: usize,
        /// The score that was done last.
        name: String,
    },
    /// Settings changed.
    SettingsChanged {
        /// The settings now.
        settings: Settings,
    },
}

/// A command of the one command table, in the language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommandView {
    /// Its id, as scripts write it.
    pub id: String,
    /// What menus and the palette show.
    pub label: String,
    /// One sentence of help.
    pub help: String,
    /// The group it is listed in: a key of the texts.
    pub category: String,
    /// The group's name.
    pub category_label: String,
    /// Default keys, such as `Mod+Shift+Z`, `Shift+S`, `ArrowUp`, `Space`, `Alt+Shift+ArrowDown`: `Mod` is Ctrl, Command on
    /// macOS; the last word is a `KeyboardEvent.key`, letters in upper case. A second word after a blank is the argument that
    /// this key gives: none here, see `keyed_arguments`.
    pub keys: Vec<String>,
    /// Keys that run the command with an argument, as `(key, argument)`: `("5", "quarter")`.
    pub keyed_arguments: Vec<(String, String)>,
    /// The form of its argument, such as `PITCH` or `PART MEASURE N`; absent where it takes none.
    pub argument: Option<String>,
    /// The words that the argument may be, where it is one of a few, each as the language has it: `("on", "Yes")`. Beside them it may
    /// be what is in capitals in its form.
    pub choices: Vec<(String, String)>,
    /// Whether the argument may be left out.
    pub argument_optional: bool,
    /// Who runs it: `score` through `command`, `window` by the window itself.
    pub runs: String,
}

/// What a person chose, kept in the data folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// `en`, `zh-TW`, or empty for the system's.
    pub language: String,
    /// `system`, `light`, `dark` or `contrast`.
    pub theme: String,
    /// The colour of the paper: `white`, `cream` or `dark`.
    pub paper: String,
    /// Whatever else a surface wants to keep.
    pub other: BTreeMap<String, String>,
}

impl Default for Settings {
    fn default() -> Self {
        let text = str::to_owned;
        Self { language: String::new(), theme: text("system"), paper: text("white"), other: BTreeMap::new() }
    }
}

/// The texts of one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TextsView {
    /// The language, `en` or `zh-TW`.
    pub language: String,
    /// The languages there are, with what each calls itself.
    pub languages: Vec<(String, String)>,
    /// The Fluent source: give it to a `FluentBundle` of that language.
    pub ftl: String,
}

/// An error as a surface shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorView {
    /// A small code that a surface may act on, such as `unknown-score`.
    pub code: String,
    /// What happened, in the language.
    pub message: String,
    /// What to do next, in the language.
    pub hint: Option<String>,
    /// Where: a file, a line and column, a command's number.
    pub place: Option<String>,
    /// Nothing failed: what was asked for does not apply here, and the message is advice.
    pub advice: bool,
}
