//! Turns the music font's metadata into tables and named constants, so that nothing parses JSON at run time.
//!
//! Sources: `Bravura-metadata.json` and `Petaluma-metadata.json` (the format is SMuFL 1.4, "Font-specific metadata"),
//! `Petaluma-advances.txt` (what its metadata leave out), and `SMuFL-names.txt` (code point and canonical name of each glyph).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

/// The anchors of the SMuFL metadata that are kept, in the order of the fields of `Anchors`.
const ANCHORS: [(&str, &str); 16] = [
    ("stem_up_se", "stemUpSE"),
    ("stem_up_nw", "stemUpNW"),
    ("stem_down_nw", "stemDownNW"),
    ("stem_down_sw", "stemDownSW"),
    ("cut_out_ne", "cutOutNE"),
    ("cut_out_nw", "cutOutNW"),
    ("cut_out_se", "cutOutSE"),
    ("cut_out_sw", "cutOutSW"),
    ("grace_note_slash_ne", "graceNoteSlashNE"),
    ("grace_note_slash_nw", "graceNoteSlashNW"),
    ("grace_note_slash_se", "graceNoteSlashSE"),
    ("grace_note_slash_sw", "graceNoteSlashSW"),
    ("notehead_origin", "noteheadOrigin"),
    ("numeral_bottom", "numeralBottom"),
    ("optical_center", "opticalCenter"),
    ("repeat_offset", "repeatOffset"),
];

/// The code points that SMuFL uses: the private use area of the basic plane (SMuFL 1.4, "Code points").
const SMUFL_START: u32 = 0xE000;
const SMUFL_END: u32 = 0xF900;

fn main() {
    let fonts = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../assets/fonts");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed=build.rs");
    let names = names(&read(&fonts.join("SMuFL-names.txt")));
    fs::write(out.join("glyphs.rs"), constants(&names)).expect("the output folder can be written");
    let metadata = |file: &str| -> Value { serde_json::from_str(&read(&fonts.join(file))).expect("the metadata is JSON") };
    let bravura = metadata("Bravura-metadata.json");
    fs::write(out.join("bravura.rs"), metrics(&names, &bravura)).expect("the output folder can be written");
    let mut petaluma = metadata("Petaluma-metadata.json");
    add_advances(&mut petaluma, &read(&fonts.join("Petaluma-advances.txt")));
    for (name, value) in bravura["engravingDefaults"].as_object().expect("an object") {
        let own = petaluma["engravingDefaults"].as_object_mut().expect("an object");
        own.entry(name).or_insert_with(|| value.clone());
    }
    fs::write(out.join("petaluma.rs"), metrics(&names, &petaluma)).expect("the output folder can be written");
}

/// Adds advances in thousandths of the em, from lines such as `noteheadBlack 315`; a glyph without one has no ink and is dropped.
fn add_advances(metadata: &mut Value, list: &str) {
    let parse = |line: &str| {
        let (name, units) = line.split_once(' ').expect("a name and an advance");
        (name.to_owned(), Value::from(units.parse::<f64>().expect("a number") * 4.0 / 1000.0))
    };
    let advances: serde_json::Map<String, Value> = list.lines().map(parse).collect();
    metadata["glyphBBoxes"].as_object_mut().expect("an object").retain(|name, _| advances.contains_key(name));
    metadata["glyphAdvanceWidths"] = Value::Object(advances);
}

fn read(path: &Path) -> String {
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Code point → name, from lines such as `E0A4 noteheadBlack`.
fn names(list: &str) -> BTreeMap<u32, String> {
    let parse = |line: &str| {
        let (code, name) = line.split_once(' ').expect("a code point and a name");
        (u32::from_str_radix(code, 16).expect("hexadecimal"), name.to_owned())
    };
    list.lines().map(parse).collect()
}

/// `noteheadBlack` → `NOTEHEAD_BLACK`, `4stringTabClef` → `FOUR_STRING_TAB_CLEF`.
fn constant_name(name: &str) -> String {
    let name = name.replacen("4string", "fourString", 1).replacen("6string", "sixString", 1);
    let letters: Vec<char> = name.chars().collect();
    let mut constant = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|i| letters.get(i));
        let after = letters.get(index + 1);
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|b| !b.is_uppercase() || after.is_some_and(|a| a.is_lowercase()) && b.is_uppercase());
        if starts_word {
            constant.push('_');
        }
        constant.extend(letter.to_uppercase());
    }
    constant
}

fn constants(names: &BTreeMap<u32, String>) -> String {
    let mut code = String::new();
    for (point, name) in names {
        let constant = constant_name(name);
        writeln!(code, "/// `{name}`\npub const {constant}: Glyph = Glyph('\\u{{{point:X}}}');").expect("a string takes it");
    }
    let mut sorted: Vec<_> = names.iter().map(|(point, name)| (name, point)).collect();
    sorted.sort();
    writeln!(code, "static NAMES: [(&str, Glyph); {}] = [", sorted.len()).expect("a string takes it");
    for (name, point) in sorted {
        writeln!(code, "({name:?}, Glyph('\\u{{{point:X}}}')),").expect("a string takes it");
    }
    code + "];\n"
}

/// As the tables hold it: more digits would be noise.
fn number(value: &Value) -> f32 {
    value.as_f64().expect("a number") as f32
}

/// A point of the metadata, whose y axis points up.
fn point(value: &Value) -> (f32, f32) {
    (number(&value[0]), -number(&value[1]))
}

/// Three tables: for each code point of the SMuFL range the row of its glyph, the glyphs, and the anchors of those that have
/// any, which a glyph names by row, 0 standing for none.
fn metrics(names: &BTreeMap<u32, String>, metadata: &Value) -> String {
    let mut rows = vec![u16::MAX; (SMUFL_END - SMUFL_START) as usize];
    let (mut boxes, mut anchors) = (Vec::new(), vec!["NO_ANCHORS,".to_owned()]);
    for (code, name) in names {
        let bounds = &metadata["glyphBBoxes"][name];
        if !bounds.is_object() {
            continue;
        }
        let (left, bottom) = point(&bounds["bBoxSW"]);
        let (right, top) = point(&bounds["bBoxNE"]);
        let advance = metadata["glyphAdvanceWidths"][name].as_f64().map_or(right, |advance| advance as f32);
        let anchored = anchor_fields(&metadata["glyphsWithAnchors"][name]).map_or(0, |fields| {
            anchors.push(format!("Anchors {{ {fields}..NO_ANCHORS }},"));
            anchors.len() - 1
        });
        rows[(code - SMUFL_START) as usize] = boxes.len() as u16;
        boxes.push(format!("({advance:?}, Rect::new({left:?}, {top:?}, {right:?}, {bottom:?}), {anchored}),"));
    }
    let mut code = format!("pub(in crate::font::smufl) static ROWS: [u16; {}] = {rows:?};\n", rows.len());
    code += &format!("pub(in crate::font::smufl) static BOXES: [(f32, Rect, u16); {}] = [\n{}\n];\n", boxes.len(), boxes.join("\n"));
    code += &format!("pub(in crate::font::smufl) static ANCHORS: [Anchors; {}] = [\n{}\n];\n", anchors.len(), anchors.join("\n"));
    code + &engraving_defaults(&metadata["engravingDefaults"])
}

fn anchor_fields(anchors: &Value) -> Option<String> {
    let mut fields = String::new();
    for (field, name) in ANCHORS {
        if anchors[name].is_array() {
            let (x, y) = point(&anchors[name]);
            write!(fields, "{field}: Some(Point::new({x:?}, {y:?})), ").expect("a string takes it");
        }
    }
    (!fields.is_empty()).then_some(fields)
}

fn engraving_defaults(defaults: &Value) -> String {
    let mut code = String::from("pub(in crate::font::smufl) const ENGRAVING_DEFAULTS: EngravingDefaults = EngravingDefaults {\n");
    for (name, value) in defaults.as_object().expect("an object") {
        if value.is_number() {
            let value = number(value);
            writeln!(code, "{}: {value:?},", constant_name(name).to_lowercase()).expect("a string takes it");
        }
    }
    code + "};\n"
}
