//! The sound device.

use std::sync::Arc;
use std::time::Instant;

use rodio::stream::{DeviceSinkBuilder, MixerDeviceSink};
use rodio::{CpalError, CpalErrorKind, DeviceSinkError, DeviceTrait};

use crate::SilentReason;
use crate::source::{Clock, PlayerSource, Remote};

/// An open device that plays a [`PlayerSource`].
pub(crate) struct Device {
    pub remote: Remote,
    pub name: String,
    pub sample_rate: u32,
    pub opened: Instant,
    /// Playing ends when this is dropped.
    _sink: MixerDeviceSink,
}

/// Opens the system's default output. `lost` is called, on whatever thread, when it goes away later.
pub(crate) fn open(clock: Arc<Clock>, gain: f32, lost: impl Fn(String) + Clone + Send + 'static) -> Result<Device, SilentReason> {
    let refused = |error: DeviceSinkError| match error {
        DeviceSinkError::NoDevice => SilentReason::NoDevice,
        other => SilentReason::Refused(chain(&other)),
    };
    if !sound_is_possible() {
        return Err(SilentReason::NoDevice);
    }
    let device = default_device().ok_or(SilentReason::NoDevice)?;
    let name = device.description().map_or_else(|_| String::new(), |description| description.name().to_owned());
    let on_error = move |error: CpalError| match error.kind() {
        CpalErrorKind::DeviceNotAvailable | CpalErrorKind::StreamInvalidated | CpalErrorKind::HostUnavailable => lost(error.to_string()),
        _ => tracing::debug!(%error, "sound device"),
    };
    let builder = DeviceSinkBuilder::from_device(device).map_err(refused)?.with_error_callback(on_error);
    let mut sink = builder.open_sink_or_fallback().map_err(refused)?;
    sink.log_on_drop(false);
    let sample_rate = sink.config().sample_rate();
    let (source, remote) = PlayerSource::new(sample_rate, gain, clock).map_err(|error| SilentReason::Sounds(error.to_string()))?;
    sink.mixer().add(source);
    Ok(Device { remote, name, sample_rate: sample_rate.get(), opened: Instant::now(), _sink: sink })
}

fn default_device() -> Option<rodio::Device> {
    use rodio::cpal::traits::HostTrait;
    rodio::cpal::default_host().default_output_device()
}

/// Whether there is a sound card or a sound server at all. ALSA finds out as well, but writes a page to the terminal.
#[cfg(target_os = "linux")]
fn sound_is_possible() -> bool {
    use std::path::{Path, PathBuf};
    let cards = std::fs::read_dir("/dev/snd")
        .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("pcm")));
    let sockets = ["pulse/native", "pipewire-0"];
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let server = runtime.is_some_and(|folder| sockets.iter().any(|socket| folder.join(socket).exists()));
    let named = ["PULSE_SERVER", "PIPEWIRE_REMOTE"].iter().any(|name| std::env::var_os(name).is_some());
    // Whoever configured ALSA by hand may have a device that is no card.
    let configured =
        Path::new("/etc/asound.conf").exists() || std::env::var_os("HOME").is_some_and(|home| Path::new(&home).join(".asoundrc").exists());
    cards || server || named || configured
}

#[cfg(not(target_os = "linux"))]
fn sound_is_possible() -> bool {
    true
}

/// An error with what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
