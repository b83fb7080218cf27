//! The words of every surface, from the Fluent catalogues in `assets/locales`.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::view::TextsView;

/// A language that BandPro speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Traditional Chinese as in Taiwan.
    TraditionalChinese,
}

const ENGLISH: &[&str] = &[include_str!("../../../assets/locales/en/app.ftl"), include_str!("../../../assets/locales/en/cli.ftl")];
const CHINESE: &[&str] = &[include_str!("../../../assets/locales/zh-TW/app.ftl"), include_str!("../../../assets/locales/zh-TW/cli.ftl")];

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::TraditionalChinese];

    /// Its tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::TraditionalChinese => "zh-TW",
        }
    }

    /// What it calls itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::TraditionalChinese => "繁體中文",
        }
    }

    /// The language that a tag or a system's locale (`zh_TW.UTF-8`) is closest to; nothing where it is another one.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let word = tag.split(['-', '_', '.', '@']).next()?.to_ascii_lowercase();
        match word.as_str() {
            "zh" => Some(Self::TraditionalChinese),
            "en" | "c" | "posix" => Some(Self::English),
            _ => None,
        }
    }

    /// The language that the system asks for, English where it is none of ours (POSIX: `LC_ALL`, `LC_MESSAGES`, `LANG`).
    pub fn of_system() -> Self {
        let set = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
        let tag = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
        tag.and_then(|tag| Self::from_tag(&tag)).unwrap_or_default()
    }

    /// The identifier that plural rules go by; the default's are those of no language, which only a wrong tag could lead to.
    fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }

    const fn sources(self) -> &'static [&'static str] {
        match self {
            Self::English => ENGLISH,
            Self::TraditionalChinese => CHINESE,
        }
    }
}

/// The texts of one language.
pub struct Texts {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// Reads the catalogues of a language.
    pub fn new(language: Language) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        // Isolation marks would be printed by terminals and spoken by screen readers; both languages run left to right.
        bundle.set_use_isolating(false);
        for source in language.sources() {
            // A fault in a catalogue costs the messages at that place, not the application; a test finds it.
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        Self { language, bundle }
    }

    /// Which language.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The message of a key; the key itself where the catalogue lacks it, so that a gap is seen.
    pub fn text(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// The message of a key with its arguments filled in. `key.attribute` names an attribute of a message.
    pub fn with(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.find(key, args).unwrap_or_else(|| key.to_owned())
    }

    /// The message of a key, if the catalogue has it.
    pub fn find(&self, key: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
        let (name, attribute) = key.split_once('.').map_or((key, None), |(name, attribute)| (name, Some(attribute)));
        let message = self.bundle.get_message(name)?;
        let pattern = match attribute {
            Some(attribute) => message.get_attribute(attribute)?.value(),
            None => message.value()?,
        };
        let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, FluentValue::from(*value))).collect();
        let mut errors = Vec::new();
        Some(self.bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned())
    }

    /// What a surface that formats its own texts needs.
    pub fn view(&self) -> TextsView {
        TextsView {
            language: self.language.tag().to_owned(),
            languages: Language::ALL.map(|language| (language.tag().to_owned(), language.own_name().to_owned())).to_vec(),
            ftl: self.language.sources().join("\n"),
        }
    }
}

/// An argument of a message.
#[derive(Debug, Clone, Copy)]
pub enum Arg<'a> {
    /// Text.
    Text(&'a str),
    /// A number, formatted and counted as the language does.
    Count(u64),
}

impl<'a> From<Arg<'a>> for FluentValue<'a> {
    fn from(arg: Arg<'a>) -> Self {
        match arg {
            Arg::Text(text) => Self::from(text),
            Arg::Count(count) => Self::from(count),
        }
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<usize> for Arg<'_> {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}
