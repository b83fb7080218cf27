//! Random work on two or three copies, merged in every order. `BANDPRO_MERGE_CASES` says how many cases are tried, and
//! `BANDPRO_MERGE_SEED` from which seed.

use bandpro_notation::edit::{self, Direction, Selection};
use bandpro_notation::model::*;
use bandpro_sync::document::Finding;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::common::replica::Replica;
use crate::gestures::{Choice, gesture, marks};
use crate::oracle::Oracle;

#[derive(Debug, Clone)]
enum Act {
    Work(usize, Choice),
    Undo(usize),
    Redo(usize),
    Meet(usize, usize, u8),
}

fn acts(count: usize) -> impl Strategy<Value = (usize, Vec<Act>)> {
    let work = move || (0..count, (any::<u8>(), any::<u16>(), any::<u16>())).prop_map(|(who, what)| Act::Work(who, what));
    let undo = (0..count).prop_map(Act::Undo);
    let redo = (0..count).prop_map(Act::Redo);
    let meet = (0..count, 1..count, any::<u8>()).prop_map(move |(who, next, how)| Act::Meet(who, (who + next) % count, how));
    proptest::collection::vec(prop_oneof![16 => work(), 3 => undo, 1 => redo, 2 => meet], 1..60).prop_map(move |acts| (count, acts))
}

fn number<T: std::str::FromStr>(name: &str, usual: T) -> T {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: number("BANDPRO_MERGE_CASES", 64),
        rng_seed: RngSeed::Fixed(number("BANDPRO_MERGE_SEED", 1)),
        failure_persistence: None,
        max_shrink_iters: 500,
        ..ProptestConfig::default()
    }
}

/// A device with what it must have.
struct Device {
    replica: Replica,
    oracle: Oracle,
}

impl Device {
    fn act(&mut self, edit: Option<edit::Edit>, then: impl FnOnce(&mut Replica)) {
        if let Some(edit) = edit {
            self.oracle.commit(&self.replica.document, &edit);
        }
        then(&mut self.replica);
        assert_eq!(self.replica.score, self.replica.document.hydrate().unwrap());
    }
}

fn play(count: usize, acts: &[Act]) -> Vec<Device> {
    let score = score();
    let copies = Replica::copies(count as u8, &score).into_iter().zip(0..);
    let mut devices: Vec<Device> = copies.map(|(replica, who)| Device { replica, oracle: Oracle::new(who, &score) }).collect();
    for (time, act) in acts.iter().enumerate() {
        match act {
            Act::Work(who, what) => {
                let device = &mut devices[*who];
                device.replica.seconds = time as i64;
                if let Some(edit) = gesture(&device.replica.score.clone(), &mut device.replica.ids, *what) {
                    device.act(Some(edit.clone()), |replica| replica.commit(edit));
                }
            }
            Act::Undo(who) => {
                let edit = devices[*who].replica.next_undo();
                devices[*who].act(edit, Replica::undo);
            }
            Act::Redo(who) => {
                let mut ahead = devices[*who].replica.clone();
                std::mem::swap(&mut ahead.undo, &mut ahead.redo);
                let edit = ahead.next_undo();
                devices[*who].act(edit, Replica::redo);
            }
            Act::Meet(who, whom, how) => {
                let (other, oracle) = (devices[*whom].replica.clone(), devices[*whom].oracle.clone());
                devices[*who].replica.meet(&other, *how);
                devices[*who].oracle.meet(&oracle);
            }
        }
    }
    devices
}

fn orders(count: usize) -> Vec<Vec<usize>> {
    match count {
        2 => vec![vec![0, 1], vec![1, 0]],
        _ => vec![vec![0, 1, 2], vec![0, 2, 1], vec![1, 0, 2], vec![1, 2, 0], vec![2, 0, 1], vec![2, 1, 0]],
    }
}

fn merged_in_every_order(devices: &[Device]) -> Replica {
    let mut all: Vec<(Replica, Vec<Finding>)> = Vec::new();
    for (number, order) in orders(devices.len()).into_iter().enumerate() {
        let mut order = order.into_iter();
        let mut merged = devices[order.next().unwrap()].replica.clone();
        for other in order {
            merged.meet(&devices[other].replica, number as u8);
        }
        let findings = merged.document.findings(&merged.score).unwrap();
        all.push((merged, findings));
    }
    let (first, findings) = all.swap_remove(0);
    for (other, found) in &all {
        assert_eq!(other.document.heads(), first.document.heads());
        assert_eq!(other.score, first.score);
        assert_eq!(*found, findings);
    }
    first
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn copies_merge_in_every_order_to_one_score_and_nothing_is_lost((count, acts) in prop_oneof![acts(2), acts(3)]) {
        let devices = play(count, &acts);
        let merged = merged_in_every_order(&devices);
        let mut oracle = devices[0].oracle.clone();
        devices[1..].iter().for_each(|device| oracle.meet(&device.oracle));
        oracle.check(&merged.document, &merged.score);
        for device in &devices {
            device.oracle.check(&device.replica.document, &device.replica.score);
        }
    }

    #[test]
    fn every_resolution_is_an_edit_that_settles_its_finding((count, acts) in prop_oneof![acts(2), acts(3)]) {
        let merged = merged_in_every_order(&play(count, &acts));
        let findings = merged.document.findings(&merged.score).unwrap();
        let mut names: Vec<String> = findings.iter().map(Finding::id).collect();
        names.sort();
        names.dedup();
        prop_assert_eq!(names.len(), findings.len(), "two findings of one name: {:?}", findings);
        for finding in &findings {
            prop_assert!(!finding.resolutions.is_empty() && !finding.by.is_empty(), "{:?}", finding);
            for resolution in &finding.resolutions {
                let mut after = merged.clone();
                after.commit(resolution.edit.clone());
                prop_assert_eq!(&after.score, &after.document.hydrate().unwrap());
                let left = after.document.findings(&after.score).unwrap();
                prop_assert!(left.iter().all(|other| other.id() != finding.id()), "{:?} leaves {:?}", resolution, finding);
                after.undo();
                prop_assert_eq!(&after.score, &merged.score, "{:?} taken back", resolution);
            }
        }
    }

    #[test]
    fn one_person_alone_has_nothing_to_decide((_, acts) in acts(2)) {
        let alone = acts.into_iter().filter(|act| matches!(act, Act::Work(0, _) | Act::Undo(0) | Act::Redo(0))).collect::<Vec<_>>();
        let device = play(2, &alone).swap_remove(0).replica;
        let findings = device.document.findings(&device.score).unwrap();
        prop_assert!(findings.is_empty(), "{findings:?}");
    }
}

/// A score to work on: two parts, some lyrics, a slur.
fn score() -> Score {
    let mut score = crate::common::score(5);
    let mut ids = IdSource::fixed(2);
    let part = ids.next();
    score.insert(part, Part { name: "Bass".into(), order: 1, ..Part::default() }).unwrap();
    for measure in score.measure_order().to_vec() {
        let id: EventId = ids.next();
        let time =
            EventTime { measure, onset: Beat::ZERO, duration: Beat::WHOLE, value: Some(NoteValue::new(NoteBase::Whole, 0)), ratio: (1, 1) };
        score.insert(id, Event { part, time, ..Event::default() }).unwrap();
        score
            .insert(ids.next::<Note>(), Note { event: id, pitch: NotePitch::Pitched(Pitch::new(Step::C, 0, 3)), ..Note::default() })
            .unwrap();
    }
    for kind in [1, 7, 2] {
        for at in [0, 3, 9] {
            let first = edit::step(&score, Selection::Nothing, Direction::Next);
            let at = (0..at).fold(first, |at, _| edit::step(&score, at, Direction::Next));
            if let Ok(edit) = marks(&score, &mut ids, at, kind, 1) {
                edit.apply(&mut score).unwrap();
            }
        }
    }
    score
}
