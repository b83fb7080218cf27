//! Two laptops share a score by ticket, go apart, both edit, and meet again: the same notes on both, whoever calls first.

use std::path::Path;

use bandpro_tests::{Laptop, Serving, demo, ticket};

fn edit(laptop: &Laptop, score: &str, script: &str) {
    laptop.run(["edit", score, script]).ok();
}

/// Two laptops with the same score, apart from each other.
fn two_with(file: &Path) -> (Laptop, Laptop, String) {
    let (ann, score) = Laptop::with(file);
    let ben = Laptop::new();
    let ticket = ticket(&ann, &score);
    let serving = Serving::start(&ann);
    ben.run(["join", &ticket]).ok();
    drop(serving);
    assert_eq!(ann.events(&score), ben.events(&score), "joining fetches the score");
    (ann, ben, score)
}

/// `caller` calls `called`; afterwards both must have the same notes.
#[track_caller]
fn meet(caller: &Laptop, called: &Laptop, score: &str) {
    let serving = Serving::start(called);
    caller.run(["sync", "--once"]).ok();
    drop(serving);
    assert_eq!(caller.events(score), called.events(score), "after meeting both have the same notes");
}

#[track_caller]
fn edited_apart_and_merged(joined_calls: bool) {
    let (ann, ben, score) = two_with(&demo("minuet-in-g.musicxml"));
    let before = ann.events(&score).len();
    edit(&ann, &score, "goto 1 1 1; pitch E5");
    edit(&ben, &score, "goto 1 2 1; pitch F#5");
    // The same note on both, and a note that one changes while the other deletes it.
    edit(&ann, &score, "goto 1 3 1; pitch A5");
    edit(&ben, &score, "goto 1 3 1; pitch B4");
    edit(&ann, &score, "goto 1 5 2; delete");
    edit(&ben, &score, "goto 1 5 2; pitch G3");
    assert_ne!(ann.events(&score), ben.events(&score), "apart, they differ");

    let (caller, called) = if joined_calls { (&ben, &ann) } else { (&ann, &ben) };
    meet(caller, called, &score);
    assert_eq!(ann.pitch(&score, 1, 1, 1), "E5", "what one changed survives");
    assert_eq!(ann.pitch(&score, 1, 2, 1), "F#5", "what the other changed survives");
    let both = ann.pitch(&score, 1, 3, 1);
    assert!(["A5", "B4"].contains(&both.as_str()), "one of the two wins, whole: {both}");
    assert!(ann.events(&score).len() >= before - 1, "nothing but the deleted note is gone");

    // Once more, and now the other one calls.
    edit(&ann, &score, "goto 1 9 1; pitch C5; undo; pitch B5");
    edit(&ben, &score, "goto 1 9 2; pitch C4");
    meet(called, caller, &score);
    assert_eq!((ann.pitch(&score, 1, 9, 1), ann.pitch(&score, 1, 9, 2)), ("B5".to_owned(), "C4".to_owned()));
}

#[test]
fn the_one_who_joined_calls_first() {
    edited_apart_and_merged(true);
}

#[test]
fn the_one_who_shared_calls_first() {
    edited_apart_and_merged(false);
}

#[test]
fn a_second_meeting_brings_nothing_new() {
    let (ann, ben, score) = two_with(&demo("amazing-grace.musicxml"));
    edit(&ben, &score, "goto 1 2 1; pitch C5");
    meet(&ben, &ann, &score);
    let after = ann.events(&score);
    meet(&ben, &ann, &score);
    meet(&ann, &ben, &score);
    assert_eq!(ann.events(&score), after);
}

#[test]
fn with_nobody_there_sync_says_so_and_keeps_everything() {
    let (_ann, ben, score) = two_with(&demo("amazing-grace.musicxml"));
    edit(&ben, &score, "goto 1 2 1; pitch C5");
    let before = ben.events(&score);
    let ran = ben.run(["sync", "--once"]);
    assert!(!ran.stderr.contains("panicked at"), "{}", ran.stderr);
    assert!(!(ran.stdout + &ran.stderr).trim().is_empty(), "nobody reached, and not a word of it");
    assert_eq!(ben.events(&score), before);
}
