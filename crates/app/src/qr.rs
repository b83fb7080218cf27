//! QR codes (ISO/IEC 18004) of invitations: what a telephone or the camera of another laptop reads off the screen.

use fast_qr::{ECL, QRBuilder, QRCode};

use crate::view::QrView;

/// The quiet zone around a code, in modules (ISO/IEC 18004, 6.3.8).
const QUIET: usize = 4;

/// The code of a link; nothing where that is longer than a code can hold.
///
/// The link is written in capitals, which mean the same in it: of those a code holds two in 11 bits, of other letters one in 8
/// (ISO/IEC 18004, 7.4.4), so that its squares are larger.
fn code(link: &str) -> Option<QRCode> {
    // A screen has no creases: the lowest correction gives the largest squares.
    QRBuilder::new(link.to_ascii_uppercase()).ecl(ECL::L).build().ok()
}

/// The code of a link as a drawing; nothing where that is longer than a code can hold.
pub fn drawing(link: &str) -> Option<QrView> {
    let code = code(link)?;
    let mut path = String::new();
    for y in 0..code.size {
        let row: Vec<bool> = code[y].iter().map(|module| module.value()).collect();
        let mut x = 0;
        while x < code.size {
            let dark = row[x..].iter().take_while(|dark| **dark).count();
            if dark > 0 {
                path.push_str(&format!("M{} {}h{dark}v1h-{dark}z", x + QUIET, y + QUIET));
            }
            x += dark.max(1);
        }
    }
    Some(QrView { size: code.size + 2 * QUIET, path })
}

/// The code of a link for a terminal, two rows of modules in a line, dark on light by inverting where the terminal is dark.
pub fn for_terminal(link: &str) -> Option<String> {
    let code = code(link)?;
    let size = code.size as i64;
    let quiet = QUIET as i64 / 2;
    // The light modules are drawn, so that the code is right on the dark ground that most terminals have.
    let light = |x: i64, y: i64| {
        let inside = (0..size).contains(&x) && (0..size).contains(&y);
        !(inside && code[y as usize][x as usize].value())
    };
    let mut lines = String::new();
    for y in (-quiet..size + quiet).step_by(2) {
        for x in -quiet..size + quiet {
            lines.push(match (light(x, y), light(x, y + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        lines.push('\n');
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_has_its_three_finder_patterns_within_a_quiet_zone() {
        let view = drawing("bandpro://join/bandpro-abcdef").unwrap();
        // The upper edge of a finder pattern is seven dark modules, left, right and below (ISO/IEC 18004, 6.3.3).
        let far = view.size - QUIET - 7;
        for (x, y) in [(QUIET, QUIET), (far, QUIET), (QUIET, far)] {
            assert!(view.path.contains(&format!("M{x} {y}h7v1h-7z")), "{x} {y}: {}", view.path);
        }
        let terminal = for_terminal("bandpro://join/bandpro-abcdef").unwrap();
        assert!(terminal.lines().all(|line| line.chars().count() == view.size - 4));
        assert!(terminal.lines().next().unwrap().chars().all(|c| c == '█'));
    }

    /// What a camera reads that sees this many squares in a row, `dark` where they are.
    fn read(size: usize, dark: impl Fn(usize, usize) -> bool) -> String {
        // As large as a camera needs it: three pixels a square.
        const SCALE: usize = 3;
        let (width, shade) = (size * SCALE, |x: usize, y: usize| if dark(x / SCALE, y / SCALE) { 0 } else { 255 });
        let mut seen = rqrr::PreparedImage::prepare_from_greyscale(width, width, shade);
        let codes = seen.detect_grids();
        assert_eq!(codes.len(), 1, "one code is seen");
        codes[0].decode().expect("it can be read").1
    }

    /// The dark squares of a drawing.
    fn squares(view: &QrView) -> BTreeSet<(usize, usize)> {
        let runs = view.path.split('M').filter(|run| !run.is_empty()).map(|run| {
            let (x, rest) = run.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (width, _) = rest.split_once('v').unwrap();
            (x.parse::<usize>().unwrap(), y.parse::<usize>().unwrap(), width.parse::<usize>().unwrap())
        });
        runs.flat_map(|(x, y, width)| (x..x + width).map(move |x| (x, y))).collect()
    }

    #[test]
    fn a_camera_reads_the_link_off_the_screen_and_off_the_terminal() {
        for length in [40, 300, 900, 2500] {
            let link = format!("bandpro://join/bandpro-{}", "a2b3c4d5z7".repeat(length / 10));
            let view = drawing(&link).unwrap();
            let dark = squares(&view);
            assert_eq!(read(view.size, |x, y| dark.contains(&(x, y))).to_ascii_lowercase(), link);

            let lines: Vec<Vec<char>> = for_terminal(&link).unwrap().lines().map(|line| line.chars().collect()).collect();
            let light = |x: usize, y: usize| matches!((lines[y / 2][x], y % 2), ('█', _) | ('▀', 0) | ('▄', 1));
            // The terminal's own ground is the rest of the quiet zone.
            assert_eq!(read(lines[0].len(), |x, y| y / 2 < lines.len() && !light(x, y)).to_ascii_lowercase(), link);
        }
    }

    #[test]
    fn a_text_that_no_code_can_hold_has_none() {
        assert_eq!(drawing(&"x".repeat(5000)), None);
        assert_eq!(for_terminal(&"x".repeat(5000)), None);
    }
}
