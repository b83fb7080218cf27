//! What is heard.

use std::io::Cursor;
use std::ops::ControlFlow;

use bandpro_notation::perform;
use bandpro_playback::{RenderOptions, render_wav};

use crate::{corpus_score, row, time};

const SONG: &str = "lieder/Satie_Erik_Socrate_2_Bords_de_lIlissus.mxl";

pub fn wav() {
    let Some(score) = corpus_score(SONG) else { return };
    let timeline = perform::timeline(&score);
    let render = || render_wav(&timeline, &RenderOptions::default(), Cursor::new(Vec::new()), &mut |_| ControlFlow::Continue(()));
    let (rendered, took) = time(|| render().expect("it can be rendered"));
    row("wav", rendered.duration.0 / took.as_secs_f64(), "× real time", &format!("{:.0} s of {SONG}", rendered.duration.0));
}
