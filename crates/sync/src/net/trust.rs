//! Which relays are believed to be who they say: those with a certificate that the world knows, and those whose own certificate
//! stands in a pass of the band.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use iroh::tls::CaTlsConfig;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, SignatureScheme};

use crate::mailbox::Certificate;

/// The certificates that stand in passes. A handle: clones share them, and they may change at any time.
#[derive(Debug, Clone, Default)]
pub struct Trust(Arc<RwLock<BTreeSet<Certificate>>>);

impl Trust {
    /// Believes these from now on, and no others.
    pub fn believe(&self, certificates: BTreeSet<Certificate>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = certificates;
    }

    fn knows(&self, certificate: &CertificateDer<'_>) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(&Certificate::of(certificate))
    }

    /// The verification for an endpoint.
    pub fn tls(&self) -> CaTlsConfig {
        let trust = self.clone();
        CaTlsConfig::custom_server_cert_verifier(Arc::new(move |provider: Arc<CryptoProvider>| {
            let world = CaTlsConfig::embedded().server_cert_verifier(provider)?;
            Ok(Arc::new(Verifier { trust: trust.clone(), world }) as Arc<dyn ServerCertVerifier>)
        }))
    }
}

#[derive(Debug)]
struct Verifier {
    trust: Trust,
    world: Arc<dyn ServerCertVerifier>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        // The pass named this very certificate, so neither its name nor its dates add anything. That the other side has its
        // key is checked below, as always.
        if self.trust.knows(certificate) {
            return Ok(ServerCertVerified::assertion());
        }
        self.world.verify_server_cert(certificate, chain, name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.world.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.world.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.world.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_certificates_of_passes_are_believed_without_the_world() {
        let trust = Trust::default();
        let (ours, other) = (CertificateDer::from(vec![1; 20]), CertificateDer::from(vec![2; 20]));
        trust.believe(BTreeSet::from([Certificate::of(&ours)]));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = trust.tls().server_cert_verifier(provider).unwrap();
        let verify = |certificate: &CertificateDer<'_>| {
            verifier.verify_server_cert(certificate, &[], &"relay.example".try_into().unwrap(), &[], UnixTime::now()).is_ok()
        };
        assert!(verify(&ours) && !verify(&other));
        trust.believe(BTreeSet::new());
        assert!(!verify(&ours), "a pass that was taken away counts no more");
    }
}
