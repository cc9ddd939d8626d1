//! What a user did to a document, step by step.

use serde::{Deserialize, Serialize};

/// A session in one module. As a file: JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    pub module: String,
    /// The document before the first step.
    pub start: String,
    pub steps: Vec<Step>,
}

/// A change of the document, or only of the place of the caret. Offsets are bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Since the start of the session.
    pub at_ms: u64,
    pub offset: usize,
    pub removed: usize,
    pub inserted: String,
    /// Where the caret is afterwards.
    pub caret: usize,
}

/// The step that does not fit its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordingError {
    pub step: usize,
}

impl std::fmt::Display for RecordingError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "step {} of the recording does not fit its document", self.step + 1)
    }
}

impl std::error::Error for RecordingError {}

impl Recording {
    /// Reads a recording and checks every step.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let recording: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        recording.check().map_err(|error| error.to_string())?;
        Ok(recording)
    }

    pub fn check(&self) -> Result<(), RecordingError> {
        let mut text = self.start.clone();
        for (step, change) in self.steps.iter().enumerate() {
            let end = change.offset.checked_add(change.removed);
            let fits = end.is_some_and(|end| text.get(change.offset..end).is_some());
            if !fits {
                return Err(RecordingError { step });
            }
            change.apply(&mut text);
            if !text.is_char_boundary(change.caret) {
                return Err(RecordingError { step });
            }
        }
        Ok(())
    }

    /// Shows each document with its caret; ends at the first step that does not fit.
    pub(super) fn play(&self, mut see: impl FnMut(usize, &str, usize)) {
        let mut text = self.start.clone();
        let fitting = self.check().map_or_else(|error| error.step, |()| self.steps.len());
        for (index, step) in self.steps.iter().take(fitting).enumerate() {
            step.apply(&mut text);
            see(index, &text, step.caret);
        }
    }

    /// Makes a session in which somebody types the bodies of the methods of a module letter by letter: with pauses, wrong
    /// words that are deleted again, lines that are begun anew, and looks at the line above. Equal seeds give equal
    /// sessions.
    pub fn typing(module: &str, text: &str, seed: u64) -> Self {
        let text = text.replace('\r', "");
        let (start, bodies) = without_bodies(&text);
        let mut typist = Typist {
            recording: Self { module: module.to_owned(), start: start.clone(), steps: Vec::new() },
            text: start,
            caret: 0,
            time_ms: 0,
            random: seed | 1,
        };
        let mut shift = 0;
        for (offset, body) in bodies {
            let before = typist.text.len();
            typist.caret = offset + shift;
            typist.write_body(&body);
            shift += typist.text.len() - before;
        }
        typist.recording
    }
}

impl Step {
    fn apply(&self, text: &mut String) {
        text.replace_range(self.offset..self.offset + self.removed, &self.inserted);
    }
}

/// The text with empty methods, and what belongs at which of its offsets.
fn without_bodies(text: &str) -> (String, Vec<(usize, String)>) {
    let mut rest = String::new();
    let mut bodies = Vec::new();
    let mut body: Option<String> = None;
    for line in text.split_inclusive('\n') {
        let word: String = line.chars().take_while(|letter| letter.is_alphabetic()).collect();
        let word = word.to_lowercase();
        match word.as_str() {
            "процедура" | "функция" | "procedure" | "function" => body = Some(String::new()),
            "конецпроцедуры" | "конецфункции" | "endprocedure" | "endfunction" => {
                let whole = body.take().unwrap_or_default();
                bodies.push((rest.len().saturating_sub(1), whole.trim_end().to_owned()));
            }
            _ => {
                if let Some(body) = &mut body {
                    body.push_str(line);
                    continue;
                }
            }
        }
        rest.push_str(line);
    }
    (rest, bodies)
}

struct Typist {
    recording: Recording,
    text: String,
    caret: usize,
    time_ms: u64,
    random: u64,
}

impl Typist {
    fn write_body(&mut self, body: &str) {
        for line in body.lines() {
            let indentation = line.len() - line.trim_start_matches(['\t', ' ']).len();
            let (indentation, code) = line.split_at(indentation);
            self.pause(500);
            // The editor indents.
            self.insert(&format!("\n{indentation}"));
            if self.chance(4) && code.chars().count() > 8 {
                let beginning: String = code.chars().take(7).collect();
                self.write(&beginning);
                self.pause(700);
                self.delete(beginning.len());
            }
            self.write(code);
            if self.chance(5) {
                self.look_above();
            }
        }
    }

    fn write(&mut self, code: &str) {
        for (index, letter) in code.char_indices() {
            let before = code[..index].chars().next_back();
            let begins_word =
                letter.is_alphabetic() && before.is_some_and(|before| !before.is_alphanumeric());
            if begins_word {
                self.pause(120);
                if self.chance(4) {
                    self.take_wrong_turn(letter);
                }
            }
            self.pause(60);
            self.insert(letter.encode_utf8(&mut [0; 4]));
        }
    }

    fn take_wrong_turn(&mut self, right: char) {
        let wrong = if right == 'Н' { "Ос" } else { "Не" };
        for letter in wrong.chars() {
            self.pause(60);
            self.insert(letter.encode_utf8(&mut [0; 4]));
        }
        self.pause(400);
        for letter in wrong.chars().rev() {
            self.delete(letter.len_utf8());
        }
    }

    /// The caret goes to the end of the line above and comes back.
    fn look_above(&mut self) {
        let here = self.caret;
        let line_start = self.text[..here].rfind('\n').unwrap_or(0);
        for caret in [line_start, here] {
            self.pause(500);
            self.step(Step { offset: caret, caret, ..Step::default() });
        }
    }

    fn insert(&mut self, text: &str) {
        let offset = self.caret;
        self.step(Step { offset, inserted: text.to_owned(), caret: offset + text.len(), ..Step::default() });
    }

    fn delete(&mut self, removed: usize) {
        self.pause(80);
        let offset = self.caret - removed;
        self.step(Step { offset, removed, caret: offset, ..Step::default() });
    }

    fn step(&mut self, step: Step) {
        step.apply(&mut self.text);
        self.caret = step.caret;
        self.recording.steps.push(Step { at_ms: self.time_ms, ..step });
    }

    /// From as long as said to three times that.
    fn pause(&mut self, least_ms: u64) {
        self.time_ms += least_ms + self.next() % (2 * least_ms);
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    fn next(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random >> 11
    }
}
