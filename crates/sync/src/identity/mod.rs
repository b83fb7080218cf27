//! The identity of this device: an Ed25519 key, which is also its iroh secret key, and a key to seal for it.
//!
//! The X25519 key by which others seal for this device is derived from the same secret by a key derivation function, so that
//! there is one secret to keep, and is a key of its own, so that no key both signs and agrees on keys. Its public half cannot
//! be worked out from the device's name and is published in a [`Card`], which the device signs.

mod card;
mod recovery;

use std::fs;
use std::io::Write;
use std::path::Path;

use iroh::SecretKey;

use x25519_dalek::StaticSecret;
use zeroize::Zeroizing;

use crate::{DeviceId, Signature, SyncError};

pub use card::Card;
pub use recovery::RecoveryKey;

const FILE: &str = "device.key";

/// The key of this device. Whoever has it can write in its name.
#[derive(Clone)]
pub struct Identity {
    key: SecretKey,
    sealing: StaticSecret,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity({})", self.device().short())
    }
}

impl Identity {
    /// The identity with these 32 secret bytes.
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self::of(SecretKey::from_bytes(secret))
    }

    fn of(key: SecretKey) -> Self {
        let secret = Zeroizing::new(key.to_bytes());
        let derived = Zeroizing::new(blake3::derive_key("bandpro device sealing key v1", &*secret));
        Self { key, sealing: StaticSecret::from(*derived) }
    }

    /// The identity kept in a folder, made at first start. Only the owner may read its file.
    pub fn open(folder: &Path) -> Result<Self, SyncError> {
        let path = folder.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => {
                let secret: [u8; 32] = bytes.try_into().map_err(|_| SyncError::Key { path })?;
                Ok(Self::from_secret(&secret))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::create(folder),
            Err(source) => Err(SyncError::Folder { path, source }),
        }
    }

    /// Makes the key beside its place and links it there, so that of two processes that start at once both use one key, and
    /// none ever reads half of it.
    fn create(folder: &Path) -> Result<Self, SyncError> {
        let path = folder.join(FILE);
        let failed = |source| SyncError::Folder { path: path.clone(), source };
        let identity = Self::of(SecretKey::generate());
        let fresh = folder.join(format!("{FILE}.{}", std::process::id()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&fresh).map_err(failed)?;
        file.write_all(&identity.key.to_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        let linked = fs::hard_link(&fresh, &path);
        let removed = fs::remove_file(&fresh);
        match linked {
            Ok(()) => {
                removed.map_err(failed)?;
                if let Ok(folder) = fs::File::open(folder) {
                    // The key must be there after a crash if anything signed with it is; not every system can sync a folder.
                    drop(folder.sync_all());
                }
                Ok(identity)
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Self::open(folder),
            Err(source) => Err(failed(source)),
        }
    }

    /// The public name of this device.
    pub fn device(&self) -> DeviceId {
        DeviceId(*self.key.public().as_bytes())
    }

    /// Signs.
    pub(crate) fn sign(&self, message: &[u8]) -> Signature {
        Signature::from_bytes(&self.key.sign(message).to_bytes())
    }

    /// The public key by which others seal for this device.
    pub fn sealing_key(&self) -> [u8; 32] {
        x25519_dalek::PublicKey::from(&self.sealing).to_bytes()
    }

    /// Agrees on a secret with whoever made an ephemeral key; nothing where that key is of a kind that makes it predictable.
    pub(crate) fn agree(&self, ephemeral: &[u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
        let shared = self.sealing.diffie_hellman(&(*ephemeral).into());
        shared.was_contributory().then(|| Zeroizing::new(*shared.as_bytes()))
    }

    /// Introduces this device.
    pub fn card(&self, name: &str) -> Card {
        Card::sign(self, name)
    }

    /// The key for the network, whose endpoints are named by the same public key.
    pub(crate) fn secret_key(&self) -> SecretKey {
        self.key.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_stays_and_only_its_owner_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let device = Identity::open(folder.path()).unwrap().device();
        assert_eq!(Identity::open(folder.path()).unwrap().device(), device);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_damaged_key_is_an_error_and_stays_where_it_is() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), b"short").unwrap();
        assert_eq!(Identity::open(folder.path()).unwrap_err().code(), "device-key");
        assert_eq!(fs::read(folder.path().join(FILE)).unwrap(), b"short");
    }
}
