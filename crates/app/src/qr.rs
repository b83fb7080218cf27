//! QR codes (ISO/IEC 18004) of invitations: what a telephone or the camera of another laptop reads off the screen.

use fast_qr::{ECL, QRBuilder, QRCode};

use crate::view::QrView;

/// The quiet zone around a code, in modules (ISO/IEC 18004, 6.3.8).
const QUIET: usize = 4;

/// The code of a text; nothing where the text is longer than a code can hold.
fn code(text: &str) -> Option<QRCode> {
    // A screen has no creases: the lowest correction gives the largest squares.
    QRBuilder::new(text).ecl(ECL::L).build().ok()
}

/// The code of a text as a drawing; nothing where the text is longer than a code can hold.
pub fn drawing(text: &str) -> Option<QrView> {
    let code = code(text)?;
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

/// The code of a text for a terminal, two rows of modules in a line, dark on light by inverting where the terminal is dark.
pub fn for_terminal(text: &str) -> Option<String> {
    let code = code(text)?;
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

    #[test]
    fn a_text_that_no_code_can_hold_has_none() {
        assert_eq!(drawing(&"x".repeat(4000)), None);
        assert_eq!(for_terminal(&"x".repeat(4000)), None);
    }
}
