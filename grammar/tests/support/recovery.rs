//! The recovery bench: a half-typed line is inserted into a correct module; how much of the outline is lost?

use std::fmt;
use std::ops::Range;

use tree_sitter::Parser;

use crate::support::edits::reparse;
use crate::support::modules::Language;
use crate::support::rng::Rng;
use crate::support::trees::{error_ranges, methods};

const POINTS_PER_FILE: usize = 4;

/// A line as somebody types it: what it shows, and its text in both languages.
pub struct Typed {
    pub kind: &'static str,
    pub russian: &'static str,
    pub english: &'static str,
}

const fn typed(kind: &'static str, russian: &'static str, english: &'static str) -> Typed {
    Typed { kind, russian, english }
}

pub const TYPED: &[Typed] = &[
    typed("trailing dot", "\tОбъект.", "\tObject."),
    typed("dot, half call", "\tОбъект.Мет(", "\tObject.Met("),
    typed("unclosed parentheses", "\tА = Б(1, (2;", "\tA = B(1, (2;"),
    typed("unclosed string", "\tА = \"текст;", "\tA = \"text;"),
    typed("if without end", "\tЕсли А Тогда", "\tIf A Then"),
    typed("if without then", "\tЕсли А = ", "\tIf A = "),
    typed("lone end of if", "\tКонецЕсли;", "\tEndIf;"),
    typed("half assignment", "\tПеременная = ", "\tVariable = "),
    typed("bare identifier", "\tПерем1", "\tVar1"),
    typed("new without type", "\tА = Новый ", "\tA = New "),
    typed("for without do", "\tДля Каждого Э Из К", "\tFor Each E In K"),
    typed("try without except", "\tПопытка", "\tTry"),
    typed("missing separator", "\tА = 1", "\tA = 1"),
    typed("end of procedure", "КонецПроцедуры", "EndProcedure"),
    typed("half header", "Процедура Новая(", "Procedure Added("),
    typed("garbage", "\t@ $ ^ № \\", "\t@ $ ^ № \\"),
    typed("open ternary", "\tА = ?(Б, ", "\tA = ?(B, "),
    typed("directive without end", "#Если Сервер Тогда", "#If Server Then"),
    typed("region without end", "#Область Икс", "#Region Extra"),
];

/// The same states with other lengths of names, which decide between the ways to recover.
pub const TYPED_SHORT: &[Typed] = &[
    typed("short: trailing dot", "\tА.", "\tA."),
    typed("short: half call", "\tА.Б(", "\tA.B("),
    typed("short: half assignment", "\tА = ", "\tA = "),
    typed("short: bare identifier", "\tА", "\tA"),
    typed("short: missing separator", "\tА = Б", "\tA = B"),
    typed("short: unclosed string", "\tА(\"", "\tA(\""),
    typed("short: index", "\tА[", "\tA["),
    typed(
        "long: unclosed string",
        "\tПоказатьПредупреждение(\"Нет связи с сервером;",
        "\tShowMessageBox(\"No connection;",
    ),
    typed("long: half condition", "\tЕсли Документ.Проведен И ", "\tIf Document.Posted And "),
    typed("long: while", "\tПока Выборка.Следующий() ", "\tWhile Selection.Next() "),
    typed("long: half for", "\tДля Счетчик = 0 По ", "\tFor Counter = 0 To "),
    typed("half header, no bracket", "Функция НоваяФункция", "Function AddedFunction"),
    typed("half header, parameter", "Процедура Новая(Знач А, ", "Procedure Added(Val A, "),
    typed("whole header", "Процедура Новая(А) Экспорт", "Procedure Added(A) Export"),
    typed("end of function", "КонецФункции", "EndFunction"),
    typed("half annotation", "&НаКли", "&AtCli"),
    typed("half directive", "#Обл", "#Reg"),
    typed("lone else", "\tИначе", "\tElse"),
    typed("lone end of loop", "\tКонецЦикла;", "\tEndDo;"),
    typed("lone end of try", "\tКонецПопытки;", "\tEndTry;"),
    typed("lone quote", "\t\"", "\t\""),
    typed("lone apostrophe", "\t'", "\t'"),
];

/// What one kind of case did to the outlines.
#[derive(Default)]
pub struct Score {
    pub kind: String,
    pub cases: usize,
    pub kept: usize,
    pub worst: usize,
    pub lost: usize,
    /// Sum over the cases of the share of the file that lies under ERROR.
    pub errors: f64,
}

impl Score {
    fn new(kind: &str) -> Self {
        Self { kind: kind.to_owned(), ..Self::default() }
    }

    fn add(&mut self, lost: usize, errors: f64) {
        self.cases += 1;
        self.kept += usize::from(lost <= 1);
        self.worst = self.worst.max(lost);
        self.lost += lost;
        self.errors += errors;
    }

    /// Per cent of cases that lose at most one method.
    pub fn kept_percent(&self) -> f64 {
        100.0 * self.kept as f64 / self.cases.max(1) as f64
    }

    /// Per cent of bytes under ERROR nodes.
    pub fn error_percent(&self) -> f64 {
        100.0 * self.errors / self.cases.max(1) as f64
    }

    pub fn total<'a>(scores: impl IntoIterator<Item = &'a Score>) -> Self {
        scores.into_iter().fold(Self::new("all"), |mut all, score| {
            all.cases += score.cases;
            all.kept += score.kept;
            all.worst = all.worst.max(score.worst);
            all.lost += score.lost;
            all.errors += score.errors;
            all
        })
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:<26} {:>5} cases  {:>6.2} % lose at most one  worst {:>3}  {:>5.2} % under ERROR",
            self.kind,
            self.cases,
            self.kept_percent(),
            self.worst,
            self.error_percent(),
        )
    }
}

/// A correct module with what the bench needs to know about it.
struct Subject<'a> {
    text: &'a str,
    tree: tree_sitter::Tree,
    methods: Vec<String>,
    language: Language,
    /// Starts of lines between two statements.
    points: Vec<usize>,
    /// Whole lines of method bodies, with their line ends.
    lines: Vec<Range<usize>>,
}

/// Runs all kinds over the modules that have no error and at least five methods.
pub struct Bench {
    pub standard: Vec<Score>,
    pub extra: Vec<Score>,
    pub files: usize,
}

pub fn run(texts: &[String], seed: u64) -> Bench {
    let mut parser = crate::support::trees::parser();
    let mut rng = Rng::new(seed);
    let mut bench = Bench {
        standard: TYPED.iter().map(|typed| Score::new(typed.kind)).collect(),
        extra: TYPED_SHORT.iter().map(|typed| Score::new(typed.kind)).collect(),
        files: 0,
    };
    let mut deletion = Score::new("deleted line");
    let mut several = Score::new("three errors in one method");
    for text in texts {
        let Some(subject) = Subject::new(&mut parser, text) else { continue };
        bench.files += 1;
        let kinds = TYPED.iter().zip(&mut bench.standard).chain(TYPED_SHORT.iter().zip(&mut bench.extra));
        for (typed, score) in kinds {
            for _ in 0..POINTS_PER_FILE {
                subject.insert(&mut parser, &mut rng, typed, score);
            }
        }
        for _ in 0..4 * POINTS_PER_FILE {
            subject.delete_line(&mut parser, &mut rng, &mut deletion);
            subject.insert_several(&mut parser, &mut rng, &mut several);
        }
    }
    bench.extra.extend([deletion, several]);
    bench
}

impl<'a> Subject<'a> {
    fn new(parser: &mut Parser, text: &'a str) -> Option<Self> {
        let tree = parser.parse(text, None)?;
        let methods = methods(&tree, text);
        let (points, lines) = lines_of_bodies(text);
        if tree.root_node().has_error() || methods.len() < 5 || points.is_empty() {
            return None;
        }
        Some(Self { text, tree, methods, language: Language::of(text), points, lines })
    }

    fn insert(&self, parser: &mut Parser, rng: &mut Rng, typed: &Typed, score: &mut Score) {
        let at = rng.pick(&self.points);
        self.check(parser, &[(at..at, self.line(typed))], score);
    }

    fn delete_line(&self, parser: &mut Parser, rng: &mut Rng, score: &mut Score) {
        let line = self.lines[rng.below(self.lines.len())].clone();
        self.check(parser, &[(line, String::new())], score);
    }

    /// Three states at neighbouring points, applied from the last to the first.
    fn insert_several(&self, parser: &mut Parser, rng: &mut Rng, score: &mut Score) {
        let first = rng.below(self.points.len().saturating_sub(3).max(1));
        let states: Vec<&Typed> =
            TYPED.iter().chain(TYPED_SHORT).filter(|typed| typed.russian.starts_with('\t')).collect();
        let edits: Vec<_> = self.points[first..]
            .iter()
            .take(3)
            .rev()
            .map(|&at| (at..at, self.line(rng.pick(&states))))
            .collect();
        self.check(parser, &edits, score);
    }

    fn line(&self, typed: &Typed) -> String {
        let line_end = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let text = match self.language {
            Language::Russian => typed.russian,
            Language::English => typed.english,
        };
        format!("{text}{line_end}")
    }

    fn check(&self, parser: &mut Parser, edits: &[(Range<usize>, String)], score: &mut Score) {
        let mut text = self.text.to_owned();
        let mut tree = self.tree.clone();
        for (range, replacement) in edits {
            reparse(parser, &mut text, &mut tree, range.clone(), replacement);
        }
        let lost = count_lost(&self.methods, methods(&tree, &text));
        let broken: usize = error_ranges(&tree).iter().map(ExactSizeIterator::len).sum();
        let errors = broken as f64 / text.len() as f64;
        score.add(lost, errors);
    }
}

fn count_lost(before: &[String], mut after: Vec<String>) -> usize {
    before
        .iter()
        .filter(|name| match after.iter().position(|it| it == *name) {
            Some(index) => {
                after.swap_remove(index);
                false
            }
            None => true,
        })
        .count()
}

/// Insertion points and whole lines inside method bodies.
fn lines_of_bodies(text: &str) -> (Vec<usize>, Vec<Range<usize>>) {
    let (mut points, mut lines) = (Vec::new(), Vec::new());
    let mut follows_statement = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.trim();
        let in_body = line.starts_with('\t') && !code.is_empty();
        if in_body && !code.starts_with('|') && follows_statement {
            points.push(start);
        }
        if in_body {
            lines.push(start..start + line.len());
        }
        follows_statement = line.starts_with('\t') && code.ends_with(';');
        start += line.len();
    }
    (points, lines)
}
