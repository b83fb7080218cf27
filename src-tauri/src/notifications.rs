//! Desktop notifications: for what a person has to answer while they look at another window.

use bandpro_app::{App, AppEvent, texts::Arg};
use notify_rust::Notification;

/// Whether this is something that a person has to answer.
pub const fn is_worth_one(event: &AppEvent) -> bool {
    matches!(event, AppEvent::Asked { .. } | AppEvent::Forked { .. } | AppEvent::Invited { .. })
}

/// What shows notifications on this computer, or why nothing does.
pub struct Desktop {
    out_of_order: Option<String>,
}

impl Desktop {
    /// Looks for the service. On Linux there may be none, as with a bare window manager.
    pub fn find() -> Self {
        #[cfg(all(unix, not(target_os = "macos")))]
        let out_of_order = notify_rust::get_server_information().err().map(|error| error.to_string());
        #[cfg(not(all(unix, not(target_os = "macos"))))]
        let out_of_order = None;
        if let Some(reason) = &out_of_order {
            tracing::info!(reason, "there are no desktop notifications here");
        }
        Self { out_of_order }
    }

    /// Why there are no notifications, where there are none.
    pub fn out_of_order(&self) -> Option<&str> {
        self.out_of_order.as_deref()
    }

    /// Shows a notification, if this is something to answer. Where that fails the window still shows it, and says so.
    pub fn tell(&mut self, event: &AppEvent, app: &App) {
        let Some((title, body)) = words(event, app).filter(|_| self.out_of_order.is_none()) else { return };
        let shown = Notification::new().appname("BandPro").summary(&title).body(&body).show();
        if let Err(error) = shown {
            tracing::info!(%error, "a notification was not shown");
            self.out_of_order = Some(error.to_string());
        }
    }
}

/// The title and the text of a notification, in the language; nothing where there is nothing to answer.
fn words(event: &AppEvent, app: &App) -> Option<(String, String)> {
    let texts = app.words();
    let (key, name, space) = match event {
        AppEvent::Asked { request } => ("notify-asked", request.name.clone(), request.space_name.clone()),
        AppEvent::Forked { device_name, space_name, .. } => ("notify-forked", device_name.clone(), space_name.clone()),
        AppEvent::Invited { ticket } => ("notify-invited", String::new(), app.look_at_ticket(ticket).ok()?.space_name),
        _ => return None,
    };
    let args = [("name", Arg::Text(&name)), ("space", Arg::Text(&space))];
    Some((texts.with(key, &args), texts.with(&format!("{key}-body"), &args)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bandpro_app::{AppConfig, RequestView};

    fn request() -> RequestView {
        let text = str::to_owned;
        let (space_name, name, device_name) = (text("Quartet"), text("Jon"), text("Jon's laptop"));
        RequestView { id: text("i"), space: text("s"), space_name, name, colour: text("#0077bb"), device: text("d"), device_name, since: 0 }
    }

    #[test]
    fn only_what_a_person_answers_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(AppConfig {
            data_dir: Some(folder.path().to_owned()),
            language: Some("en".into()),
            online: false,
            system_keys: false,
        })
        .unwrap();
        let (title, body) = words(&AppEvent::Asked { request: request() }, &app).unwrap();
        assert!(title.contains("Jon") && body.contains("Quartet"), "{title} {body}");
        assert_eq!(words(&AppEvent::LibraryChanged, &app), None);
        assert_eq!(words(&AppEvent::Invited { ticket: "no ticket".into() }, &app), None);
        let ticket = app.share(None).unwrap().link;
        let (title, body) = words(&AppEvent::Invited { ticket }, &app).unwrap();
        assert!(!title.is_empty() && body.contains(&app.bands().unwrap()[0].name), "{title} {body}");
    }
}
