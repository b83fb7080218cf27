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

#[test]
fn a_range_is_selected_with_shift_and_moved_as_one() {
    let laptop = Laptop::new();
    let window = window_of("range", &laptop, &[&demo("minuet-in-g.musicxml")]);
    window.wait_for_text("title", "Minuet in G");
    select_first_note(&window);
    window.wait_for_text("status-pitch", "D5");
    for _ in 0..3 {
        window.press(&[key::SHIFT, key::RIGHT]);
    }
    window.wait_for_text("status-range", "4");
    let marked = |window: &Window| window.script("return document.querySelectorAll('[data-testid=selection] .around').length");
    assert_eq!(marked(&window), 4);
    let score = laptop.run(["list"]).ok().stdout.split_whitespace().next().expect("a score in the library").to_owned();
    let melody = || {
        let events = laptop.events(&score);
        let first = events.iter().filter(|event| event["measure"] == 0 && event["staff"] == 1);
        first.map(|event| event["pitch"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    window.press(&[key::CONTROL, key::UP]);
    window.until("all of it an octave higher", |_| (melody() == ["D6", "G5", "A5", "B5", "C5"]).then_some(()));
    window.press(&[key::CONTROL, 'z']);
    window.until("all of it back", |_| (melody() == ["D5", "G4", "A4", "B4", "C5"]).then_some(()));
    window.press(&[key::RIGHT]);
    window.until("one note again", |window| (marked(window) == 1 && window.find("status-range").is_none()).then_some(()));
}
