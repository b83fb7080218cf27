//! How this person and this device are shown to others. The truth is in the membership logs; this person's own space says what
//! the others are told.

use rusqlite::{Connection, Transaction};

use super::{Workspace, WorkspaceEvent};
use crate::circle::Circle;
use crate::id::cut_name;
use crate::membership::{Action, Person};
use crate::store::{self, membership::Part};
use crate::{DeviceId, SpaceId, SyncError};

/// Colours that members are told apart by, with every kind of colour vision: Paul Tol's qualitative schemes “vibrant” and, for
/// the last two, “muted” (SRON technical note “Colour Schemes”, 2021), without grey.
pub const MEMBER_COLOURS: [u32; 8] = [0x00_77bb, 0xee_7733, 0x00_9988, 0xcc_3311, 0x33_bbee, 0xee_3377, 0xaa_4499, 0x99_9933];

/// The colour of a person who has not chosen one yet.
pub(super) fn first_colour(device: DeviceId) -> u32 {
    MEMBER_COLOURS[usize::from(device.0[0]) % MEMBER_COLOURS.len()]
}

impl Workspace {
    /// How this person is shown to others.
    pub fn person(&self) -> Result<Person, SyncError> {
        self.read(|connection| self.person_in(connection))
    }

    /// What the other devices call this one.
    pub fn device_name(&self) -> Result<String, SyncError> {
        self.read(|connection| self.device_name_in(connection))
    }

    pub(super) fn person_in(&self, connection: &Connection) -> Result<Person, SyncError> {
        let own = self.own_circle(connection)?;
        let member = own.as_ref().and_then(|circle| circle.log.state().member_of(self.device()));
        Ok(member.map_or_else(|| self.inner.first_person.clone(), |(_, member)| member.person.clone()))
    }

    pub(super) fn device_name_in(&self, connection: &Connection) -> Result<String, SyncError> {
        let own = self.own_circle(connection)?;
        let device = own.as_ref().and_then(|circle| circle.log.state().device(self.device()));
        Ok(device.map_or_else(|| self.inner.first_device_name.clone(), |device| device.name.clone()))
    }

    /// This person's own space; nothing before it is founded.
    fn own_circle(&self, connection: &Connection) -> Result<Option<std::sync::Arc<Circle>>, SyncError> {
        let own = store::membership::of_part(connection, Part::Own)?;
        own.map(|own| self.circle_in(connection, own)).transpose()
    }

    /// Shows this person in this way from now on, in all spaces.
    pub fn introduce(&self, person: &Person) -> Result<(), SyncError> {
        let person = Person { name: cut_name(&person.name), colour: person.colour & 0x00ff_ffff };
        self.say_everywhere(|circle| {
            let (_, known) = circle.log.state().member_of(self.device())?;
            (known.person != person).then(|| Action::Profile(person.clone()))
        })
    }

    /// Gives this device a name, in all spaces.
    pub fn name_device(&self, name: &str) -> Result<(), SyncError> {
        let (device, name) = (self.device(), cut_name(name));
        self.say_everywhere(|circle| {
            let known = circle.log.state().device(device)?;
            (known.name != name).then(|| Action::RenameDevice { device, name: name.clone() })
        })
    }

    /// Signs something in every space where there is something to say.
    fn say_everywhere(&self, action: impl Fn(&Circle) -> Option<Action>) -> Result<(), SyncError> {
        self.write(|tx| {
            for space in self.spaces_here(tx)? {
                if let Some(action) = action(&*self.circle_in(tx, space)?) {
                    self.sign(tx, space, action)?;
                }
            }
            Ok(())
        })?;
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(())
    }

    fn spaces_here(&self, tx: &Transaction<'_>) -> Result<Vec<SpaceId>, SyncError> {
        let listed = store::membership::spaces(tx)?.into_iter().filter(|listed| listed.part.is_here());
        Ok(listed.map(|listed| listed.id).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    fn person(name: &str, colour: u32) -> Person {
        Person { name: name.into(), colour }
    }

    #[test]
    fn a_name_and_a_colour_hold_in_all_spaces_and_are_signed_once() {
        let options = Options { person: person("root", 0), device_name: "a laptop".into(), ..Options::default() };
        let workspace = Workspace::in_memory([7; 32], options).unwrap();
        let first = workspace.person().unwrap();
        assert!(first.name == "root" && MEMBER_COLOURS.contains(&first.colour), "{first:?}");
        let band = workspace.create_space("Band").unwrap();
        let length = || workspace.circle(band).unwrap().log.len();

        workspace.introduce(&person(" Mei\n", 0xff12_3456)).unwrap();
        workspace.name_device("Mei's laptop").unwrap();
        assert_eq!(workspace.person().unwrap(), person("Mei", 0x12_3456));
        assert_eq!(workspace.device_name().unwrap(), "Mei's laptop");
        let circle = workspace.circle(band).unwrap();
        let (_, member) = circle.log.state().member_of(workspace.device()).unwrap();
        assert_eq!(member.person, person("Mei", 0x12_3456));
        assert_eq!(circle.log.state().device(workspace.device()).unwrap().name, "Mei's laptop");

        let before = length();
        workspace.introduce(&person("Mei", 0x12_3456)).unwrap();
        workspace.name_device("Mei's laptop").unwrap();
        assert_eq!(length(), before, "what is said already is not signed again");
        let later = workspace.create_space("Choir").unwrap();
        let circle = workspace.circle(later).unwrap();
        assert_eq!(circle.log.state().member_of(workspace.device()).unwrap().1.person.name, "Mei", "a new space knows it at once");
    }

    #[test]
    fn starting_again_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let open = |name: &str| {
            let options = Options { person: person(name, 0), device_name: format!("{name}'s"), ..Options::default() };
            Workspace::open(folder.path(), options).unwrap()
        };
        let (space, length) = {
            let workspace = open("ann");
            (workspace.own_space(), workspace.circle(workspace.own_space()).unwrap().log.len())
        };
        let workspace = open("somebody else");
        assert_eq!(workspace.circle(space).unwrap().log.len(), length);
        assert_eq!((workspace.person().unwrap().name, workspace.device_name().unwrap()), ("ann".into(), "ann's".into()));
    }
}
