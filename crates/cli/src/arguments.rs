//! The command line. Its words come from the catalogues: `cli-<sub-command>` and `cli-<sub-command>-<argument>`.

use std::ffi::OsString;
use std::path::PathBuf;

use bandpro_app::texts::Texts;
use bandpro_app::texts_without_data;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// What was asked for.
#[derive(Debug, Parser)]
#[command(name = "bandpro", version, subcommand_required = true, arg_required_else_help = true)]
pub struct Arguments {
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    #[arg(long, global = true)]
    pub json: bool,
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = ["en", "zh-TW"])]
    pub language: Option<String>,
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Import {
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    Rescue {
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    List,
    Events {
        #[arg(value_name = "FILE|ID")]
        what: OsString,
    },
    Engrave {
        #[arg(value_name = "FILE|ID")]
        what: OsString,
        #[arg(long)]
        check: bool,
    },
    Export {
        #[arg(value_name = "FILE|ID")]
        what: OsString,
        #[arg(long, value_name = "PATH")]
        to: PathBuf,
        #[arg(long, value_name = "N")]
        part: Option<usize>,
        #[arg(long, value_name = "N")]
        page: Option<usize>,
        #[arg(long, value_name = "DPI")]
        dpi: Option<f32>,
        #[arg(long, value_name = "STYLE")]
        style: Option<String>,
        #[arg(long, value_name = "SIZE")]
        paper: Option<String>,
        #[arg(long)]
        named_fonts: bool,
        #[arg(long, value_name = "VIEW", value_parser = ["page", "continuous"])]
        view: Option<String>,
        #[arg(long)]
        one_track: bool,
    },
    ExportAll {
        #[arg(value_name = "FILE|ID")]
        what: Vec<OsString>,
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        #[arg(long, value_name = "ENDINGS", value_delimiter = ',', required = true)]
        format: Vec<String>,
    },
    Edit {
        #[arg(value_name = "ID")]
        id: String,
        #[arg(value_name = "SCRIPT", allow_hyphen_values = true)]
        script: String,
    },
    Commands,
    Rename {
        #[arg(value_name = "ID")]
        id: String,
        #[arg(value_name = "TITLE")]
        title: String,
    },
    Delete {
        #[arg(value_name = "ID")]
        id: String,
    },
    Conflicts {
        #[arg(value_name = "ID")]
        id: String,
    },
    Resolve {
        #[arg(value_name = "ID")]
        id: String,
        #[arg(value_name = "CONFLICT")]
        conflict: String,
        #[arg(value_name = "N")]
        way: usize,
    },
    Play {
        #[arg(value_name = "ID")]
        id: String,
    },
    Share {
        #[arg(value_name = "ID")]
        id: Option<String>,
        #[arg(long, conflicts_with = "no_wait")]
        wait: bool,
        #[arg(long)]
        no_wait: bool,
    },
    Join {
        #[arg(value_name = "TICKET")]
        ticket: String,
    },
    Sync {
        #[arg(long)]
        once: bool,
    },
    Serve,
    Band {
        #[command(subcommand)]
        command: BandCommand,
    },
    Demo {
        #[arg(long, value_name = "DIR", num_args = 0..=1, alias = "headless-tour")]
        #[allow(clippy::option_option)]
        tour: Option<Option<PathBuf>>,
    },
}

/// What to do about bands. A band is named by its id, the beginning of one, or its name.
#[derive(Debug, Subcommand)]
pub enum BandCommand {
    List,
    Create {
        #[arg(value_name = "NAME")]
        name: String,
    },
    Invite {
        #[arg(value_name = "BAND")]
        band: String,
        #[arg(long, value_name = "ROLE", default_value = "editor", value_parser = ["viewer", "editor", "owner"])]
        role: String,
        #[arg(long, conflicts_with = "role")]
        device: bool,
        #[arg(long, value_name = "N")]
        hours: Option<u64>,
        #[arg(long, value_name = "N")]
        uses: Option<u32>,
        #[arg(long)]
        confirm: bool,
        #[arg(long)]
        qr: bool,
        #[arg(long)]
        no_wait: bool,
    },
    Invitations {
        #[arg(value_name = "BAND")]
        band: String,
    },
    Look {
        #[arg(value_name = "TICKET")]
        ticket: String,
    },
    Join {
        #[arg(value_name = "TICKET")]
        ticket: String,
    },
    Asked,
    Requests,
    Admit {
        #[arg(value_name = "REQUEST")]
        request: String,
    },
    Refuse {
        #[arg(value_name = "REQUEST")]
        request: String,
    },
    Members {
        #[arg(value_name = "BAND")]
        band: String,
    },
    Devices {
        #[arg(value_name = "BAND")]
        band: String,
    },
    Role {
        #[arg(value_name = "BAND")]
        band: String,
        #[arg(value_name = "MEMBER")]
        member: String,
        #[arg(value_name = "ROLE", value_parser = ["viewer", "editor", "owner"])]
        role: String,
    },
    Remove {
        #[arg(value_name = "BAND")]
        band: String,
        #[arg(value_name = "MEMBER", required_unless_present = "device")]
        member: Option<String>,
        #[arg(long, value_name = "DEVICE", conflicts_with = "member")]
        device: Option<String>,
    },
    Revoke {
        #[arg(value_name = "BAND")]
        band: String,
        #[arg(value_name = "INVITE")]
        invite: String,
    },
    Rename {
        #[arg(value_name = "BAND")]
        band: String,
        #[arg(value_name = "NAME")]
        name: String,
    },
    Refused,
    RecoveryKey {
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    Recover {
        #[arg(value_name = "KEY")]
        key: String,
        #[arg(long, value_name = "TICKET")]
        ticket: Option<String>,
    },
    Person {
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        #[arg(long, value_name = "COLOUR")]
        colour: Option<String>,
        #[arg(long, value_name = "NAME")]
        laptop: Option<String>,
    },
    Renew,
    Key {
        #[arg(long, value_name = "PLACE", value_parser = ["file", "system"])]
        keep: Option<String>,
    },
    Move {
        #[arg(value_name = "ID")]
        score: String,
        #[arg(value_name = "BAND")]
        band: String,
    },
    Copy {
        #[arg(value_name = "ID")]
        score: String,
        #[arg(value_name = "BAND")]
        band: String,
    },
    RotateKey {
        #[arg(value_name = "BAND")]
        band: String,
    },
    Relay {
        #[command(subcommand)]
        command: RelayCommand,
    },
    Discovery {
        #[arg(value_name = "on|off", value_parser = ["on", "off"])]
        state: Option<String>,
    },
    Leave {
        #[arg(value_name = "BAND")]
        band: String,
    },
    Forget {
        #[arg(value_name = "BAND")]
        band: String,
        #[arg(long)]
        without_scores: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum RelayCommand {
    Add {
        #[arg(value_name = "PASS")]
        pass: String,
    },
    List,
    Remove {
        #[arg(value_name = "NAME")]
        name: String,
    },
}

impl Arguments {
    /// Reads the command line; prints help or what is wrong with it, in the language, and ends the program where that is all.
    pub fn read() -> Self {
        // The language decides how help is worded, so it is looked for before the rest is read.
        let mut words = std::env::args().skip_while(|word| word != "--language" && !word.starts_with("--language="));
        let named = words.next().and_then(|word| word.strip_prefix("--language=").map(str::to_owned).or_else(|| words.next()));
        let matches = worded(Self::command(), &texts_without_data(named.as_deref())).get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

/// The command line with the words of a language.
pub fn worded(command: clap::Command, texts: &Texts) -> clap::Command {
    let command = command.about(texts.text("cli")).after_help(texts.text("cli-exit-codes"));
    let command = command.mut_args(|arg| {
        let help = texts.find(&format!("cli-option-{}", arg.get_id()), &[]);
        help.into_iter().fold(arg, clap::Arg::help)
    });
    command.mut_subcommands(|sub| worded_sub(sub, "cli", texts))
}

/// A sub-command with its words, and those under it.
fn worded_sub(sub: clap::Command, above: &str, texts: &Texts) -> clap::Command {
    let key = format!("{above}-{}", sub.get_name());
    let about = texts.find(&key, &[]).unwrap_or_default();
    let more = texts.find(&format!("{key}.more"), &[]);
    let sub = more.into_iter().fold(sub.about(about), clap::Command::after_help);
    let sub = sub.mut_args(|arg| texts.find(&format!("{key}-{}", arg.get_id()), &[]).into_iter().fold(arg, clap::Arg::help));
    sub.mut_subcommands(|below| worded_sub(below, &key, texts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bandpro_app::texts::Language;

    #[test]
    fn every_word_of_the_command_line_is_in_both_languages() {
        for language in Language::ALL {
            let command = worded(Arguments::command(), &Texts::new(language));
            command.clone().debug_assert();
            for arg in command.get_arguments() {
                assert!(arg.get_help().is_some(), "{language:?}: {}", arg.get_id());
            }
            all_worded(language, &command);
        }
    }

    fn all_worded(language: Language, command: &clap::Command) {
        for sub in command.get_subcommands() {
            assert!(sub.get_about().is_some_and(|about| !about.to_string().is_empty()), "{language:?}: {}", sub.get_name());
            for arg in sub.get_arguments() {
                assert!(arg.get_help().is_some(), "{language:?}: {} {}", sub.get_name(), arg.get_id());
            }
            all_worded(language, sub);
        }
    }
}
