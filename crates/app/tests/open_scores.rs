//! Open scores as a window uses them: pictures, what changed of them, pointing, other processes.

use std::time::Duration;

use bandpro_app::{App, AppConfig, AppEvent, CommandOutcome, LookingView, PageView, SystemView};
use bandpro_sync::{Options, Workspace};
use tempfile::TempDir;

fn app_in(folder: &TempDir) -> App {
    App::open(AppConfig { data_dir: Some(folder.path().to_owned()), language: Some("en".into()), online: false, system_keys: false })
        .unwrap()
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

fn ink(outcome: &CommandOutcome) -> usize {
    outcome.pages.iter().flat_map(|page| &page.systems).filter(|system| system.svg.is_some()).count()
}

#[test]
fn each_view_is_edited_in_and_sends_only_what_changed() {
    let (_folder, app, id) = with_demo();
    let pages = app.open_score(&id).unwrap();
    let mut held = pages.pages.clone();
    for (look, at_least) in [("view continuous", 3), ("part 1", 0), ("view pages", 2)] {
        let shown = app.command(&id, look).unwrap();
        held = updated(held, &shown);
        assert!(ink(&shown) >= at_least, "{look} shows {}", ink(&shown));
        let picture: Vec<_> = held.iter().map(|page| page.systems.clone()).collect();
        for line in ["goto 1 3 1", "pitch-up", "sharp", "undo", "undo"] {
            let outcome = app.command(&id, line).unwrap();
            assert_eq!(outcome.looking, shown.looking, "{line} looks at the same");
            assert!(ink(&outcome) <= 2, "{look}: {line} sent {} pictures", ink(&outcome));
            held = updated(held, &outcome);
            let selection = outcome.selection.expect("something is selected");
            let head = selection.heads.first().copied().expect("it is seen");
            let page = selection.page.expect("it is on a page");
            let found = app.point(&id, page, head.x + head.width / 2.0, head.y + head.height / 2.0).unwrap().unwrap();
            assert_eq!(
                (found.measure, &found.pitch),
                (selection.measure, &selection.pitch),
                "{look}: a click on what {line} left selected"
            );
        }
        let places = |pages: &[Vec<SystemView>]| {
            pages.iter().flatten().map(|system| (system.x, system.y, system.width, system.height, system.measures)).collect::<Vec<_>>()
        };
        let after: Vec<_> = held.iter().map(|page| page.systems.clone()).collect();
        assert_eq!(places(&picture), places(&after), "{look}: everything taken back, it looks as it did");
    }
}

#[test]
fn an_endless_line_is_whole_and_keeps_the_pictures_behind_a_change() {
    let (_folder, app, id) = with_demo();
    app.open_score(&id).unwrap();
    let shown = app.command(&id, "view continuous").unwrap();
    let [line] = shown.pages.as_slice() else { panic!("one line is one page") };
    let measures: Vec<_> = line.systems.iter().map(|piece| piece.measures).collect();
    assert_eq!((measures[0].0, measures.last().unwrap().1), (1, app.open_score(&id).unwrap().measures));
    assert!(measures.windows(2).all(|pair| pair[0].1 + 1 == pair[1].0), "{measures:?}");
    let keys: Vec<_> = line.systems.iter().map(|piece| piece.key.clone()).collect();
    assert!(keys.len() > 2, "it is cut");
    // A measure more at the beginning moves the rest aside, which is not drawn again.
    app.command(&id, "first").unwrap();
    let outcome = app.command(&id, "insert-measure").unwrap();
    let [line] = outcome.pages.as_slice() else { panic!("the line changed") };
    let kept = line.systems.iter().filter(|piece| keys.contains(&piece.key)).count();
    assert!(kept + 3 >= keys.len() && ink(&outcome) <= 3, "kept {kept} of {}, drew {}", keys.len(), ink(&outcome));
}

#[test]
fn a_part_is_looked_at_alone_and_the_choice_is_kept() {
    let folder = TempDir::new().unwrap();
    let app = app_in(&folder);
    let demo = bandpro_app::DEMOS.iter().find(|(_, text)| text.matches("<score-part ").count() > 1).expect("a demo with parts");
    let id = app.import_bytes(demo.0, demo.1.as_bytes()).unwrap().id;
    let whole = app.open_score(&id).unwrap();
    assert!(whole.parts.len() > 1);
    app.command(&id, "goto 1 2 1").unwrap();
    let part = app.command(&id, "part 2").unwrap();
    assert_eq!(part.looking, LookingView { continuous: false, part: Some(2) });
    let selection = part.selection.unwrap();
    assert_eq!((selection.part, selection.measure), (2, 2), "the same measure is selected there");
    for line in ["chord-up", "chord-down", "chord-up", "chord-down"] {
        let outcome = app.command(&id, line).unwrap();
        assert_eq!((outcome.selection.unwrap().part, outcome.looking.part), (2, Some(2)), "{line} stays in the part");
    }
    assert_eq!(app.command(&id, "goto 1 2 1").unwrap().looking.part, Some(1), "where one goes is what one sees");
    app.command(&id, "part 2").unwrap();
    app.command(&id, "view other").unwrap();
    app.close_score(&id);
    drop(app);
    let again = app_in(&folder);
    assert_eq!(again.open_score(&id).unwrap().looking, LookingView { continuous: true, part: Some(2) });
    assert!(again.thumbnail(&id).unwrap().contains("<title>"), "the library still shows the score");
    // A script is not a person who looks.
    let other = app_in(&folder);
    other.script(&id, "part 1; staff-size 6", |_| {}).unwrap();
    assert_eq!(again.refresh(&id).unwrap().looking.part, Some(2));
    assert_eq!(again.style(&id).unwrap().values["staff-size"], "7");
    let first = again.command(&id, "part 1").unwrap();
    assert_eq!(first.looking.part, Some(1));
    let style = again.style(&id).unwrap();
    assert_eq!((style.values["staff-size"].as_str(), style.own), ("6", vec!["staff-size".to_owned()]));
    assert_eq!(again.command(&id, "part 99").unwrap_err().code(), "no-such-part");
    assert_eq!(again.command(&id, "part next").unwrap().looking.part, Some(2));
}

#[test]
fn a_style_is_chosen_shown_and_taken_back() {
    let (_folder, app, id) = with_demo();
    app.open_score(&id).unwrap();
    let before = app.style(&id).unwrap();
    assert_eq!(before.preset.as_deref(), Some("classical"));
    assert!(ink(&app.command(&id, "style jazz").unwrap()) > 2, "it looks otherwise");
    assert_eq!(app.style(&id).unwrap().preset.as_deref(), Some("jazz"));
    app.command(&id, "note-spacing 140").unwrap();
    assert_eq!((app.style(&id).unwrap().preset, app.style(&id).unwrap().values["note-spacing"].as_str()), (None, "140"));
    assert_eq!(app.command(&id, "note-spacing 1000").unwrap_err().code(), "bad-argument");
    let wide = app.command(&id, "page-size A4 landscape").unwrap();
    assert_eq!((wide.pages[0].width_mm.round(), wide.pages[0].height_mm.round()), (297.0, 210.0));
    for _ in 0..3 {
        app.command(&id, "undo").unwrap();
    }
    assert_eq!(app.style(&id).unwrap(), before);
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
fn the_name_of_a_laptop_is_in_the_membership_log_alone() {
    let folder = TempDir::new().unwrap();
    let stored = || Workspace::open(folder.path(), Options::default()).unwrap().setting("settings").unwrap().unwrap_or_default();
    let name = || app_in(&folder).person().unwrap().device_name;
    let first = name();
    // As it was kept before: in the settings, and not signed yet.
    let with_a_name = |name: &str| format!(r#"{{"theme":"dark","deviceName":"{name}"}}"#);
    let keep = |text: &str| Workspace::open(folder.path(), Options::default()).unwrap().set_setting("settings", text).unwrap();
    keep(&with_a_name("Attic"));
    assert_eq!(name(), "Attic");
    assert!(!stored().contains("Attic"), "{}", stored());
    assert_eq!(app_in(&folder).settings().theme, "dark", "the other settings stay");

    assert_eq!(app_in(&folder).name_device(" Stage ").unwrap().device_name, "Stage");
    assert!(!stored().contains("Stage"), "{}", stored());
    keep(&with_a_name("Attic"));
    assert_eq!(name(), "Stage", "what others were told last stands");
    assert_eq!(app_in(&folder).name_device("").unwrap().device_name, first);
}

#[test]
fn ones_own_space_is_called_in_the_language_until_it_has_a_name() {
    let (_folder, app, _) = with_demo();
    let names = || (app.bands().unwrap()[0].name.clone(), app.library().unwrap()[0].space_name.clone());
    let both = |name: &str| (name.to_owned(), name.to_owned());
    assert_eq!(names(), both("My scores"));
    app.set_setting("language", "zh-TW").unwrap();
    assert_eq!(names(), both("我的樂譜"));
    for name in ["我的樂譜", "My scores"] {
        assert!(app.band(name).unwrap().own, "both name it");
    }
    app.rename_band("", "Attic").unwrap();
    assert_eq!(names(), both("Attic"));
}

#[test]
fn a_thumbnail_shows_the_first_page() {
    let (_folder, app, id) = with_demo();
    let svg = app.thumbnail(&id).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("Minuet in G"));
    app.rename(&id, "Menuett").unwrap();
    assert!(app.thumbnail(&id).unwrap().contains("Menuett"), "a renamed score has a new picture");
}
