//! Bands on the command line: who comes in and how, what their roles let them do, and how they go, with real processes that meet
//! on this machine.

use std::path::Path;

use bandpro_tests::{Laptop, Serving, demo};
use serde_json::Value;

/// A laptop of a person of this name.
fn laptop_of(name: &str) -> Laptop {
    let laptop = Laptop::new();
    laptop.run(["band", "person", "--name", name, "--laptop", &format!("{name}'s laptop")]).ok();
    laptop
}

/// Founds a band with a score in it. Gives the id of the score there.
fn found(laptop: &Laptop, band: &str, file: &Path) -> String {
    laptop.run(["band", "create", band]).ok();
    let score = laptop.import(file);
    let moved = laptop.run(["band", "move", &score, band]).ok();
    moved.stdout.split_whitespace().next().expect("an id").to_owned()
}

/// An invitation, by these options.
fn invitation(laptop: &Laptop, band: &str, options: &[&str]) -> String {
    let words = [&["band", "invite", band, "--no-wait"], options].concat();
    laptop.run(words).ok().stdout.trim().to_owned()
}

/// `caller` does something while `called` can be reached.
fn while_serving<T>(called: &Laptop, work: impl FnOnce() -> T) -> T {
    let serving = Serving::start(called);
    let done = work();
    drop(serving);
    done
}

/// Somebody new accepts an invitation of a band's owner.
fn join(owner: &Laptop, newcomer: &Laptop, band: &str, options: &[&str]) {
    let ticket = invitation(owner, band, options);
    while_serving(owner, || newcomer.run(["band", "join", &ticket]).ok());
}

/// One calls the other, and they exchange what they have.
fn meet(caller: &Laptop, called: &Laptop) {
    while_serving(called, || caller.run(["sync", "--once"]));
}

fn lines(laptop: &Laptop, words: &[&str]) -> Vec<Value> {
    laptop.run([&["--json"], words].concat()).ok().json_lines()
}

fn members(laptop: &Laptop, band: &str) -> Vec<(String, String)> {
    let text = |member: &Value, key: &str| member[key].as_str().unwrap_or_default().to_owned();
    let mut found: Vec<_> = lines(laptop, &["band", "members", band]).iter().map(|m| (text(m, "name"), text(m, "role"))).collect();
    found.sort();
    found
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, role)| ((*name).to_owned(), (*role).to_owned())).collect()
}

#[test]
fn a_newcomer_is_asked_about_and_let_in() {
    let (mei, jon) = (laptop_of("Mei"), laptop_of("Jon"));
    let score = found(&mei, "Quartet", &demo("amazing-grace.musicxml"));
    let ticket = invitation(&mei, "Quartet", &["--confirm", "--role", "editor"]);
    let looked = lines(&jon, &["band", "look", &ticket]);
    assert_eq!((looked[0]["spaceName"].as_str(), looked[0]["here"].as_bool()), (Some("Quartet"), Some(false)));

    let waits = while_serving(&mei, || jon.run(["band", "join", &ticket])).refused();
    assert!(waits.stderr.contains("Somebody there has to say yes"), "{}", waits.stderr);
    assert_eq!(jon.run(["band", "asked"]).ok().stdout.trim(), "Quartet");
    let requests = lines(&mei, &["band", "requests"]);
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert_eq!((requests[0]["name"].as_str(), requests[0]["deviceName"].as_str()), (Some("Jon"), Some("Jon's laptop")));
    assert_eq!(members(&mei, "Quartet"), pairs(&[("Mei", "owner")]), "asking is not coming in");

    mei.run(["band", "admit", "Jon"]).ok();
    assert_eq!(lines(&mei, &["band", "requests"]), Vec::<Value>::new());
    meet(&jon, &mei);
    assert_eq!(members(&jon, "Quartet"), pairs(&[("Jon", "editor"), ("Mei", "owner")]));
    assert_eq!(jon.events(&score), mei.events(&score));
    assert_eq!(jon.run(["band", "asked"]).ok().stdout.trim(), "");
}

#[test]
fn a_request_that_is_refused_stays_refused() {
    let (mei, ida) = (laptop_of("Mei"), laptop_of("Ida"));
    found(&mei, "Quartet", &demo("amazing-grace.musicxml"));
    let ticket = invitation(&mei, "Quartet", &["--confirm"]);
    while_serving(&mei, || ida.run(["band", "join", &ticket])).refused();
    mei.run(["band", "refuse", "Ida"]).ok();
    let turned_away = while_serving(&mei, || ida.run(["band", "join", &ticket])).refused();
    assert!(turned_away.stderr.contains("said no"), "{}", turned_away.stderr);
    assert_eq!(ida.run(["band", "asked"]).ok().stdout.trim(), "");
    assert_eq!(members(&mei, "Quartet"), pairs(&[("Mei", "owner")]));
}

#[test]
fn an_invitation_that_was_withdrawn_or_used_up_lets_nobody_in() {
    let (mei, jon, ida) = (laptop_of("Mei"), laptop_of("Jon"), laptop_of("Ida"));
    found(&mei, "Quartet", &demo("amazing-grace.musicxml"));
    let withdrawn = invitation(&mei, "Quartet", &["--role", "viewer", "--hours", "2"]);
    let open = lines(&mei, &["band", "invitations", "Quartet"]);
    assert_eq!((open.len(), open[0]["offer"].as_str(), open[0]["by"].as_str()), (1, Some("viewer"), Some("Mei")));
    mei.run(["band", "revoke", "Quartet", open[0]["id"].as_str().unwrap()]).ok();
    assert_eq!(lines(&mei, &["band", "invitations", "Quartet"]), Vec::<Value>::new());
    let late = while_serving(&mei, || jon.run(["band", "join", &withdrawn])).refused();
    assert!(late.stderr.contains("withdrawn"), "{}", late.stderr);

    let once = invitation(&mei, "Quartet", &[]);
    while_serving(&mei, || jon.run(["band", "join", &once]).ok());
    let used_up = while_serving(&mei, || ida.run(["band", "join", &once])).refused();
    assert!(used_up.stderr.contains("used already"), "{}", used_up.stderr);
    assert_eq!(members(&mei, "Quartet"), pairs(&[("Jon", "editor"), ("Mei", "owner")]));
}

#[test]
fn a_viewer_reads_and_cannot_write_until_they_may() {
    let (mei, jon) = (laptop_of("Mei"), laptop_of("Jon"));
    let score = found(&mei, "Quartet", &demo("minuet-in-g.musicxml"));
    join(&mei, &jon, "Quartet", &["--role", "viewer"]);
    let before = jon.events(&score);
    assert_eq!(before, mei.events(&score));

    let refused = jon.run(["edit", &score, "goto 1 1 1; pitch E5"]).refused();
    assert!(refused.stderr.contains("Your role in this band does not allow that."), "{}", refused.stderr);
    assert!(refused.stderr.contains("Ask an owner"), "and what to do: {}", refused.stderr);
    assert_eq!(jon.events(&score), before, "nothing of it stays");
    for words in [
        ["band", "role", "Quartet", "Jon", "owner"].as_slice(),
        &["band", "remove", "Quartet", "Mei"],
        &["band", "rename", "Quartet", "Mine"],
    ] {
        jon.run(words).refused();
    }
    meet(&jon, &mei);
    assert_eq!(members(&mei, "Quartet"), pairs(&[("Jon", "viewer"), ("Mei", "owner")]));

    mei.run(["band", "role", "Quartet", "Jon", "editor"]).ok();
    meet(&jon, &mei);
    jon.run(["edit", &score, "goto 1 1 1; pitch E5"]).ok();
    meet(&jon, &mei);
    assert_eq!(mei.pitch(&score, 1, 1, 1), "E5");
}

#[test]
fn what_was_written_after_losing_the_role_is_refused_by_everyone() {
    let (mei, jon, ida) = (laptop_of("Mei"), laptop_of("Jon"), laptop_of("Ida"));
    let score = found(&mei, "Trio", &demo("minuet-in-g.musicxml"));
    join(&mei, &jon, "Trio", &[]);
    join(&mei, &ida, "Trio", &[]);
    // Jon writes while he does not know yet that he may only read; Ida hears of both from him and from Mei.
    mei.run(["band", "role", "Trio", "Jon", "viewer"]).ok();
    jon.run(["edit", &score, "goto 1 1 1; pitch E5"]).ok();
    meet(&jon, &mei);
    meet(&ida, &mei);
    meet(&ida, &jon);
    for (name, laptop) in [("Mei", &mei), ("Ida", &ida), ("Jon", &jon)] {
        assert_eq!(laptop.pitch(&score, 1, 1, 1), "D5", "on the laptop of {name}");
    }
    let refused = lines(&mei, &["band", "refused"]);
    assert!(refused.iter().any(|one| one["who"] == "Jon" && one["reason"] == "removed"), "{refused:?}");
    assert_eq!(refused[0]["scoreTitle"].as_str(), Some("Minuet in G"));
}

#[test]
fn who_is_removed_gets_nothing_more_and_keeps_what_they_had() {
    let (mei, jon) = (laptop_of("Mei"), laptop_of("Jon"));
    let score = found(&mei, "Quartet", &demo("minuet-in-g.musicxml"));
    join(&mei, &jon, "Quartet", &[]);
    jon.run(["edit", &score, "goto 1 2 1; pitch F#5"]).ok();
    meet(&jon, &mei);
    mei.run(["band", "remove", "Quartet", "Jon"]).ok();
    mei.run(["edit", &score, "goto 1 1 1; pitch E5"]).ok();
    meet(&jon, &mei);
    assert_eq!(mei.pitch(&score, 1, 2, 1), "F#5", "what he wrote stays");
    assert_eq!(jon.pitch(&score, 1, 1, 1), "D5", "what is written from now on he does not get");
    assert_eq!(jon.pitch(&score, 1, 2, 1), "F#5", "what he had he keeps");
    assert_eq!(members(&mei, "Quartet"), pairs(&[("Mei", "owner")]));
    let former = jon.run(["band", "list"]).ok().stdout;
    assert!(former.contains("Quartet\tMei removed you today"), "{former}");
    assert!(jon.run(["edit", &score, "goto 1 1 1; pitch E5"]).refused().stderr.contains("do not belong to the band"));
    jon.run(["band", "forget", "My scores"]).refused();
    let kept = lines(&jon, &["band", "forget", "Quartet"]);
    assert_eq!(kept.iter().map(|card| card["spaceName"].as_str()).collect::<Vec<_>>(), [Some("My scores")]);
    let copy = kept[0]["id"].as_str().expect("an id");
    assert_eq!(jon.pitch(copy, 1, 2, 1), "F#5");
    jon.run(["edit", copy, "goto 1 1 1; pitch E5"]).ok();
    assert_eq!((lines(&jon, &["band", "list"]).len(), lines(&jon, &["list"]).len()), (1, 1), "the band is out of sight");
    let alone = mei.run(["band", "remove", "Quartet", "Mei"]).refused();
    assert!(alone.stderr.contains("A band needs an owner."), "{}", alone.stderr);
}

#[test]
fn who_leaves_is_gone_and_the_last_owner_cannot_leave_others_behind() {
    let (mei, jon) = (laptop_of("Mei"), laptop_of("Jon"));
    let score = found(&mei, "Duo", &demo("amazing-grace.musicxml"));
    join(&mei, &jon, "Duo", &[]);
    mei.run(["band", "leave", "Duo"]).refused();
    jon.run(["band", "leave", "Duo"]).ok();
    let former = lines(&jon, &["band", "list"]).into_iter().find(|band| band["name"] == "Duo").expect("it is among the former");
    assert!(former["role"].is_null() && former["by"].is_null() && former["scores"] == 1, "{former}");
    assert!(jon.run(["band", "list"]).ok().stdout.contains("Duo\tyou left today"));
    assert!(!jon.events(&score).is_empty(), "what is here stays here");
    meet(&mei, &jon);
    meet(&jon, &mei);
    mei.run(["band", "rotate-key", "Duo"]).ok();
    mei.run(["band", "leave", "My scores"]).refused();
}

#[test]
fn a_second_laptop_is_the_same_person_everywhere() {
    let (mei, tablet, jon) = (laptop_of("Mei"), laptop_of("Somebody"), laptop_of("Jon"));
    let score = found(&mei, "Quartet", &demo("minuet-in-g.musicxml"));
    let own = mei.import(&demo("amazing-grace.musicxml"));
    mei.run(["band", "person", "--colour", "3"]).ok();
    join(&mei, &jon, "Quartet", &[]);
    join(&mei, &tablet, "My scores", &["--device"]);
    meet(&tablet, &mei);
    assert_eq!(tablet.events(&own), mei.events(&own), "one's own scores come along");
    assert_eq!(tablet.events(&score), mei.events(&score), "and the bands");
    let person = lines(&tablet, &["band", "person"]).remove(0);
    assert_eq!((person["name"].as_str(), person["colour"].as_str()), (Some("Mei"), Some("#009988")), "the same person");
    assert_eq!(person["deviceName"].as_str(), Some("Somebody's laptop"), "another laptop");
    assert_eq!(members(&tablet, "Quartet"), pairs(&[("Jon", "editor"), ("Mei", "owner")]), "one member, not two");

    // The second laptop writes in the band, and Jon, who never met it, takes it from Mei's first.
    tablet.run(["edit", &score, "goto 1 1 1; pitch E5"]).ok();
    meet(&tablet, &mei);
    meet(&jon, &mei);
    assert_eq!(jon.pitch(&score, 1, 1, 1), "E5");

    // It is lost, and removed.
    let devices = lines(&mei, &["band", "devices", "Quartet"]);
    let lost = devices.iter().find(|device| device["name"] == "Somebody's laptop").expect("it is listed");
    mei.run(["band", "remove", "Quartet", "--device", lost["id"].as_str().unwrap()]).ok();
    assert_eq!(lines(&mei, &["band", "devices", "Quartet"]).len(), devices.len() - 1);
}

#[test]
fn a_printed_key_makes_a_new_laptop_ones_own() {
    let (mei, jon) = (laptop_of("Mei"), laptop_of("Jon"));
    let score = found(&mei, "Quartet", &demo("minuet-in-g.musicxml"));
    join(&mei, &jon, "Quartet", &["--role", "owner"]);
    let page = mei.path("key.txt");
    mei.run(["band".as_ref(), "recovery-key".as_ref(), "--to".as_ref(), page.as_os_str()]).ok();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&page).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "only she may read it");
    }
    let written = std::fs::read_to_string(&page).unwrap();
    let key = written.lines().map(str::trim).find(|line| line.split('-').count() == 14).expect("the key is on the page");
    meet(&jon, &mei);

    // Her laptop is gone. On a new one she types the key, and Jon invites.
    drop(mei);
    let new = laptop_of("New");
    let ticket = invitation(&jon, "Quartet", &["--role", "viewer"]);
    let wrong = new.run(["band", "recover", &key.replace('0', "1").replace('2', "3"), "--ticket", &ticket]).refused();
    assert!(wrong.stderr.contains("not a whole printed key"), "{}", wrong.stderr);
    let recovered = while_serving(&jon, || new.run(["band", "recover", key, "--ticket", &ticket])).ok();
    assert_eq!(recovered.stdout.trim(), "Quartet");
    assert_eq!(members(&new, "Quartet"), pairs(&[("Jon", "owner"), ("Mei", "owner")]), "she is who she was");
    meet(&new, &jon);
    new.run(["edit", &score, "goto 1 1 1; pitch E5"]).ok();
    meet(&new, &jon);
    assert_eq!(jon.pitch(&score, 1, 1, 1), "E5");
}

#[test]
fn a_score_goes_to_a_band_and_only_those_in_it_see_it() {
    let (mei, jon) = (laptop_of("Mei"), laptop_of("Jon"));
    let score = found(&mei, "Quartet", &demo("minuet-in-g.musicxml"));
    join(&mei, &jon, "Quartet", &["--role", "viewer"]);
    let own = mei.import(&demo("amazing-grace.musicxml"));
    meet(&jon, &mei);
    assert_eq!(lines(&jon, &["list"]).len(), 1, "what is not in the band does not come");

    let copied = lines(&mei, &["band", "copy", &own, "Quartet"]).remove(0);
    assert_eq!((copied["spaceName"].as_str(), lines(&mei, &["list"]).len()), (Some("Quartet"), 3));
    meet(&jon, &mei);
    let copy = copied["id"].as_str().unwrap();
    assert_eq!(jon.events(copy), mei.events(&own));

    let moved = lines(&mei, &["band", "move", &score, "My scores"]).remove(0);
    assert_eq!(lines(&mei, &["list"]).len(), 3, "moved, not copied");
    meet(&jon, &mei);
    assert_eq!(lines(&jon, &["list"]).len(), 1, "it is taken out of the band");
    assert_ne!(moved["id"].as_str(), Some(score.as_str()));
    let refused = jon.run(["band", "move", copy, "My scores"]).refused();
    assert!(refused.stderr.contains("Your role"), "who may only read cannot take it out of the band: {}", refused.stderr);
    jon.run(["band", "copy", copy, "My scores"]).ok();
}

#[test]
fn a_name_and_a_colour_reach_the_others() {
    let (mei, jon) = (laptop_of("Mei"), laptop_of("Jon"));
    found(&mei, "Quartet", &demo("amazing-grace.musicxml"));
    join(&mei, &jon, "Quartet", &[]);
    jon.run(["band", "person", "--name", "Jonathan", "--colour", "#123456", "--laptop", "Jon's old laptop"]).ok();
    meet(&jon, &mei);
    let found = lines(&mei, &["band", "members", "Quartet"]);
    let jon = found.iter().find(|member| member["name"] == "Jonathan").unwrap_or_else(|| panic!("{found:?}"));
    assert_eq!((jon["colour"].as_str(), jon["devices"][0]["name"].as_str()), (Some("#123456"), Some("Jon's old laptop")));
    mei.run(["band", "person", "--colour", "purple"]).refused();
    mei.run(["band", "person", "--name", "  "]).refused();
}

#[test]
fn an_invitation_is_shown_as_a_code_too() {
    let mei = laptop_of("Mei");
    mei.run(["band", "create", "Quartet"]).ok();
    let ran = mei.run(["band", "invite", "Quartet", "--no-wait", "--qr"]).ok();
    assert!(ran.stdout.starts_with("bandpro-"), "the ticket alone is the result: {}", ran.stdout);
    assert!(ran.stderr.contains("bandpro://") && ran.stderr.contains('█'), "{}", ran.stderr);
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_laptop_restored_from_a_backup_is_held_back_and_comes_back_as_a_new_one() {
    let (mei, jon) = (laptop_of("Mei"), laptop_of("Jon"));
    let score = found(&mei, "Duo", &demo("minuet-in-g.musicxml"));
    join(&mei, &jon, "Duo", &[]);
    let backup = jon.path("backup");
    copy_folder(&jon.data(), &backup);
    jon.run(["edit", &score, "goto 1 1 1; pitch E5"]).ok();
    meet(&jon, &mei);
    std::fs::remove_dir_all(jon.data()).unwrap();
    copy_folder(&backup, &jon.data());
    // One change more than was shared: up to that the two logs are of one length, and nobody asks for what they think they have.
    jon.run(["edit", &score, "goto 1 1 1; pitch F#5"]).ok();
    jon.run(["edit", &score, "goto 1 2 1; pitch F#5"]).ok();
    meet(&jon, &mei);
    assert_eq!(mei.pitch(&score, 1, 1, 1), "E5", "what was shared first stands");
    let frozen = |laptop: &Laptop| lines(laptop, &["band", "devices", "Duo"]).into_iter().find(|device| device["frozen"] == true);
    let device = frozen(&mei).expect("the laptop is shown as having two logs");
    assert_eq!(device["name"].as_str(), Some("Jon's laptop"));
    assert!(lines(&mei, &["band", "refused"]).iter().any(|one| one["who"] == "Jon" && one["reason"] == "fork"));

    // The way out: removed here, and there a new data folder with a new invitation.
    mei.run(["band", "remove", "Duo", "--device", device["id"].as_str().unwrap()]).ok();
    std::fs::remove_dir_all(jon.data()).unwrap();
    jon.run(["band", "person", "--name", "Jon"]).ok();
    join(&mei, &jon, "Duo", &[]);
    assert_eq!(jon.pitch(&score, 1, 1, 1), "E5");
    jon.run(["edit", &score, "goto 1 1 1; pitch G5"]).ok();
    meet(&jon, &mei);
    assert_eq!(mei.pitch(&score, 1, 1, 1), "G5");
    assert!(frozen(&mei).is_none());
}

#[test]
fn the_founders_restored_laptop_goes_on_by_itself_and_loses_nothing() {
    let (mei, jon) = (laptop_of("Mei"), laptop_of("Jon"));
    let score = found(&mei, "Duo", &demo("minuet-in-g.musicxml"));
    join(&mei, &jon, "Duo", &[]);
    let own = mei.import(&demo("amazing-grace.musicxml"));
    let refused = mei.run(["band", "renew"]).refused();
    assert!(refused.stderr.contains("nothing to renew"), "{}", refused.stderr);
    let backup = mei.path("backup");
    copy_folder(&mei.data(), &backup);
    mei.run(["edit", &score, "goto 1 1 1; pitch E5"]).ok();
    meet(&mei, &jon);
    std::fs::remove_dir_all(mei.data()).unwrap();
    copy_folder(&backup, &mei.data());
    for measure in 2..=4 {
        mei.run(["edit", &score, &format!("goto 1 {measure} 1; pitch F#5")]).ok();
    }
    meet(&mei, &jon);
    assert_eq!((mei.pitch(&score, 1, 1, 1), jon.pitch(&score, 1, 2, 1)), ("D5".into(), "D5".into()), "neither has what the other has");
    let devices = |laptop: &Laptop| lines(laptop, &["band", "devices", "Duo"]);
    let before = devices(&mei).into_iter().find(|device| device["this"] == true).expect("this laptop");
    assert_eq!(before["frozen"], true);

    mei.run(["band", "renew"]).ok();
    let mine = |laptop: &Laptop| devices(laptop).into_iter().filter(|device| device["name"] == "Mei's laptop").collect::<Vec<_>>();
    assert!(mine(&mei).iter().any(|device| device["this"] == true && device["id"] != before["id"]));
    assert!(mine(&mei).iter().any(|device| device["renewed"] == true && device["id"] == before["id"]));
    mei.run(["edit", &score, "goto 1 5 1; pitch A5"]).ok();
    meet(&mei, &jon);
    meet(&mei, &jon);
    for laptop in [&mei, &jon] {
        let pitches: Vec<String> = (1..=5).map(|measure| laptop.pitch(&score, 1, measure, 1)).collect();
        assert_eq!(pitches, ["E5", "F#5", "F#5", "F#5", "A5"]);
        assert_eq!(mine(laptop).len(), 1, "the old one is gone");
        assert!(devices(laptop).iter().all(|device| device["frozen"] == false));
    }
    // She is who she was: the band's owner, with her own scores.
    assert_eq!(members(&jon, "Duo"), pairs(&[("Jon", "editor"), ("Mei", "owner")]));
    assert!(mei.run(["band", "list"]).ok().stdout.contains("My scores"));
    assert_eq!(mei.pitch(&own, 1, 1, 1).len(), 2);
    mei.run(["band", "role", "Duo", "Jon", "owner"]).ok();
    jon.run(["edit", &score, "goto 1 6 1; pitch B5"]).ok();
    meet(&jon, &mei);
    assert_eq!(mei.pitch(&score, 1, 6, 1), "B5");
}
