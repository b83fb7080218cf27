//! Desktop notifications, as the desktop's own service gets them. The tests are that service, on a session bus of their own.

use std::collections::HashMap;
use std::process::Command;
use std::sync::{Arc, Mutex};

use zbus::OwnedVariant;

use bandpro_tests::Serving;

use crate::invitations::{found, invitation, link_into};
use crate::webdriver::key;
use crate::{choose, click, laptop_of, program, window_of};

/// What a person was shown: who says it, the title, the text.
type Shown = (String, String, String);

/// Keeps what it is asked to show. Desktop Notifications Specification 1.2.
struct Keeping(Arc<Mutex<Vec<Shown>>>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Keeping {
    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let text = str::to_owned;
        (text("test"), text("BandPro"), text("1"), text("1.2"))
    }

    #[expect(clippy::too_many_arguments, reason = "the specification's")]
    fn notify(
        &self,
        app_name: String,
        _replaces: u32,
        _icon: String,
        summary: String,
        body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedVariant>,
        _expires: i32,
    ) -> u32 {
        let mut shown = self.0.lock().expect("nobody panicked");
        shown.push((app_name, summary, body));
        shown.len() as u32
    }

    fn close_notification(&self, _id: u32) {}
}

/// The notification service of the session, as long as it is kept.
struct Desktop {
    shown: Arc<Mutex<Vec<Shown>>>,
    _connection: zbus::Connection,
}

impl Desktop {
    fn start() -> Self {
        let shown = Arc::new(Mutex::default());
        let service = zbus::connection::Builder::session()
            .name("org.freedesktop.Notifications")
            .serve_at("/org/freedesktop/Notifications", Keeping(Arc::clone(&shown)))
            .build();
        Self { shown, _connection: zbus::block_on(service).expect("a session bus") }
    }

    fn shown(&self) -> Vec<Shown> {
        self.shown.lock().expect("nobody panicked").clone()
    }
}

fn shown(title: &str, body: &str) -> Shown {
    ("BandPro".to_owned(), title.to_owned(), body.to_owned())
}

#[test]
fn a_request_to_join_is_told_once_in_the_language_that_is_set() {
    let desktop = Desktop::start();
    let (mei, jon, ida) = (laptop_of("Mei"), laptop_of("Jon"), laptop_of("Ida"));
    let window = window_of("asked", &mei, &[]);
    found(&window, "Quartet");
    assert!(window.find("no-notifications").is_none(), "there is a service");
    click(&window, "band-invite");
    click(&window, "invite-confirm");
    let uses = window.wait_for("invite-uses");
    window.type_into(&uses, "5");
    let ticket = invitation(&window);
    window.press(&[key::ESCAPE]);

    window.put_aside();
    jon.run(["band", "join", &ticket]).refused();
    let of_jon = shown("Jon wants to join", "Say yes or no in the Band screen of “Quartet”.");
    window.until("a notification", |_| (desktop.shown() == [of_jon.clone()]).then_some(()));
    // They ask again until somebody answers. That is no news.
    jon.run(["sync", "--once"]);

    click(&window, "room-settings");
    choose(&window, "[data-testid=language]", "zh-TW");
    window.wait_for_text("room-library", "樂譜");
    ida.run(["band", "join", &ticket]).refused();
    let of_ida = shown("Ida 想加入", "請在「Quartet」的樂團畫面回答要或不要。");
    window.until("another one", |_| (desktop.shown() == [of_jon.clone(), of_ida.clone()]).then_some(()));
}

#[test]
fn an_invitation_that_is_opened_is_told_unless_the_window_is_in_front() {
    let desktop = Desktop::start();
    let (mei, jon) = (laptop_of("Mei"), laptop_of("Jon"));
    jon.run(["band", "create", "Choir"]).ok();
    let serving = Serving::start(&jon);
    let link = link_into(&jon, "Choir");
    let window = window_of("invited", &mei, &[]);
    let open = || Command::new(program()).arg("--data").arg(mei.data()).arg(&link).status().expect("it starts");
    window.put_aside();
    assert!(open().success());
    let told = shown("You are invited", "Look at the invitation to “Choir” in BandPro.");
    window.until("a notification", |_| (desktop.shown() == [told.clone()]).then_some(()));
    window.wait_for_text("join-found", "Choir");

    // The link brought the window to the front. Whoever looks at it sees the next one there.
    window.until("the focus", |window| (window.script("return document.hasFocus()") == true).then_some(()));
    window.click(&window.wait_for("join-field"));
    window.press(&[key::CONTROL, 'a']);
    window.press(&[key::DELETE]);
    window.until("no invitation", |window| window.find("join-found").is_none().then_some(()));
    assert!(open().success());
    window.wait_for_text("join-found", "Choir");
    assert_eq!(desktop.shown(), [told]);
    drop(serving);
}
