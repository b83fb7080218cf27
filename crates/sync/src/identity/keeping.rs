//! Where the key of this device is kept: in the system's key store, or in a file of the data folder.
//!
//! The database says which device the folder belongs to and where that device's key is. A key that is not there is an error and
//! never a reason to make another one: that would be a second life of one person's folder. The system's store is reached by a
//! [`KeyStore`], which surfaces bring; without one, keys are kept in files.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use zeroize::Zeroizing;

use super::Identity;
use crate::store::{self, Store};
use crate::{DeviceId, SyncError};

/// The key's file in the data folder.
const FILE: &str = "device.key";
/// Where the database keeps which device this is and where its key is.
const SETTING: &str = "device";

/// The system's key store, or what stands in for it. Every call takes a bounded time.
pub trait KeyStore: std::fmt::Debug + Send + Sync {
    /// The secret of this name; nothing where there is none. May ask the person to unlock the store.
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError>;
    /// Keeps a secret, with words by which a person recognises it. Asks nobody anything: a locked store is an error.
    fn put(&self, name: &str, label: &str, secret: &[u8]) -> Result<(), KeyStoreError>;
    /// Forgets the secret of this name, where there is one.
    fn remove(&self, name: &str) -> Result<(), KeyStoreError>;
}

/// Why the system's key store did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyStoreError {
    /// There is none here, as over ssh or without a desktop.
    #[error("there is no key store here")]
    Absent,
    /// It is locked, and nobody unlocked it.
    #[error("the key store is locked")]
    Locked,
    /// It did not answer in time.
    #[error("the key store does not answer")]
    Silent,
    /// It refused, or failed.
    #[error("{0}")]
    Refused(String),
}

/// Where a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPlace {
    /// In a file of the data folder, which its owner alone may read.
    File,
    /// In the system's key store.
    System,
}

impl KeyPlace {
    /// Its name in settings.
    pub const fn code(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::System => "system",
        }
    }

    /// The place of this name.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::File, Self::System].into_iter().find(|place| place.code() == code)
    }
}

/// Where the key of a new device goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NewKey {
    /// Into a file.
    #[default]
    File,
    /// Into the system's key store where that takes it, else into a file.
    SystemIfItCan,
    /// Into the system's key store, or nowhere.
    System,
}

/// How keys are kept.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    /// The system's key store, where it may be used.
    pub system: Option<Arc<dyn KeyStore>>,
    /// Where the key of a new device goes.
    pub new: NewKey,
}

/// Which device a data folder belongs to, and where its key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kept {
    device: DeviceId,
    place: KeyPlace,
}

impl Kept {
    /// As the database has it; nothing before the first start.
    fn get(connection: &Connection) -> Result<Option<Self>, SyncError> {
        let Some(text) = store::settings::get(connection, SETTING)? else { return Ok(None) };
        let read = text
            .split_once(' ')
            .and_then(|(device, place)| Some(Self { device: device.parse().ok()?, place: KeyPlace::from_code(place)? }));
        read.map(Some).ok_or_else(|| store::damaged("it does not say which device it is of"))
    }

    /// Has the database say so from now on.
    fn put(self, connection: &Connection) -> Result<(), SyncError> {
        store::settings::put(connection, SETTING, &format!("{} {}", self.device, self.place.code()))
    }

    fn gone(self) -> SyncError {
        SyncError::KeyGone { device: Some(self.device), place: self.place }
    }
}

/// The identity of the device that a data folder belongs to, made at first start.
pub(crate) fn open(folder: &Path, store: &mut Store, keys: &Keys) -> Result<(Identity, KeyPlace), SyncError> {
    if let Some(kept) = Kept::get(store.connection())? {
        return read(folder, keys, kept);
    }
    let found = read_file(&folder.join(FILE))?;
    if found.is_none() && !store::membership::spaces(store.connection())?.is_empty() {
        // Another process may have made the key and the spaces meanwhile.
        let kept = Kept::get(store.connection())?.ok_or(SyncError::KeyGone { device: None, place: KeyPlace::File })?;
        return read(folder, keys, kept);
    }
    let (identity, place) = match found {
        Some(identity) => (identity, KeyPlace::File),
        None => make(folder, keys)?,
    };
    let mine = Kept { device: identity.device(), place };
    let kept = store.write(|tx| match Kept::get(tx)? {
        Some(theirs) => Ok(theirs),
        None => mine.put(tx).map(|()| mine),
    })?;
    if kept == mine {
        return Ok((identity, place));
    }
    // Another process that started at the same time was quicker.
    if kept.device != mine.device {
        discard(folder, keys, mine);
    }
    read(folder, keys, kept)
}

/// Where the key is; in a file where the database does not say, as in memory.
pub(crate) fn place(connection: &Connection) -> Result<KeyPlace, SyncError> {
    Ok(Kept::get(connection)?.map_or(KeyPlace::File, |kept| kept.place))
}

/// The identity of a device whose key has its place.
fn read(folder: &Path, keys: &Keys, kept: Kept) -> Result<(Identity, KeyPlace), SyncError> {
    let path = folder.join(FILE);
    let is_it = |identity: &Identity| identity.device() == kept.device;
    let identity = match kept.place {
        KeyPlace::System => {
            let secret = system(keys)?.get(&kept.device.to_string()).map_err(SyncError::KeyStore)?;
            let secret: Option<[u8; 32]> = secret.and_then(|secret| secret.as_slice().try_into().ok());
            let secret = Zeroizing::new(secret.ok_or_else(|| kept.gone())?);
            let identity = Some(Identity::from_secret(&secret)).filter(is_it).ok_or_else(|| kept.gone())?;
            // Where moving it here was cut off, the file is still there.
            if read_file(&path).ok().flatten().is_some_and(|file| is_it(&file)) {
                remove_file(folder, FILE)?;
            }
            identity
        }
        KeyPlace::File => match read_file(&path)?.filter(is_it) {
            Some(identity) => identity,
            // Where changing to another key was cut off, or goes on in another process, that lies beside its place.
            None => {
                put_in_place(folder, kept.device)?;
                read_file(&path)?.filter(is_it).ok_or_else(|| kept.gone())?
            }
        },
    };
    Ok((identity, kept.place))
}

fn system(keys: &Keys) -> Result<&Arc<dyn KeyStore>, SyncError> {
    keys.system.as_ref().ok_or(SyncError::KeyStore(KeyStoreError::Absent))
}

/// Makes a key and puts it where new ones go.
fn make(folder: &Path, keys: &Keys) -> Result<(Identity, KeyPlace), SyncError> {
    let identity = Identity::fresh();
    if keys.new != NewKey::File {
        match system(keys).and_then(|store| keep_in(store, &identity)) {
            Ok(()) => return Ok((identity, KeyPlace::System)),
            Err(error) if keys.new == NewKey::System => return Err(error),
            Err(error) => tracing::info!(%error, "the key of this device goes into a file"),
        }
    }
    Ok((create_file(folder, &identity)?, KeyPlace::File))
}

/// Puts a key into the system's store, and makes sure that it is there.
fn keep_in(store: &Arc<dyn KeyStore>, identity: &Identity) -> Result<(), SyncError> {
    let (name, secret) = (identity.device().to_string(), identity.secret());
    let label = format!("BandPro: key of the device {}", identity.device().short());
    store.put(&name, &label, &*secret).map_err(SyncError::KeyStore)?;
    match store.get(&name).map_err(SyncError::KeyStore)? {
        Some(back) if *back == *secret => Ok(()),
        _ => Err(SyncError::KeyStore(KeyStoreError::Refused("it did not give back what it was given".into()))),
    }
}

/// Lets go of a key that no database names.
fn discard(folder: &Path, keys: &Keys, kept: Kept) {
    let done = match kept.place {
        KeyPlace::System => system(keys).and_then(|store| store.remove(&kept.device.to_string()).map_err(SyncError::KeyStore)),
        KeyPlace::File => remove_file(folder, FILE),
    };
    if let Err(error) = done {
        tracing::warn!(%error, place = kept.place.code(), "a key that is not used any more could not be removed");
    }
}

/// Makes another key for a data folder and lays it ready, in the place where its key is kept. Nothing changes by that alone.
pub(crate) fn lay_another(folder: &Path, keys: &Keys, place: KeyPlace) -> Result<Identity, SyncError> {
    let identity = Identity::fresh();
    match place {
        KeyPlace::System => keep_in(system(keys)?, &identity)?,
        KeyPlace::File => write_file(folder, &laid_name(identity.device()), &identity)?,
    }
    Ok(identity)
}

/// Lets go of a key that was laid ready and is not to be used after all.
pub(crate) fn let_go_of(folder: &Path, keys: &Keys, place: KeyPlace, device: DeviceId) {
    let done = match place {
        KeyPlace::System => system(keys).and_then(|store| store.remove(&device.to_string()).map_err(SyncError::KeyStore)),
        KeyPlace::File => remove_file(folder, &laid_name(device)),
    };
    if let Err(error) = done {
        tracing::warn!(%error, place = place.code(), "a key that is not used after all could not be removed");
    }
}

/// Has the database say that the folder belongs to the device of another key.
pub(crate) fn change_to(connection: &Connection, device: DeviceId) -> Result<(), SyncError> {
    Kept { device, place: place(connection)? }.put(connection)
}

/// Lets go of the key that a folder had before, and puts the one that it has now in its place. Where that is cut off, the next start
/// finishes it.
pub(crate) fn changed(folder: &Path, keys: &Keys, place: KeyPlace, (before, now): (DeviceId, DeviceId)) -> Result<(), SyncError> {
    match place {
        KeyPlace::System => discard(folder, keys, Kept { device: before, place }),
        KeyPlace::File => put_in_place(folder, now)?,
    }
    Ok(())
}

/// Whether the folder belongs to this device still: another process may have given it another key.
pub(crate) fn is_of(connection: &Connection, device: DeviceId) -> Result<bool, SyncError> {
    Ok(Kept::get(connection)?.is_none_or(|kept| kept.device == device))
}

/// Which device the folder belongs to, where the database says so.
#[cfg(feature = "simulation")]
pub(crate) fn device(connection: &Connection) -> Result<Option<DeviceId>, SyncError> {
    Ok(Kept::get(connection)?.map(|kept| kept.device))
}

fn laid_name(device: DeviceId) -> String {
    format!("{FILE}.{device}")
}

/// Puts a key in its place that was laid ready, if it still lies beside it.
fn put_in_place(folder: &Path, device: DeviceId) -> Result<(), SyncError> {
    let path = folder.join(FILE);
    match fs::rename(folder.join(laid_name(device)), &path) {
        Ok(()) => sync_folder(folder),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(source) => return Err(SyncError::Folder { path, source }),
    }
    Ok(())
}

/// Moves the key of a device to another place: it is there, and was read back, before the database says so, and only then does
/// it go from where it was. Where that is cut off, doing it again finishes it.
pub(crate) fn move_key(folder: &Path, store: &mut Store, keys: &Keys, identity: &Identity, to: KeyPlace) -> Result<(), SyncError> {
    match to {
        KeyPlace::System => keep_in(system(keys)?, identity)?,
        KeyPlace::File => {
            if create_file(folder, identity)?.device() != identity.device() {
                return Err(SyncError::Key { path: folder.join(FILE) });
            }
        }
    }
    let device = identity.device();
    store.write(|tx| match Kept::get(tx)? {
        Some(kept) if kept.device != device => Err(kept.gone()),
        _ => Kept { device, place: to }.put(tx),
    })?;
    let from = if to == KeyPlace::File { KeyPlace::System } else { KeyPlace::File };
    if from == KeyPlace::File || keys.system.is_some() {
        discard(folder, keys, Kept { device, place: from });
    }
    Ok(())
}

/// The identity in a file; nothing where there is no file.
fn read_file(path: &Path) -> Result<Option<Identity>, SyncError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(SyncError::Folder { path: path.to_owned(), source }),
    };
    let secret: Zeroizing<[u8; 32]> = match bytes.as_slice().try_into() {
        Ok(secret) => Zeroizing::new(secret),
        Err(_) => return Err(SyncError::Key { path: path.to_owned() }),
    };
    Ok(Some(Identity::from_secret(&secret)))
}

/// Writes the key beside its place and links it there, so that of two that start at once both use one key, and none
/// ever reads half of it. Gives the identity that is there.
fn create_file(folder: &Path, identity: &Identity) -> Result<Identity, SyncError> {
    let path = folder.join(FILE);
    let failed = |source| SyncError::Folder { path: path.clone(), source };
    let fresh = format!("{FILE}.{}", identity.device().short());
    write_file(folder, &fresh, identity)?;
    let linked = fs::hard_link(folder.join(&fresh), &path);
    fs::remove_file(folder.join(&fresh)).map_err(failed)?;
    match linked {
        Ok(()) => sync_folder(folder),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(source) => return Err(failed(source)),
    }
    read_file(&path)?.ok_or_else(|| failed(io::ErrorKind::NotFound.into()))
}

/// Writes a key to a file that its owner alone may read. Durable on return.
fn write_file(folder: &Path, name: &str, identity: &Identity) -> Result<(), SyncError> {
    let path = folder.join(name);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&path).and_then(|mut file| {
        file.write_all(&*identity.secret())?;
        file.sync_all()
    });
    written.map_err(|source| SyncError::Folder { path, source })?;
    sync_folder(folder);
    Ok(())
}

fn remove_file(folder: &Path, name: &str) -> Result<(), SyncError> {
    let path = folder.join(name);
    match fs::remove_file(&path) {
        Ok(()) => sync_folder(folder),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(source) => return Err(SyncError::Folder { path, source }),
    }
    Ok(())
}

/// The key must be there after a crash if anything signed with it is; not every system can sync a folder.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = fs::File::open(folder) {
        drop(folder.sync_all());
    }
}

#[cfg(test)]
#[path = "keeping_tests.rs"]
mod tests;
