//! Which name was meant?

/// Longer names are not compared: a typing error in one is seen at a glance.
const MAX_NAME: usize = 80;

/// The known name that a misspelt one was probably meant to be.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    if length > MAX_NAME {
        return None;
    }
    let limit = 1 + length / 4;
    let near = known.filter(|candidate| {
        let other = candidate.chars().count();
        other <= MAX_NAME && other.abs_diff(length) <= limit && !base::same_name(candidate, name)
    });
    let (distance, candidate) = near.map(|candidate| (distance(name, candidate), candidate)).min()?;
    (distance <= limit).then_some(candidate)
}

/// Edit distance without regard to case; two letters swapped count once.
fn distance(left: &str, right: &str) -> usize {
    let fold = |name: &str| base::fold_case(name).chars().collect::<Vec<char>>();
    let (left, right) = (fold(left), fold(right));
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let replaced = row[j] + usize::from(a != b);
            let mut best = replaced.min(row[j + 1] + 1).min(next[j] + 1);
            let is_swap = i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b;
            if is_swap {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors() {
        let known = ["Количество", "Цена", "Сумма", "КоличествоУпаковок"];
        let find = |name| nearest(name, known.into_iter());
        assert_eq!(find("Колчество"), Some("Количество"));
        assert_eq!(find("Цнеа"), Some("Цена"));
        assert_eq!(find("СУММА"), None);
        assert_eq!(find("Контрагент"), None);
        assert_eq!(find(&"я".repeat(1000)), None);
    }
}
