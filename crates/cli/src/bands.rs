//! Bands: founding, inviting, letting in, roles, removing, leaving, and the printed key.

use std::path::Path;

use bandpro_app::texts::Arg;
use bandpro_app::{App, BandView, FormerBandView, InviteOptions, InviteView, MemberDeviceView, MemberView, ScoreCard};

use crate::arguments::BandCommand;
use crate::band::{self, Wait};
use crate::output::{DONE, Failure, Output};

/// In milliseconds.
const HOUR: u64 = 3_600_000;

/// Does what was asked.
pub fn run(app: &App, output: &Output, command: &BandCommand) -> Result<u8, Failure> {
    match command {
        BandCommand::List => list(app, output)?,
        BandCommand::Create { name } => {
            let band = app.create_band(name)?;
            output.result(&line(&band), &band)?;
        }
        BandCommand::Invite { band, role, device, hours, uses, confirm, qr, no_wait } => {
            let offer = if *device { "device".to_owned() } else { role.clone() };
            let options = InviteOptions { offer, hours: *hours, uses: *uses, confirm: *confirm };
            return invite(app, output, (band, &options), *qr, *no_wait);
        }
        BandCommand::Invitations { band } => {
            for invite in app.band(band)?.invites {
                output.result(&invite_line(app, &invite), &invite)?;
            }
        }
        BandCommand::Look { ticket } => look(app, output, ticket)?,
        BandCommand::Asked => {
            for name in app.asked()? {
                output.result(&name, &name)?;
            }
        }
        BandCommand::Join { ticket } => return band::join(app, output, ticket),
        BandCommand::Requests => requests(app, output)?,
        BandCommand::Admit { request } => answer(app, output, request, true)?,
        BandCommand::Refuse { request } => answer(app, output, request, false)?,
        BandCommand::Members { band } => {
            for member in app.band(band)?.members {
                output.result(&member_line(&member), &member)?;
            }
        }
        BandCommand::Devices { band } => devices(app, output, band)?,
        BandCommand::Role { band, member, role } => {
            let band = app.set_member_role(band, member, role)?;
            output.result(&line(&band), &band)?;
        }
        BandCommand::Remove { band, member: Some(member), .. } => app.remove_member(band, member)?,
        BandCommand::Remove { band, device: Some(device), .. } => app.remove_device(band, device)?,
        // One of the two is required.
        BandCommand::Remove { .. } => {}
        BandCommand::Revoke { band, invite } => app.revoke_invite(band, invite)?,
        BandCommand::Rename { band, name } => app.rename_band(band, name)?,
        BandCommand::Refused => refused(app, output)?,
        BandCommand::RecoveryKey { to } => recovery_key(app, output, to.as_deref())?,
        BandCommand::Recover { key, ticket } => {
            let spaces = app.recover(key, ticket.as_deref())?;
            output.result(&spaces.join("\n"), &spaces)?;
            app.go_offline();
        }
        BandCommand::Person { name, colour, laptop } => person(app, output, (name, colour), laptop)?,
        BandCommand::Renew => {
            app.renew_device()?;
            output.note(&app.words().text("cli-renewed"));
        }
        BandCommand::Key { keep } => key(app, output, keep.as_deref())?,
        BandCommand::Move { score, band } => moved(output, &app.move_score(score, band)?)?,
        BandCommand::Copy { score, band } => moved(output, &app.copy_score(score, band)?)?,
        BandCommand::RotateKey { band } => app.rotate_key(band)?,
        BandCommand::Relay { command } => return band::relays(app, output, command),
        BandCommand::Discovery { state } => return band::discovery(app, output, state.as_deref()),
        BandCommand::Leave { band } => app.leave_band(band)?,
        BandCommand::Forget { band, without_scores } => {
            for card in app.forget_band(band, !without_scores)? {
                moved(output, &card)?;
            }
        }
    }
    Ok(DONE)
}

fn line(band: &BandView) -> String {
    [band.id.as_str(), &band.name, &band.role_label, &band.members.len().to_string()].join("\t")
}

fn invite(app: &App, output: &Output, (band, options): (&str, &InviteOptions), qr: bool, no_wait: bool) -> Result<u8, Failure> {
    let ticket = app.invite(band, options)?;
    if let Some(code) = bandpro_app::qr::for_terminal(&ticket.link).filter(|_| qr) {
        output.note(&format!("{code}{}", ticket.link));
    }
    band::show(app, output, &ticket, Wait::of(false, no_wait))
}

fn requests(app: &App, output: &Output) -> Result<(), Failure> {
    for request in app.join_requests()? {
        let words = [request.device.as_str(), &request.name, &request.device_name, &request.space_name].join("\t");
        output.result(&words, &request)?;
    }
    Ok(())
}

fn refused(app: &App, output: &Output) -> Result<(), Failure> {
    for refused in app.refused()? {
        let words = [refused.reason.as_str(), &refused.who, &refused.space_name, &refused.message].join("\t");
        output.result(&words, &refused)?;
    }
    Ok(())
}

fn person(app: &App, output: &Output, shown: (&Option<String>, &Option<String>), laptop: &Option<String>) -> Result<(), Failure> {
    if let Some(laptop) = laptop {
        app.name_device(laptop)?;
    }
    let person = match shown {
        (None, None) => app.person()?,
        (name, colour) => app.set_person(name.as_deref(), colour.as_deref())?,
    };
    output.result(&[person.name.as_str(), &person.colour, &person.device_name].join("\t"), &person)
}

fn key(app: &App, output: &Output, keep: Option<&str>) -> Result<(), Failure> {
    let person = match keep {
        Some(place) => app.keep_key(place)?,
        None => app.person()?,
    };
    output.result(&app.words().text(&format!("key-in-{}", person.key_place)), &serde_json::json!({ "key": person.key_place }))
}

fn moved(output: &Output, card: &ScoreCard) -> Result<(), Failure> {
    let words = [card.id.as_str(), &crate::library::one_line(&card.title), &card.space_name].join("\t");
    output.result(&words, card)
}

fn invite_line(app: &App, invite: &InviteView) -> String {
    let hours = invite.expires.saturating_sub(app.now()).div_ceil(HOUR);
    let time = app.words().with("cli-hours-left", &[("hours", Arg::Count(hours))]);
    [invite.id.as_str(), &invite.offer, &invite.left.to_string(), &time, &invite.by].join("\t")
}

fn look(app: &App, output: &Output, ticket: &str) -> Result<(), Failure> {
    let found = app.look_at_ticket(ticket)?;
    let key = match &found {
        found if found.here => "cli-invitation-here",
        found if found.expires > app.now() => "cli-invitation-good",
        _ => "cli-invitation-over",
    };
    output.result(&app.words().with(key, &[("space", Arg::Text(&found.space_name))]), &found)
}

fn recovery_key(app: &App, output: &Output, to: Option<&Path>) -> Result<(), Failure> {
    let (texts, key) = (app.words(), app.make_recovery_key()?);
    match to {
        Some(to) => {
            app.save_recovery_key(&key, to)?;
            let path = to.display().to_string();
            output.result(&texts.with("cli-saved", &[("path", Arg::Text(&path))]), &serde_json::json!({ "file": to }))?;
        }
        None => output.result(&key.key, &key)?,
    }
    output.note(&texts.text("cli-recovery-key-note"));
    Ok(())
}

fn member_line(member: &MemberView) -> String {
    [member.id.as_str(), &member.name, &member.role_label, &member.devices.len().to_string()].join("\t")
}

fn list(app: &App, output: &Output) -> Result<(), Failure> {
    for band in app.bands()? {
        output.result(&line(&band), &band)?;
    }
    for band in app.former_bands()? {
        output.result(&former_line(app, &band), &band)?;
    }
    Ok(())
}

fn former_line(app: &App, band: &FormerBandView) -> String {
    let key = match (&band.by, band.device_only) {
        (None, _) => "cli-former-left",
        (Some(_), false) => "cli-former-removed",
        (Some(_), true) => "cli-former-laptop-removed",
    };
    let days = app.now().saturating_sub(band.since) / (24 * HOUR);
    let args = [("name", Arg::Text(band.by.as_deref().unwrap_or_default())), ("days", Arg::Count(days))];
    [band.id.as_str(), &band.name, &app.words().with(key, &args)].join("\t")
}

fn devices(app: &App, output: &Output, band: &str) -> Result<(), Failure> {
    let texts = app.words();
    let band = app.band(band)?;
    for (member, device) in band.members.iter().flat_map(|member| member.devices.iter().map(move |device| (member, device))) {
        let state = |device: &MemberDeviceView| match device {
            MemberDeviceView { this: true, .. } => "cli-device-this",
            MemberDeviceView { recovery: true, .. } => "cli-device-recovery",
            MemberDeviceView { renewed: true, .. } => "cli-device-renewed",
            MemberDeviceView { frozen: true, .. } => "cli-device-frozen",
            _ => "cli-device-other",
        };
        let words = [device.id.as_str(), &member.name, &device.name, &texts.text(state(device)), &device.detail];
        output.result(words.join("\t").trim_end(), device)?;
    }
    for device in &band.unsettled {
        let words = [device.id.as_str(), &device.member, &device.name, &texts.text("cli-device-unsettled")];
        output.result(&words.join("\t"), device)?;
    }
    Ok(())
}

fn answer(app: &App, output: &Output, request: &str, yes: bool) -> Result<(), Failure> {
    let asked = app.answer_request(request, yes)?;
    let key = if yes { "cli-admitted" } else { "cli-declined" };
    output.note(&app.words().with(key, &[("name", Arg::Text(&asked.name)), ("space", Arg::Text(&asked.space_name))]));
    Ok(())
}
