//! Bands: who belongs to them, in which role, with which devices.

use std::collections::BTreeMap;
use std::time::Duration;

use bandpro_sync::mailbox::RelayPass;
use bandpro_sync::membership::{Invite, Member, Offer, Role, State};
use bandpro_sync::{Circle, DeviceId, InviteId, Inviting, MemberId, Space, SpaceId, SyncError};

use super::people::colour_text;
use super::{App, is_first_own_name};
use crate::AppError;
use crate::texts::Texts;
use crate::view::*;

const HOUR: u64 = 3600;
/// A week.
const DEFAULT_HOURS: u64 = 24 * 7;

fn code(role: Role) -> &'static str {
    match role {
        Role::Viewer => "viewer",
        Role::Editor => "editor",
        Role::Owner => "owner",
    }
}

/// A role by its code.
fn role(text: &str) -> Result<Role, AppError> {
    let roles = [Role::Viewer, Role::Editor, Role::Owner];
    let bad = || AppError::BadSetting { key: "role".to_owned(), value: text.to_owned() };
    roles.into_iter().find(|role| code(*role) == text.trim().to_ascii_lowercase()).ok_or_else(bad)
}

fn label(role: Role, texts: &Texts) -> String {
    texts.text(&format!("role-{}", code(role)))
}

/// The one of these that a text names: by the beginning of its id, or by its name.
pub(super) fn one_of<T>(text: &str, all: impl IntoIterator<Item = (T, String, String)>) -> Result<T, AppError> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let named = |(_, id, name): &(T, String, String)| !text.is_empty() && (id.starts_with(&lower) || name == text);
    let mut found = all.into_iter().filter(named);
    match (found.next(), found.next()) {
        (Some((one, _, _)), None) => Ok(one),
        _ => Err(SyncError::UnknownName(text.to_owned()).into()),
    }
}

impl App {
    /// The spaces that this person belongs to, their own first.
    pub fn bands(&self) -> Result<Vec<BandView>, AppError> {
        let spaces = self.spaces()?;
        spaces.into_iter().filter(|space| space.role.is_some()).map(|space| self.band_view(space.id, space.name, space.own)).collect()
    }

    /// One space, by its id, the beginning of one, or its name.
    pub fn band(&self, space: &str) -> Result<BandView, AppError> {
        let id = self.space(space)?;
        self.band_view(id, self.space_name(id), id == self.inner.workspace.own_space())
    }

    fn band_view(&self, id: SpaceId, name: String, own: bool) -> Result<BandView, AppError> {
        let (texts, workspace) = (self.words(), &self.inner.workspace);
        let circle = workspace.circle(id)?;
        let state = circle.log.state();
        let here = state.role_of(workspace.device()).unwrap_or(Role::Viewer);
        let mut members: Vec<MemberView> = Vec::new();
        let standings = self.inner.band.standings(id, &texts)?;
        for (member, found) in state.members_here() {
            members.push(self.member_view(&circle, (member, found), &standings, &texts)?);
        }
        members.sort_by(|a, b| (b.you, &a.name).cmp(&(a.you, &b.name)));
        let now = self.inner.band.now() / 1000;
        let passes = workspace.relay_passes(id)?;
        let good = |(_, invite): &(&InviteId, &Invite)| !invite.revoked && invite.left > 0 && invite.expires > now;
        Ok(BandView {
            id: id.to_string(),
            name,
            own,
            role: code(here).to_owned(),
            role_label: label(here, &texts),
            members,
            invites: state.invites.iter().filter(good).map(|(id, invite)| invite_view(*id, invite, state)).collect(),
            requests: self.join_requests()?.into_iter().filter(|request| request.space == id.to_string()).collect(),
            relays: passes.iter().filter(|pass| pass.entrance.is_some()).map(RelayPass::name).collect(),
            mailboxes: passes.iter().filter(|pass| pass.mailbox.is_some()).map(RelayPass::name).collect(),
            unsettled: self.unsettled(&circle)?,
        })
    }

    fn unsettled(&self, circle: &Circle) -> Result<Vec<UnsettledView>, AppError> {
        let (state, frozen) = (circle.log.state(), self.inner.workspace.frozen(circle.log.space())?);
        let gone = frozen.into_iter().filter(|device| !circle.has(*device));
        let view = |device: DeviceId| {
            let found = state.devices.get(&device)?;
            let member = state.members.get(&found.member)?.person.name.clone();
            Some(UnsettledView { id: device.to_string(), name: found.name.clone(), member })
        };
        Ok(gone.filter_map(view).collect())
    }

    fn member_view(
        &self,
        circle: &Circle,
        (id, member): (MemberId, &Member),
        standings: &BTreeMap<DeviceId, DeviceView>,
        texts: &Texts,
    ) -> Result<MemberView, AppError> {
        let workspace = &self.inner.workspace;
        let (frozen, renewed) = (workspace.frozen(circle.log.space())?, workspace.renewed_from()?);
        let standing = |device| standings.get(&device);
        let devices: Vec<MemberDeviceView> = circle
            .log
            .state()
            .devices_of(id)
            .map(|(device, found)| MemberDeviceView {
                id: device.to_string(),
                name: found.name.clone(),
                this: device == workspace.device(),
                recovery: found.recovery,
                link: standing(device).map_or(Link::Away, |standing| standing.link),
                detail: standing(device).map(|standing| standing.detail.clone()).unwrap_or_default(),
                lacking_here: standing(device).map_or(0, |standing| standing.lacking_here),
                lacking_there: standing(device).map_or(0, |standing| standing.lacking_there),
                last_seen: self.inner.band.last_seen(device),
                frozen: frozen.contains(&device),
                renewed: renewed == Some(device),
            })
            .collect();
        Ok(MemberView {
            id: id.to_string(),
            name: member.person.name.clone(),
            colour: colour_text(member.person.colour),
            role: code(member.role).to_owned(),
            role_label: label(member.role, texts),
            you: devices.iter().any(|device| device.this),
            devices,
        })
    }

    /// Founds a band.
    pub fn create_band(&self, name: &str) -> Result<BandView, AppError> {
        let id = self.inner.workspace.create_space(name)?;
        self.tell_sync();
        self.band_view(id, self.space_name(id), false)
    }

    /// An invitation into a band; this device is reachable from then on.
    pub fn invite(&self, space: &str, options: &InviteOptions) -> Result<TicketView, AppError> {
        let space = self.space(space)?;
        let offer = match options.offer.trim() {
            "" => Offer::Member(Role::Editor),
            "device" => Offer::Device,
            other => Offer::Member(role(other)?),
        };
        let valid = Duration::from_secs(options.hours.unwrap_or(DEFAULT_HOURS).saturating_mul(HOUR));
        let inviting = Inviting { offer, valid, uses: options.uses.unwrap_or(1).max(1), confirm: options.confirm };
        self.ticket(space, inviting)
    }

    /// Withdraws an invitation.
    pub fn revoke_invite(&self, space: &str, invite: &str) -> Result<(), AppError> {
        let space = self.space(space)?;
        let circle = self.inner.workspace.circle(space)?;
        let all = circle.log.state().invites.keys().map(|id| (*id, id.to_string(), String::new()));
        Ok(self.inner.workspace.revoke(space, one_of(invite, all)?)?)
    }

    /// Those who ask to come in and wait for an answer.
    pub fn join_requests(&self) -> Result<Vec<RequestView>, AppError> {
        Ok(self.inner.workspace.requests()?.into_iter().map(|request| self.request_view(request)).collect())
    }

    pub(super) fn request_view(&self, request: bandpro_sync::Request) -> RequestView {
        RequestView {
            id: format!("{}.{}", request.device, request.space),
            space: request.space.to_string(),
            space_name: self.space_name(request.space),
            name: request.person.name.clone(),
            colour: colour_text(request.person.colour),
            device: request.device.to_string(),
            device_name: request.device_name,
            since: request.since,
        }
    }

    /// The names of the spaces whose invitation this person accepted, where nobody has said yes or no yet.
    pub fn asked(&self) -> Result<Vec<String>, AppError> {
        let tickets = self.inner.workspace.unanswered()?.into_iter().map(|(_, ticket)| self.look_at_ticket(&ticket));
        tickets.map(|ticket| Ok(ticket?.space_name)).collect()
    }

    /// Says yes (or no) to one who asks, named by the device or the name they give. They come in when they ask again.
    pub fn answer_request(&self, request: &str, yes: bool) -> Result<RequestView, AppError> {
        let all = self.join_requests()?;
        let asked = one_of(request, all.into_iter().map(|request| (request.clone(), request.id, request.name)))?;
        let unknown = |_| AppError::from(SyncError::UnknownName(request.to_owned()));
        let space: SpaceId = asked.space.parse().map_err(unknown)?;
        let device: DeviceId = asked.device.parse().map_err(unknown)?;
        let workspace = &self.inner.workspace;
        if yes {
            workspace.accept(space, device)?
        } else {
            workspace.decline(space, device)?
        }
        self.tell_sync();
        Ok(asked)
    }

    /// Gives a member another role: `viewer`, `editor` or `owner`.
    pub fn set_member_role(&self, space: &str, member: &str, to: &str) -> Result<BandView, AppError> {
        let space = self.space(space)?;
        self.inner.workspace.set_role(space, self.member(space, member)?, role(to)?)?;
        self.band(&space.to_string())
    }

    /// Removes a member: what they wrote stays, what is written from now on they cannot read.
    pub fn remove_member(&self, space: &str, member: &str) -> Result<(), AppError> {
        let space = self.space(space)?;
        self.inner.workspace.remove_member(space, self.member(space, member)?)?;
        self.tell_sync();
        Ok(())
    }

    /// Removes a device: of this person, or of anybody where this person is an owner. Of one that is gone and had two logs, the
    /// one that is here stands from now on.
    pub fn remove_device(&self, space: &str, device: &str) -> Result<(), AppError> {
        let space = self.space(space)?;
        let circle = self.inner.workspace.circle(space)?;
        let here = circle.log.state().devices_here().map(|(id, device)| (id, id.to_string(), device.name.clone()));
        // Gone ones go by their ids alone: another of that name may be here.
        let gone = self.inner.workspace.frozen(space)?.into_iter().map(|id| (id, id.to_string(), String::new()));
        self.inner.workspace.remove_device(space, one_of(device, here.chain(gone.filter(|(id, ..)| !circle.has(*id))))?)?;
        self.tell_sync();
        Ok(())
    }

    /// Lets this laptop go on under another key, where its log was forked: as another device of the same person. The data has to be
    /// opened again after that. Fails where it has one log alone.
    pub fn renew_device(&self) -> Result<(), AppError> {
        let workspace = &self.inner.workspace;
        let mut forked = false;
        for space in workspace.spaces()? {
            forked |= workspace.frozen(space.id)?.contains(&workspace.device());
        }
        if !forked {
            return Err(AppError::NothingToRenew);
        }
        workspace.renew()?;
        Ok(())
    }

    /// Gives a band another name.
    pub fn rename_band(&self, space: &str, name: &str) -> Result<(), AppError> {
        let space = self.space(space)?;
        Ok(self.inner.workspace.rename_space(space, name)?)
    }

    /// Seals what is written from now on with a new key.
    pub fn rotate_key(&self, space: &str) -> Result<(), AppError> {
        let space = self.space(space)?;
        self.inner.workspace.rotate_key(space)?;
        self.tell_sync();
        Ok(())
    }

    /// Leaves a band. What is here of it stays here.
    pub fn leave_band(&self, space: &str) -> Result<(), AppError> {
        let space = self.space(space)?;
        self.inner.workspace.leave(space)?;
        self.tell_sync();
        Ok(())
    }

    /// What was refused, or is kept without being applied, newest first.
    pub fn refused(&self) -> Result<Vec<RefusedView>, AppError> {
        let (texts, workspace) = (self.words(), &self.inner.workspace);
        let titles: BTreeMap<_, _> = workspace.scores()?.into_iter().map(|score| (score.id, score.title)).collect();
        let view = |refused: bandpro_sync::RefusedChange| {
            let circle = workspace.circle(refused.space).ok();
            let state = circle.as_ref().map(|circle| circle.log.state());
            let member = state.and_then(|state| state.members.get(&state.devices.get(&refused.device)?.member));
            RefusedView {
                space: refused.space.to_string(),
                space_name: self.space_name(refused.space),
                who: member.map_or_else(|| refused.device.short(), |member| member.person.name.clone()),
                device: refused.device.to_string(),
                number: refused.seq,
                score: refused.score.map(|score| score.to_string()),
                score_title: refused.score.and_then(|score| titles.get(&score).cloned()),
                reason: refused.reason.code().to_owned(),
                message: texts.text(&format!("refused-{}", refused.reason.code())),
            }
        };
        Ok(workspace.refused()?.into_iter().map(view).collect())
    }

    /// Makes a key to print: whoever has it can make a new device one of this person's, in all spaces of now.
    pub fn make_recovery_key(&self) -> Result<RecoveryView, AppError> {
        let key = self.inner.workspace.make_recovery_key(&self.words().text("recovery-device"))?;
        Ok(RecoveryView { key: key.text().to_string() })
    }

    /// Makes this device one of the person whose printed key this is: in the spaces whose data is here, or, by a ticket of
    /// somebody who belongs to it, in that space. Gives the names of the spaces.
    pub fn recover(&self, key: &str, ticket: Option<&str>) -> Result<Vec<String>, AppError> {
        let key = key.parse()?;
        let spaces = match ticket {
            Some(ticket) => vec![self.inner.band.recover(&key, ticket)?],
            None => self.inner.workspace.recover(&key)?,
        };
        self.tell_sync();
        Ok(spaces.into_iter().map(|space| self.space_name(space)).collect())
    }

    /// A space by its id, the beginning of one, or its name; one's own where nothing is named.
    pub(super) fn space(&self, text: &str) -> Result<SpaceId, AppError> {
        if text.trim().is_empty() {
            return Ok(self.inner.workspace.own_space());
        }
        let named = |space: Space| (space.id, space.id.to_string(), space.name);
        // One's own is called by its name in the language, and by the one that it was given at the first start.
        one_of(text, self.spaces()?.into_iter().map(named)).or_else(|error| match is_first_own_name(text.trim()) {
            true => Ok(self.inner.workspace.own_space()),
            false => Err(error),
        })
    }

    fn member(&self, space: SpaceId, text: &str) -> Result<MemberId, AppError> {
        let circle = self.inner.workspace.circle(space)?;
        one_of(text, circle.log.state().members_here().map(|(id, member)| (id, id.to_string(), member.person.name.clone())))
    }
}

fn invite_view(id: InviteId, invite: &Invite, state: &State) -> InviteView {
    let offer = match invite.offer {
        Offer::Member(role) => code(role),
        Offer::Device => "device",
    };
    InviteView {
        id: id.to_string(),
        offer: offer.to_owned(),
        expires: invite.expires.saturating_mul(1000),
        left: invite.left,
        confirm: invite.confirm,
        by: state.members.get(&invite.by).map(|member| member.person.name.clone()).unwrap_or_default(),
    }
}
