//! Carrying out what a session wants of the storage.

use super::Agreed;
use super::message::{Members, Refusal, Roster};
use super::session::{BATCH, Effect, Event};
use crate::envelope::Hash;
use crate::workspace::MembersPage;
use crate::{DeviceId, SpaceId, SyncError, Workspace};

/// The longest address that is kept of another device.
const MAX_ADDRESS: usize = 4096;

/// Carries out an effect on the storage and gives the event that answers it. `own` is this device's address in the network's
/// form. Sending, reporting and closing are not for here.
pub fn perform(
    workspace: &Workspace,
    space: Option<SpaceId>,
    peer: DeviceId,
    own: &[u8],
    effect: Effect,
) -> Result<Option<Event>, SyncError> {
    let Some(space) = space else { return Ok(None) };
    Ok(match effect {
        Effect::Greet => Some(Event::Greeting(workspace.members_heads(space)?, workspace.introduction(space, peer)?)),
        Effect::Admit { space, asking, heads, introduction } => match workspace.admit(space, peer, (&asking, &introduction))? {
            Ok(()) => Some(Event::Admitted(Ok(roster(workspace, space, (peer, own), &heads)?))),
            Err(Refusal::Removed) => Some(expelled(workspace, space, peer, &heads)?),
            Err(refusal) => Some(Event::Admitted(Err(refusal))),
        },
        Effect::Enter(theirs) => match workspace.enter(space, &theirs.members.entries) {
            Ok(()) => Some(match met(workspace, space, (peer, own), &theirs)? {
                Some(met) => Event::Entered(Ok(met)),
                None => expelled(workspace, space, peer, &theirs.members.heads)?,
            }),
            Err(SyncError::TurnedAway(refusal)) => Some(Event::Entered(Err(refusal))),
            Err(error) => return Err(error),
        },
        Effect::TakeThanks(theirs) => {
            workspace.receive(space, &theirs.members.entries, &[])?;
            Some(match met(workspace, space, (peer, own), &theirs)? {
                Some((_, agreed)) => Event::TookThanks(agreed),
                None => expelled(workspace, space, peer, &theirs.members.heads)?,
            })
        }
        Effect::TakeRemoval(entries) => {
            workspace.take_removal(space, &entries)?;
            Some(Event::TookRemoval)
        }
        Effect::Read { after, known, told } => {
            if !workspace.belongs(space, peer)? {
                return Ok(Some(Event::Gone));
            }
            let (page, members) = workspace.log_page(space, (after, &known, &told), BATCH)?;
            Some(Event::Page(page, with_addresses(workspace, space, own, members)?))
        }
        Effect::Store(members, entries) => {
            let batch = workspace.receive(space, &members.entries, &entries)?;
            remember(workspace, &members)?;
            Some(Event::Stored(batch.stored, batch.refused, workspace.awaited(space)?))
        }
        Effect::Doubt(devices) => {
            workspace.doubt(space, &devices)?;
            None
        }
        Effect::Send(_) | Effect::Report(_) | Effect::Close(_) => None,
    })
}

/// What this device tells of a space to one who has told these heads.
fn roster(workspace: &Workspace, space: SpaceId, (peer, own): (DeviceId, &[u8]), told: &[Hash]) -> Result<Roster, SyncError> {
    let members = with_addresses(workspace, space, own, workspace.members_after(space, told)?)?;
    Ok(Roster { members, vector: workspace.marks_of(space)?, spaces: workspace.spaces_in_common(space, peer)? })
}

/// That a device was removed from a space, with the entries that say so, without those that it knows.
fn expelled(workspace: &Workspace, space: SpaceId, peer: DeviceId, known: &[Hash]) -> Result<Event, SyncError> {
    Ok(Event::Expelled(workspace.removal_of(space, peer, known)?))
}

/// What this device tells back and what the other one has, if that belongs to the space by all that is known now.
fn met(
    workspace: &Workspace,
    space: SpaceId,
    (peer, own): (DeviceId, &[u8]),
    theirs: &Roster,
) -> Result<Option<(Roster, Agreed)>, SyncError> {
    remember(workspace, &theirs.members)?;
    if !workspace.belongs(space, peer)? {
        return Ok(None);
    }
    workspace.settle_renewed(space, peer, &theirs.vector)?;
    Ok(Some((roster(workspace, space, (peer, own), &theirs.members.heads)?, workspace.agreed(space, &theirs.vector)?)))
}

/// With where the devices of a space were last met, as far as they belong to it.
fn with_addresses(workspace: &Workspace, space: SpaceId, own: &[u8], page: MembersPage) -> Result<Members, SyncError> {
    let mut addresses = Vec::new();
    // Who has all entries has heard of all devices.
    if !page.entries.is_empty() || page.heads.is_empty() {
        for (device, _) in workspace.circle(space)?.log.state().devices_here() {
            let address = if device == workspace.device() { Some(own.to_vec()) } else { workspace.address_of(device)? };
            addresses.extend(address.map(|address| (device, address)));
        }
    } else {
        addresses.push((workspace.device(), own.to_vec()));
    }
    Ok(Members { entries: page.entries, heads: page.heads, addresses })
}

fn remember(workspace: &Workspace, members: &Members) -> Result<(), SyncError> {
    for (device, address) in &members.addresses {
        let fits = !address.is_empty() && address.len() <= MAX_ADDRESS && *device != workspace.device();
        // What is known at first hand is better than hearsay.
        if fits && workspace.address_of(*device)?.is_none() {
            workspace.remember_address(*device, address)?;
        }
    }
    Ok(())
}
