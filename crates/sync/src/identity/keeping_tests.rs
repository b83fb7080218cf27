//! The key is where the folder says, through everything that can go wrong with where it is kept.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use tempfile::TempDir;

use super::*;

/// A key store in memory, with a fault.
#[derive(Debug, Default)]
struct Memory {
    secrets: Mutex<BTreeMap<String, Vec<u8>>>,
    fault: Mutex<Option<Fault>>,
}

#[derive(Debug, Clone)]
enum Fault {
    /// Nothing is read.
    Get(KeyStoreError),
    /// Nothing is written.
    Put(KeyStoreError),
    /// What is written is acknowledged and lost.
    Loses,
    /// Nothing is removed.
    Remove(KeyStoreError),
}

impl Memory {
    fn fault(&self, fault: impl Into<Option<Fault>>) {
        *self.fault.lock().unwrap() = fault.into();
    }

    fn names(&self) -> Vec<String> {
        self.secrets.lock().unwrap().keys().cloned().collect()
    }
}

impl KeyStore for Memory {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        match self.fault.lock().unwrap().clone() {
            Some(Fault::Get(error)) => Err(error),
            _ => Ok(self.secrets.lock().unwrap().get(name).cloned().map(Zeroizing::new)),
        }
    }

    fn put(&self, name: &str, label: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
        assert!(label.starts_with("BandPro"));
        match self.fault.lock().unwrap().clone() {
            Some(Fault::Put(error)) => return Err(error),
            Some(Fault::Loses) => {}
            _ => drop(self.secrets.lock().unwrap().insert(name.to_owned(), secret.to_vec())),
        }
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), KeyStoreError> {
        match self.fault.lock().unwrap().clone() {
            Some(Fault::Remove(error)) => return Err(error),
            _ => drop(self.secrets.lock().unwrap().remove(name)),
        }
        Ok(())
    }
}

/// A data folder, and a system with a key store.
struct Laptop {
    folder: TempDir,
    memory: Arc<Memory>,
}

impl Laptop {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), memory: Arc::default() }
    }

    fn store(&self) -> Store {
        Store::open(self.folder.path(), Duration::from_secs(10)).unwrap()
    }

    fn keys(&self, new: NewKey) -> Keys {
        Keys { system: Some(Arc::clone(&self.memory) as Arc<dyn KeyStore>), new }
    }

    fn open_with(&self, keys: &Keys) -> Result<(DeviceId, KeyPlace), SyncError> {
        open(self.folder.path(), &mut self.store(), keys).map(|(identity, place)| (identity.device(), place))
    }

    fn open(&self, new: NewKey) -> Result<(DeviceId, KeyPlace), SyncError> {
        self.open_with(&self.keys(new))
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join(FILE)
    }

    fn move_to(&self, place: KeyPlace) -> Result<(), SyncError> {
        let keys = self.keys(NewKey::File);
        let (identity, _) = open(self.folder.path(), &mut self.store(), &keys)?;
        move_key(self.folder.path(), &mut self.store(), &keys, &identity, place)
    }

    /// As a workspace leaves it that was opened once.
    fn lived_in(&self) {
        let add = |tx: &rusqlite::Transaction<'_>| -> Result<(), SyncError> {
            store::membership::add_space(tx, crate::SpaceId([1; 16]), "own", store::membership::Part::Own, 0)
        };
        self.store().write(add).unwrap();
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, SyncError>) -> &'static str {
    result.unwrap_err().code()
}

#[test]
fn the_key_stays_and_only_its_owner_may_read_it() {
    let laptop = Laptop::new();
    let (device, place) = laptop.open_with(&Keys::default()).unwrap();
    assert_eq!(place, KeyPlace::File);
    assert_eq!(laptop.open_with(&Keys::default()).unwrap(), (device, KeyPlace::File));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(laptop.file()).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let beside = fs::read_dir(laptop.folder.path()).unwrap().filter(is_key);
    assert_eq!(beside.count(), 1, "nothing of making it stays");
}

#[test]
fn a_damaged_key_is_an_error_and_stays_where_it_is() {
    let laptop = Laptop::new();
    fs::write(laptop.file(), b"short").unwrap();
    assert_eq!(code(laptop.open(NewKey::SystemIfItCan)), "device-key");
    assert_eq!(fs::read(laptop.file()).unwrap(), b"short");
}

#[test]
fn a_new_key_goes_into_the_systems_store_and_no_file_is_left() {
    let laptop = Laptop::new();
    let (device, place) = laptop.open(NewKey::SystemIfItCan).unwrap();
    assert_eq!((place, laptop.memory.names()), (KeyPlace::System, vec![device.to_string()]));
    assert!(!laptop.file().exists());
    // Who would put a new key elsewhere finds this one all the same.
    assert_eq!(laptop.open(NewKey::File).unwrap(), (device, KeyPlace::System));
}

#[test]
fn where_the_store_does_not_take_it_a_new_key_goes_into_a_file_or_nowhere() {
    for fault in [Fault::Put(KeyStoreError::Locked), Fault::Put(KeyStoreError::Silent), Fault::Loses, Fault::Get(KeyStoreError::Absent)] {
        let laptop = Laptop::new();
        laptop.memory.fault(fault.clone());
        assert!(code(laptop.open(NewKey::System)).starts_with("key-store"), "{fault:?}");
        assert!(!laptop.file().exists(), "{fault:?}: who wants the store gets no file");
        let (device, place) = laptop.open(NewKey::SystemIfItCan).unwrap();
        assert_eq!(place, KeyPlace::File, "{fault:?}");
        laptop.memory.fault(None);
        assert_eq!(laptop.open(NewKey::SystemIfItCan).unwrap(), (device, KeyPlace::File), "it stays where it is");
    }
    let laptop = Laptop::new();
    assert_eq!(code(laptop.open_with(&Keys { system: None, new: NewKey::System })), "key-store-absent");
}

#[test]
fn a_folder_whose_key_cannot_be_had_gets_no_other_one() {
    let laptop = Laptop::new();
    let (device, _) = laptop.open(NewKey::System).unwrap();
    for (error, told) in [
        (KeyStoreError::Absent, "key-store-absent"),
        (KeyStoreError::Locked, "key-store-locked"),
        (KeyStoreError::Silent, "key-store-silent"),
        (KeyStoreError::Refused("no".into()), "key-store"),
    ] {
        laptop.memory.fault(Fault::Get(error));
        for new in [NewKey::File, NewKey::SystemIfItCan, NewKey::System] {
            assert_eq!(code(laptop.open(new)), told);
        }
    }
    assert_eq!(code(laptop.open_with(&Keys::default())), "key-store-absent", "without any store");
    laptop.memory.fault(None);
    let kept = std::mem::take(&mut *laptop.memory.secrets.lock().unwrap());
    assert_eq!(code(laptop.open(NewKey::SystemIfItCan)), "device-key-not-here", "as on another laptop");
    laptop.memory.secrets.lock().unwrap().insert(device.to_string(), vec![7; 32]);
    assert_eq!(code(laptop.open(NewKey::SystemIfItCan)), "device-key-not-here", "another key is not it");
    assert!(!laptop.file().exists());
    *laptop.memory.secrets.lock().unwrap() = kept;
    assert_eq!(laptop.open(NewKey::File).unwrap().0, device, "and once it is back all is well");
}

#[test]
fn a_folder_whose_file_is_gone_gets_no_other_key() {
    let laptop = Laptop::new();
    laptop.open(NewKey::File).unwrap();
    let key = fs::read(laptop.file()).unwrap();
    fs::remove_file(laptop.file()).unwrap();
    assert_eq!(code(laptop.open(NewKey::SystemIfItCan)), "device-key-gone");
    fs::write(laptop.file(), [9; 32]).unwrap();
    assert_eq!(code(laptop.open(NewKey::SystemIfItCan)), "device-key-gone", "another device's key is not it");
    fs::write(laptop.file(), key).unwrap();
    laptop.open(NewKey::SystemIfItCan).unwrap();
    assert!(laptop.memory.names().is_empty());
}

#[test]
fn a_folder_from_before_the_database_said_whose_it_is() {
    let laptop = Laptop::new();
    let identity = create_file(laptop.folder.path(), &Identity::from_secret(&[3; 32])).unwrap();
    laptop.lived_in();
    assert_eq!(laptop.open(NewKey::SystemIfItCan).unwrap(), (identity.device(), KeyPlace::File), "its file is its key");
    let lost = Laptop::new();
    lost.lived_in();
    assert_eq!(code(lost.open(NewKey::SystemIfItCan)), "device-key-gone", "without it no other one is made");
}

#[test]
fn a_key_moves_there_and_back_and_is_never_nowhere() {
    let laptop = Laptop::new();
    let (device, _) = laptop.open(NewKey::File).unwrap();
    for fault in [Fault::Put(KeyStoreError::Locked), Fault::Loses, Fault::Get(KeyStoreError::Silent)] {
        laptop.memory.fault(fault.clone());
        assert!(code(laptop.move_to(KeyPlace::System)).starts_with("key-store"), "{fault:?}");
        assert_eq!(laptop.open(NewKey::File).unwrap(), (device, KeyPlace::File), "{fault:?}: it is where it was");
    }
    laptop.memory.fault(None);
    laptop.move_to(KeyPlace::System).unwrap();
    assert_eq!(laptop.open(NewKey::File).unwrap(), (device, KeyPlace::System));
    assert!(!laptop.file().exists());

    laptop.memory.fault(Fault::Remove(KeyStoreError::Locked));
    laptop.move_to(KeyPlace::File).unwrap();
    assert_eq!(laptop.open(NewKey::System).unwrap(), (device, KeyPlace::File));
    assert_eq!(laptop.memory.names().len(), 1, "what could not be removed is left");
    laptop.memory.fault(None);
    laptop.move_to(KeyPlace::File).unwrap();
    assert!(laptop.memory.names().is_empty(), "doing it again finishes it");
}

#[test]
fn a_move_that_was_cut_off_is_finished_at_the_next_start() {
    let laptop = Laptop::new();
    let (device, _) = laptop.open(NewKey::File).unwrap();
    let key = fs::read(laptop.file()).unwrap();
    laptop.move_to(KeyPlace::System).unwrap();
    // Killed after the database said so, before the file was gone.
    fs::write(laptop.file(), key).unwrap();
    assert_eq!(laptop.open(NewKey::File).unwrap(), (device, KeyPlace::System));
    assert!(!laptop.file().exists());
}

#[test]
fn of_two_that_start_at_once_both_are_one_device() {
    for new in [NewKey::File, NewKey::System] {
        let laptop = Laptop::new();
        drop(laptop.store());
        let devices: Vec<DeviceId> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| laptop.open(new).unwrap().0)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(devices.iter().all(|device| *device == devices[0]), "{new:?}: {devices:?}");
        let kept = laptop.memory.names();
        assert!(kept.iter().all(|name| *name == devices[0].to_string()), "{new:?}: no key of nobody stays");
    }
}

/// As a workspace changes to another key.
fn renewed(laptop: &Laptop, keys: &Keys, place: KeyPlace, cut_off: bool) -> (DeviceId, DeviceId) {
    let before = laptop.open_with(keys).unwrap().0;
    let now = lay_another(laptop.folder.path(), keys, place).unwrap().device();
    assert_eq!(laptop.open_with(keys).unwrap().0, before, "nothing changes by laying another ready");
    laptop.store().write(|tx| change_to(tx, now)).unwrap();
    assert!(is_of(laptop.store().connection(), now).unwrap() && !is_of(laptop.store().connection(), before).unwrap());
    if !cut_off {
        changed(laptop.folder.path(), keys, place, (before, now)).unwrap();
    }
    (before, now)
}

#[test]
fn a_folder_that_was_given_another_key_is_of_that_device_even_if_changing_was_cut_off() {
    for cut_off in [false, true] {
        let laptop = Laptop::new();
        let keys = laptop.keys(NewKey::File);
        let (before, now) = renewed(&laptop, &keys, KeyPlace::File, cut_off);
        assert_ne!(before, now);
        for _ in 0..2 {
            assert_eq!(laptop.open_with(&keys).unwrap(), (now, KeyPlace::File));
            assert_eq!(fs::read_dir(laptop.folder.path()).unwrap().filter(is_key).count(), 1, "one key stays");
        }

        let laptop = Laptop::new();
        let keys = laptop.keys(NewKey::System);
        let (before, now) = renewed(&laptop, &keys, KeyPlace::System, cut_off);
        assert_eq!(laptop.open_with(&keys).unwrap(), (now, KeyPlace::System));
        assert_eq!(laptop.memory.names().contains(&before.to_string()), cut_off);
    }
}

fn is_key(file: &io::Result<fs::DirEntry>) -> bool {
    file.as_ref().unwrap().file_name().to_string_lossy().contains("key")
}
