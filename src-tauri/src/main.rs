//! The desktop shell: one window whose pages are `ui`, and commands that delegate to `bandpro_app`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod commands;
mod host;
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
    match window::open(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bandpro-desktop: the window cannot be opened: {error}");
            ExitCode::FAILURE
        }
    }
}
