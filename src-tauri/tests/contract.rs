//! Writes the TypeScript side of the commands and of the values they carry from their Rust source, and fails when the
//! committed file says something else. `UPDATE=1 cargo test -p bandpro-desktop --test contract` writes it anew.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use quote::ToTokens;
use syn::{Attribute, Fields, FnArg, GenericArgument, Item, ItemEnum, ItemFn, ItemStruct, Pat, PathArguments, ReturnType, Type};

const HEADER: &str = "// Written by `UPDATE=1 cargo test -p bandpro-desktop --test contract` from crates/app/src/view.rs, the\n\
                      // files in crates/app/src/view and src-tauri/src/commands.rs. Changes belong there.\n";

#[test]
fn the_window_and_its_host_agree() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let committed = root.join("ui/src/lib/host/generated.ts");
    let written = contract(&root);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&committed, &written).expect("the file can be written");
    }
    let found = std::fs::read_to_string(&committed).unwrap_or_default().replace("\r\n", "\n");
    let first_difference = written.lines().zip(found.lines()).position(|(new, old)| new != old);
    assert!(
        written == found,
        "{} is stale (first difference in line {:?}): run UPDATE=1 cargo test -p bandpro-desktop --test contract",
        committed.display(),
        first_difference.map(|line| line + 1)
    );
}

#[test]
fn every_command_is_handled() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let window = std::fs::read_to_string(sources.join("window.rs")).expect("window.rs is there");
    for function in commands(&sources.join("commands.rs")) {
        assert!(window.contains(&format!("commands::{},", function.sig.ident)), "{} is not in the handler", function.sig.ident);
    }
}

#[test]
fn the_package_takes_links() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(folder.join("tauri.conf.json")).expect("tauri.conf.json is there");
    let config: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(config["plugins"]["deep-link"]["desktop"]["schemes"], serde_json::json!(["bandpro"]));
    // The packager's own template starts the program without the link.
    let template = config["bundle"]["linux"]["deb"]["desktopTemplate"].as_str().expect("a template");
    let entry = std::fs::read_to_string(folder.join(template)).expect("the template is there");
    for line in ["Exec={{exec}} %u", "MimeType={{mime_type}};"] {
        assert!(entry.lines().any(|other| other == line), "{line} is missing in {template}");
    }
}

fn contract(root: &Path) -> String {
    let mut out = HEADER.to_owned();
    let views = ["crates/app/src/view.rs", "crates/app/src/view/files.rs", "crates/app/src/view/band.rs"];
    for item in views.into_iter().flat_map(|path| parse(&root.join(path))) {
        match item {
            Item::Struct(item) if serialised(&item.attrs) => write_struct(&mut out, &item),
            Item::Enum(item) if serialised(&item.attrs) => write_enum(&mut out, &item),
            _ => {}
        }
    }
    write_commands(&mut out, &commands(&root.join("src-tauri/src/commands.rs")));
    out
}

fn parse(path: &PathBuf) -> Vec<Item> {
    let source = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    syn::parse_file(&source).unwrap_or_else(|error| panic!("{}: {error}", path.display())).items
}

fn commands(path: &PathBuf) -> Vec<ItemFn> {
    let is_command = |function: &ItemFn| function.attrs.iter().any(|attribute| attribute.path().segments.len() == 2);
    let functions = parse(path).into_iter().filter_map(|item| if let Item::Fn(function) = item { Some(function) } else { None });
    functions.filter(is_command).collect()
}

fn serialised(attributes: &[Attribute]) -> bool {
    let derives = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    derives.map(|attribute| attribute.to_token_stream().to_string()).any(|text| text.contains("Serialize"))
}

fn write_struct(out: &mut String, item: &ItemStruct) {
    write_doc(out, &item.attrs, "");
    writeln!(out, "export interface {} {{", item.ident).unwrap();
    write_fields(out, &item.fields, "  ");
    out.push_str("}\n");
}

fn write_fields(out: &mut String, fields: &Fields, indent: &str) {
    for field in fields {
        let name = camel(&field.ident.as_ref().expect("fields that cross have names").to_string());
        let optional = serde_says(&field.attrs, "skip_serializing_if");
        let kind = type_script(&field.ty);
        let kind = if optional { kind.trim_end_matches(" | null").to_owned() } else { kind };
        write_doc(out, &field.attrs, indent);
        writeln!(out, "{indent}{name}{}: {kind};", if optional { "?" } else { "" }).unwrap();
    }
}

fn write_enum(out: &mut String, item: &ItemEnum) {
    write_doc(out, &item.attrs, "");
    writeln!(out, "export type {} =", item.ident).unwrap();
    let tagged = serde_says(&item.attrs, "tag");
    for variant in &item.variants {
        let name = camel(&variant.ident.to_string());
        write_doc(out, &variant.attrs, "  ");
        if !tagged {
            assert!(variant.fields.is_empty(), "{}: variants with fields need a tag", item.ident);
            writeln!(out, "  | '{name}'").unwrap();
        } else if variant.fields.is_empty() {
            writeln!(out, "  | {{ type: '{name}' }}").unwrap();
        } else {
            writeln!(out, "  | {{\n      type: '{name}';").unwrap();
            write_fields(out, &variant.fields, "      ");
            out.push_str("    }\n");
        }
    }
    out.truncate(out.trim_end().len());
    out.push_str(";\n");
}

fn write_commands(out: &mut String, commands: &[ItemFn]) {
    out.push_str("\n/** The commands of the host. */\nexport interface Host {\n");
    for function in commands {
        write_doc(out, &function.attrs, "  ");
        let arguments: Vec<_> = arguments(function).iter().map(|(name, kind)| format!("{name}: {kind}")).collect();
        writeln!(out, "  {}({}): Promise<{}>;", camel(&function.sig.ident.to_string()), arguments.join(", "), reply(function)).unwrap();
    }
    out.push_str("}\n\n/** How a command travels: its name and its arguments by name. */\n");
    out.push_str("export type Invoke = <T>(command: string, args: Record<string, unknown>) => Promise<T>;\n\n");
    out.push_str("/** The host behind a way to invoke its commands. */\nexport function hostThrough(invoke: Invoke): Host {\n  return {\n");
    for function in commands {
        let names: Vec<_> = arguments(function).into_iter().map(|(name, _)| name).collect();
        let names = names.join(", ");
        let object = if names.is_empty() { "{}".to_owned() } else { format!("{{ {names} }}") };
        let name = function.sig.ident.to_string();
        writeln!(out, "    {}: ({names}) => invoke('{name}', {object}),", camel(&name)).unwrap();
    }
    out.push_str("  };\n}\n");
}

/// The arguments that the window gives, without the state that the host keeps.
fn arguments(function: &ItemFn) -> Vec<(String, String)> {
    let typed = function.sig.inputs.iter().filter_map(|input| if let FnArg::Typed(typed) = input { Some(typed) } else { None });
    let named = typed.filter_map(|typed| {
        let Pat::Ident(name) = &*typed.pat else { return None };
        let state = typed.ty.to_token_stream().to_string().starts_with("State");
        (!state).then(|| (camel(&name.ident.to_string()), type_script(&typed.ty)))
    });
    named.collect()
}

fn reply(function: &ItemFn) -> String {
    let ReturnType::Type(_, returned) = &function.sig.output else { panic!("{} gives no Reply", function.sig.ident) };
    let inner = generics(returned).into_iter().next().unwrap_or_else(|| panic!("{} gives no Reply", function.sig.ident));
    match &inner {
        Type::Tuple(unit) if unit.elems.is_empty() => "void".into(),
        other => type_script(other),
    }
}

fn generics(kind: &Type) -> Vec<Type> {
    let Type::Path(path) = kind else { return Vec::new() };
    let Some(PathArguments::AngleBracketed(inner)) = path.path.segments.last().map(|segment| &segment.arguments) else { return Vec::new() };
    inner.args.iter().filter_map(|argument| if let GenericArgument::Type(kind) = argument { Some(kind.clone()) } else { None }).collect()
}

fn type_script(kind: &Type) -> String {
    if let Type::Tuple(tuple) = kind {
        return format!("[{}]", tuple.elems.iter().map(type_script).collect::<Vec<_>>().join(", "));
    }
    let Type::Path(path) = kind else { panic!("a type that does not cross: {}", kind.to_token_stream()) };
    let name = path.path.segments.last().expect("a path has a segment").ident.to_string();
    let inner: Vec<_> = generics(kind).iter().map(type_script).collect();
    match (name.as_str(), inner.as_slice()) {
        ("String" | "PathBuf" | "char", []) => "string".into(),
        ("bool", []) => "boolean".into(),
        ("u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" | "f32" | "f64", []) => "number".into(),
        ("Option", [inner]) => format!("{inner} | null"),
        ("Vec", [inner]) if inner.contains('|') => format!("({inner})[]"),
        ("Vec", [inner]) => format!("{inner}[]"),
        ("BTreeMap", [key, value]) => format!("Record<{key}, {value}>"),
        (_, []) => name,
        _ => panic!("a type that does not cross: {}", kind.to_token_stream()),
    }
}

fn serde_says(attributes: &[Attribute], word: &str) -> bool {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
        .any(|attribute| attribute.to_token_stream().to_string().contains(word))
}

fn write_doc(out: &mut String, attributes: &[Attribute], indent: &str) {
    let lines: Vec<String> = attributes.iter().filter_map(doc_line).collect();
    match lines.as_slice() {
        [] => {}
        [line] => writeln!(out, "{indent}/** {line} */").unwrap(),
        lines => {
            writeln!(out, "{indent}/**").unwrap();
            lines.iter().for_each(|line| writeln!(out, "{indent} * {line}").unwrap());
            writeln!(out, "{indent} */").unwrap();
        }
    }
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    let syn::Meta::NameValue(meta) = &attribute.meta else { return None };
    let syn::Expr::Lit(literal) = &meta.value else { return None };
    let syn::Lit::Str(text) = &literal.lit else { return None };
    meta.path.is_ident("doc").then(|| text.value().trim().to_owned())
}

/// `snake_case` and `PascalCase` alike, as serde and Tauri rename them.
fn camel(name: &str) -> String {
    let mut out = String::new();
    let mut raise = false;
    for letter in name.chars() {
        match letter {
            '_' => raise = true,
            letter if raise => {
                out.extend(letter.to_uppercase());
                raise = false;
            }
            letter if out.is_empty() => out.extend(letter.to_lowercase()),
            letter => out.push(letter),
        }
    }
    out
}
