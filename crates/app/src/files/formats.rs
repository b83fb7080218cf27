//! The formats that a score is written in.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;

use bandpro_notation::edit::StylePreset;
use bandpro_notation::engrave::{self, Page, View};
use bandpro_notation::export::{Exported, abc, midi, musicxml};
use bandpro_notation::model::Score;
use bandpro_notation::perform;
use bandpro_notation::render::{self, PdfMeta, RenderError, SvgFonts, SvgOptions};
use bandpro_playback::{RenderOptions, render_wav};

use crate::AppError;
use crate::commands::{need, paper};
use crate::files::part_asked;
use crate::view::ExportOptions;

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Format {
    MusicXml,
    CompressedMusicXml,
    Midi,
    Abc,
    Svg,
    Pdf,
    Png,
    Wav,
}

/// Dots an inch of a picture where nothing is said.
const DPI: f32 = 200.0;

impl Format {
    /// The format that a file's ending names.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "musicxml" | "xml" => Self::MusicXml,
            "mxl" => Self::CompressedMusicXml,
            "mid" | "midi" => Self::Midi,
            "abc" => Self::Abc,
            "svg" => Self::Svg,
            "pdf" => Self::Pdf,
            "png" => Self::Png,
            "wav" => Self::Wav,
            _ => return None,
        })
    }

    /// Whether it holds pages.
    pub const fn is_drawn(self) -> bool {
        matches!(self, Self::Svg | Self::Pdf | Self::Png)
    }

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MusicXml | Self::CompressedMusicXml => "MusicXML",
            Self::Midi => "MIDI",
            Self::Abc => "ABC",
            Self::Svg => "SVG",
            Self::Pdf => "PDF",
            Self::Png => "PNG",
            Self::Wav => "WAV",
        }
    }
}

/// The bytes of one file or of several, and what the format could not hold.
pub struct Made {
    /// The files.
    pub files: Vec<Vec<u8>>,
    /// What was left out.
    pub report: Vec<String>,
}

/// Makes every format but sound, which is written as it is rendered.
pub fn make(score: &Score, format: Format, options: &ExportOptions) -> Result<Made, AppError> {
    let dpi = options.dpi.unwrap_or(DPI);
    if !(20.0..=1200.0).contains(&dpi) {
        return Err(AppError::BadResolution(dpi.to_string()));
    }
    let failed = |error: RenderError| match error {
        RenderError::PictureSize { .. } => AppError::BadResolution(dpi.to_string()),
        other => AppError::Export { format: format.name(), message: other.to_string() },
    };
    let pages = || wanted(engrave::engrave(score, &asked(score, options)?), options.page);
    let title = score.header().title.clone();
    match format {
        Format::MusicXml => Ok(exported(musicxml::musicxml(score))),
        Format::CompressedMusicXml => Ok(exported(musicxml::mxl(score))),
        Format::Midi => {
            let how = midi::MidiOptions { single_track: options.one_track, ..midi::MidiOptions::default() };
            Ok(exported(midi::midi(&perform::timeline(score), &how)))
        }
        Format::Abc => Ok(exported(abc::abc(score))),
        Format::Svg => {
            let fonts = if options.named_fonts { SvgFonts::Named } else { SvgFonts::Outlines };
            let look = SvgOptions { title, background: Some("#fff".to_owned()), ink: None, fonts };
            Ok(files(pages()?.iter().map(|page| render::svg(page, &look).into_bytes()).collect()))
        }
        Format::Pdf => {
            let subject = part_asked(score, options.part)?.and_then(|id| score.part(id)).map(|part| part.label().to_owned());
            let author = score.header().composer.clone();
            let meta = PdfMeta { title, author, subject: subject.unwrap_or_default(), ..PdfMeta::default() };
            Ok(files(vec![render::pdf(&pages()?, &meta).map_err(failed)?]))
        }
        Format::Png => {
            let pictures: Result<_, RenderError> = pages()?.iter().map(|page| render::png(page, dpi)).collect();
            Ok(files(pictures.map_err(failed)?))
        }
        Format::Wav => Err(AppError::Internal("sound is written as it is rendered".to_owned())),
    }
}

/// What to engrave, and in which style on which paper.
fn asked(score: &Score, options: &ExportOptions) -> Result<engrave::Options, AppError> {
    let part = part_asked(score, options.part)?;
    let mut layout = engrave::layout_of(score, part);
    if let Some(name) = &options.style {
        layout = need("style", "STYLE", StylePreset::named(name))?.applied_to(&layout);
    }
    if let Some(size) = &options.paper {
        (layout.width, layout.height) = need("page-size", "SIZE", paper(size))?;
    }
    let view = if options.continuous { View::Continuous } else { View::Page };
    Ok(engrave::Options { view, layout: Some(layout), part })
}

fn files(files: Vec<Vec<u8>>) -> Made {
    Made { files, report: Vec::new() }
}

fn exported(exported: Exported) -> Made {
    let line = |lost: &bandpro_notation::export::Lost| {
        if lost.times > 1 { format!("{} ({} ×)", lost.what, lost.times) } else { lost.what.clone() }
    };
    let report = exported.lost.iter().map(line).collect();
    Made { files: vec![exported.bytes], report }
}

fn wanted(mut pages: Vec<Page>, page: Option<usize>) -> Result<Vec<Page>, AppError> {
    let Some(number) = page else { return Ok(pages) };
    let count = pages.len();
    if number == 0 || number > count {
        return Err(AppError::NoSuchPage { number, count });
    }
    Ok(vec![pages.swap_remove(number - 1)])
}

/// Renders the sound into a file.
pub fn wav(score: &Score, file: &mut File, to: &Path) -> Result<(), AppError> {
    let timeline = perform::timeline(score);
    let done = render_wav(&timeline, &RenderOptions::default(), file, &mut |_| ControlFlow::Continue(()));
    done.map(|_| ()).map_err(|error| match error {
        bandpro_playback::RenderError::Write { source, .. } => AppError::Write { path: to.to_owned(), source },
        other => AppError::Export { format: "WAV", message: other.to_string() },
    })
}
