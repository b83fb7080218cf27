//! The Keychain of macOS and the Credential Manager of Windows. Both may ask the person by themselves, and are called on a
//! thread that can be left.

#[cfg(target_os = "macos")]
use apple_native_keyring_store::keychain::Store;
use bandpro_sync::KeyStoreError;
use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
#[cfg(windows)]
use windows_native_keyring_store::Store;
use zeroize::Zeroizing;

use super::Asking;

const SERVICE: &str = "org.BandPro.BandPro";

fn trouble(error: Error) -> KeyStoreError {
    match error {
        Error::NoStorageAccess(_) => KeyStoreError::Locked,
        other => KeyStoreError::Refused(other.to_string()),
    }
}

fn entry(name: &str) -> Result<Entry, KeyStoreError> {
    Store::new().and_then(|store| store.build(SERVICE, name, None)).map_err(trouble)
}

pub(super) fn get(name: &str, asking: &Asking<'_>) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
    // The system asks where it has to, and does not say so.
    asking.a_person();
    match entry(name)?.get_secret() {
        Ok(secret) => Ok(Some(Zeroizing::new(secret))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(trouble(error)),
    }
}

pub(super) fn put(name: &str, _label: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
    entry(name)?.set_secret(secret).map_err(trouble)
}

pub(super) fn remove(name: &str) -> Result<(), KeyStoreError> {
    match entry(name)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(trouble(error)),
    }
}
