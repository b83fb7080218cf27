//! The demo scores that come with the program.

/// A demo score: its file's name and its MusicXML.
pub const DEMOS: &[(&str, &str)] = &[
    ("amazing-grace.musicxml", include_str!("../../../assets/demo/amazing-grace.musicxml")),
    ("late-train-home.musicxml", include_str!("../../../assets/demo/late-train-home.musicxml")),
    ("minuet-in-g.musicxml", include_str!("../../../assets/demo/minuet-in-g.musicxml")),
    ("mo-li-hua.musicxml", include_str!("../../../assets/demo/mo-li-hua.musicxml")),
    ("old-hundredth.musicxml", include_str!("../../../assets/demo/old-hundredth.musicxml")),
    ("rehearsal-room-blues.musicxml", include_str!("../../../assets/demo/rehearsal-room-blues.musicxml")),
];
