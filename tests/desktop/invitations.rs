//! Invitations: as links that the system opens, and as codes that a camera reads off the screen.

use std::process::Command;

use bandpro_sync::mailbox::{Certificate, Entrance, RelayPass, Token};
use bandpro_tests::{Laptop, Serving, project, skipped};
use iroh::{EndpointAddr, SecretKey};

use crate::webdriver::{Window, key};
use crate::{click, laptop_of, program, window_of};

/// Founds a band in the window.
pub fn found(window: &Window, name: &str) {
    click(window, "room-band");
    click(window, "found");
    window.type_into(&window.wait_for("name-field"), name);
    click(window, "name-save");
    window.wait_for_text("band-name", name);
}

/// Makes an invitation in the window and gives its text.
pub fn invitation(window: &Window) -> String {
    click(window, "invite");
    window.until("an invitation", |window| {
        let text = window.script("return document.querySelector('[data-testid=ticket]')?.value ?? ''");
        text.as_str().filter(|text| text.starts_with("bandpro-")).map(str::to_owned)
    })
}

/// Closes the dialog of an invitation.
pub fn put_away(window: &Window) {
    window.press(&[key::ESCAPE]);
    window.until("the dialog to go", |window| window.find("invite-dialog").is_none().then_some(()));
}

/// Makes an invitation on the command line and gives its link.
pub fn link_into(laptop: &Laptop, band: &str) -> String {
    let ticket = laptop.run(["--json", "band", "invite", band, "--no-wait"]).ok().json_lines().remove(0);
    ticket["link"].as_str().expect("a link").to_owned()
}

#[test]
fn a_link_reaches_the_window_that_is_open_and_waits_for_a_yes() {
    let (mei, jon) = (laptop_of("Mei"), laptop_of("Jon"));
    jon.run(["band", "create", "Choir"]).ok();
    let serving = Serving::start(&jon);
    let link = link_into(&jon, "Choir");

    let window = window_of("link", &mei, &[]);
    window.wait_for("empty-library");
    let second = Command::new(program()).arg("--data").arg(mei.data()).arg(&link).status().expect("it starts");
    assert!(second.success(), "the second program hands the link over and ends");
    window.wait_for_text("join-found", "Choir");
    assert!(mei.run(["band", "members", "Choir"]).code != Some(0), "nobody joins unasked");
    click(&window, "join");
    window.wait_for_text("joined", "Choir");
    drop(serving);
}

/// Lets the system open a link, as a click in a mail program does, where the package with the desktop entry is installed. Whether
/// there is what it takes.
fn opened_by_the_system(link: &str, laptop: &Laptop) -> bool {
    let home = laptop.path("home");
    let applications = home.join("applications");
    std::fs::create_dir_all(&applications).expect("a folder");
    let template = std::fs::read_to_string(project().join("src-tauri/bandpro.desktop")).expect("the template");
    let filled = [("{{exec}}", "bandpro-desktop"), ("{{mime_type}}", "x-scheme-handler/bandpro"), ("{{name}}", "BandPro")];
    let entry = filled.iter().fold(template, |entry, (slot, value)| entry.replace(slot, value));
    std::fs::write(applications.join("BandPro.desktop"), entry).expect("the entry is written");
    if !Command::new("update-desktop-database").arg(&applications).status().is_ok_and(|status| status.success()) {
        return false;
    }
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", program().parent().expect("a folder").display());
    let mut open = Command::new("xdg-open");
    open.arg(link).env("PATH", path).env("BANDPRO_DATA", laptop.data()).env("XDG_CURRENT_DESKTOP", "");
    for variable in ["XDG_DATA_HOME", "XDG_DATA_DIRS", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS"] {
        open.env(variable, &home);
    }
    match open.status() {
        Ok(status) => {
            assert!(status.success(), "the system opens the link");
            true
        }
        Err(_) => false,
    }
}

#[test]
fn a_link_that_the_system_opens_reaches_the_window() {
    let (mei, jon) = (laptop_of("Mei"), laptop_of("Jon"));
    jon.run(["band", "create", "Choir"]).ok();
    let link = link_into(&jon, "Choir");
    let window = window_of("system-link", &mei, &[]);
    window.wait_for("empty-library");
    if !opened_by_the_system(&link, &mei) {
        return skipped("xdg-open or update-desktop-database is not here (Debian: xdg-utils, desktop-file-utils)");
    }
    window.wait_for_text("join-found", "Choir");
}

/// What a camera reads off the code that the window shows, once the dialog around it has come to rest.
fn read_code(window: &Window) -> String {
    window.wait_for("qr");
    window.until("a code that can be read", code_seen)
}

fn code_seen(window: &Window) -> Option<String> {
    let place = window.script(
        "const b = document.querySelector('[data-testid=qr]').getBoundingClientRect();
         return [b.x, b.y, b.width, b.height].map((n) => Math.round(n * devicePixelRatio))",
    );
    let [left, top, width, height] = [0, 1, 2, 3].map(|at| place[at].as_u64().expect("a number") as usize);
    let picture = tiny_skia::Pixmap::decode_png(&window.picture().expect("a picture")).expect("it is PNG");
    let shade = |x: usize, y: usize| picture.pixels()[(top + y) * picture.width() as usize + left + x].green();
    let mut seen = rqrr::PreparedImage::prepare_from_greyscale(width, height, shade);
    let codes = seen.detect_grids();
    Some(codes.first()?.decode().ok()?.1)
}

/// A pass of a relay with a certificate of its own and a mailbox that is reached at several addresses.
fn long_pass() -> String {
    let mailbox = EndpointAddr::new(SecretKey::from_bytes(&[3; 32]).public());
    let addresses = ["203.0.113.20:7843", "[2001:db8:85a3::8a2e:370:7334]:7843"].map(|address| address.parse().expect("an address"));
    let pass = RelayPass {
        entrance: Some(Entrance {
            url: "https://relay.the-quartet-of-the-town.example.org:7842/".parse().expect("an address"),
            certificate: Some(Certificate([4; 32])),
            address_port: Some(7844),
        }),
        mailbox: Some(addresses.into_iter().fold(mailbox, EndpointAddr::with_ip_addr)),
        token: Token([5; 16]),
    };
    pass.to_string()
}

#[test]
fn the_code_on_the_screen_is_the_link_even_of_a_long_invitation() {
    let mei = laptop_of("Mei");
    mei.run(["band", "create", "Gesellschaftsorchester der Stadt und ihrer Freunde 室內樂團"]).ok();
    let window = window_of("code", &mei, &[]);
    click(&window, "room-band");
    window.click(&window.until("the band", |window| window.find_all("space").into_iter().nth(1)));
    for relay in [None, Some(long_pass())] {
        if let Some(pass) = relay {
            mei.run(["band", "relay", "add", &pass]).ok();
        }
        click(&window, "band-invite");
        let ticket = invitation(&window);
        let seen = read_code(&window);
        let link = format!("bandpro://join/{ticket}");
        assert_eq!(seen.to_ascii_lowercase(), link, "{} characters", link.len());
        // As it is read, in capitals, it is the invitation all the same.
        assert!(mei.run(["band", "look", &seen]).ok().stdout.contains("室內樂團"));
        put_away(&window);
    }
}
