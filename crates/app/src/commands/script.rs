//! Scripts: commands one after another, separated by `;`.

/// The commands of a script, without the empty ones. A `;` between quotation marks separates nothing.
pub fn split_script(script: &str) -> Vec<&str> {
    let mut commands = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, c) in script.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' | '\n' if !quoted => {
                commands.push(&script[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    commands.push(&script[start..]);
    commands.into_iter().map(str::trim).filter(|command| !command.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::split_script;

    #[test]
    fn semicolons_and_lines_separate_but_not_within_quotation_marks() {
        assert_eq!(split_script("goto 1 3 2; pitch F#4;; undo\nredo; "), ["goto 1 3 2", "pitch F#4", "undo", "redo"]);
        assert_eq!(split_script("text \"slow; then fast\"; next"), ["text \"slow; then fast\"", "next"]);
        assert!(split_script(" ; ").is_empty());
    }
}
