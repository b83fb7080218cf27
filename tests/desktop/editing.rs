//! From a file to a changed score that is still changed after closing and opening again.

use bandpro_tests::{Laptop, demo};

use crate::webdriver::{Window, key};
use crate::window_of;

/// How many pieces of ink the drawn systems are made of.
fn ink(window: &Window) -> u64 {
    let script =
        "return document.querySelectorAll('[data-testid=system] path, [data-testid=system] use, [data-testid=system] text').length";
    window.script(script).as_u64().unwrap_or_default()
}

fn select_first_note(window: &Window) {
    window.click(&window.wait_for("score"));
    window.press(&[key::CONTROL, key::HOME]);
    window.until("a selection", |window| window.find("selection"));
}

#[test]
fn a_changed_note_is_there_after_closing_and_opening_again() {
    let laptop = Laptop::new();
    let file = demo("minuet-in-g.musicxml");

    let window = window_of("editing", &laptop, &[&file]);
    window.wait_for_text("title", "Minuet in G");
    window.until("systems with ink", |window| Some(()).filter(|()| ink(window) > 10));
    select_first_note(&window);
    window.wait_for_text("status-pitch", "D5");

    window.press(&[key::UP]);
    window.wait_for_text("status-pitch", "D♯5");
    window.press(&[key::CONTROL, 'z']);
    window.wait_for_text("status-pitch", "D5");
    window.press(&[key::DOWN]);
    window.wait_for_text("status-pitch", "D♭5");
    window.close();

    let score = laptop.run(["list"]).ok().stdout.split_whitespace().next().expect("a score in the library").to_owned();
    assert_eq!(laptop.pitch(&score, 1, 1, 1), "Db5", "what the window wrote is what the command line reads");

    let window = window_of("editing-again", &laptop, &[]);
    window.click(&window.until("the score's card", |window| window.select("[data-testid=card] button.open").into_iter().next()));
    window.wait_for_text("title", "Minuet in G");
    select_first_note(&window);
    window.wait_for_text("status-pitch", "D♭5");
}
