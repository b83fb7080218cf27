//! Carrying out what a session wants of the storage.

use super::message::{Member, Roster};
use super::session::{BATCH, Effect, Event};
use crate::{DeviceId, SpaceId, SyncError, Workspace};

/// The longest address that is kept of another device.
const MAX_ADDRESS: usize = 4096;

/// Carries out an effect on the storage and gives the event that answers it. `own` is this device's address in the network's
/// form, `seconds` the time since 1970 by which a ticket is judged. Sending, reporting and closing are not for here.
pub fn perform(
    workspace: &Workspace,
    space: Option<SpaceId>,
    peer: DeviceId,
    own: &[u8],
    seconds: u64,
    effect: Effect,
) -> Result<Option<Event>, SyncError> {
    let Some(space) = space else { return Ok(None) };
    Ok(match effect {
        Effect::Admit { space, name, secret } => match workspace.admit(space, (peer, &name), secret.as_ref(), seconds)? {
            Ok(_) => Some(Event::Admitted(Ok(roster(workspace, space, own)?))),
            Err(refusal) => Some(Event::Admitted(Err(refusal))),
        },
        Effect::Enter(theirs) => {
            workspace.enter(space, &theirs.name)?;
            add_members(workspace, space, &theirs.members)?;
            Some(Event::Entered(roster(workspace, space, own)?))
        }
        Effect::AddMembers(members) => {
            add_members(workspace, space, &members)?;
            None
        }
        Effect::Read { after, known } => Some(Event::Page(workspace.log_page(space, after, &known, BATCH)?)),
        Effect::Store(entries) => {
            let batch = workspace.receive(space, &entries)?;
            Some(Event::Stored(batch.stored, batch.refused))
        }
        Effect::Send(_) | Effect::Report(_) | Effect::Close(_) => None,
    })
}

/// What this device tells of a space.
fn roster(workspace: &Workspace, space: SpaceId, own: &[u8]) -> Result<Roster, SyncError> {
    let (name, _) = workspace.roster(space)?.ok_or(SyncError::UnknownSpace(space))?;
    let vector = workspace.vector(space)?.into_iter().collect();
    Ok(Roster { name, members: members(workspace, space, own)?, vector })
}

/// The devices of a space as this one knows them.
pub(crate) fn members(workspace: &Workspace, space: SpaceId, own: &[u8]) -> Result<Vec<Member>, SyncError> {
    let (_, devices) = workspace.roster(space)?.ok_or(SyncError::UnknownSpace(space))?;
    let member = |(device, name): (DeviceId, String)| {
        let address = if device == workspace.device() { Some(own.to_vec()) } else { workspace.address_of(device)? };
        Ok(Member { device, name, address })
    };
    devices.into_iter().map(member).collect()
}

fn add_members(workspace: &Workspace, space: SpaceId, members: &[Member]) -> Result<(), SyncError> {
    let names: Vec<(DeviceId, String)> = members.iter().map(|member| (member.device, member.name.clone())).collect();
    workspace.add_members(space, &names)?;
    for member in members {
        let Some(address) = member.address.as_deref().filter(|address| !address.is_empty() && address.len() <= MAX_ADDRESS) else {
            continue;
        };
        // What is known at first hand is better than hearsay.
        if member.device != workspace.device() && workspace.address_of(member.device)?.is_none() {
            workspace.remember_address(member.device, address)?;
        }
    }
    Ok(())
}
