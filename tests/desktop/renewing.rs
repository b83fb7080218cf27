//! A laptop that was restored from a backup, in the window.

use std::path::Path;

use bandpro_tests::{Laptop, Serving, demo};
use serde_json::Value;

use crate::{click, laptop_of, program, window_of};

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the folder").map(|entry| entry.expect("an entry")) {
        if entry.file_type().expect("a type").is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
        }
    }
}

/// The device that a laptop's folder belongs to, as the band knows it.
fn this_device(laptop: &Laptop) -> Value {
    let devices = laptop.run(["--json", "band", "devices", "Duo"]).ok().json_lines();
    devices.into_iter().find(|device| device["this"] == true).expect("this laptop")
}

/// The processes of the window on a laptop's data.
fn windows(laptop: &Laptop) -> Vec<u32> {
    let data = laptop.data().into_os_string().into_encoded_bytes();
    let of_it = |pid: &u32| {
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let mut words = line.split(|byte| *byte == 0);
        words.next() == Some(program().as_os_str().as_encoded_bytes()) && words.any(|word| word == data)
    };
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    all.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(of_it).collect()
}

#[test]
fn a_restored_laptop_is_renewed_in_the_band_screen_and_the_window_opens_again() {
    let (mei, jon) = (laptop_of("Mei"), laptop_of("Jon"));
    let score = mei.import(&demo("minuet-in-g.musicxml"));
    mei.run(["band", "create", "Duo"]).ok();
    let moved = mei.run(["band", "move", &score, "Duo"]).ok();
    let score = moved.stdout.split_whitespace().next().expect("an id");
    let ticket = mei.run(["band", "invite", "Duo", "--no-wait"]).ok().stdout.trim().to_owned();
    let serving = Serving::start(&mei);
    jon.run(["band", "join", &ticket]).ok();
    drop(serving);
    let backup = mei.path("backup");
    copy_folder(&mei.data(), &backup);
    mei.run(["edit", score, "goto 1 1 1; pitch E5"]).ok();
    let serving = Serving::start(&jon);
    mei.run(["sync", "--once"]).ok();
    std::fs::remove_dir_all(mei.data()).expect("it goes");
    copy_folder(&backup, &mei.data());
    mei.run(["edit", score, "goto 1 2 1; pitch F#5"]).ok();
    mei.run(["sync", "--once"]);

    let before = this_device(&mei);
    assert_eq!(before["frozen"], true);
    let window = window_of("renew", &mei, &[]);
    let first = windows(&mei);
    window.wait_for_text("sync-state", "nobody takes what is written here");
    click(&window, "room-band");
    window.until("both spaces", |window| (window.find_all("space").len() == 2).then_some(()));
    window.click(&window.find_all("space")[1]);
    window.wait_for_text("frozen", "restored from a backup");
    click(&window, "renew");
    window.wait_for_text("confirm", "nobody has to invite you");
    // The window goes before it could answer that it was clicked at.
    window.wait_for("confirm-do");
    window.script("setTimeout(() => document.querySelector('[data-testid=confirm-do]').click(), 300)");
    let began = std::time::Instant::now();
    let second = loop {
        if let Some(pid) = windows(&mei).into_iter().find(|pid| !first.contains(pid)) {
            break pid;
        }
        assert!(began.elapsed().as_secs() < 30, "no window opened again");
        std::thread::sleep(std::time::Duration::from_millis(100));
    };
    assert_ne!(this_device(&mei)["id"], before["id"]);
    // The window that opened again is online and meets Jon by itself.
    while jon.pitch(score, 1, 2, 1) != "F#5" {
        assert!(began.elapsed().as_secs() < 60, "what was written since the backup does not arrive");
        std::thread::sleep(std::time::Duration::from_millis(300));
    }
    assert_eq!((jon.pitch(score, 1, 1, 1), mei.pitch(score, 1, 1, 1)), ("E5".to_owned(), "E5".to_owned()));
    drop(serving);
    std::process::Command::new("kill").arg(second.to_string()).status().expect("kill");
}
