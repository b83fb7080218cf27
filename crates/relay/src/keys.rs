//! What the relay is known by: the key of its mailbox, and a certificate of its own making.

use std::fs;
use std::io::Write;
use std::path::Path;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::RelayError;

/// Reads a secret file, or makes it: only its owner may read it.
pub fn read_or_make(path: &Path, make: impl FnOnce() -> Result<Vec<u8>, RelayError>) -> Result<Vec<u8>, RelayError> {
    let failed = |source| RelayError::File { path: path.to_owned(), source };
    match fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        read => return read.map_err(failed),
    }
    let content = make()?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = match options.open(path) {
        // Another process was quicker.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return fs::read(path).map_err(failed),
        opened => opened.map_err(failed)?,
    };
    file.write_all(&content).and_then(|()| file.sync_all()).map_err(failed)?;
    Ok(content)
}

/// The key of the mailbox, made at first start.
pub fn mailbox(data: &Path) -> Result<iroh::SecretKey, RelayError> {
    let path = data.join("mailbox.key");
    let bytes = read_or_make(&path, || Ok(iroh::SecretKey::generate().to_bytes().to_vec()))?;
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| RelayError::Config { path, detail: "it is no key".into() })?;
    Ok(iroh::SecretKey::from_bytes(&bytes))
}

/// A chain of certificates and its key.
pub type Chain = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// The self-signed certificate, made at first start for this host.
pub fn self_signed(data: &Path, host: &str) -> Result<Chain, RelayError> {
    let bytes = read_or_make(&data.join("certificate.pem"), || {
        let made = rcgen::generate_simple_self_signed(vec![host.to_owned()]);
        let made = made.map_err(|error| RelayError::Certificate(error.to_string()))?;
        Ok(format!("{}{}", made.cert.pem(), made.signing_key.serialize_pem()).into_bytes())
    })?;
    let broken = |error: rustls::pki_types::pem::Error| RelayError::Certificate(format!("certificate.pem: {error}"));
    let chain = CertificateDer::pem_slice_iter(&bytes).collect::<Result<_, _>>().map_err(broken)?;
    Ok((chain, PrivateKeyDer::from_pem_slice(&bytes).map_err(broken)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_and_only_their_owner_may_read_them() {
        let folder = tempfile::tempdir().unwrap();
        let (key, certificate) = (mailbox(folder.path()).unwrap(), self_signed(folder.path(), "localhost").unwrap());
        assert_eq!(mailbox(folder.path()).unwrap().public(), key.public());
        assert_eq!(self_signed(folder.path(), "localhost").unwrap().0, certificate.0);
        #[cfg(unix)]
        for file in ["mailbox.key", "certificate.pem"] {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(folder.path().join(file)).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
        }
    }
}
