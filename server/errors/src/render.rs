//! Explanations as text for a terminal and as Markdown for an editor.

use std::fmt::Write;
use std::path::Path;

use base::Locale;

use crate::cause::Confidence;
use crate::explain::{Explanation, ShownStep};
use crate::history::Occurrences;
use crate::locate::LineState;
use crate::trace::{StepRole, say};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Text,
    Markdown,
}

/// How an answer is shown.
#[derive(Clone, Copy)]
pub struct Rendering<'a> {
    pub style: Style,
    pub locale: Locale,
    /// Paths below it are shown without it.
    pub folder: Option<&'a Path>,
    /// Moments as people read them, from seconds since 1970.
    pub moment: &'a dyn Fn(u64) -> String,
}

impl Rendering<'_> {
    pub fn render(&self, explanation: &Explanation, occurrences: &Occurrences) -> String {
        let mut text = String::new();
        self.head(explanation, &mut text);
        self.reason(explanation, &mut text);
        self.repairs(explanation, &mut text);
        self.occurrences(occurrences, &mut text);
        self.stack(explanation, &mut text);
        text
    }

    fn title(&self, title: &str, text: &mut String) {
        let _ = match self.style {
            Style::Text => writeln!(text, "\n{title}:"),
            Style::Markdown => writeln!(text, "\n**{title}**\n"),
        };
    }

    fn item(&self, item: &str, text: &mut String) {
        let _ = match self.style {
            Style::Text => writeln!(text, "  {item}"),
            Style::Markdown => writeln!(text, "- {item}"),
        };
    }

    fn code(&self, code: &str) -> String {
        match self.style {
            Style::Text => code.to_owned(),
            Style::Markdown if code.contains('`') => format!("`` {code} ``"),
            Style::Markdown => format!("`{code}`"),
        }
    }

    /// A message may hold anything; in Markdown it must not become a link or a heading.
    fn plain(&self, text: &str) -> String {
        let text = text.replace('\n', " ");
        match self.style {
            Style::Text => text,
            Style::Markdown => {
                let mut plain = String::with_capacity(text.len());
                for letter in text.chars() {
                    if "\\`*_[]<>#|!~&".contains(letter) {
                        plain.push('\\');
                    }
                    plain.push(letter);
                }
                plain
            }
        }
    }

    fn path(&self, path: &Path) -> String {
        let path = self.folder.and_then(|folder| path.strip_prefix(folder).ok()).unwrap_or(path);
        path.to_string_lossy().replace('\\', "/")
    }

    fn head(&self, explanation: &Explanation, text: &mut String) {
        let messages: Vec<String> = explanation.messages.iter().map(|message| self.plain(message)).collect();
        let title = match messages.as_slice() {
            [] => say!(self.locale, "Стек без сообщения", "A stack without message"),
            messages => messages.join(" → "),
        };
        let _ = match self.style {
            Style::Text => writeln!(text, "{title}"),
            Style::Markdown => writeln!(text, "### {title}"),
        };
        let Some(place) = &explanation.place else {
            let note = say!(
                self.locale,
                "Место не найдено: в проекте нет такого модуля или сообщение его не называет.",
                "The place was not found: the project has no such module, or the message names none."
            );
            let _ = writeln!(text, "\n{note}");
            return;
        };
        let shown = format!("{}:{}", self.path(&place.path), place.line);
        let method = if place.method.is_empty() { String::new() } else { format!(" ({})", place.method) };
        let _ = writeln!(text, "\n{}{method}", self.code(&shown));
        let _ = match self.style {
            Style::Text => writeln!(text, "    {}", place.text),
            Style::Markdown => writeln!(text, "\n```bsl\n{}\n```", place.text),
        };
        if let Some(note) = self.line_note(place.state) {
            let _ = writeln!(text, "\n{note}");
        }
    }

    fn line_note(&self, state: LineState) -> Option<String> {
        Some(match state {
            LineState::Moved => say!(
                self.locale,
                "Строка с тех пор сдвинулась: найдена по тексту.",
                "The line has moved since: it was found by its text."
            ),
            LineState::Differs => say!(
                self.locale,
                "Текст строки в файле другой: файл не тот, что выполнялся; место приблизительное.",
                "The line has another text in the file: the file is not what ran; the place is approximate."
            ),
            _ => return None,
        })
    }

    fn reason(&self, explanation: &Explanation, text: &mut String) {
        self.title(&say!(self.locale, "Что это значит", "What it means"), text);
        if explanation.cause.is_empty() {
            let note = say!(
                self.locale,
                "Такого сообщения в каталоге нет: возможно, его написал сам код (ВызватьИсключение).",
                "The catalogue has no such message: perhaps the code wrote it itself (Raise)."
            );
            self.item(&note, text);
        } else {
            self.item(&explanation.cause, text);
            self.item(&explanation.advice, text);
        }
        if explanation.steps.is_empty() && explanation.notes.is_empty() {
            return;
        }
        let sure = self.confidence(explanation.confidence);
        self.title(&say!(self.locale, "В коде ({sure})", "In the code ({sure})"), text);
        let is_single = explanation
            .steps
            .iter()
            .all(|step| explanation.place.as_ref().is_some_and(|place| place.path == step.path));
        for step in &explanation.steps {
            self.step(step, is_single, explanation.confidence, text);
        }
        for note in &explanation.notes {
            self.item(&self.plain(note), text);
        }
    }

    fn confidence(&self, confidence: Confidence) -> String {
        match confidence {
            Confidence::Certain => say!(self.locale, "точно", "certain"),
            Confidence::Likely => say!(self.locale, "вероятно", "likely"),
            Confidence::Possible => {
                say!(self.locale, "возможно, источников несколько", "possible, several origins")
            }
            Confidence::MessageOnly => say!(self.locale, "источник не найден", "no origin found"),
        }
    }

    fn step(&self, step: &ShownStep, is_single: bool, confidence: Confidence, text: &mut String) {
        let line = step.line;
        let place = if is_single {
            say!(self.locale, "строка {line}", "line {line}")
        } else {
            format!("{}:{line}", self.path(&step.path))
        };
        let mark = match (step.role, confidence) {
            (StepRole::Origin, Confidence::Possible) => {
                say!(self.locale, "возможный источник: ", "possible origin: ")
            }
            (StepRole::Origin, _) => say!(self.locale, "источник: ", "origin: "),
            _ => String::new(),
        };
        let said = self.plain(&step.text);
        self.item(&format!("{place}: {mark}{said} — {}", self.code(&step.code)), text);
    }

    fn repairs(&self, explanation: &Explanation, text: &mut String) {
        if explanation.repairs.is_empty() {
            return;
        }
        self.title(&say!(self.locale, "Исправления", "Repairs"), text);
        for (index, repair) in explanation.repairs.iter().enumerate() {
            let review = match repair.needs_review {
                true => say!(self.locale, " (проверьте результат)", " (look at the result)"),
                false => String::new(),
            };
            let title = self.plain(&repair.title);
            let number = index + 1;
            let _ = match self.style {
                Style::Text => {
                    let preview = repair.preview.replace('\n', "\n       ");
                    writeln!(text, "  {number}. {title}{review}\n       {preview}")
                }
                Style::Markdown => {
                    writeln!(
                        text,
                        "{number}. {title}{review}\n\n   ```bsl\n{}\n   ```",
                        indented(&repair.preview)
                    )
                }
            };
        }
    }

    fn occurrences(&self, occurrences: &Occurrences, text: &mut String) {
        if occurrences.same.is_none() && occurrences.similar.iter().all(|record| record.note.is_empty()) {
            return;
        }
        self.title(&say!(self.locale, "Раньше", "Before"), text);
        if let Some(record) = &occurrences.same {
            let (count, first, last) =
                (record.count, (self.moment)(record.first_seen), (self.moment)(record.last_seen));
            let line = say!(
                self.locale,
                "эта же ошибка: {count} раз, впервые {first}, последний раз {last}",
                "the same error: {count} times, first {first}, last {last}"
            );
            self.item(&line, text);
            self.note(&record.note, text);
        }
        for record in occurrences.similar.iter().filter(|record| !record.note.is_empty()) {
            let (module, method) = (self.plain(&record.module), self.plain(&record.method));
            let line = say!(
                self.locale,
                "похожая: {module}, метод {method}",
                "a similar one: {module}, method {method}"
            );
            self.item(&line, text);
            self.note(&record.note, text);
        }
    }

    fn note(&self, note: &str, text: &mut String) {
        if !note.is_empty() {
            let note = self.plain(note);
            self.item(&say!(self.locale, "что помогло: {note}", "what helped: {note}"), text);
        }
    }

    fn stack(&self, explanation: &Explanation, text: &mut String) {
        if explanation.stack.len() < 2 {
            return;
        }
        self.title(&say!(self.locale, "Стек", "Stack"), text);
        for frame in &explanation.stack {
            let shown = match (&frame.path, frame.state) {
                (Some(path), state) if state != LineState::Missing => {
                    format!("{}:{}", self.path(path), frame.line)
                }
                _ => format!("{}:{}", frame.frame.module, frame.frame.line),
            };
            let method = if frame.method.is_empty() { String::new() } else { format!(" {}", frame.method) };
            self.item(&format!("{}{}", self.code(&shown), self.plain(&method)), text);
        }
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("   {line}")).collect::<Vec<_>>().join("\n")
}
