//! The Secret Service of a desktop, by the freedesktop.org Secret Service API draft 0.2.
//!
//! Sessions are of the kind `plain`: the bus is the person's own, and whoever may listen to it may ask the service as well.

use std::collections::HashMap;

use bandpro_sync::KeyStoreError;
use n0_future::StreamExt;
use serde::{Deserialize, Serialize};
use zbus::connection::Builder;
use zbus::{Connection, MatchRule, Message, MessageStream, OwnedObjectPath, OwnedVariant, Type, Variant};
use zeroize::Zeroizing;

use super::{Asking, QUICK};

const SERVICE: &str = "org.freedesktop.secrets";
const ROOT: &str = "/org/freedesktop/secrets";
/// Where the API says “no object”, as for a question that need not be asked.
const NOTHING: &str = "/";

/// The `Secret` of the API: session, parameters, value, content type.
#[derive(Serialize, Deserialize, Type)]
struct Secret(OwnedObjectPath, Vec<u8>, Vec<u8>, String);

impl Drop for Secret {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.2);
    }
}

fn trouble(error: zbus::Error) -> KeyStoreError {
    match &error {
        zbus::Error::InputOutput(io) if io.kind() == std::io::ErrorKind::TimedOut => KeyStoreError::Silent,
        zbus::Error::MethodError(name, detail, _) => match name.as_str() {
            "org.freedesktop.Secret.Error.IsLocked" => KeyStoreError::Locked,
            "org.freedesktop.DBus.Error.ServiceUnknown" | "org.freedesktop.DBus.Error.NameHasNoOwner" => KeyStoreError::Absent,
            name if name.starts_with("org.freedesktop.DBus.Error.Spawn") => KeyStoreError::Absent,
            "org.freedesktop.DBus.Error.NoReply" | "org.freedesktop.DBus.Error.TimedOut" => KeyStoreError::Silent,
            name => KeyStoreError::Refused(detail.clone().unwrap_or_else(|| name.to_owned())),
        },
        _ => KeyStoreError::Refused(error.to_string()),
    }
}

/// A conversation with the service.
struct Service {
    bus: Connection,
    session: OwnedObjectPath,
}

impl Service {
    async fn open() -> Result<Self, KeyStoreError> {
        // Without a bus there is no desktop, and no key store.
        let bus = Builder::session().method_timeout(QUICK / 2).build().await.map_err(|_| KeyStoreError::Absent)?;
        let reply = call(&bus, ROOT, "Service", "OpenSession", &("plain", Variant::from(""))).await?;
        let (_, session): (OwnedVariant, OwnedObjectPath) = read(&reply)?;
        Ok(Self { bus, session })
    }

    async fn call<B>(&self, path: &str, interface: &str, method: &str, body: &B) -> Result<Message, KeyStoreError>
    where
        B: Serialize + zbus::DynamicType,
    {
        call(&self.bus, path, interface, method, body).await
    }

    /// The items of this name: those that can be read, and those that are locked.
    async fn find(&self, name: &str) -> Result<(Vec<OwnedObjectPath>, Vec<OwnedObjectPath>), KeyStoreError> {
        read(&self.call(ROOT, "Service", "SearchItems", &(attributes(name),)).await?)
    }

    /// The collection that new items go into; nothing where the person has none.
    async fn collection(&self) -> Result<Option<OwnedObjectPath>, KeyStoreError> {
        let found: OwnedObjectPath = read(&self.call(ROOT, "Service", "ReadAlias", &("default",)).await?)?;
        Ok(Some(found).filter(|found| found.as_str() != NOTHING))
    }

    async fn is_locked(&self, collection: &OwnedObjectPath) -> Result<bool, KeyStoreError> {
        let of = ("org.freedesktop.Secret.Collection", "Locked");
        let reply = self.bus.call_method(Some(SERVICE), collection.as_str(), Some("org.freedesktop.DBus.Properties"), "Get", &of).await;
        let locked: OwnedVariant = read(&reply.map_err(trouble)?)?;
        bool::try_from(locked).map_err(|error| KeyStoreError::Refused(error.to_string()))
    }

    /// Has the service unlock something, which may ask the person.
    async fn unlock(&self, what: OwnedObjectPath, asking: &Asking<'_>) -> Result<(), KeyStoreError> {
        let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) = read(&self.call(ROOT, "Service", "Unlock", &(vec![what],)).await?)?;
        if prompt.as_str() == NOTHING {
            return Ok(());
        }
        let rule = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .interface("org.freedesktop.Secret.Prompt")
            .member("Completed")
            .path(prompt.as_str().to_owned())
            .build()
            .map_err(trouble)?;
        let mut answers = MessageStream::for_match_rule(rule, &self.bus, None).await.map_err(trouble)?;
        asking.a_person();
        self.call(prompt.as_str(), "Prompt", "Prompt", &("",)).await?;
        match answers.next().await {
            Some(Ok(answer)) => match read::<(bool, OwnedVariant)>(&answer)? {
                (false, _) => Ok(()),
                (true, _) => Err(KeyStoreError::Locked),
            },
            _ => Err(KeyStoreError::Silent),
        }
    }

    async fn get(&self, name: &str, asking: &Asking<'_>) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        let (mut open, locked) = self.find(name).await?;
        if open.is_empty() {
            // Not every service tells what is in a collection that is locked.
            let shut = match (locked.into_iter().next(), self.collection().await?) {
                (Some(item), _) => Some(item),
                (None, Some(collection)) if self.is_locked(&collection).await? => Some(collection),
                _ => None,
            };
            if let Some(shut) = shut {
                self.unlock(shut, asking).await?;
                open = self.find(name).await?.0;
            }
        }
        let Some(item) = open.first() else { return Ok(None) };
        let mut secret: Secret = read(&self.call(item.as_str(), "Item", "GetSecret", &(&self.session,)).await?)?;
        Ok(Some(Zeroizing::new(std::mem::take(&mut secret.2))))
    }

    async fn put(&self, name: &str, label: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
        let collection = self.collection().await?.ok_or(KeyStoreError::Absent)?;
        if self.is_locked(&collection).await? {
            return Err(KeyStoreError::Locked);
        }
        let properties = HashMap::from([
            ("org.freedesktop.Secret.Item.Label", Variant::from(label)),
            ("org.freedesktop.Secret.Item.Attributes", Variant::from(attributes(name))),
        ]);
        let secret = Secret(self.session.clone(), Vec::new(), secret.to_vec(), "application/octet-stream".to_owned());
        let reply = self.call(collection.as_str(), "Collection", "CreateItem", &(properties, &secret, true)).await?;
        let (_, prompt): (OwnedObjectPath, OwnedObjectPath) = read(&reply)?;
        if prompt.as_str() == NOTHING { Ok(()) } else { Err(KeyStoreError::Locked) }
    }

    async fn remove(&self, name: &str) -> Result<(), KeyStoreError> {
        let (open, locked) = self.find(name).await?;
        for item in open.iter().chain(&locked) {
            let prompt: OwnedObjectPath = read(&self.call(item.as_str(), "Item", "Delete", &()).await?)?;
            if prompt.as_str() != NOTHING {
                return Err(KeyStoreError::Locked);
            }
        }
        Ok(())
    }
}

async fn call<B>(bus: &Connection, path: &str, interface: &str, method: &str, body: &B) -> Result<Message, KeyStoreError>
where
    B: Serialize + zbus::DynamicType,
{
    let interface = format!("org.freedesktop.Secret.{interface}");
    bus.call_method(Some(SERVICE), path, Some(interface.as_str()), method, body).await.map_err(trouble)
}

fn read<T: serde::de::DeserializeOwned + Type>(message: &Message) -> Result<T, KeyStoreError> {
    message.body().deserialize().map_err(trouble)
}

/// By which an item is found again.
fn attributes(name: &str) -> HashMap<&'static str, String> {
    HashMap::from([("application", "org.BandPro.BandPro".to_owned()), ("device", name.to_owned())])
}

pub(super) fn get(name: &str, asking: &Asking<'_>) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
    zbus::block_on(async { Service::open().await?.get(name, asking).await })
}

pub(super) fn put(name: &str, label: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
    zbus::block_on(async { Service::open().await?.put(name, label, secret).await })
}

pub(super) fn remove(name: &str) -> Result<(), KeyStoreError> {
    zbus::block_on(async { Service::open().await?.remove(name).await })
}
