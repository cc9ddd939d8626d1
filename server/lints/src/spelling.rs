//! Which name was meant by one that does not exist.

/// Of so many letters one may be wrong.
const LETTERS_PER_SLIP: usize = 4;

const MAX_SLIPS: usize = 2;

/// At most two letters differ, and no more than every fourth.
pub(crate) fn is_near(wanted: &[char], candidate: &str) -> bool {
    distance(wanted, candidate, allowed_slips(wanted)).is_some()
}

fn allowed_slips(wanted: &[char]) -> usize {
    (wanted.len() / LETTERS_PER_SLIP).min(MAX_SLIPS)
}

/// The one known name that differs by a letter or two; `None` if there is no such name, or more than one.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = base::fold_case(name).chars().collect();
    let limit = allowed_slips(&wanted);
    let mut best: Option<(usize, &str)> = None;
    let mut is_unique = true;
    for candidate in known {
        let Some(distance) = distance(&wanted, candidate, limit).filter(|distance| *distance > 0) else {
            continue;
        };
        match best {
            Some((least, _)) if least < distance => {}
            Some((least, other)) if least == distance => is_unique &= base::same_name(other, candidate),
            _ => {
                best = Some((distance, candidate));
                is_unique = true;
            }
        }
    }
    best.filter(|_| is_unique).map(|(_, name)| name)
}

/// How many letters were left out, added, changed or swapped with their neighbor, if no more than `limit`.
fn distance(wanted: &[char], candidate: &str, limit: usize) -> Option<usize> {
    let candidate: Vec<char> = base::fold_case(candidate).chars().collect();
    if wanted.len().abs_diff(candidate.len()) > limit {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=candidate.len()).collect();
    for (row, letter) in wanted.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in candidate.iter().enumerate() {
            let mut cost = (last[column] + usize::from(letter != other)).min(last[column + 1] + 1);
            cost = cost.min(current[column] + 1);
            let is_swap =
                row > 0 && column > 0 && wanted[row - 1] == *other && candidate[column - 1] == *letter;
            if is_swap {
                cost = cost.min(before_last[column - 1] + 1);
            }
            current.push(cost);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_near() {
        let near = |left: &str, right| is_near(&left.chars().collect::<Vec<_>>(), right);
        assert!(near("проверитьартикл", "проверитьартикул") && near("заполнит", "заполнть"));
        assert!(!near("абв", "абг") && !near("записать", "прочитать") && !near("", "аб"));
    }

    #[test]
    fn a_letter_or_two() {
        let known = ["Сервер", "Клиент", "ТонкийКлиент", "НаСервере"];
        assert_eq!(nearest("сервре", known), Some("Сервер"));
        assert_eq!(nearest("Сервр", known), Some("Сервер"));
        assert_eq!(nearest("ТонкийКлент", known), Some("ТонкийКлиент"));
        assert_eq!(nearest("Толстый", known), None);
        assert_eq!(nearest("Код", ["Год"]), None);
        assert_eq!(nearest("Сумма1", ["Сумма2", "Сумма3"]), None);
        assert_eq!(nearest("Сумма1", ["Сумма", "сумма"]), Some("Сумма"));
    }
}
