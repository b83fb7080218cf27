//! The rooms around the score: the first start, the library, the languages, and a sound card that is not there.

use bandpro_tests::{Laptop, demo};

use crate::webdriver::{Window, key};
use crate::window_of;

fn cards(window: &Window) -> usize {
    window.find_all("card").len()
}

#[test]
fn the_first_start_teaches_and_the_library_fills() {
    let laptop = Laptop::new();
    let window = window_of("first-start", &laptop, &[]);
    window.wait_for("empty-library");
    window.click(&window.wait_for("add-demos"));
    window.until("six demo scores", |window| Some(()).filter(|()| cards(window) == 6));
    window.until("their pictures", |window| {
        let drawn = window.script(
            "return [...document.querySelectorAll('[data-testid=card] img')].filter((i) => i.complete && i.naturalWidth > 0).length",
        );
        Some(()).filter(|()| drawn == 6)
    });

    window.type_into(&window.wait_for("library-search"), "petzold");
    window.until("one score found", |window| Some(()).filter(|()| cards(window) == 1));
    window.press(&[key::CONTROL, 'a']);
    window.press(&[key::DELETE]);
    window.until("all scores again", |window| Some(()).filter(|()| cards(window) == 6));
}

#[test]
fn both_languages_without_a_restart() {
    let laptop = Laptop::new();
    let window = window_of("languages", &laptop, &[]);
    window.click(&window.wait_for("room-settings"));
    let names = |window: &Window| window.text_of("room-library").unwrap_or_default();
    window.until("English", |window| Some(()).filter(|()| names(window).contains("Library")));
    window.click(
        &window.until("the other language", |window| window.select("[data-testid=language] option[value=zh-TW]").into_iter().next()),
    );
    window.until("Traditional Chinese", |window| Some(()).filter(|()| names(window).contains("樂譜")));
    let page_language = window.script("return document.documentElement.lang");
    assert_eq!(page_language, "zh-TW", "a screen reader is told");
}

#[test]
fn a_click_selects_the_note_under_it() {
    let laptop = Laptop::new();
    let window = window_of("pointing", &laptop, &[&demo("minuet-in-g.musicxml")]);
    window.click(&window.wait_for("score"));
    window.press(&[key::CONTROL, key::HOME]);
    window.wait_for_text("status-pitch", "D5");
    let first = window.until("a marked head", |window| window.select("[data-testid=selection] .head").into_iter().next());
    let place = window.script("const b = document.querySelector('[data-testid=selection] .head').getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]");
    assert_eq!(window.attribute(&first, "class").map(|class| class.contains("head")), Some(true));

    for _ in 0..3 {
        window.press(&[key::RIGHT]);
    }
    window.wait_for_text("status-pitch", "B4");
    window.press(&[key::LEFT]);
    window.wait_for_text("status-pitch", "A4");
    window.click_on_page(place[0].as_f64().expect("a place"), place[1].as_f64().expect("a place"));
    window.wait_for_text("status-pitch", "D5");
}

#[test]
fn without_a_sound_card_it_says_so_and_goes_on() {
    let laptop = Laptop::new();
    let window = window_of("silence", &laptop, &[&demo("amazing-grace.musicxml")]);
    window.wait_for_text("title", "Amazing Grace");
    window.click(&window.wait_for("play"));
    // Where the machine has a sound card it plays; where it has none it says so in place. It never stays silent about it.
    window.until("sound, or a word about it", |window| {
        let playing = window.find("position").and_then(|position| window.attribute(&position, "data-state"));
        let plays = playing.is_some_and(|state| state == "playing");
        (plays || window.find("silence").is_some() || window.find("sound-error").is_some()).then_some(())
    });
    window.click(&window.wait_for("score"));
    window.press(&[key::CONTROL, key::HOME]);
    window.wait_for_text("status-pitch", "D4");
}

#[test]
fn chosen_scores_are_exported_together() {
    let laptop = Laptop::new();
    let window = window_of("batch", &laptop, &[]);
    window.click(&window.wait_for("add-demos"));
    window.until("six demo scores", |window| Some(()).filter(|()| cards(window) == 6));
    for at in [0, 2] {
        window.click(&window.find_all("tick")[at]);
    }
    window.wait_for_text("ticked", "2");
    window.press(&[key::CONTROL, key::SHIFT, 'e']);
    window.wait_for("batch-dialog");
    window.until("nothing to start without a folder", |window| window.select("[data-testid=batch-start]:disabled").into_iter().next());
    // The system's own folder dialog is out of a driver's reach: the folder is named as the window would name it.
    let folder = laptop.data().join("written");
    let start = format!(
        "window.account = null; const ids = [...document.querySelectorAll('article.ticked')].map((card) => card.dataset.id);\
         window.__TAURI_INTERNALS__.invoke('export_many', {{ ids, endings: ['pdf', 'mid'], folder: {folder:?} }}).then((account) => (window.account = account))"
    );
    window.script(&start);
    let account = window.until("the account", |window| Some(window.script("return window.account")).filter(|account| account.is_object()));
    assert_eq!((account["files"].as_array().map(Vec::len), account["failed"].as_array().map(Vec::len)), (Some(4), Some(0)), "{account}");
    let written = std::fs::read_dir(&folder).expect("the folder was made").count();
    assert_eq!(written, 4);
}
