//! Every field of every kind of record goes over the bridge: set, taken back, merged, imported. Nothing here lists the fields:
//! a new one is covered by itself, or the test says that it has no sample for its type.

use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::*;
use bandpro_sync::DeviceId;
use bandpro_sync::document::{Document, Lying, decode_model, encode_model, session_actor};

use crate::common::replica::Replica;

/// Stored forms of all shapes, of which every field takes at least one besides its default.
fn samples() -> Vec<Scalar> {
    fn of<T: FieldValue>(values: impl IntoIterator<Item = T>) -> impl Iterator<Item = Scalar> {
        values.into_iter().map(|value| value.to_scalar()).collect::<Vec<_>>().into_iter()
    }
    let moment = |beat| Moment { measure: Id::from_raw(7), beat };
    let time = |onset| EventTime { measure: Id::from_raw(7), onset, duration: Beat::QUARTER, value: None, ratio: (3, 2) };
    let mut all = vec![Scalar::Null, Scalar::Bool(true), Scalar::Bool(false), Scalar::Int(1), Scalar::Int(2), Scalar::Int(3)];
    all.extend(of(["one", "two", "三", "#ff0000", "#804080ff"].map(str::to_owned)));
    all.extend(of([Id::<Part>::from_raw(11), Id::from_raw(12)]));
    all.extend(of([Beat::new(1, 3), Beat::new(5, 8)]));
    all.extend(of([time(Beat::ZERO), time(Beat::QUARTER)]));
    all.extend(of([Anchor::Event(Id::from_raw(5)), Anchor::Note(Id::from_raw(6)), Anchor::System(moment(Beat::new(1, 8)))]));
    all.extend(of([moment(Beat::new(1, 8)), moment(Beat::new(3, 8))]));
    all.extend(of([MarkKind::Coda, MarkKind::Dynamic("mf".into()), MarkKind::Fermata(FermataShape::Square)]));
    all.extend(of([SpanKind::Crescendo, SpanKind::Ottava(1)]));
    all.extend(of([SignKind::StaffLines(1), SignKind::StaffLines(4)]));
    all.extend(of([NotePitch::Pitched(Pitch::new(Step::D, 1, 5)), NotePitch::Pitched(Pitch::new(Step::E, 0, 2))]));
    all.extend(of([TimeSignature::new(3, 4), TimeSignature::new(6, 8)]));
    // Compound values that are stored as JSON, by their shape: what a type does not take it is not asked to.
    for json in JSON {
        all.push(Scalar::Text((*json).into()));
    }
    all
}

/// Enum variants by name, and structures by their fields, of the compound types.
const JSON: &[&str] = &[
    r#""Above""#,
    r#""Below""#,
    r#""Up""#,
    r#""Down""#,
    r#""Brace""#,
    r#""Bracket""#,
    r#""LightLight""#,
    r#""LightHeavy""#,
    r#""Diamond""#,
    r#""Cross""#,
    r#""System""#,
    r#""Page""#,
    r#""Open""#,
    r#""Closed""#,
    r#""Petaluma""#,
    r#""PetalumaScript""#,
    r#""Signs""#,
    r#""None""#,
    r#"{"Every":5}"#,
    r#""Sharp""#,
    r#""Flat""#,
    r#""Dashed""#,
    r#""Dotted""#,
    r#""Accelerando""#,
    r#""Ritardando""#,
    r#"{"bold":true}"#,
    r#"{"italic":true,"size":140}"#,
    r#"{"start":"Up","end":"None"}"#,
    r#"{"start":"None","end":"Down"}"#,
    r#"{"width":2159,"height":2794,"top":100,"right":100,"bottom":100,"left":100}"#,
    r#"{"width":1480,"height":2100,"top":90,"right":90,"bottom":90,"left":90}"#,
    r#"["Begin"]"#,
    r#"["End"]"#,
    r#"["Segno"]"#,
    r#"["Coda"]"#,
    r#"[{"key":"i1","name":"Flute","program":73,"channel":null,"unpitched":null}]"#,
    r#"[{"key":"i2","name":"Drums","program":null,"channel":9,"unpitched":38}]"#,
    r#"{"diatonic":-1,"chromatic":-2,"octaves":0}"#,
    r#"{"diatonic":4,"chromatic":7,"octaves":-1}"#,
    r#"{"passes":[1]}"#,
    r#"{"passes":[2,3],"text":"2.–3."}"#,
    r#"{"slash":true,"order":0,"after":false}"#,
    r#"{"slash":false,"order":2,"after":true}"#,
    r#"{"measure":true,"position":null}"#,
    r#"{"measure":false,"position":{"step":"B","octave":4}}"#,
    r#"{"sign":"Sharp"}"#,
    r#"{"sign":"Flat","editorial":true}"#,
    r#"[{"Text":["love","Single"]}]"#,
    r#"[{"Text":["be","Begin"]},{"Elision":"_"},{"Text":["it","End"]}]"#,
];

fn of_kind(kind: RecordKind) -> RecordRef {
    match kind {
        RecordKind::Header => HEADER.into(),
        RecordKind::Layout => LAYOUT.into(),
        _ => RecordRef::new(kind, 4711),
    }
}

fn put(score: &mut Score, of: RecordRef, record: Record) {
    match record {
        Record::Measure(measure) => score.push_measure(Id::from_raw(of.raw()), measure),
        record => drop(score.insert(of, record)),
    }
}

fn insertion(of: RecordRef, record: Record) -> Edit {
    Edit::new(match record {
        Record::Header(_) | Record::Layout(_) => record.fields().into_iter().map(|field| Change::Set(of, field)).collect(),
        Record::Measure(measure) => vec![Change::InsertMeasure { id: Id::from_raw(of.raw()), measure, after: None }],
        record => vec![Change::Insert(of, record)],
    })
}

/// A value of a field besides its default, and a second one: its default where a type has only two.
fn two_values(kind: RecordKind, default: &Field, samples: &[Scalar]) -> (Field, Field) {
    let values = samples.iter().filter_map(|sample| Field::from_stored(kind, default.key(), sample));
    let mut values: Vec<Field> = values.filter(|value| value != default).collect();
    let name = format!("{}.{} (default {default:?})", kind.table(), default.key());
    assert!(!values.is_empty(), "no sample of the type of {name}: add some to samples() or JSON");
    values.push(default.clone());
    (values[0].clone(), values[1].clone())
}

fn has(score: &Score, of: RecordRef, field: &Field) -> bool {
    score.record(of).is_some_and(|record| record.fields().contains(field))
}

#[test]
fn every_field_of_every_record_is_set_taken_back_merged_and_imported() {
    let samples = samples();
    let mut count = 0;
    for kind in RecordKind::ALL {
        let of = of_kind(*kind);
        let mut base = Score::new();
        put(&mut base, of, kind.empty());
        let defaults = kind.empty().fields();
        for (at, default) in defaults.iter().enumerate() {
            let (one, two) = two_values(*kind, default, &samples);
            alone(&base, of, default, &one);
            side_by_side(&base, of, (&one, &two));
            let other = &defaults[(at + 1) % defaults.len()];
            two_fields(&base, of, &one, &two_values(*kind, other, &samples).0);
            whole(of, &one);
            count += 1;
        }
    }
    assert!(count > 60, "{count} fields");
}

fn set(of: RecordRef, field: &Field) -> Edit {
    Edit::new(vec![Change::Set(of, field.clone())])
}

/// Set, read again from the document, kept as a model, taken back.
fn alone(base: &Score, of: RecordRef, default: &Field, value: &Field) {
    let mut a = Replica::copies(1, base).remove(0);
    a.commit(set(of, value));
    assert!(has(&a.score, of, value) && a.document.hydrate().unwrap() == a.score, "{value:?}");
    assert_eq!(decode_model(&encode_model(&a.score)).unwrap(), a.score, "{value:?}");
    assert_eq!(Document::load(&a.document.save()).unwrap().hydrate().unwrap(), a.score, "{value:?}");
    a.undo();
    assert!(has(&a.score, of, default) && a.document.hydrate().unwrap() == *base, "{value:?} taken back");
}

/// One field, two values: the same one wins everywhere, the other is not lost, and either can be chosen.
fn side_by_side(base: &Score, of: RecordRef, (one, two): (&Field, &Field)) {
    let mut copies = Replica::copies(2, base);
    let (mut b, mut a) = (copies.remove(1), copies.remove(0));
    a.commit(set(of, one));
    b.commit(set(of, two));
    let before = a.clone();
    a.meet(&b, 0);
    b.meet(&before, 0);
    assert_eq!(a.score, b.score);
    let values = a.document.values(of, one.key());
    assert!(values.len() == 2 && values.contains(one) && values.contains(two), "{values:?}");
    assert!(has(&a.score, of, &values[0]));
    assert_eq!(a.document.record(of), a.score.record(of));
    a.commit(set(of, &values[1]));
    assert_eq!(a.document.values(of, one.key()), [values[1].clone()]);
}

/// Two fields of one record: both stay.
fn two_fields(base: &Score, of: RecordRef, one: &Field, other: &Field) {
    if one.key() == other.key() {
        return;
    }
    let mut copies = Replica::copies(2, base);
    let (mut b, mut a) = (copies.remove(1), copies.remove(0));
    a.commit(set(of, one));
    b.commit(set(of, other));
    a.meet(&b, 0);
    assert!(has(&a.score, of, one) && has(&a.score, of, other), "{one:?} and {other:?}");
}

/// A record with this value as part of an import, and put in as a whole.
fn whole(of: RecordRef, value: &Field) {
    let mut record = of.kind().empty();
    record.set(value.clone());
    let mut score = Score::new();
    put(&mut score, of, record.clone());
    let (document, _) = Document::import(session_actor(DeviceId([9; 32]), 1), &score).unwrap();
    assert_eq!(document.hydrate().unwrap(), score, "{value:?} imported");
    let mut a = Replica::copies(1, &Score::new()).remove(0);
    a.commit(insertion(of, record));
    assert_eq!(a.document.hydrate().unwrap(), score, "{value:?} put in");
}
