//! Open scores as a window uses them: pictures, what changed of them, pointing, other processes.

use std::time::Duration;

use bandpro_app::{App, AppConfig, AppEvent, CommandOutcome, PageView};
use tempfile::TempDir;

fn app_in(folder: &TempDir) -> App {
    App::open(AppConfig { data_dir: Some(folder.path().to_owned()), language: Some("en".into()), online: false }).unwrap()
}

fn with_demo() -> (TempDir, App, String) {
    let folder = TempDir::new().unwrap();
    let app = app_in(&folder);
    let minuet = bandpro_app::DEMOS.iter().find(|(name, _)| name.contains("minuet")).unwrap();
    let id = app.import_bytes(minuet.0, minuet.1.as_bytes()).unwrap().id;
    (folder, app, id)
}

/// The pages a window holds after it was told what changed.
fn updated(mut held: Vec<PageView>, outcome: &CommandOutcome) -> Vec<PageView> {
    held.truncate(outcome.page_count);
    let drawn: Vec<_> = held.iter().flat_map(|page| page.systems.clone()).collect();
    for page in &outcome.pages {
        let mut page = page.clone();
        for system in page.systems.iter_mut().filter(|system| system.svg.is_none()) {
            let known = drawn.iter().find(|other| other.key == system.key).expect("the window holds what is not sent");
            system.svg.clone_from(&known.svg);
        }
        match held.iter_mut().find(|other| other.number == page.number) {
            Some(old) => *old = page,
            None => held.push(page),
        }
    }
    held
}

#[test]
fn an_edit_sends_only_what_changed_and_that_is_enough() {
    let (_folder, app, id) = with_demo();
    let opened = app.open_score(&id).unwrap();
    let systems: usize = opened.pages.iter().map(|page| page.systems.len()).sum();
    assert!(systems > 2 && opened.pages.iter().flat_map(|page| &page.systems).all(|system| system.svg.is_some()));
    let mut held = opened.pages.clone();
    let mut revision = opened.revision;
    for line in ["goto 1 1 1", "pitch C6", "delete", "undo", "insert-measure", "undo", "undo"] {
        let outcome = app.command(&id, line).unwrap();
        assert_eq!(outcome.base, revision, "{line}");
        let sent = outcome.pages.iter().flat_map(|page| &page.systems).filter(|system| system.svg.is_some()).count();
        match line {
            "goto 1 1 1" => assert_eq!((sent, outcome.revision), (0, revision)),
            "pitch C6" | "delete" => assert!(sent > 0 && sent < systems, "{line} sent {sent} of {systems}"),
            _ => {}
        }
        revision = outcome.revision;
        held = updated(held, &outcome);
        let mut keys: Vec<&String> = held.iter().flat_map(|page| &page.systems).map(|system| &system.key).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), held.iter().map(|page| page.systems.len()).sum::<usize>(), "no two systems share a key");
    }
    let places = |pages: &[PageView]| {
        pages.iter().flat_map(|page| &page.systems).map(|system| (system.key.clone(), system.y, system.height)).collect::<Vec<_>>()
    };
    let fresh = app.open_score(&id).unwrap().pages;
    assert_eq!(places(&fresh), places(&held), "a fresh look shows the same pictures at the same places");
    let ink = |pages: &[PageView]| {
        pages.iter().flat_map(|page| &page.systems).map(|system| (system.y, system.height, system.measures)).collect::<Vec<_>>()
    };
    assert_eq!(ink(&held), ink(&opened.pages), "everything taken back, it looks as it did");
}

#[test]
fn what_is_pointed_at_is_selected() {
    let (_folder, app, id) = with_demo();
    app.open_score(&id).unwrap();
    let told = app.command(&id, "goto 1 5 2").unwrap().selection.unwrap();
    assert_eq!((told.part, told.measure, told.kind.as_str()), (1, 5, "note"));
    let head = told.heads[0];
    app.command(&id, "first").unwrap();
    let found = app.point(&id, told.page.unwrap(), head.x + head.width / 2.0, head.y + head.height / 2.0).unwrap().unwrap();
    assert_eq!((found.measure, &found.pitch, found.rect), (5, &told.pitch, told.rect));
    assert!(found.announcement.contains("measure 5"), "{}", found.announcement);
    assert_eq!(app.point(&id, 1, -50.0, -50.0).unwrap(), None, "far from everything is nothing");
}

#[test]
fn an_edit_of_another_process_reaches_who_shows_the_score() {
    let (folder, app, id) = with_demo();
    let opened = app.open_score(&id).unwrap();
    let events = app.events();
    let other = app_in(&folder);
    other.script(&id, "goto 1 1 1; pitch C6", |_| {}).unwrap();
    let deadline = std::iter::repeat_with(|| events.recv_timeout(Duration::from_secs(20)));
    let changed = deadline.take(50).find_map(|event| match event.expect("an event in time") {
        AppEvent::ScoreChanged { id } => Some(id),
        _ => None,
    });
    assert_eq!(changed.as_deref(), Some(id.as_str()));
    let outcome = app.refresh(&id).unwrap();
    assert_eq!((outcome.base, outcome.pages.len()), (opened.revision, 1));
    assert!(!outcome.can_undo, "what another did is not this person's to take back");
    assert_eq!(app.command(&id, "goto 1 1 1").unwrap().selection.unwrap().pitch.as_deref(), Some("C6"));
}

#[test]
fn settings_and_language_are_kept() {
    let folder = TempDir::new().unwrap();
    let app = App::open(AppConfig { data_dir: Some(folder.path().to_owned()), ..AppConfig::default() }).unwrap();
    app.set_setting("language", "zh-TW").unwrap();
    app.set_setting("paper", "cream").unwrap();
    assert_eq!(app.set_setting("theme", "neon").unwrap_err().code(), "bad-setting");
    drop(app);
    let again = App::open(AppConfig { data_dir: Some(folder.path().to_owned()), ..AppConfig::default() }).unwrap();
    assert_eq!((again.settings().paper.as_str(), again.settings().language.as_str()), ("cream", "zh-TW"));
    if std::env::var_os("BANDPRO_LANGUAGE").is_none() {
        assert_eq!(again.texts(None).language, "zh-TW");
        assert!(again.commands().iter().any(|command| command.id == "undo" && command.label == "復原"));
    }
}

#[test]
fn a_thumbnail_shows_the_first_page() {
    let (_folder, app, id) = with_demo();
    let svg = app.thumbnail(&id).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("Minuet in G"));
    app.rename(&id, "Menuett").unwrap();
    assert!(app.thumbnail(&id).unwrap().contains("Menuett"), "a renamed score has a new picture");
}
