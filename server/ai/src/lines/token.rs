//! One lexeme in four bytes, and the words behind the numbers.

use base::fold_case;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

/// A lexeme of a module: which word (without case), in which spelling, and what stands around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Token(u32);

/// A word without case. Strings keep theirs.
pub(crate) type WordId = u32;

const ID_BITS: u32 = 26;
const ID_MASK: u32 = (1 << ID_BITS) - 1;
const SPELLING_SHIFT: u32 = ID_BITS;
const SPELLINGS: u32 = 8;
const ABSTRACT: u32 = 1 << 29;
const BLANK_BEFORE: u32 = 1 << 30;
const LOCAL: u32 = 1 << 31;

/// End of a line that has lexemes.
pub(crate) const LINE_END: WordId = 1;
/// What no module has: a word nobody knows.
pub(crate) const UNKNOWN: WordId = 0;
/// Some local variable, whatever its name.
pub(crate) const ANY_LOCAL: WordId = 2;
pub(crate) const DOT: WordId = 3;
pub(crate) const OPENING: WordId = 4;
pub(crate) const EQUALS: WordId = 5;
pub(crate) const CLOSING: WordId = 6;
pub(crate) const COMMA: WordId = 7;

/// Words that have fixed numbers: the three above and all signs.
const FIXED: [&str; 34] = [
    "\u{1}", "\n", "\u{2}", ".", "(", "=", ")", ",", ";", "[", "]", "<", ">", "<=", ">=", "<>", "+", "-",
    "*", "/", "%", "?", ":", "|", "\"", "\"\"", "~", "@", "!", "$", "{", "}", "'", "\\",
];

/// Words that tell where methods and variables begin: always known.
const KEYWORDS: [&str; 16] = [
    "Процедура",
    "Функция",
    "Procedure",
    "Function",
    "КонецПроцедуры",
    "КонецФункции",
    "EndProcedure",
    "EndFunction",
    "Перем",
    "Var",
    "Каждого",
    "Each",
    "Для",
    "For",
    "Знач",
    "Val",
];

/// Neither a word nor the end of a line.
pub(crate) const fn is_sign(id: WordId) -> bool {
    id > ANY_LOCAL && id < FIXED.len() as WordId
}

impl Token {
    pub(crate) const fn new(id: WordId, spelling: u32) -> Self {
        Self((id & ID_MASK) | (spelling % SPELLINGS) << SPELLING_SHIFT)
    }

    pub(crate) const fn id(self) -> WordId {
        self.0 & ID_MASK
    }

    pub(crate) const fn spelling(self) -> u32 {
        self.0 >> SPELLING_SHIFT & (SPELLINGS - 1)
    }

    /// The word and its spelling, nothing of what stands around.
    pub(crate) const fn bare(self) -> Self {
        Self(self.0 & (ID_MASK | (SPELLINGS - 1) << SPELLING_SHIFT))
    }

    /// What contexts are compared by.
    pub(crate) const fn key(self) -> WordId {
        if self.0 & ABSTRACT != 0 { ANY_LOCAL } else { self.id() }
    }

    pub(crate) const fn has_blank_before(self) -> bool {
        self.0 & BLANK_BEFORE != 0
    }

    /// A variable or parameter of the method around.
    pub(crate) const fn is_local(self) -> bool {
        self.0 & LOCAL != 0
    }

    pub(crate) fn with_blank(self, blank: bool) -> Self {
        if blank { Self(self.0 | BLANK_BEFORE) } else { Self(self.0 & !BLANK_BEFORE) }
    }

    pub(crate) fn as_local(self) -> Self {
        Self(self.0 | LOCAL)
    }

    pub(crate) fn as_abstract(self) -> Self {
        Self(self.0 | ABSTRACT)
    }
}

/// Words by number. It only grows, so numbers stay good while modules change.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    /// By the hash of the folded text.
    ids: FxHashMap<u64, WordId>,
    /// Spellings beyond the first, by the hash of their exact text.
    others: FxHashMap<u64, Token>,
    other_texts: FxHashMap<Token, Box<str>>,
    text: String,
    ends: Vec<u32>,
    /// In how many methods the word is a local name.
    local_in: Vec<u16>,
    /// Words sorted by folded text, as of the last [`Self::sort`].
    sorted: Vec<WordId>,
}

/// More words than this are not learned: they are what a project of millions of lines has.
const WORDS_AT_MOST: usize = 1_500_000;
/// Longer literals are never offered.
const LONGEST_WORD: usize = 200;

impl Default for Vocabulary {
    fn default() -> Self {
        let mut vocabulary = Self {
            ids: FxHashMap::default(),
            others: FxHashMap::default(),
            other_texts: FxHashMap::default(),
            text: String::new(),
            ends: Vec::new(),
            local_in: Vec::new(),
            sorted: Vec::new(),
        };
        for fixed in FIXED.iter().chain(&KEYWORDS) {
            vocabulary.intern(fixed);
        }
        vocabulary
    }
}

impl Vocabulary {
    pub(crate) fn intern(&mut self, text: &str) -> Token {
        if text.len() > LONGEST_WORD {
            return Token::new(UNKNOWN, 0);
        }
        if let Some(known) = self.find_exact(text) {
            return known;
        }
        let key = folded_hash(text);
        if let Some(&id) = self.ids.get(&key) {
            return self.add_spelling(id, text);
        }
        if self.ends.len() >= WORDS_AT_MOST {
            return Token::new(UNKNOWN, 0);
        }
        let id = self.ends.len() as WordId;
        self.ids.insert(key, id);
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        self.local_in.push(0);
        Token::new(id, 0)
    }

    fn add_spelling(&mut self, id: WordId, text: &str) -> Token {
        let free = (1..SPELLINGS).find(|&spelling| !self.other_texts.contains_key(&Token::new(id, spelling)));
        let Some(spelling) = free else { return Token::new(id, 0) };
        let token = Token::new(id, spelling);
        self.others.insert(xxh3_64(text.as_bytes()), token);
        self.other_texts.insert(token, text.into());
        token
    }

    /// The word in this very spelling, else in any, else [`UNKNOWN`].
    pub(crate) fn find(&self, text: &str) -> Token {
        let any = || self.ids.get(&folded_hash(text)).map(|&id| Token::new(id, 0));
        self.find_exact(text).or_else(any).unwrap_or(Token::new(UNKNOWN, 0))
    }

    fn find_exact(&self, text: &str) -> Option<Token> {
        if let Some(&token) = self.others.get(&xxh3_64(text.as_bytes())) {
            return Some(token);
        }
        let id = *self.ids.get(&folded_hash(text))?;
        (self.first_spelling(id) == text).then(|| Token::new(id, 0))
    }

    fn first_spelling(&self, id: WordId) -> &str {
        let index = id as usize;
        let start = if index == 0 { 0 } else { self.ends.get(index - 1).copied().unwrap_or_default() };
        let end = self.ends.get(index).copied().unwrap_or(start);
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    pub(crate) fn text(&self, token: Token) -> &str {
        match token.spelling() {
            0 => self.first_spelling(token.id()),
            _ => self.other_texts.get(&token.bare()).map_or(self.first_spelling(token.id()), |text| text),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn note_local(&mut self, id: WordId) {
        if let Some(count) = self.local_in.get_mut(id as usize) {
            *count = count.saturating_add(1);
        }
    }

    /// True if the name is local in so few methods that contexts should see any local in its place.
    pub(crate) fn is_rare_local(&self, id: WordId) -> bool {
        const METHODS: u16 = 15;
        self.local_in.get(id as usize).is_none_or(|&count| count < METHODS)
    }

    /// Makes [`Self::beginning_with`] know all words of now.
    pub(crate) fn sort(&mut self) {
        let mut sorted: Vec<WordId> = (0..self.len() as WordId).collect();
        sorted.retain(|&id| is_word(self.first_spelling(id)));
        sorted.sort_by_cached_key(|&id| fold_case(self.first_spelling(id)).into_owned());
        self.sorted = sorted;
    }

    /// Words that begin so without case; `folded` is in lower case.
    pub(crate) fn beginning_with<'a>(&'a self, folded: &'a str) -> impl Iterator<Item = WordId> + 'a {
        let start = self.sorted.partition_point(|&id| *fold_case(self.first_spelling(id)) < *folded);
        let rest = self.sorted.get(start..).unwrap_or_default();
        rest.iter().copied().take_while(move |&id| fold_case(self.first_spelling(id)).starts_with(folded))
    }

    pub(crate) fn memory(&self) -> usize {
        let others: usize = self.other_texts.values().map(|text| text.len() + 48).sum();
        self.text.capacity()
            + self.ends.capacity() * 4
            + self.local_in.capacity() * 2
            + self.sorted.capacity() * 4
            + self.ids.capacity() * 17
            + self.others.capacity() * 17
            + others
    }
}

/// True for what case does not matter in: names, not strings.
pub(crate) fn is_word(text: &str) -> bool {
    text.chars()
        .next()
        .is_some_and(|first| super::lexer::is_word_character(first) || matches!(first, '#' | '&'))
}

fn folded_hash(text: &str) -> u64 {
    if is_word(text) { xxh3_64(fold_case(text).as_bytes()) } else { xxh3_64(text.as_bytes()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_one_in_all_spellings() {
        let mut vocabulary = Vocabulary::default();
        let first = vocabulary.intern("НЕ");
        let second = vocabulary.intern("Не");
        assert_eq!(first.id(), second.id());
        assert_eq!((vocabulary.text(first), vocabulary.text(second)), ("НЕ", "Не"));
        assert_eq!(vocabulary.find("не").id(), first.id());
        assert_eq!(vocabulary.find("Не"), second);
        assert_eq!(vocabulary.find("нет").id(), UNKNOWN);
    }

    #[test]
    fn strings_keep_their_case() {
        let mut vocabulary = Vocabulary::default();
        assert_ne!(vocabulary.intern("\"А\"").id(), vocabulary.intern("\"а\"").id());
    }

    #[test]
    fn finds_words_by_their_beginning() {
        let mut vocabulary = Vocabulary::default();
        for word in ["Сообщить", "СообщениеПользователю", "Сумма", "\"Сооб\""]
        {
            vocabulary.intern(word);
        }
        vocabulary.sort();
        let found: Vec<&str> =
            vocabulary.beginning_with("сооб").map(|id| vocabulary.first_spelling(id)).collect();
        assert_eq!(found, ["СообщениеПользователю", "Сообщить"]);
    }
}
