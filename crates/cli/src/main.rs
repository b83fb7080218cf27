//! `bandpro`: everything without a window.

mod arguments;
mod band;
mod bands;
mod demo;
mod library;
mod output;
mod score;

use std::process::ExitCode;

use bandpro_app::{App, AppConfig, AppError, texts_without_data};

use arguments::{Arguments, Command};
use output::{Failure, Output};

fn main() -> ExitCode {
    let arguments = Arguments::read();
    start_log(arguments.verbose);
    let texts = texts_without_data(arguments.language.as_deref());
    let output = Output::new(arguments.json);
    match run(&arguments, &output) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => ExitCode::from(output.fail(&failure, &texts)),
    }
}

/// What goes wrong in the background is told on stderr; `-v` tells more.
fn start_log(verbose: u8) {
    let fallback = match verbose {
        0 => "bandpro=error",
        1 => "bandpro=info,warn",
        _ => "bandpro=debug,info",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_env("BANDPRO_LOG").unwrap_or_else(|_| fallback.into());
    // A second subscriber cannot be set; there is none before this one.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time().try_init();
}

/// Opens the data and does what was asked.
fn run(arguments: &Arguments, output: &Output) -> Result<u8, Failure> {
    let named = || std::env::var_os("BANDPRO_DATA").filter(|folder| !folder.is_empty()).map(Into::into);
    let open = || -> Result<App, AppError> {
        let data_dir = arguments.data.clone().or_else(named);
        App::open(AppConfig { data_dir, language: arguments.language.clone(), online: false, system_keys: true })
    };
    match &arguments.command {
        Command::Import { files } => library::import(&open()?, output, files),
        Command::Rescue { folder } => library::rescue(&open()?, output, folder),
        Command::List => library::list(&open()?, output),
        Command::Rename { id, title } => library::rename(&open()?, id, title),
        Command::Delete { id } => library::delete(&open()?, id),
        Command::Commands => library::commands(arguments, output),
        Command::Events { what } => score::events(open, output, what),
        Command::Engrave { what, check } => score::engrave(open, output, what, *check),
        Command::Export { what, to, part, page, dpi, style, paper, named_fonts, view, one_track } => {
            let (style, paper, one_track) = (style.clone(), paper.clone(), *one_track);
            let continuous = view.as_deref() == Some("continuous");
            let options = bandpro_app::ExportOptions {
                part: *part,
                page: *page,
                dpi: *dpi,
                style,
                paper,
                named_fonts: *named_fonts,
                continuous,
                one_track,
            };
            score::export(open, output, (what, to), &options)
        }
        Command::ExportAll { what, to, format } => {
            score::export_all(open, output, &texts_without_data(arguments.language.as_deref()), (what, to, format))
        }
        Command::Edit { id, script } => score::edit(&open()?, output, id, script),
        Command::Conflicts { id } => score::conflicts(&open()?, output, id),
        Command::Resolve { id, conflict, way } => score::resolve(&open()?, id, conflict, *way),
        Command::Play { id } => score::play(&open()?, output, id),
        Command::Share { id, wait, no_wait } => band::share(&open()?, output, id.as_deref(), band::Wait::of(*wait, *no_wait)),
        Command::Join { ticket } => band::join(&open()?, output, ticket),
        Command::Sync { once } => band::sync(&open()?, output, *once),
        Command::Serve => band::serve(&open()?, output),
        Command::Band { command } => bands::run(&open()?, output, command),
        Command::Demo { tour: None } => demo::add(&open()?, output),
        Command::Demo { tour: Some(folder) } => demo::tour(output, folder.as_deref(), arguments.language.as_deref()),
    }
}
