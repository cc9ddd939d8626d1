//! A session with a simple engine: letters that followed the same letters in other modules of the demo.

use rustc_hash::FxHashMap;

use super::*;

macro_rules! demo {
    ($path:literal) => {
        include_str!(concat!("../../../../../fixtures/demo/designer/", $path))
    };
}

/// What the engine has seen; the module that is typed is not among it.
const SEEN: &[&str] = &[
    demo!("CommonModules/ПродажиСервер/Ext/Module.bsl"),
    demo!("CommonModules/ОбщегоНазначенияТорговли/Ext/Module.bsl"),
    demo!("CommonModules/СтроковыеУтилиты/Ext/Module.bsl"),
    demo!("CommonModules/ПродажиКлиент/Ext/Module.bsl"),
    demo!("Documents/ЗаказПокупателя/Ext/ManagerModule.bsl"),
    demo!("Documents/ЗаказПокупателя/Forms/ФормаДокумента/Ext/Form/Module.bsl"),
    demo!("Reports/АнализПродаж/Ext/ManagerModule.bsl"),
];
const TYPED: &str = demo!("Documents/ЗаказПокупателя/Ext/ObjectModule.bsl");

const LONGEST: usize = 14;

/// Continuations the engine gives at once.
const CANDIDATES: usize = 4;

/// Counts of the next letter, by the hash of up to so many letters before it.
#[derive(Default)]
struct Counts(FxHashMap<u64, Vec<(char, u32)>>);

/// Hashes of the last two letters, the last three and so on, shortest first.
fn hashes(letters: &[char]) -> impl DoubleEndedIterator<Item = u64> + use<> {
    let mut hash = 0_u64;
    let mut hashes = [0; LONGEST];
    let mut count = 0;
    for letter in letters.iter().rev().take(LONGEST) {
        hash =
            (hash ^ u64::from(*letter)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23).wrapping_add(1);
        hashes[count] = hash;
        count += 1;
    }
    hashes.into_iter().take(count).skip(1)
}

impl Counts {
    fn read(texts: &[&str]) -> Self {
        let mut counts = Self::default();
        for text in texts {
            let letters: Vec<char> = text.replace('\r', "").chars().collect();
            for (index, letter) in letters.iter().enumerate() {
                for hash in hashes(&letters[..index]) {
                    let following = counts.0.entry(hash).or_default();
                    match following.iter_mut().find(|(other, _)| other == letter) {
                        Some((_, count)) => *count += 1,
                        None => following.push((*letter, 1)),
                    }
                }
            }
        }
        for following in counts.0.values_mut() {
            following.sort_by_key(|(letter, count)| (std::cmp::Reverse(*count), *letter));
        }
        counts
    }

    /// The letters that follow, most frequent first.
    fn following(&self, hash: u64) -> impl Iterator<Item = char> {
        self.0.get(&hash).into_iter().flatten().map(|(letter, _)| *letter)
    }
}

/// What was seen before and, with more weight, the document above the line.
struct Engine {
    seen: Counts,
    document: Counts,
    above: String,
}

impl Engine {
    fn complete(&mut self, context: &Context) -> Vec<Suggestion> {
        let line = context.prefix.rfind('\n').unwrap_or(0);
        if self.above != context.prefix[..line] {
            self.above = context.prefix[..line].to_owned();
            self.document = Counts::read(&[&self.above]);
        }
        let (best, turns) = self.continue_line(&context.prefix, "");
        let mut texts = vec![best.clone()];
        // The likeliest places to be wrong are the first ones where another letter was seen.
        for (index, other) in turns.into_iter().take(CANDIDATES - 1) {
            let beginning = format!("{}{other}", &best[..index]);
            texts.push(self.continue_line(&context.prefix, &beginning).0);
        }
        texts.retain(|text| !text.trim().is_empty());
        let suggestion = |text| Suggestion { text, replaced: 0, source: Source::Model, confidence: 0.5 };
        texts.into_iter().map(suggestion).collect()
    }

    /// The rest of the line, and where which other letter could have come.
    fn continue_line(&self, prefix: &str, beginning: &str) -> (String, Vec<(usize, char)>) {
        let mut letters: Vec<char> = prefix.chars().rev().take(LONGEST).collect();
        letters.reverse();
        letters.extend(beginning.chars());
        let (mut text, mut turns) = (beginning.to_owned(), Vec::new());
        while text.len() < 120 {
            let next = hashes(&letters).rev().find_map(|hash| {
                let found: Vec<char> =
                    self.document.following(hash).chain(self.seen.following(hash)).collect();
                (!found.is_empty()).then_some(found)
            });
            let Some(next) = next.filter(|next| next[0] != '\n') else { break };
            if let Some(other) = next.iter().find(|other| **other != next[0] && **other != '\n') {
                turns.push((text.len(), *other));
            }
            letters.push(next[0]);
            text.push(next[0]);
        }
        (text, turns)
    }
}

fn options() -> ReplayOptions {
    ReplayOptions {
        engine: Duration::from_millis(200),
        lookup: Duration::from_micros(100),
        extent: Extent::Line,
    }
}

#[test]
fn a_session_mostly_hits() {
    let recording = Recording::typing("Документ.ЗаказПокупателя", TYPED, 7);
    assert_eq!(recording.check(), Ok(()));
    let mut engine = Engine { seen: Counts::read(SEEN), document: Counts::default(), above: String::new() };
    let mut answers: FxHashMap<String, Vec<Suggestion>> = FxHashMap::default();
    let rows = replay_all(&recording, &options(), &mut |context| {
        // The modes ask the same things.
        answers.entry(context.prefix.clone()).or_insert_with(|| engine.complete(context)).clone()
    });
    let shown = table(&rows);
    let [without, cache, ahead] = rows.as_slice() else { panic!("three modes") };
    assert!(ahead.hit_rate() >= 0.6 && saving(without, ahead) >= 0.8, "{shown}");
    assert!(cache.hit_rate() >= 0.6, "{shown}");
    assert_eq!(without.hits, 0, "{shown}");
    expect_test::expect![[r#"
        mode                   requests   hits  hits %  waited   ahead   mean ms    p95 ms saved %
        without a cache            3764      0     0.0    3764       0     200.0     200.0     0.0
        cache                      3764   2933    77.9     831       0      44.3     200.1    77.9
        cache, working ahead       3764   3017    80.2     747     293      39.8     200.1    80.1
    "#]]
    .assert_eq(&shown);
}

#[test]
fn recordings_end_with_the_text_that_was_typed() {
    let recording = Recording::typing("М", TYPED, 1);
    let mut last = String::new();
    recording.play(|_, text, _| last = text.to_owned());
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&last), words(TYPED));
    assert_eq!(recording, Recording::typing("М", TYPED, 1), "repeatable");
    assert_ne!(recording, Recording::typing("М", TYPED, 2));
    let json = serde_json::to_string(&recording).expect("plain data");
    assert_eq!(Recording::from_json(&json), Ok(recording));
}

#[test]
fn a_step_that_does_not_fit_is_told() {
    let read = |step: &str| {
        let json = format!(r#"{{"module": "М", "start": "ё", "steps": [{step}]}}"#);
        Recording::from_json(&json).map(|_| ())
    };
    let step = |offset: usize, removed: usize, caret: usize| {
        read(&format!(
            r#"{{"at_ms": 0, "offset": {offset}, "removed": {removed}, "inserted": "", "caret": {caret}}}"#
        ))
    };
    let misfit = Err("step 1 of the recording does not fit its document".to_owned());
    assert_eq!(step(0, 2, 0), Ok(()));
    assert_eq!(step(1, 0, 0), misfit);
    assert_eq!(step(0, 3, 0), misfit);
    assert_eq!(step(usize::MAX, 2, 0), misfit);
    assert_eq!(step(0, 0, 1), misfit);
    assert!(read("{}").is_err());
}
