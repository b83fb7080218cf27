//! The desktop shell: one window whose pages are `ui`, and commands that delegate to `bandpro_app`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod commands;
mod host;
mod invitations;
mod notifications;
mod window;

use std::process::ExitCode;

use arguments::{Arguments, Request};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn")))
        .with_writer(std::io::stderr)
        .init();
    match arguments::read(std::env::args_os().skip(1), std::env::var_os("BANDPRO_DATA")) {
        Request::Open(arguments) => run(arguments),
        Request::Help => {
            println!("{}", arguments::HELP);
            ExitCode::SUCCESS
        }
        Request::Version => {
            println!("bandpro-desktop {}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        Request::Wrong(message) => {
            eprintln!("bandpro-desktop: {message}\n{}", arguments::HELP);
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments) -> ExitCode {
    if let Some(link) = &arguments.invitation
        && handed_over(&arguments, link)
    {
        return ExitCode::SUCCESS;
    }
    match window::open(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bandpro-desktop: the window cannot be opened: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Leaves an invitation to the window that is open with the same data, if there is one.
fn handed_over(arguments: &Arguments, link: &str) -> bool {
    let Ok(data) = bandpro_app::data_folder(arguments.data.clone()) else { return false };
    match invitations::Door::keep(&data) {
        Ok(None) => invitations::leave(&data, link).is_ok(),
        Ok(Some(_)) | Err(_) => false,
    }
}
