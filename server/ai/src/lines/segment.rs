//! Modules as rows of tokens, and all places of any row of words found by halving: a suffix array.

use std::ops::Range;

use base::CancelToken;

use super::token::{Token, UNKNOWN, WordId, is_sign};

/// Contexts longer than this are as good as equal.
pub(crate) const DEPTH: usize = 24;

pub(crate) type ModuleId = u32;

/// Some modules that are found together. It never changes.
#[derive(Debug, Default)]
pub(crate) struct Segment {
    tokens: Vec<Token>,
    /// Starts of lines and words, sorted by the words that follow.
    suffixes: Vec<u32>,
    /// Where modules begin, sorted.
    modules: Vec<(u32, ModuleId)>,
}

impl Segment {
    /// `None` if cancelled.
    pub(crate) fn build(
        tokens: Vec<Token>,
        modules: Vec<(u32, ModuleId)>,
        words: usize,
        cancel: &CancelToken,
    ) -> Option<Self> {
        let suffixes = sorted_suffixes(&tokens, words, cancel)?;
        Some(Self { tokens, suffixes, modules })
    }

    pub(crate) fn all(&self) -> Range<usize> {
        0..self.suffixes.len()
    }

    /// The part of `range` (suffixes equal in their first `depth` words) whose next word is `key`.
    pub(crate) fn narrow(&self, range: Range<usize>, depth: usize, key: WordId) -> Range<usize> {
        if depth >= DEPTH || key == UNKNOWN {
            return 0..0;
        }
        let Some(part) = self.suffixes.get(range.clone()) else { return 0..0 };
        let start = part.partition_point(|&place| self.key_at(place, depth) < key);
        let length = part[start..].partition_point(|&place| self.key_at(place, depth) == key);
        range.start + start..range.start + start + length
    }

    fn key_at(&self, place: u32, depth: usize) -> WordId {
        self.tokens.get(place as usize + depth).map_or(UNKNOWN, |token| token.key())
    }

    /// The token at a distance from the start of a suffix.
    pub(crate) fn token(&self, suffix: usize, distance: usize) -> Option<Token> {
        let place = *self.suffixes.get(suffix)?;
        self.tokens.get(place as usize + distance).copied()
    }

    /// Where a suffix starts in the row.
    pub(crate) fn place(&self, suffix: usize) -> usize {
        self.suffixes.get(suffix).copied().unwrap_or_default() as usize
    }

    /// Tokens from a distance behind the start of a suffix.
    pub(crate) fn tokens_from(&self, suffix: usize, distance: usize) -> &[Token] {
        let Some(&place) = self.suffixes.get(suffix) else { return &[] };
        self.tokens.get(place as usize + distance..).unwrap_or_default()
    }

    pub(crate) fn module_of(&self, suffix: usize) -> Option<ModuleId> {
        let place = *self.suffixes.get(suffix)?;
        let after = self.modules.partition_point(|&(start, _)| start <= place);
        self.modules.get(after.checked_sub(1)?).map(|&(_, module)| module)
    }

    /// The row of each module.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (ModuleId, &[Token])> {
        self.modules.iter().enumerate().map(|(index, &(start, module))| {
            let end = self.modules.get(index + 1).map_or(self.tokens.len(), |&(end, _)| end as usize);
            (module, self.tokens.get(start as usize..end).unwrap_or_default())
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(crate) fn memory(&self) -> usize {
        (self.tokens.capacity() + self.suffixes.capacity()) * 4 + self.modules.capacity() * 8
    }
}

/// Contexts begin at lines and at words. Of those that begin at signs a large segment keeps a sample: what stands before
/// a sign tells more, and it saves a third of the memory.
fn begins_context(tokens: &[Token], place: usize) -> bool {
    const SMALL: usize = 400_000;
    const SAMPLE: usize = 31;
    let Some(token) = tokens.get(place) else { return false };
    token.id() != UNKNOWN && (!is_sign(token.id()) || tokens.len() < SMALL || place.is_multiple_of(SAMPLE))
}

/// Sorts by the first word by counting, then each group on its own: groups are small and fit the caches.
fn sorted_suffixes(tokens: &[Token], words: usize, cancel: &CancelToken) -> Option<Vec<u32>> {
    let mut ends = vec![0u32; words.max(8) + 1];
    for (place, token) in tokens.iter().enumerate() {
        if begins_context(tokens, place)
            && let Some(count) = ends.get_mut(token.key() as usize + 1)
        {
            *count += 1;
        }
    }
    for index in 1..ends.len() {
        ends[index] += ends[index - 1];
    }
    let mut suffixes = vec![0u32; ends.last().copied().unwrap_or_default() as usize];
    let mut next = ends.clone();
    for (place, token) in tokens.iter().enumerate() {
        if let Some(slot) = next.get_mut(token.key() as usize)
            && begins_context(tokens, place)
            && let Some(suffix) = suffixes.get_mut(*slot as usize)
        {
            *suffix = place as u32;
            *slot += 1;
        }
    }
    for bounds in ends.windows(2) {
        let (start, end) = (bounds[0] as usize, bounds[1] as usize);
        if end - start < 2 {
            continue;
        }
        if cancel.is_cancelled() {
            return None;
        }
        sort_group(tokens, &mut suffixes[start..end], cancel);
    }
    Some(suffixes)
}

/// Suffixes of one first word: sorted by the packed second and third, equal ones by the rest.
fn sort_group(tokens: &[Token], group: &mut [u32], cancel: &CancelToken) {
    let key =
        |place: u32, depth: usize| tokens.get(place as usize + depth).map_or(UNKNOWN, |token| token.key());
    let packed = |place: u32| u64::from(key(place, 1)) << 32 | u64::from(key(place, 2));
    let mut pairs: Vec<(u64, u32)> = group.iter().map(|&place| (packed(place), place)).collect();
    pairs.sort_unstable();
    for run in pairs.chunk_by_mut(|left, right| left.0 == right.0) {
        if run.len() > 1 && !cancel.is_cancelled() {
            run.sort_unstable_by(|&(_, left), &(_, right)| {
                let rest = |place: u32| (3..DEPTH).map(move |depth| key(place, depth));
                rest(left).cmp(rest(right)).then(left.cmp(&right))
            });
        }
    }
    for (slot, (_, place)) in group.iter_mut().zip(pairs) {
        *slot = place;
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::LINE_END;
    use super::*;

    #[test]
    fn all_places_of_a_row_of_words_are_one_range() {
        let words = [LINE_END, 50, 51, 52, LINE_END, 50, 51, 53, LINE_END, 51, 52, LINE_END];
        let tokens: Vec<Token> = words.iter().map(|&id| Token::new(id, 0)).collect();
        let segment = Segment::build(tokens, vec![(0, 7), (8, 9)], 60, &CancelToken::new())
            .expect("invariant: nobody cancels");
        let find = |row: &[WordId]| {
            row.iter()
                .enumerate()
                .fold(segment.all(), |range, (depth, key)| segment.narrow(range, depth, *key))
        };
        assert_eq!(find(&[50, 51]).len(), 2);
        assert_eq!(find(&[51, 52]).len(), 2);
        assert_eq!(find(&[LINE_END, 51]).len(), 1);
        assert!(find(&[53, 50]).is_empty());
        let mut places: Vec<_> =
            find(&[51, 52]).map(|suffix| (segment.place(suffix), segment.module_of(suffix))).collect();
        places.sort_unstable();
        assert_eq!(places, [(2, Some(7)), (9, Some(9))]);
        let rows: Vec<(ModuleId, usize)> = segment.rows().map(|(module, row)| (module, row.len())).collect();
        assert_eq!(rows, [(7, 8), (9, 4)]);
    }

    #[test]
    fn cancelling_gives_nothing() {
        let cancel = CancelToken::new();
        cancel.cancel();
        let tokens = vec![Token::new(40, 0); 9];
        assert!(Segment::build(tokens, vec![(0, 0)], 60, &cancel).is_none());
    }
}
