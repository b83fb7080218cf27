//! Playing an open score, and following it with a cursor.

use std::sync::{Mutex, OnceLock, PoisonError};

use bandpro_notation::edit::Selection;
use bandpro_notation::model::Score;
use bandpro_notation::perform::{self, Position, Seconds, Timeline};
use bandpro_playback::{Output, OutputChoice, Player, SilentReason};

use crate::texts::Texts;
use crate::view::{PlaybackState, PlaybackView};

/// What plays.
struct Piece {
    score: String,
    timeline: Timeline,
}

/// The one player of the application.
#[derive(Default)]
pub struct Playing {
    player: OnceLock<Player>,
    piece: Mutex<Option<Piece>>,
}

impl Playing {
    fn piece(&self) -> std::sync::MutexGuard<'_, Option<Piece>> {
        self.piece.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Plays a score, from a selection or from the beginning.
    pub fn play(&self, id: &str, score: &Score, from: Option<Selection>) {
        let timeline = perform::timeline(score);
        let event = from.and_then(|selection| selection.event(score)).and_then(|id| score.event(id));
        let start = event.and_then(|event| timeline.seconds_of(event.time.measure, event.time.onset)).unwrap_or(Seconds(0.0));
        let player = self.player.get_or_init(|| Player::with_output(OutputChoice::Device));
        player.load(&timeline);
        player.play(start);
        *self.piece() = Some(Piece { score: id.to_owned(), timeline });
    }

    /// Stops.
    pub fn stop(&self) {
        if let Some(player) = self.player.get() {
            player.stop();
        }
    }

    /// Whether it plays, with or without sound.
    pub fn is_on(&self) -> bool {
        self.player.get().is_some_and(|player| player.state().playing)
    }

    /// Where playing is, without the cursor, and the place in the score for it.
    pub fn now(&self, texts: &Texts) -> (PlaybackView, Option<Position>) {
        let piece = self.piece();
        let Some((player, piece)) = self.player.get().zip(piece.as_ref()) else {
            return (PlaybackView::silent(), None);
        };
        let state = player.state();
        let silent = |reason: &SilentReason| match reason {
            SilentReason::NoDevice => Some(texts.text("playback-no-device")),
            SilentReason::Lost(_) => Some(texts.text("playback-device-lost")),
            SilentReason::Chosen => None,
            other => Some(other.to_string()),
        };
        let message = if let Output::Silent { reason } = &state.output { silent(reason) } else { None };
        let shown = match (&state.output, state.playing) {
            (_, false) if message.is_some() => PlaybackState::Unavailable,
            (_, false) => PlaybackState::Stopped,
            (Output::Unopened, true) => PlaybackState::Preparing,
            (_, true) => PlaybackState::Playing,
        };
        let position = if state.playing { piece.timeline.position_at(state.at) } else { None };
        let view = PlaybackView {
            state: shown,
            score: Some(piece.score.clone()),
            seconds: state.at.0,
            duration: state.duration.0,
            cursor: None,
            message,
        };
        (view, position)
    }
}

impl PlaybackView {
    /// Nothing plays and nothing was played.
    pub(crate) fn silent() -> Self {
        Self { state: PlaybackState::Stopped, score: None, seconds: 0.0, duration: 0.0, cursor: None, message: None }
    }
}
