//! What of a score is looked at, and its style: chosen in the window, edited in, kept.

use std::time::Duration;

use bandpro_tests::{Laptop, corpora, demo};

use crate::webdriver::{Window, key};
use crate::window_of;

fn number(window: &Window, script: &str) -> u64 {
    window.script(script).as_u64().unwrap_or_default()
}

const PAGES: &str = "return document.querySelectorAll('[data-testid=page]').length";
const SYSTEMS: &str = "return document.querySelectorAll('[data-testid=system]').length";

/// Where the middle of the first selected notehead is.
fn head(window: &Window) -> (f64, f64) {
    window.until("a marked head", |window| window.select("[data-testid=selection] .head").into_iter().next());
    let place = window.script("const b = document.querySelector('[data-testid=selection] .head').getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]");
    (place[0].as_f64().expect("a place"), place[1].as_f64().expect("a place"))
}

#[test]
fn one_line_and_a_part_are_edited_in_and_the_choice_is_kept() {
    let laptop = Laptop::new();
    let file = demo("amazing-grace.musicxml");
    let window = window_of("views", &laptop, &[&file]);
    window.wait_for_text("title", "Amazing Grace");
    window.press(&[key::CONTROL, key::HOME]);
    window.wait_for_text("status-pitch", "D4");

    window.press(&[key::F6]);
    window.until("one line", |window| {
        (window.script("return document.querySelector('[data-testid=view-continuous]').getAttribute('aria-pressed')") == "true")
            .then_some(())
    });
    assert_eq!(number(&window, PAGES), 1);
    window.until("lengths of it", |window| Some(()).filter(|()| number(window, SYSTEMS) > 1));
    let first = head(&window);
    for _ in 0..3 {
        window.press(&[key::RIGHT]);
    }
    window.until("another place", |window| Some(()).filter(|()| head(window) != first));
    window.click_on_page(first.0, first.1);
    window.wait_for_text("status-pitch", "D4");
    window.press(&[key::UP]);
    window.wait_for_text("status-pitch", "D♯4");
    window.press(&[key::CONTROL, 'z']);
    window.wait_for_text("status-pitch", "D4");
    window.close();

    let window = window_of("views-again", &laptop, &[]);
    window.click(&window.until("the score's card", |window| window.select("[data-testid=card] button.open").into_iter().next()));
    window.wait_for_text("title", "Amazing Grace");
    window.until("one line still", |window| {
        (window.script("return document.querySelector('[data-testid=view-continuous]').getAttribute('aria-pressed')") == "true")
            .then_some(())
    });
    window.click(&window.wait_for("view-pages"));
    window.until("pages", |window| {
        (window.script("return document.querySelector('[data-testid=view-pages]').getAttribute('aria-pressed')") == "true").then_some(())
    });
}

#[test]
fn a_part_of_a_quartet_has_its_own_layout() {
    let Some(corpus) = corpora("quartets") else { return };
    let file =
        std::fs::read_dir(&corpus).expect("a folder").filter_map(|entry| entry.ok().map(|entry| entry.path())).min().expect("a quartet");
    let laptop = Laptop::new();
    let window = window_of("part", &laptop, &[&file]);
    window.wait_for("score");
    window.until("pages", |window| Some(()).filter(|()| number(window, PAGES) > 1));
    let whole = number(&window, PAGES);
    window.click(&window.until("the second part", |window| window.select("[data-testid=view-part] option[value='2']").into_iter().next()));
    window.until("fewer pages", |window| Some(()).filter(|()| (1..whole).contains(&number(window, PAGES))));
    window.click(&window.wait_for("score"));
    window.press(&[key::CONTROL, key::HOME]);
    head(&window);
    window.press(&[key::ALT, key::PAGE_UP]);
    window.until("the first part", |window| {
        (window.script("return document.querySelector('[data-testid=view-part]').value") == "1").then_some(())
    });
    window.press(&[key::ALT, key::PAGE_UP]);
    window.until("the whole score", |window| Some(()).filter(|()| number(window, PAGES) == whole));
}

#[test]
fn a_style_is_chosen_in_the_panel_and_taken_back() {
    let laptop = Laptop::new();
    let window = window_of("style", &laptop, &[&demo("minuet-in-g.musicxml")]);
    window.wait_for_text("title", "Minuet in G");
    window.click(&window.wait_for("open-style"));
    let pressed = |name: &str| format!("return document.querySelector('[data-testid=preset-{name}]')?.getAttribute('aria-pressed')");
    window.until("the style it has", |window| (window.script(&pressed("classical")) == "true").then_some(()));
    let ink = "return [...document.querySelectorAll('[data-testid=system]')].map((s) => s.innerHTML.length).join()";
    // The panel took room from the pages: what of them is in view settles first.
    let before = window.until("a picture that stays", |window| {
        let seen = window.script(ink);
        std::thread::sleep(Duration::from_millis(300));
        (window.script(ink) == seen).then_some(seen)
    });
    window.click(&window.wait_for("preset-jazz"));
    window.until("another style", |window| (window.script(&pressed("jazz")) == "true").then_some(()));
    assert_ne!(window.script(ink), before, "it looks otherwise");
    window.click(&window.until("landscape", |window| window.find("style-turn")));
    window.until("turned paper", |window| {
        let shape =
            window.script("const b = document.querySelector('[data-testid=page]').getBoundingClientRect(); return b.width > b.height");
        (shape == true).then_some(())
    });
    window.click(&window.wait_for("undo"));
    window.click(&window.wait_for("undo"));
    window.until("the style it had", |window| (window.script(&pressed("classical")) == "true").then_some(()));
    window.until("the same pictures", |window| (window.script(ink) == before).then_some(()));
}
