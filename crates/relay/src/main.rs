//! `bandpro-relay`: starts a relay, and makes passes for bands.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use bandpro_relay::config::{COMMENTED, LogFormat};
use bandpro_relay::store::bands;
use bandpro_relay::{Config, Relay, RelayError, now, passes};
use bandpro_sync::mailbox::{RelayPass, Token};
use clap::{Parser, Subcommand};

/// A relay for bands: forwards packets between devices that cannot reach one another, and keeps envelopes for members who are
/// never online together. It can read neither.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The configuration file; without one, every key has its default
    #[arg(long, short, global = true, value_name = "FILE", env = "BANDPRO_RELAY_CONFIG")]
    config: Option<PathBuf>,
    /// The data folder, instead of the one in the configuration
    #[arg(long, global = true, value_name = "DIR", env = "BANDPRO_RELAY_DATA")]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start (also what happens without a command)
    Serve,
    /// Start on this machine alone, to try it out, and print a pass
    Local,
    /// Print the configuration file with every key, its meaning and its default
    Config,
    /// Let bands in
    Pass {
        #[command(subcommand)]
        command: PassCommand,
    },
}

#[derive(Debug, Subcommand)]
enum PassCommand {
    /// Make a pass and print it; it is not shown again
    New {
        /// What you call the band here; only you see it
        label: String,
        /// The bytes that it may keep, instead of what all may
        #[arg(long, value_name = "BYTES")]
        max_bytes: Option<u64>,
        /// The envelopes that it may keep, instead of what all may
        #[arg(long, value_name = "N")]
        max_envelopes: Option<u64>,
    },
    /// List the passes with what each band keeps
    List,
    /// Withdraw a pass; what the band keeps stays
    Withdraw {
        /// Its number
        id: i64,
    },
    /// Remove a pass and all that the band keeps
    Remove {
        /// Its number
        id: i64,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bandpro-relay: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), RelayError> {
    let Arguments { config, data, command } = arguments;
    let command = command.unwrap_or(Command::Serve);
    let read = |config: Option<PathBuf>| config.map_or_else(|| Ok(Config::default()), |path| Config::read(&path));
    let with_data = |mut config: Config| {
        config.data = data.clone().unwrap_or(config.data);
        config
    };
    match command {
        Command::Config => print!("{COMMENTED}"),
        Command::Serve => serve(with_data(read(config)?), false)?,
        Command::Local => {
            let config = match config {
                Some(path) => Config::read(&path)?,
                None => Config::local(std::env::temp_dir().join("bandpro-relay")),
            };
            serve(with_data(config), true)?;
        }
        Command::Pass { command } => print!("{}", manage(&with_data(read(config)?), command)?),
    }
    Ok(())
}

fn manage(config: &Config, command: PassCommand) -> Result<String, RelayError> {
    let mut store = bandpro_relay::open_store(config)?;
    match command {
        PassCommand::New { label, max_bytes, max_envelopes } => {
            let token = passes::fresh()?;
            let pass = passes::pass(store.connection(), config, token)?;
            store.write(|connection| bands::add(connection, token, &label, (max_bytes, max_envelopes), now()))?;
            Ok(format!("{pass}\n"))
        }
        PassCommand::List => {
            let mut text = String::from("number\tenvelopes\tbytes\tstate\tlabel\n");
            for band in bands::all(store.connection())? {
                let state = if band.withdrawn { "withdrawn" } else { "good" };
                // Writing to a string does not fail.
                let _ = writeln!(text, "{}\t{}\t{}\t{state}\t{}", band.id, band.envelopes, band.bytes, band.label);
            }
            Ok(text)
        }
        PassCommand::Withdraw { id } => store.write(|connection| bands::withdraw(connection, id, now())).map(|()| String::new()),
        PassCommand::Remove { id } => store.write(|connection| bands::remove(connection, id)).map(|()| String::new()),
    }
}

const QUIET: &str = ",iroh=error,iroh::socket::transports::relay=off,iroh_relay=error";

fn start_logging(config: &Config) -> Result<(), RelayError> {
    // What the network's own crates say of every laptop that is closed without a goodbye is no news, unless one asks for it.
    let quiet = if config.log.level.contains("iroh") { "" } else { QUIET };
    let filter = tracing_subscriber::EnvFilter::try_new(format!("{}{quiet}", config.log.level));
    let filter = filter.map_err(|error| RelayError::Config { path: "[log] level".into(), detail: error.to_string() })?;
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log.format {
        LogFormat::Text => logs.init(),
        LogFormat::Json => logs.json().init(),
    }
    Ok(())
}

fn serve(config: Config, local: bool) -> Result<(), RelayError> {
    start_logging(&config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|source| RelayError::File { path: "the runtime".into(), source })?;
    runtime.block_on(async {
        let relay = Relay::start(config.clone()).await?;
        if local {
            println!("{}", local_pass(&config)?);
        }
        interrupted().await;
        relay.stop().await;
        Ok(())
    })
}

/// The pass to try it out with: the same at each start.
fn local_pass(config: &Config) -> Result<RelayPass, RelayError> {
    let path = config.data.join("local.pass");
    let kept = std::fs::read_to_string(&path).ok().and_then(|text| Token::from_text(text.trim()));
    let mut store = bandpro_relay::open_store(config)?;
    let token = match kept {
        Some(token) => token,
        None => {
            let token = passes::fresh()?;
            store.write(|connection| bands::add(connection, token, "local", (None, None), now()))?;
            bandpro_relay::keys::read_or_make(&path, || Ok(token.to_text().into_bytes()))?;
            token
        }
    };
    passes::pass(store.connection(), config, token)
}

async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut end) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = end.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
