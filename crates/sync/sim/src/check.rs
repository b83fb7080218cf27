//! What must hold in every world.

use std::collections::{BTreeMap, BTreeSet};

use automerge::ChangeHash;
use bandpro_notation::model::Score;
use bandpro_sync::document::{genesis_hash, read_change};
use bandpro_sync::envelope::{Body, Content, Envelope};
use bandpro_sync::membership::{Action, Entry, Membership, Role, Standing, State};
use bandpro_sync::seal::EpochKey;
use bandpro_sync::{Circle, DeviceId, EpochId, ScoreId, Workspace};

use crate::device::Device;
use crate::world::{Broken, FORBIDDEN, Step, World};

/// What a device holds: its documents' heads and scores.
type Documents = BTreeMap<ScoreId, (Vec<ChangeHash>, Score)>;

/// Looks at a device whose disk does not fail meanwhile.
fn quietly<T>(world: &World, who: usize, look: impl FnOnce(&Workspace) -> Result<T, Broken>) -> Result<T, Broken> {
    let workspace = world.devices[who].workspace();
    let plan = workspace.plan(None);
    let seen = look(workspace);
    workspace.plan(plan);
    seen
}

fn failed(who: usize) -> impl Fn(bandpro_sync::SyncError) -> Broken {
    move |error| format!("device {who} cannot be looked at: {error}")
}

/// What a device acknowledged is part of its documents. One thing only may keep it out of them: that it builds on what a
/// member wrote who was removed, or may not write any more, beyond what whoever decided that knew of. Then it is in the log.
pub fn acknowledged(world: &World, who: usize) -> Step {
    if is_out(world, who) {
        return Ok(());
    }
    let mut known: BTreeMap<ScoreId, BTreeSet<ChangeHash>> = BTreeMap::new();
    let mut logged: Option<Logged> = None;
    for (score, change) in &world.devices[who].acknowledged {
        if !known.contains_key(score) {
            known.insert(*score, quietly(world, who, |workspace| workspace.changes(*score).map_err(failed(who)))?);
        }
        if known[score].contains(change) {
            continue;
        }
        if logged.is_none() {
            logged = Some(in_log(world, who)?);
        }
        if !logged.as_ref().is_some_and(|logged| logged.contains_key(change) && lost_its_ground(world, *change, logged, &known[score])) {
            return Err(format!("device {who} acknowledged {change} and does not have it:\n  {}", told(world, who)));
        }
    }
    Ok(())
}

/// The changes in the log of a device, whether they count or not: who wrote them, and what they build on.
type Logged = BTreeMap<ChangeHash, (DeviceId, Vec<ChangeHash>)>;

fn in_log(world: &World, who: usize) -> Result<Logged, Broken> {
    quietly(world, who, |workspace| {
        let circle = workspace.circle(world.space).map_err(failed(who))?;
        let envelopes = workspace.envelopes(world.space).map_err(failed(who))?;
        let change = |bytes: &Vec<u8>| {
            let envelope = Envelope::decode(bytes).ok()?;
            match envelope.open(&circle.keys).ok()?.content {
                Content::Change(_, bytes) => read_change(&bytes).map(|change| (change.hash(), (envelope.device, change.deps().to_vec()))),
                Content::Membership(_) => None,
            }
        };
        Ok(envelopes.iter().filter_map(change).collect())
    })
}

/// Whether a change builds on something that does not count, of a device whose log came to an end or that was modified or goes on
/// under another key, or on what is gone with a forked log.
fn lost_its_ground(world: &World, change: ChangeHash, logged: &Logged, counted: &BTreeSet<ChangeHash>) -> bool {
    let mut look = vec![change];
    let mut seen = BTreeSet::new();
    while let Some(hash) = look.pop() {
        let Some((author, builds_on)) = logged.get(&hash) else {
            return world.devices.iter().any(|device| device.restored || device.hostile);
        };
        if world.number(*author).is_none_or(|author| world.devices[author].hostile || is_ended(world, author)) {
            return true;
        }
        let uncounted = |hash: &ChangeHash| !counted.contains(hash) && genesis_hash().ok() != Some(*hash);
        look.extend(builds_on.iter().copied().filter(|hash| uncounted(hash) && seen.insert(*hash)));
    }
    false
}

/// Nothing that nobody was allowed to write is in the documents of an honest device.
pub fn nothing_forbidden(world: &mut World, who: usize) -> Step {
    if world.devices[who].hostile {
        return Ok(());
    }
    let scores = quietly(world, who, |workspace| workspace.scores().map_err(failed(who)))?;
    if scores.iter().any(|score| is_forbidden(world, who, &score.title)) {
        return Err(format!("device {who} applied what is forbidden:\n  {}", told(world, who)));
    }
    // What was allowed when it was shown may not be any more: whoever shows it is told, and looks.
    let plan = world.devices[who].workspace().plan(None);
    let looked = world.devices[who].desk().map(|open| open.poll_remote().map(|_| open.score().header().title.clone()));
    let shown = looked.collect::<Result<Vec<String>, _>>().map_err(failed(who));
    world.devices[who].workspace().plan(plan);
    let shown = shown?;
    if shown.iter().any(|title| is_forbidden(world, who, title)) {
        return Err(format!("device {who} shows what is forbidden:\n  {}", told(world, who)));
    }
    Ok(())
}

/// Whether nobody was allowed to give a score this title, or not the one it names. Where only the founder ever ruled, that is
/// whoever may not write now. Else what took their right may turn out not to count, and what they wrote stands as the membership
/// log says, which has tests of its own.
fn is_forbidden(world: &World, who: usize, title: &str) -> bool {
    let Some(by) = title.strip_prefix(FORBIDDEN) else { return false };
    let author = by.strip_prefix(" to ").and_then(|by| world.devices.get(by.split(',').next()?.parse::<usize>().ok()?)).map(Device::id);
    let (Some(author), Ok(circle)) = (author, world.devices[who].workspace().circle(world.space)) else { return true };
    let one_ruled = !world.devices[0].restored && circle.log.entries().all(|entry| !makes_an_owner(entry));
    if one_ruled {
        return circle.log.state().role_of(author).is_none_or(|role| role == Role::Viewer);
    }
    let envelopes = world.devices[who].workspace().envelopes(world.space).unwrap_or_default();
    !envelopes.iter().any(|bytes| {
        let opened = Envelope::decode(bytes).ok().and_then(|envelope| Some((envelope.open(&circle.keys).ok()?, envelope)));
        let Some((Body { membership, content: Content::Change(document, change) }, envelope)) = opened else { return false };
        let says = read_change(&change).is_some_and(|change| contains(change.raw_bytes(), title.as_bytes()));
        let standing = || circle.log.standing((envelope.device, envelope.seq), document, &membership, envelope.epoch);
        says && envelope.device == author && standing() == Standing::Good
    })
}

fn makes_an_owner(entry: &Entry) -> bool {
    matches!(entry.action, Action::SetRole { role: Role::Owner, .. } | Action::Admit { role: Role::Owner, .. })
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Whether what a device acknowledged may be gone for a good reason: it was removed or may not write any more (what it wrote
/// when others knew that already counts nowhere), or an old copy of its disk was put back, so that its log may be forked.
fn is_out(world: &World, who: usize) -> bool {
    world.devices[who].hostile || world.devices[who].restored || is_ended(world, who)
}

fn content(world: &World, who: usize) -> Result<Documents, Broken> {
    quietly(world, who, |workspace| {
        let scores = workspace.scores().map_err(failed(who))?.into_iter().filter(|score| score.space == world.space);
        let look = |id: ScoreId| {
            let document = workspace.document(id).map_err(failed(who))?;
            let score = document.hydrate().map_err(|error| format!("device {who}: {error}"))?;
            let shown = workspace.open_score(id).map_err(failed(who))?;
            if *shown.score() != score {
                return Err(format!("device {who} shows another score than its document holds"));
            }
            Ok((id, (document.heads(), score)))
        };
        scores.map(|score| look(score.id)).collect()
    })
}

/// The envelopes and membership entries of a device, and the content keys that it was given: an owner may keep one from some.
type Held = (BTreeSet<Vec<u8>>, BTreeSet<Vec<u8>>, BTreeSet<EpochId>);

fn held(world: &World, who: usize) -> Result<Held, Broken> {
    let workspace = world.devices[who].workspace();
    let envelopes = workspace.envelopes(world.space).map_err(failed(who))?.into_iter().collect();
    let entries = workspace.member_entries(world.space).map_err(failed(who))?.into_iter().collect();
    Ok((envelopes, entries, keys(world, who)?))
}

fn keys(world: &World, who: usize) -> Result<BTreeSet<EpochId>, Broken> {
    let circle = world.devices[who].workspace().circle(world.space).map_err(failed(who))?;
    Ok(circle.keys.keys().map(EpochKey::id).collect())
}

/// Devices that know the same of the members agree on who they are.
fn same_entries_same_members(world: &World) -> Step {
    let mut seen: BTreeMap<BTreeSet<Vec<u8>>, (usize, State)> = BTreeMap::new();
    for who in 0..world.devices.len() {
        let Ok(circle) = world.devices[who].workspace().circle(world.space) else { continue };
        let entries = circle.log.entries().map(|entry| entry.bytes().to_vec()).collect();
        match seen.get(&entries) {
            Some((other, theirs)) if theirs != circle.log.state() => {
                let (other, who) = (told(world, *other), told(world, who));
                return Err(format!("devices have the same entries and other members:\n  {other}\n  {who}"));
            }
            Some(_) => {}
            None => drop(seen.insert(entries, (who, circle.log.state().clone()))),
        }
    }
    Ok(())
}

/// Devices that hold the same envelopes and know the same of the members hold the same documents, byte for byte. Who knows that
/// they do not belong to the band any more keeps what they had as they had it, and agrees with nobody.
pub fn same_envelopes_same_documents(world: &mut World) -> Step {
    same_entries_same_members(world)?;
    let mut seen: BTreeMap<Held, (usize, Documents)> = BTreeMap::new();
    for who in 0..world.devices.len() {
        let workspace = world.devices[who].workspace();
        let knows = |circle: &Circle| circle.log.state().device(workspace.device()).is_some();
        if world.devices[who].hostile || !workspace.circle(world.space).is_ok_and(|circle| knows(&circle)) {
            continue;
        }
        let held = held(world, who)?;
        let content = content(world, who)?;
        match seen.get(&held) {
            Some((other, theirs)) if *theirs != content => {
                let (other, who) = (told(world, *other), told(world, who));
                return Err(format!("devices hold the same envelopes and other documents:\n  {other}\n  {who}"));
            }
            Some(_) => {}
            None => drop(seen.insert(held, (who, content))),
        }
    }
    Ok(())
}

/// Who has another log of a device than somebody else knows that, once they have met.
fn forks_are_noticed(world: &World, members: &[usize]) -> Step {
    let mut logs: BTreeMap<(DeviceId, u64), (usize, Vec<u8>)> = BTreeMap::new();
    for who in members.iter().copied() {
        for bytes in world.devices[who].workspace().envelopes(world.space).map_err(failed(who))? {
            let Some(place) = Envelope::author(&bytes) else { continue };
            let frozen = |who: usize| world.devices[who].workspace().frozen(world.space).is_ok_and(|frozen| frozen.contains(&place.0));
            if is_beyond_its_end(world, who, place)? {
                continue;
            }
            match logs.get(&place) {
                Some((other, theirs)) if *theirs != bytes && !(frozen(who) && frozen(*other)) => {
                    let number = world.number(place.0);
                    return Err(format!("devices {who} and {other} have other logs of {number:?} from {} on, and do not know it", place.1));
                }
                Some(_) => {}
                None => drop(logs.insert(place, (who, bytes))),
            }
        }
    }
    Ok(())
}

/// Whether an envelope was written after its device was removed, so that nobody needs to have the same.
fn is_beyond_its_end(world: &World, who: usize, (device, seq): (DeviceId, u64)) -> Result<bool, Broken> {
    let circle = world.devices[who].workspace().circle(world.space).map_err(failed(who))?;
    let gone = circle.log.state().device(device).is_none();
    Ok(gone && circle.log.stands(device).is_none_or(|mark| seq > mark.seq))
}

/// After everybody met: all who belong to the band have the same, and everything that counts is there.
pub fn everywhere(world: &mut World) -> Step {
    same_envelopes_same_documents(world)?;
    for who in 0..world.devices.len() {
        acknowledged(world, who)?;
        nothing_forbidden(world, who)?;
    }
    let members: Vec<usize> = (0..world.devices.len()).filter(|who| belongs(world, *who)).collect();
    let Some(first) = members.first().copied() else { return Ok(()) };
    forks_are_noticed(world, &members)?;
    if let Some(forked) = frozen(world).into_iter().next() {
        // A fork that no owner is left to settle: those on one side of it have the same, which was looked at above.
        let owner = members.iter().find(|who| can_remove(world, **who, forked));
        return owner.map_or(Ok(()), |owner| {
            Err(format!("device {owner} could settle the fork of {:?}:\n  {}", world.number(forked), told(world, *owner)))
        });
    }
    // A modified owner may have given a key to some alone, and no other owner has it to hand it on.
    let ring = keys(world, first)?;
    let mut alike = Vec::new();
    for who in members {
        if keys(world, who)? == ring {
            alike.push(who);
        }
    }
    let theirs = content(world, first)?;
    for who in alike.iter().copied().skip(1) {
        let mine = content(world, who)?;
        if mine != theirs {
            return Err(format!("everybody has met, and devices differ:\n  {}\n  {}", told(world, first), told(world, who)));
        }
    }
    let theirs = in_log(world, first)?;
    for who in alike.into_iter().filter(|who| !is_out(world, *who)) {
        if let Some((_, change)) = world.devices[who].acknowledged.iter().find(|(_, change)| !theirs.contains_key(change)) {
            let (mine, theirs) = (told(world, who), told(world, first));
            return Err(format!("{who} acknowledged {change}, everybody has met, and {first} does not have it:\n  {mine}\n  {theirs}"));
        }
    }
    Ok(())
}

/// Whether a device is honest and belongs to the band: by what it knows itself, and nobody honest knows better. (A device that
/// was removed is told when it meets one that knows.)
fn belongs(world: &World, who: usize) -> bool {
    let workspace = world.devices[who].workspace();
    let member = workspace.circle(world.space).is_ok_and(|circle| circle.log.state().member_of(workspace.device()).is_some());
    member && !world.devices[who].hostile && !is_ended(world, who)
}

/// The devices whose logs are frozen, since they were forked, for anybody who belongs to the band.
pub fn frozen(world: &World) -> BTreeSet<DeviceId> {
    let frozen = |who: usize| world.devices[who].workspace().frozen(world.space).unwrap_or_default();
    let members = (0..world.devices.len()).filter(|who| belongs(world, *who));
    members.flat_map(frozen).collect()
}

/// Whether a device is an owner's that may remove another.
pub fn can_remove(world: &World, who: usize, whom: DeviceId) -> bool {
    let workspace = world.devices[who].workspace();
    let owner = workspace.circle(world.space).is_ok_and(|circle| circle.log.state().role_of(workspace.device()) == Some(Role::Owner));
    owner && workspace.device() != whom && belongs(world, who)
}

/// Whether anybody honest knows that the log of a device ended: it was removed, or may not write any more; or that it was let in, or
/// given the right to write, by what does not count.
fn is_ended(world: &World, who: usize) -> bool {
    let id = world.devices[who].id();
    let let_in = |entry: &Entry| matches!(&entry.action, Action::Admit { card, .. } | Action::AddDevice { card, .. } if card.device == id);
    let granted_in_vain = |log: &Membership, entry: &Entry| {
        let whose = log.state().devices.get(&id).map(|device| device.member);
        let grants = matches!(&entry.action, Action::SetRole { member, role, .. } if Some(*member) == whose && *role > Role::Viewer);
        grants && !log.counts(&entry.hash())
    };
    let ended = |log: &Membership| {
        let stranger = !log.state().devices.contains_key(&id) && log.entries().any(let_in);
        log.ended(id).is_some() || stranger || log.entries().any(|entry| granted_in_vain(log, entry))
    };
    let honest = world.devices.iter().filter(|other| !other.hostile);
    honest.map(Device::workspace).any(|other| other.circle(world.space).is_ok_and(|circle| ended(&circle.log)))
}

/// How a device stands, for whoever looks for a fault.
fn told(world: &World, who: usize) -> String {
    let workspace = world.devices[who].workspace();
    let number = |device| world.number(device).map_or("?".into(), |number| number.to_string());
    let vector = workspace.vector(world.space).unwrap_or_default();
    let vector: Vec<String> = vector.into_iter().map(|(device, seq)| format!("{}:{seq}", number(device))).collect();
    let frozen: Vec<String> = workspace.frozen(world.space).unwrap_or_default().into_iter().map(number).collect();
    let refused: Vec<String> = workspace
        .refused()
        .unwrap_or_default()
        .into_iter()
        .map(|refused| format!("{}:{} {:?}", number(refused.device), refused.seq, refused.reason))
        .collect();
    let members = workspace.circle(world.space).map_or(0, |circle| circle.log.len());
    let cut: Vec<String> = world
        .devices
        .iter()
        .enumerate()
        .filter_map(|(other, device)| {
            let mark = workspace.circle(world.space).ok()?.log.ended(device.id())?;
            Some(format!("{other} after {}", mark.seq))
        })
        .collect();
    format!(
        "device {who}: logs {}, {members} entries of members, ended {cut:?}, frozen {frozen:?}, restored {}, refused {refused:?}",
        vector.join(" "),
        world.devices[who].restored
    )
}
