//! A client of the WebDriver protocol (W3C WebDriver), as far as driving one window takes.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The key under which WebDriver names an element. W3C WebDriver, "web element identifier".
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long something may take to appear. Generous: it only delays a test that fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// Keys that are not letters. W3C WebDriver, "keyboard actions".
pub mod key {
    #![allow(missing_docs)]
    pub const ESCAPE: char = '\u{E00C}';
    pub const CONTROL: char = '\u{E009}';
    pub const ALT: char = '\u{E00A}';
    pub const SHIFT: char = '\u{E008}';
    pub const PAGE_UP: char = '\u{E00E}';
    pub const F6: char = '\u{E036}';
    pub const LEFT: char = '\u{E012}';
    pub const UP: char = '\u{E013}';
    pub const RIGHT: char = '\u{E014}';
    pub const DOWN: char = '\u{E015}';
    pub const HOME: char = '\u{E011}';
    pub const DELETE: char = '\u{E017}';
}

/// Something on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element(String);

/// `tauri-driver`, which hands over to the web view's own driver.
struct Driver {
    process: Child,
    agent: ureq::Agent,
    address: String,
}

impl Driver {
    fn start() -> Self {
        let binary = std::env::var_os("TAURI_DRIVER_BIN").unwrap_or_else(|| "tauri-driver".into());
        let [port, native] = [free_port(), free_port()];
        let process = Command::new(binary)
            .args(["--port", &port.to_string(), "--native-port", &native.to_string()])
            .env("BANDPRO_LISTEN", "127.0.0.1")
            .env("BANDPRO_KEY_STORE", "file")
            .stdin(Stdio::null())
            .spawn()
            .expect("tauri-driver starts");
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE * 2)).build();
        Self { process, agent: config.into(), address: format!("http://127.0.0.1:{port}") }
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let address = format!("{}{path}", self.address);
        let sent = match method {
            "GET" => self.agent.get(&address).call(),
            "DELETE" => self.agent.delete(&address).call(),
            _ => self.agent.post(&address).send_json(body),
        };
        let mut response = sent.map_err(|error| format!("{method} {path}: {error}"))?;
        let mut answer: Value = response.body_mut().read_json().map_err(|error| format!("{method} {path}: {error}"))?;
        let value = answer["value"].take();
        if response.status().is_success() { Ok(value) } else { Err(format!("{method} {path}: {value}")) }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Asked to end, it ends the web view's driver with it; killed, it would leave that behind.
        let asked = Command::new("kill").arg(self.process.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it has an address").port()
}

/// A window of the program.
pub struct Window {
    driver: Driver,
    session: String,
    name: String,
}

impl Window {
    /// Starts the program. `name` is what a picture of a failure is called.
    pub fn open(name: &str, program: &Path, arguments: &[&str]) -> Self {
        let driver = Driver::start();
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "wry",
            "tauri:options": {"application": program, "args": arguments},
        }}});
        // The driver needs a moment until it listens.
        let started = Instant::now();
        let opened = loop {
            match driver.call("POST", "/session", &wanted) {
                Ok(opened) => break opened,
                Err(error) => assert!(started.elapsed() < PATIENCE, "no window: {error}"),
            }
            sleep(Duration::from_millis(200));
        };
        let session = opened["sessionId"].as_str().expect("a session has an id").to_owned();
        Self { driver, session, name: name.to_owned() }
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        self.driver.call(method, &format!("/session/{}{path}", self.session), body)
    }

    /// The first element with this `data-testid`, if there is one now.
    pub fn find(&self, testid: &str) -> Option<Element> {
        self.find_all(testid).into_iter().next()
    }

    /// All elements with this `data-testid`.
    pub fn find_all(&self, testid: &str) -> Vec<Element> {
        self.select(&format!("[data-testid={testid:?}]"))
    }

    /// All elements of a CSS selector.
    pub fn select(&self, selector: &str) -> Vec<Element> {
        let found = self.call("POST", "/elements", &json!({"using": "css selector", "value": selector})).expect("a selector");
        let elements = found.as_array().map_or(&[][..], Vec::as_slice);
        elements.iter().filter_map(|element| element[ELEMENT].as_str()).map(|id| Element(id.to_owned())).collect()
    }

    /// Waits until something holds.
    #[track_caller]
    pub fn until<T>(&self, what: &str, mut holds: impl FnMut(&Self) -> Option<T>) -> T {
        let started = Instant::now();
        loop {
            if let Some(value) = holds(self) {
                return value;
            }
            assert!(started.elapsed() < PATIENCE, "waited in vain for {what}; the window shows: {}", self.visible_text());
            sleep(Duration::from_millis(50));
        }
    }

    /// Waits for an element.
    #[track_caller]
    pub fn wait_for(&self, testid: &str) -> Element {
        self.until(testid, |window| window.find(testid))
    }

    /// Waits until an element shows this text.
    #[track_caller]
    pub fn wait_for_text(&self, testid: &str, text: &str) {
        self.until(&format!("{testid} to say {text:?}"), |window| window.text_of(testid).filter(|shown| shown.contains(text)));
    }

    /// The text that an element holds, if it is there.
    pub fn text_of(&self, testid: &str) -> Option<String> {
        let script = "return document.querySelector(`[data-testid='${arguments[0]}']`)?.textContent ?? null";
        let text = self.call("POST", "/execute/sync", &json!({"script": script, "args": [testid]})).ok()?;
        text.as_str().map(str::to_owned)
    }

    /// An attribute of an element.
    pub fn attribute(&self, element: &Element, name: &str) -> Option<String> {
        self.call("GET", &format!("/element/{}/attribute/{name}", element.0), &Value::Null).ok()?.as_str().map(str::to_owned)
    }

    /// Clicks.
    #[track_caller]
    pub fn click(&self, element: &Element) {
        self.call("POST", &format!("/element/{}/click", element.0), &json!({})).expect("a click");
    }

    /// Clicks at a place of the page, in pixels from its top left corner.
    #[track_caller]
    pub fn click_on_page(&self, x: f64, y: f64) {
        let there = json!({"type": "pointerMove", "duration": 0, "origin": "viewport", "x": x.round(), "y": y.round()});
        let press = [there, json!({"type": "pointerDown", "button": 0}), json!({"type": "pointerUp", "button": 0})];
        let mouse = json!({"actions": [{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": press}]});
        self.call("POST", "/actions", &mouse).expect("a click");
    }

    /// Presses keys together: all but the last are held while it is pressed.
    #[track_caller]
    pub fn press(&self, keys: &[char]) {
        let down = keys.iter().map(|key| json!({"type": "keyDown", "value": key}));
        let up = keys.iter().rev().map(|key| json!({"type": "keyUp", "value": key}));
        let actions: Vec<Value> = down.chain(up).collect();
        self.call("POST", "/actions", &json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})).expect("keys");
    }

    /// Types into an element.
    #[track_caller]
    pub fn type_into(&self, element: &Element, text: &str) {
        self.call("POST", &format!("/element/{}/value", element.0), &json!({"text": text})).expect("typing");
    }

    /// What a script in the page returns.
    #[track_caller]
    pub fn script(&self, script: &str) -> Value {
        self.call("POST", "/execute/sync", &json!({"script": script, "args": []})).expect("a script")
    }

    /// Gives the window a size, in pixels of the page.
    #[track_caller]
    pub fn resize(&self, width: u32, height: u32) {
        self.call("POST", "/window/rect", &json!({"x": null, "y": null, "width": width, "height": height})).expect("a size");
    }

    /// All text that is shown now, for messages.
    pub fn visible_text(&self) -> String {
        let body = json!({"script": "return document.body.innerText", "args": []});
        self.call("POST", "/execute/sync", &body).map_or_else(|error| error, |text| text.as_str().unwrap_or_default().replace('\n', " · "))
    }

    /// A picture of the window as PNG.
    pub fn picture(&self) -> Option<Vec<u8>> {
        let picture = self.call("GET", "/screenshot", &Value::Null).ok()?;
        data_encoding::BASE64.decode(picture.as_str()?.as_bytes()).ok()
    }

    /// Puts the window aside, so that it has the focus no more: without a window manager it is with what lies under the pointer, and
    /// that rests in the middle of the screen.
    #[track_caller]
    pub fn put_aside(&self) {
        self.call("POST", "/window/rect", &json!({"x": 0, "y": 520, "width": 720, "height": 480})).expect("a place");
        self.until("the focus to go", |window| (window.script("return document.hasFocus()") == false).then_some(()));
    }

    /// Closes the window.
    pub fn close(self) {}
}

impl Drop for Window {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("desktop-failures");
            let file = folder.join(format!("{}.png", self.name));
            let saved = self.picture().and_then(|png| std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, png)).ok());
            if saved.is_some() {
                eprintln!("a picture of the window: {}", file.display());
            }
        }
        let _ = self.call("DELETE", "", &Value::Null);
    }
}
