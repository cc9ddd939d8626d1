//! Which setting did the user mean?

/// "unknown setting …" with the nearest known name, if one is near enough to be meant.
pub(crate) fn unknown_setting<'a>(name: &str, place: &str, known: impl Iterator<Item = &'a str>) -> String {
    match nearest(name, known) {
        Some(candidate) => format!("{place}: unknown setting \"{name}\"; did you mean \"{candidate}\"?"),
        None => format!("{place}: unknown setting \"{name}\""),
    }
}

/// The known name that was probably meant.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (distance, candidate) = known.map(|candidate| (distance(name, candidate), candidate)).min()?;
    (distance <= 2 + name.chars().count() / 4).then_some(candidate)
}

/// Edit distance without regard to case.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.to_lowercase().chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested() {
        let known = ["language", "diagnostics.mode"];
        assert_eq!(
            unknown_setting("diagnostic.mode", "a.json", known.into_iter()),
            "a.json: unknown setting \"diagnostic.mode\"; did you mean \"diagnostics.mode\"?"
        );
        assert_eq!(
            unknown_setting("colour", "a.json", known.into_iter()),
            "a.json: unknown setting \"colour\""
        );
    }
}
