//! This person as others see them, the printed key, and scores that go from one space to another.

use std::path::Path;

use bandpro_sync::membership::Person;
use bandpro_sync::{MEMBER_COLOURS, ScoreId, SpaceId, SyncError};

use super::{App, device_name};
use crate::texts::Arg;
use crate::view::{PersonView, RecoveryView, ScoreCard};
use crate::{AppError, files, key_store};

/// A colour as surfaces write it.
pub(super) fn colour_text(colour: u32) -> String {
    format!("#{colour:06x}")
}

impl App {
    /// Milliseconds since 1970 (UTC), as what surfaces see counts time.
    pub fn now(&self) -> u64 {
        self.inner.band.now()
    }

    /// How this person and this laptop are shown to others.
    pub fn person(&self) -> Result<PersonView, AppError> {
        let Person { name, colour } = self.inner.workspace.person()?;
        Ok(PersonView {
            name,
            colour: colour_text(colour),
            colours: MEMBER_COLOURS.map(colour_text).to_vec(),
            device_name: self.inner.workspace.device_name()?,
            key_place: self.inner.workspace.key_place()?.code().to_owned(),
        })
    }

    /// Keeps the key of this laptop in a `file` or in the `system`'s key store from now on.
    pub fn keep_key(&self, place: &str) -> Result<PersonView, AppError> {
        self.inner.workspace.keep_key(key_store::place(place)?)?;
        self.person()
    }

    /// Says how this person is shown to others, in all spaces: a name, and a colour as `#rrggbb` or by its number in
    /// [`PersonView::colours`], from 1. What is not given stays as it is.
    pub fn set_person(&self, name: Option<&str>, colour: Option<&str>) -> Result<PersonView, AppError> {
        let mut person = self.inner.workspace.person()?;
        if let Some(name) = name {
            if name.trim().is_empty() {
                return Err(AppError::BadSetting { key: "name".to_owned(), value: name.to_owned() });
            }
            name.trim().clone_into(&mut person.name);
        }
        if let Some(colour) = colour {
            person.colour = colour_of(colour)?;
        }
        self.inner.workspace.introduce(&person)?;
        self.tell_sync();
        self.person()
    }

    /// Gives this laptop a name, in all spaces; where that is empty, the one of its first start.
    pub fn name_device(&self, name: &str) -> Result<PersonView, AppError> {
        let name = name.trim();
        let name = if name.is_empty() { device_name(&self.words()) } else { name.to_owned() };
        self.inner.workspace.name_device(&name)?;
        self.tell_sync();
        self.person()
    }

    /// Writes a printed key to a file that only its owner may read, with words that say what it is.
    pub fn save_recovery_key(&self, key: &RecoveryView, to: &Path) -> Result<(), AppError> {
        let name = self.inner.workspace.person()?.name;
        let words = self.words().with("recovery-page", &[("name", Arg::Text(&name)), ("key", Arg::Text(&key.key))]);
        files::write_private(to, format!("{words}\n").as_bytes())
    }

    /// Puts a copy of a score into another space. Its history stays with the original.
    pub fn copy_score(&self, id: &str, space: &str) -> Result<ScoreCard, AppError> {
        let (id, space) = (self.inner.workspace.find_score(id)?, self.space(space)?);
        let copy = self.copy_to(id, space)?;
        self.card(copy)
    }

    /// Moves a score into another space: from then on those see it who belong to that one, and no one else.
    pub fn move_score(&self, id: &str, space: &str) -> Result<ScoreCard, AppError> {
        let (id, space) = (self.inner.workspace.find_score(id)?, self.space(space)?);
        if self.inner.workspace.score(id)?.space == space {
            return self.card(id);
        }
        self.may_write(self.inner.workspace.score(id)?.space)?;
        let moved = self.copy_to(id, space)?;
        // The copy is durable by now: whatever happens, the music is in one place or in both.
        self.delete(&id.to_string())?;
        self.card(moved)
    }

    pub(super) fn copy_to(&self, id: ScoreId, space: SpaceId) -> Result<ScoreId, AppError> {
        self.may_write(space)?;
        let open = self.inner.workspace.open_score(id)?;
        Ok(self.inner.workspace.import_score(space, open.score())?)
    }

    /// Fails where this person may only read.
    fn may_write(&self, space: SpaceId) -> Result<(), AppError> {
        let role = self.inner.workspace.circle(space)?.log.state().role_of(self.inner.workspace.device());
        match role {
            Some(role) if role >= bandpro_sync::membership::Role::Editor => Ok(()),
            Some(_) => Err(SyncError::NotAllowed { deed: "write" }.into()),
            None => Err(SyncError::NoMember.into()),
        }
    }

    pub(super) fn card(&self, id: ScoreId) -> Result<ScoreCard, AppError> {
        let id = id.to_string();
        let found = self.library()?.into_iter().find(|card| card.id == id);
        found.ok_or_else(|| SyncError::UnknownScore(id).into())
    }
}

fn colour_of(text: &str) -> Result<u32, AppError> {
    let bad = || AppError::BadSetting { key: "colour".to_owned(), value: text.to_owned() };
    if let Some(number) = text.trim().parse::<usize>().ok().filter(|_| !text.starts_with('#') && text.trim().len() < 3) {
        return number.checked_sub(1).and_then(|at| MEMBER_COLOURS.get(at)).copied().ok_or_else(bad);
    }
    let digits = text.trim().strip_prefix('#').unwrap_or_else(|| text.trim());
    let colour = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit()));
    colour.ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_by_number_and_by_their_parts() {
        assert_eq!(colour_of("1").unwrap(), MEMBER_COLOURS[0]);
        assert_eq!(colour_of("#0077BB").unwrap(), 0x00_77bb);
        assert_eq!(colour_of("cc3311").unwrap(), 0xcc_3311);
        for bad in ["0", "9", "", "#12345", "#+12345", "blue", "#1234567"] {
            assert_eq!(colour_of(bad).unwrap_err().code(), "bad-setting", "{bad}");
        }
    }
}
