//! Bands: founding, inviting, letting in, roles, removing, leaving, and the printed key.

use bandpro_app::texts::Arg;
use bandpro_app::{App, BandView, InviteOptions, MemberDeviceView, MemberView};

use crate::arguments::BandCommand;
use crate::band::{self, Wait};
use crate::output::{DONE, Failure, Output};

/// Does what was asked.
pub fn run(app: &App, output: &Output, command: &BandCommand) -> Result<u8, Failure> {
    match command {
        BandCommand::List => list(app, output)?,
        BandCommand::Create { name } => {
            let band = app.create_band(name)?;
            output.result(&line(&band), &band)?;
        }
        BandCommand::Invite { band, role, device, hours, uses, confirm, no_wait } => {
            let offer = if *device { "device".to_owned() } else { role.clone() };
            let options = InviteOptions { offer, hours: *hours, uses: *uses, confirm: *confirm };
            return band::show(app, output, &app.invite(band, &options)?, Wait::of(false, *no_wait));
        }
        BandCommand::Join { ticket } => return band::join(app, output, ticket),
        BandCommand::Requests => {
            for request in app.join_requests()? {
                let words = [request.device.as_str(), &request.name, &request.device_name, &request.space_name].join("\t");
                output.result(&words, &request)?;
            }
        }
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
        BandCommand::Refused => {
            for refused in app.refused()? {
                let words = [refused.reason.as_str(), &refused.who, &refused.space_name, &refused.message].join("\t");
                output.result(&words, &refused)?;
            }
        }
        BandCommand::RecoveryKey => {
            let key = app.make_recovery_key()?;
            output.result(&key.key, &key)?;
            output.note(&app.words().text("cli-recovery-key-note"));
        }
        BandCommand::Recover { key, ticket } => {
            let spaces = app.recover(key, ticket.as_deref())?;
            output.result(&spaces.join("\n"), &spaces)?;
            app.go_offline();
        }
        BandCommand::Relay { command } => return band::relays(app, output, command),
        BandCommand::Discovery { state } => return band::discovery(app, output, state.as_deref()),
        BandCommand::Leave { band } => app.leave_band(band)?,
    }
    Ok(DONE)
}

fn line(band: &BandView) -> String {
    [band.id.as_str(), &band.name, &band.role_label, &band.members.len().to_string()].join("\t")
}

fn member_line(member: &MemberView) -> String {
    [member.id.as_str(), &member.name, &member.role_label, &member.devices.len().to_string()].join("\t")
}

fn list(app: &App, output: &Output) -> Result<(), Failure> {
    for band in app.bands()? {
        output.result(&line(&band), &band)?;
    }
    Ok(())
}

fn devices(app: &App, output: &Output, band: &str) -> Result<(), Failure> {
    let texts = app.words();
    for (member, device) in app.band(band)?.members.iter().flat_map(|member| member.devices.iter().map(move |device| (member, device))) {
        let state = |device: &MemberDeviceView| match device {
            MemberDeviceView { this: true, .. } => "cli-device-this",
            MemberDeviceView { recovery: true, .. } => "cli-device-recovery",
            MemberDeviceView { frozen: true, .. } => "cli-device-frozen",
            _ => "cli-device-other",
        };
        output.result(&[device.id.as_str(), &member.name, &device.name, &texts.text(state(device))].join("\t"), device)?;
    }
    Ok(())
}

fn answer(app: &App, output: &Output, request: &str, yes: bool) -> Result<(), Failure> {
    let asked = app.answer_request(request, yes)?;
    let key = if yes { "cli-admitted" } else { "cli-declined" };
    output.note(&app.words().with(key, &[("name", Arg::Text(&asked.name)), ("space", Arg::Text(&asked.space_name))]));
    Ok(())
}
