//! The Band screen, with a second laptop (a real process) that joins what the window founds.

use bandpro_tests::demo;
use serde_json::json;

use crate::invitations::{found, invitation, put_away};
use crate::webdriver::{Window, key};
use crate::{choose, click, laptop_of, window_of};

/// What the field for this laptop's name says.
const NAME_IN_SETTINGS: &str = "return document.querySelector('[data-testid=device-name]').value";

fn names(window: &Window) -> Vec<String> {
    let names = window.script("return [...document.querySelectorAll('[data-testid=member]')].map((member) => member.dataset.name)");
    names.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

#[test]
fn somebody_asks_is_let_in_gets_a_role_and_is_removed() {
    let (mei, jon) = (laptop_of("Mei"), laptop_of("Jon"));
    let window = window_of("band", &mei, &[]);
    found(&window, "Quartet");
    window.wait_for("alone-words");

    click(&window, "band-invite");
    click(&window, "offer-editor");
    click(&window, "invite-confirm");
    let ticket = invitation(&window);
    window.wait_for("qr");
    put_away(&window);
    window.wait_for("invite-open");

    let waits = jon.run(["band", "join", &ticket]).refused();
    assert!(waits.stderr.contains("has to say yes"), "{}", waits.stderr);
    window.wait_for_text("request", "Jon's laptop");
    window.wait_for_text("requests-waiting", "1 request");
    click(&window, "admit");
    window.until("no request", |window| window.find("request").is_none().then_some(()));
    jon.run(["sync", "--once"]).ok();
    window.until("Jon among the members", |window| (names(window) == ["Mei", "Jon"]).then_some(()));

    let roles = || jon.run(["--json", "band", "list"]).ok().json_lines();
    choose(&window, "[data-testid=member][data-name=Jon] [data-testid=role]", "viewer");
    window.until("the role to reach Jon", |_| {
        jon.run(["sync", "--once"]);
        roles().iter().any(|band| band["name"] == "Quartet" && band["role"] == "viewer").then_some(())
    });

    click(&window, "remove-member");
    click(&window, "confirm-do");
    window.until("Jon to be gone", |window| (names(window) == ["Mei"]).then_some(()));
    let turned_away = jon.run(["sync", "--once"]);
    assert!(turned_away.stderr.contains("removed from the band"), "and he is told: {}", turned_away.stderr);
}

#[test]
fn a_score_is_shared_with_a_band_and_what_waits_for_whom_is_shown() {
    let (mei, jon) = (laptop_of("Mei"), laptop_of("Jon"));
    let window = window_of("share", &mei, &[&demo("amazing-grace.musicxml")]);
    window.wait_for_text("title", "Amazing Grace");
    found(&window, "Duo");
    click(&window, "room-score");
    click(&window, "open-share");
    window.wait_for_text("share-in", "My scores");
    let space = window.script("return document.querySelector('[data-testid=share-to] option:last-child').value");
    choose(&window, "[data-testid=share-to]", space.as_str().expect("a band to share with"));
    click(&window, "share-move");
    window.wait_for_text("share-done", "Duo");
    window.wait_for_text("share-in", "Duo");
    click(&window, "share-invite");
    let ticket = invitation(&window);
    let joined = jon.run(["join", &ticket]).ok();
    assert!(joined.stdout.contains("Amazing Grace"), "{}", joined.stdout);
    window.press(&[key::ESCAPE]);

    // Jon went away; what is written now waits for him, and the status line says so.
    mei.run(["edit", joined.stdout.split_whitespace().next().expect("an id"), "goto 1 2 1; pitch C5"]).ok();
    window.wait_for_text("sync-state", "1 change waiting for Jon's laptop");
    click(&window, "sync-state");
    window.wait_for_text("device-behind", "1 change behind");
    jon.run(["sync", "--once"]).ok();
    window.until("nothing to wait for", |window| window.find("device-behind").is_none().then_some(()));
}

#[test]
fn the_name_of_this_laptop_is_changed_in_the_settings_and_told_to_others() {
    let mei = laptop_of("Mei");
    mei.run(["band", "create", "Duo"]).ok();
    let window = window_of("laptop-name", &mei, &[]);
    click(&window, "room-settings");
    let field = window.wait_for("device-name");
    window.until("the name it has", |window| (window.script(NAME_IN_SETTINGS) == "Mei's laptop").then_some(()));
    window.click(&field);
    window.press(&[key::CONTROL, 'a']);
    window.type_into(&field, "Stage 舞台\u{E007}");
    let name = || mei.run(["--json", "band", "person"]).ok().json_lines().remove(0)["deviceName"].clone();
    window.until("the name that was given", |_| (name() == "Stage 舞台").then_some(()));
    assert!(mei.run(["band", "devices", "Duo"]).ok().stdout.contains("Stage 舞台"), "it stands in the band's log");
    // Given elsewhere, it is here too.
    mei.run(["band", "person", "--laptop", "Attic"]).ok();
    window.until("the other name", |window| (window.script(NAME_IN_SETTINGS) == "Attic").then_some(()));
}

#[test]
fn long_names_stay_within_a_small_window() {
    let mei = laptop_of("Wolfgang-Amadeus Theophilus von und zu Oberammergau-Garm");
    mei.run(["band", "create", "Gesellschaftsorchesterkammermusikvereinigungsausschuss 室內樂團"]).ok();
    let window = window_of("narrow", &mei, &[]);
    window.resize(800, 600);
    click(&window, "room-band");
    window.until("both spaces", |window| (window.find_all("space").len() == 2).then_some(()));
    window.click(&window.find_all("space")[1]);
    window.wait_for("band-head");
    for pane in ["space", "join", "you", "relays", "key", "refused"] {
        if pane != "space" {
            click(&window, &format!("pane-{pane}"));
        }
        let over = window.script(
            "return [document.documentElement, ...document.querySelectorAll('[data-testid=band], [data-testid=band] > *')]
               .filter((part) => part.scrollWidth > part.clientWidth).map((part) => part.className || part.tagName)",
        );
        assert_eq!(over, json!([]), "in {pane} something is wider than its place");
    }
}
