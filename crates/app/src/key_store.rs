//! The system's key store: the Secret Service of a desktop (GNOME Keyring, KWallet, KeePassXC), the Keychain of macOS, the
//! Credential Manager of Windows.

#[cfg(any(target_os = "macos", windows))]
mod native;
#[cfg(not(any(target_os = "macos", windows)))]
mod secret_service;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use bandpro_sync::{KeyPlace, KeyStore, KeyStoreError, Keys, NewKey};
use zeroize::Zeroizing;

use crate::AppError;

#[cfg(any(target_os = "macos", windows))]
use native as system;
#[cfg(not(any(target_os = "macos", windows)))]
use secret_service as system;

/// Says where the keys of new data folders go: `file`, `system`, or nothing for what fits the folder.
const SETTING: &str = "BANDPRO_KEY_STORE";
/// How long the store may take for anything that asks nobody.
const QUICK: Duration = Duration::from_secs(10);
/// How long a person may take to unlock it.
const PERSON: Duration = Duration::from_secs(60);

/// How keys are kept, by the environment: the key of the folder that the system gives an application goes into the system's
/// store where that takes it; a folder that somebody named keeps its own, since it may go to another machine.
pub(crate) fn keys(may_use_system: bool, folder_is_named: bool) -> Result<Keys, AppError> {
    let value = std::env::var(SETTING).unwrap_or_default();
    let new = match value.as_str() {
        "" if folder_is_named => NewKey::File,
        "" => NewKey::SystemIfItCan,
        "file" => NewKey::File,
        "system" => NewKey::System,
        _ => return Err(AppError::BadSetting { key: SETTING.to_owned(), value }),
    };
    if !may_use_system {
        return Ok(Keys::default());
    }
    Ok(Keys { system: Some(Arc::new(SystemStore)), new })
}

/// A place for keys by its name.
pub(crate) fn place(code: &str) -> Result<KeyPlace, AppError> {
    KeyPlace::from_code(code.trim()).ok_or_else(|| AppError::BadSetting { key: "key".to_owned(), value: code.to_owned() })
}

/// The key store of the system that this program runs on.
#[derive(Debug)]
struct SystemStore;

/// What the thread that asks the store has to say.
enum Heard<T> {
    /// A person is asked to unlock it.
    Asked,
    /// It is done.
    Done(Result<T, KeyStoreError>),
}

/// Says that a person is asked.
pub(crate) struct Asking<'a>(&'a dyn Fn());

impl Asking<'_> {
    /// A person is asked from now on.
    fn a_person(&self) {
        (self.0)();
    }
}

/// Does something with the store on a thread of its own, and waits for it no longer than is fair. A thread that hangs is left.
fn bounded<T: Send + 'static>(work: impl FnOnce(&Asking<'_>) -> Result<T, KeyStoreError> + Send + 'static) -> Result<T, KeyStoreError> {
    let (sender, receiver): (Sender<Heard<T>>, Receiver<Heard<T>>) = channel();
    let run = move || {
        let asked = sender.clone();
        let result = work(&Asking(&|| drop(asked.send(Heard::Asked))));
        // Whoever stopped waiting does not hear it.
        let _ = sender.send(Heard::Done(result));
    };
    let thread = thread::Builder::new().name("key store".to_owned()).spawn(run);
    thread.map_err(|error| KeyStoreError::Refused(error.to_string()))?;
    let mut patience = QUICK;
    loop {
        match receiver.recv_timeout(patience) {
            Ok(Heard::Asked) => patience = PERSON,
            Ok(Heard::Done(result)) => return result,
            Err(RecvTimeoutError::Timeout) if patience == PERSON => return Err(KeyStoreError::Locked),
            Err(RecvTimeoutError::Timeout) => return Err(KeyStoreError::Silent),
            Err(RecvTimeoutError::Disconnected) => return Err(KeyStoreError::Refused("it failed".to_owned())),
        }
    }
}

impl KeyStore for SystemStore {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        let name = name.to_owned();
        bounded(move |asking| system::get(&name, asking))
    }

    fn put(&self, name: &str, label: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
        let (name, label, secret) = (name.to_owned(), label.to_owned(), Zeroizing::new(secret.to_vec()));
        bounded(move |_| system::put(&name, &label, &secret))
    }

    fn remove(&self, name: &str) -> Result<(), KeyStoreError> {
        let name = name.to_owned();
        bounded(move |_| system::remove(&name))
    }
}
