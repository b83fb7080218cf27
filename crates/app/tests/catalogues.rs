//! Both languages say everything, and say it well-formed.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use bandpro_app::AppError;
use bandpro_app::commands::COMMANDS;
use bandpro_app::texts::{Language, Texts};
use bandpro_notation::edit::Obstacle;
use bandpro_notation::model::RecordKind;
use fluent_bundle::FluentResource;

/// The codes of [`bandpro_sync::SyncError`], of imports and of sound.
const OTHER_CODES: &[&str] = &[
    "folder",
    "device-key",
    "device-key-gone",
    "device-key-not-here",
    "key-store-absent",
    "key-store-locked",
    "key-store-silent",
    "key-store",
    "newer-database",
    "old-database",
    "damaged-database",
    "disk-full",
    "read-only",
    "busy",
    "database",
    "unknown-score",
    "ambiguous-score",
    "unknown-space",
    "too-large",
    "document",
    "refused",
    "not-allowed",
    "no-key",
    "no-member",
    "unknown-name",
    "last-owner",
    "membership",
    "bad-recovery",
    "bad-ticket",
    "newer-ticket",
    "expired-ticket",
    "turned-away",
    "unreachable",
    "protocol",
    "network",
    "randomness",
    "shut-down",
    "import-empty",
    "import-too-large",
    "import-zip-bomb",
    "import-archive",
    "import-no-score",
    "import-encoding",
    "import-not-xml",
    "import-not-musicxml",
    "import-truncated",
    "import-malformed",
    "import-entities",
    "import-no-tune",
    "import-midi",
    "sound-no-device",
];

fn catalogue(language: Language, file: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../assets/locales", language.tag(), file].iter().collect();
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names of messages, and of their attributes behind a full stop.
fn keys(source: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut message = String::new();
    for line in source.lines() {
        let Some((name, _)) = line.split_once('=') else { continue };
        let bare = name.trim();
        let plain = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if plain(bare) && !line.starts_with(char::is_whitespace) {
            message = bare.to_owned();
            assert!(keys.insert(message.clone()), "{message} is there twice");
        } else if let Some(attribute) = bare.strip_prefix('.').filter(|name| plain(name)) {
            keys.insert(format!("{message}.{attribute}"));
        }
    }
    keys
}

#[test]
fn both_catalogues_have_the_same_keys() {
    for file in ["app.ftl", "cli.ftl"] {
        let [english, chinese] = Language::ALL.map(|language| keys(&catalogue(language, file)));
        assert!(english.len() > 10, "{file} was read");
        assert_eq!(english.difference(&chinese).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in zh-TW/{file}");
        assert_eq!(chinese.difference(&english).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in en/{file}");
    }
}

#[test]
fn every_catalogue_is_well_formed() {
    for language in Language::ALL {
        for file in ["app.ftl", "cli.ftl"] {
            let read = FluentResource::try_new(catalogue(language, file));
            assert!(read.is_ok(), "{} {file}: {:?}", language.tag(), read.err().map(|(_, errors)| errors));
        }
    }
}

#[test]
fn every_command_has_its_words() {
    for language in Language::ALL {
        let texts = Texts::new(language);
        for command in COMMANDS {
            for key in [format!("command-{}", command.id), format!("command-{}.help", command.id), format!("category-{}", command.category)]
            {
                assert!(texts.find(&key, &[]).is_some_and(|text| !text.is_empty()), "{}: {key}", language.tag());
            }
            for choice in command.choices() {
                let text = texts.find(&format!("choice-{choice}"), &[]);
                assert!(text.is_some_and(|text| !text.is_empty()), "{}: choice-{choice}", language.tag());
            }
        }
    }
}

#[test]
fn every_choice_of_an_argument_is_offered() {
    let of = |id: &str| bandpro_app::commands::find(id).unwrap().choices().collect::<Vec<_>>();
    assert_eq!(of("view"), ["pages", "continuous", "other"]);
    assert_eq!(of("measure-numbers"), ["none", "systems"], "a number is typed");
    assert!(of("pitch").is_empty() && of("undo").is_empty() && of("play").is_empty());
}

#[test]
fn every_error_has_its_words() {
    for language in Language::ALL {
        let texts = Texts::new(language);
        let obstacles = Obstacle::ALL.iter().map(|obstacle| obstacle.code());
        for code in AppError::CODES.iter().chain(OTHER_CODES).copied().chain(obstacles) {
            let text = texts.find(&format!("error-{code}"), &[]);
            assert!(text.is_some_and(|text| !text.is_empty()), "{}: error-{code}", language.tag());
        }
    }
}

#[test]
fn everything_that_merging_leaves_to_decide_has_its_words() {
    const CONFLICTS: &[&str] = &["competing", "overlap", "overfull", "dangling", "removed", "numbers"];
    const WAYS: &[&str] = &["stay", "choose", "voice", "restore", "leave-out", "drop-rests", "lengthen", "remove-line", "renumber", "keep"];
    for language in Language::ALL {
        let texts = Texts::new(language);
        let records = RecordKind::ALL.iter().map(|kind| format!("record-{}", kind.table()));
        let told = CONFLICTS.iter().map(|kind| format!("conflict-{kind}")).chain(WAYS.iter().map(|way| format!("conflict-way-{way}")));
        for key in records.chain(told) {
            assert!(texts.find(&key, &[]).is_some_and(|text| !text.is_empty()), "{}: {key}", language.tag());
        }
        // A field that was renamed leaves no words behind.
        for key in keys(&catalogue(language, "app.ftl")).iter().filter_map(|key| key.strip_prefix("field-")).filter(|key| *key != "other") {
            let (table, field) = key.split_once('-').unwrap();
            let kind = RecordKind::ALL.iter().find(|kind| kind.table() == table).unwrap();
            assert!(kind.empty().fields().iter().any(|known| known.key().replace('_', "-") == field), "field-{key}");
        }
    }
}

#[test]
fn every_refusal_has_its_words() {
    for language in Language::ALL {
        let texts = Texts::new(language);
        for reason in bandpro_sync::envelope::Reason::ALL {
            assert!(texts.find(&format!("refused-{}", reason.code()), &[]).is_some(), "{}: {reason}", language.tag());
        }
        for role in ["viewer", "editor", "owner"] {
            assert!(texts.find(&format!("role-{role}"), &[]).is_some());
        }
    }
}

#[test]
fn no_two_commands_share_a_key_or_an_id() {
    let mut ids = BTreeSet::new();
    let mut taken = BTreeSet::new();
    for command in COMMANDS {
        assert!(ids.insert(command.id), "{} is there twice", command.id);
        for key in command.keys.iter().chain(command.keyed.iter().map(|(key, _)| key)) {
            assert!(taken.insert(*key), "{key} is taken twice, again by {}", command.id);
        }
    }
}

#[test]
fn an_error_is_told_in_the_language_with_its_hint() {
    let error = AppError::NoSuchPart { number: 7, count: 2 };
    let english = error.view(&Texts::new(Language::English));
    assert_eq!(english.message, "There is no part 7; the score has 2.");
    assert_eq!(english.hint.as_deref(), Some("Parts are counted from 1, from the top."));
    let chinese = error.view(&Texts::new(Language::TraditionalChinese));
    assert_eq!(chinese.message, "沒有第 7 個分部；樂譜有 2 個。");
    assert_eq!(english.code, chinese.code);
}
