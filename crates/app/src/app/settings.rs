//! What a person chose for this laptop: language, theme, paper.

use std::sync::{Arc, PoisonError};

use bandpro_sync::Workspace;

use super::{App, device_name, lock};
use crate::AppError;
use crate::texts::{Language, Texts};
use crate::view::{AppEvent, Settings};

/// Where they are kept, as JSON.
const SETTINGS: &str = "settings";

/// What was chosen here so far.
pub(super) fn kept(workspace: &Workspace) -> Result<Settings, AppError> {
    let Some(text) = workspace.setting(SETTINGS)? else { return Ok(Settings::default()) };
    let settings = serde_json::from_str(&text).unwrap_or_default();
    if let Some(name) = former_device_name(&text) {
        // Signed first: where that fails, the name is still here when BandPro is started again.
        if is_first_name(&workspace.device_name()?) {
            workspace.name_device(&name)?;
        }
        keep(workspace, &settings)?;
    }
    Ok(settings)
}

/// What this laptop is called by settings of a time when these kept its name, and signed it only at the next start.
fn former_device_name(text: &str) -> Option<String> {
    let settings: serde_json::Value = serde_json::from_str(text).ok()?;
    Some(settings.get("deviceName")?.as_str()?.trim().to_owned())
}

/// Whether this is what a laptop is called of which nobody has said what it is called.
fn is_first_name(name: &str) -> bool {
    Language::ALL.into_iter().any(|language| device_name(&Texts::new(language)) == name)
}

fn keep(workspace: &Workspace, settings: &Settings) -> Result<(), AppError> {
    let json = serde_json::to_string(settings).map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(workspace.set_setting(SETTINGS, &json)?)
}

impl App {
    /// The settings.
    pub fn settings(&self) -> Settings {
        lock(&self.inner.settings).clone()
    }

    /// Changes one setting (`language`, `theme`, `paper`, or any other key) and gives back all.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<Settings, AppError> {
        let mut settings = self.settings();
        let one_of = |allowed: &[&str]| {
            let bad = || AppError::BadSetting { key: key.to_owned(), value: value.to_owned() };
            allowed.contains(&value).then(|| value.to_owned()).ok_or_else(bad)
        };
        match key {
            "language" => settings.language = one_of(&["", "en", "zh-TW"])?,
            "theme" => settings.theme = one_of(&["system", "light", "dark", "contrast"])?,
            "paper" => settings.paper = one_of(&["white", "cream", "dark"])?,
            other => drop(settings.other.insert(other.to_owned(), value.to_owned())),
        }
        keep(&self.inner.workspace, &settings)?;
        *lock(&self.inner.settings) = settings.clone();
        if key == "language" {
            let spoken = Language::from_tag(value).or(self.inner.language).unwrap_or_else(Language::of_system);
            *self.inner.texts.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Texts::new(spoken));
        }
        self.inner.tell(&AppEvent::SettingsChanged { settings: settings.clone() });
        Ok(settings)
    }
}
