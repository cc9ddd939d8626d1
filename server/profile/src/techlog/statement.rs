//! Statements without what differs from run to run: values, numbers of parameters and of temporary tables.

use memchr::memmem;

/// Statements are told apart by their beginnings.
const MAX_BYTES: usize = 2048;

/// Writes the bare statement. `quote` is what the value was quoted with: inside it is doubled.
pub(super) fn normalize(raw: &[u8], quote: u8, bare: &mut Vec<u8>) {
    bare.clear();
    // Values of parameters follow the text.
    let end = memmem::find(raw, b"\np_0:").unwrap_or(raw.len());
    let raw = &raw[..end.min(MAX_BYTES)];
    let unit = if quote == b'\'' { 2 } else { 1 };
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        at = match byte {
            b'\'' => {
                bare.push(b'?');
                after_literal(raw, at, unit)
            }
            b'$' | b'@' | b'?' => {
                bare.push(b'?');
                skip(raw, at + 1, is_word)
            }
            b'0'..=b'9' => {
                bare.push(b'?');
                skip(raw, at, |byte| byte.is_ascii_digit() || byte == b'.')
            }
            _ if is_word(byte) || byte == b'#' => {
                let end = skip(raw, at + 1, is_word);
                let word = &raw[at..end];
                let digits = word.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
                let stem = &word[..word.len() - digits];
                bare.extend_from_slice(if matches!(stem, b"tt" | b"#tt") { stem } else { word });
                end
            }
            _ if byte.is_ascii_whitespace() => {
                bare.push(b' ');
                skip(raw, at, |byte| byte.is_ascii_whitespace())
            }
            _ => {
                bare.push(byte);
                at + 1
            }
        };
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn skip(raw: &[u8], at: usize, is_part: impl Fn(u8) -> bool) -> usize {
    raw[at..].iter().position(|byte| !is_part(*byte)).map_or(raw.len(), |length| at + length)
}

/// Where the text goes on after a literal whose quotes are `unit` bytes each.
fn after_literal(raw: &[u8], start: usize, unit: usize) -> usize {
    let mut at = start + unit;
    while at < raw.len() {
        let found = skip(raw, at, |byte| byte != b'\'');
        let end = skip(raw, found, |byte| byte == b'\'');
        // An even number of quotes belongs to the literal.
        let is_inside = ((end - found) / unit).is_multiple_of(2);
        at = end;
        if !is_inside || found == end {
            return end;
        }
    }
    raw.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, quote: u8, expected: &str) {
        let mut bare = Vec::new();
        normalize(raw.as_bytes(), quote, &mut bare);
        assert_eq!(String::from_utf8_lossy(&bare), expected);
    }

    #[test]
    fn values_are_left_out() {
        check(
            "SELECT\r\nT1._Fld301\r\nFROM _Reference27 T1 WHERE T1._IDRRef = $1",
            b'\'',
            "SELECT T1._Fld301 FROM _Reference27 T1 WHERE T1._IDRRef = ?",
        );
        check("INSERT INTO #tt12 VALUES(@P1, 5.25, ?)", b'"', "INSERT INTO #tt VALUES(?, ?, ?)");
        check("A = ''x ''''y'' AND B = ''''", b'\'', "A = ? AND B = ?");
        check("A = 'x ''y' AND B = 2", b'"', "A = ? AND B = ?");
        check("UPDATE T1 SET A = ?\np_0: 4022", b'\'', "UPDATE T1 SET A = ?");
        check("A = 'x", b'"', "A = ?");
        check("", 0, "");
    }
}
