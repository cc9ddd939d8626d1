//! Contexts of events: each is read once and has a number from then on.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use xxhash_rust::xxh3::xxh3_128;

use metadata::ModuleName;

use super::properties::Value;
use crate::builder::cut;
use crate::measure::Measure;

/// More different stacks than this are told by their innermost frame only, so that memory stays bounded.
const MAX_STACKS: usize = 150_000;
const MAX_FRAMES: usize = 300_000;
/// Deeper stacks keep their innermost part.
const MAX_DEPTH: usize = 200;

/// The number of "no code".
pub(super) const NO_STACK: u32 = 0;

/// A place that a context names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct ContextFrame {
    pub(super) module: SmolStr,
    /// Zero if only the method is known.
    pub(super) line: u32,
    pub(super) method: SmolStr,
    pub(super) text: SmolStr,
}

/// A stack with what its innermost frame spent.
#[derive(Clone, Debug, Default)]
pub(super) struct ContextStack {
    pub(super) frames: Box<[u32]>,
    pub(super) measure: Measure,
}

pub(super) struct Contexts {
    /// By digest of 128 bits: texts need not be kept.
    numbers: FxHashMap<u128, u32>,
    pub(super) stacks: Vec<ContextStack>,
    frame_numbers: FxHashMap<ContextFrame, u32>,
    pub(super) frames: Vec<ContextFrame>,
    stack_numbers: FxHashMap<Box<[u32]>, u32>,
}

impl Default for Contexts {
    fn default() -> Self {
        Self {
            numbers: FxHashMap::default(),
            stacks: vec![ContextStack::default()],
            frame_numbers: FxHashMap::default(),
            frames: Vec::new(),
            stack_numbers: FxHashMap::default(),
        }
    }
}

impl Contexts {
    /// The number of the stack that a value of `Context` tells.
    pub(super) fn of_context(&mut self, value: &Value<'_>) -> u32 {
        if value.is_empty() {
            return NO_STACK;
        }
        self.known_or(value.raw, || read_context(&value.text()))
    }

    /// The number of the place that the text of an error starts with: `{ОбщийМодуль.А.Модуль(45)}: …`.
    pub(super) fn of_description(&mut self, value: &Value<'_>) -> u32 {
        self.known_or(value.raw, || read_description(&value.text()).into_iter().collect())
    }

    pub(super) fn measure(&mut self, stack: u32) -> &mut Measure {
        &mut self.stacks[stack as usize].measure
    }

    /// The innermost place, if it is a line.
    pub(super) fn innermost_line(&self, stack: u32) -> Option<u32> {
        let frame = *self.stacks.get(stack as usize)?.frames.last()?;
        (self.frames.get(frame as usize)?.line > 0).then_some(frame)
    }

    /// Adds all stacks of another list; says which of its frames are which of this one.
    pub(super) fn merge(&mut self, other: &Self) -> Vec<Option<u32>> {
        let frames: Vec<Option<u32>> = other.frames.iter().map(|frame| self.frame(frame.clone())).collect();
        for stack in &other.stacks {
            let numbers =
                stack.frames.iter().filter_map(|frame| frames.get(*frame as usize).copied().flatten());
            let number = self.stack_of(numbers.collect());
            self.measure(number).add(&stack.measure);
        }
        frames
    }

    fn known_or(&mut self, raw: &[u8], read: impl FnOnce() -> Vec<ContextFrame>) -> u32 {
        let key = xxh3_128(raw);
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let number = self.stack(read());
        if self.numbers.len() < 2 * MAX_STACKS {
            self.numbers.insert(key, number);
        }
        number
    }

    fn stack(&mut self, frames: Vec<ContextFrame>) -> u32 {
        let skipped = frames.len().saturating_sub(MAX_DEPTH);
        let numbers = frames.into_iter().skip(skipped).filter_map(|frame| self.frame(frame)).collect();
        self.stack_of(numbers)
    }

    fn stack_of(&mut self, mut numbers: Vec<u32>) -> u32 {
        if self.stacks.len() >= MAX_STACKS && numbers.len() > 1 {
            numbers.drain(..numbers.len() - 1);
        }
        if numbers.is_empty() {
            return NO_STACK;
        }
        let numbers = numbers.into_boxed_slice();
        let next = self.stacks.len() as u32;
        let number = *self.stack_numbers.entry(numbers.clone()).or_insert(next);
        if number == next {
            self.stacks.push(ContextStack { frames: numbers, measure: Measure::default() });
        }
        number
    }

    fn frame(&mut self, frame: ContextFrame) -> Option<u32> {
        if let Some(number) = self.frame_numbers.get(&frame) {
            return Some(*number);
        }
        if self.frames.len() >= MAX_FRAMES {
            return None;
        }
        let number = self.frames.len() as u32;
        self.frame_numbers.insert(frame.clone(), number);
        self.frames.push(frame);
        Some(number)
    }
}

/// Lines of a context, the outermost first.
fn read_context(text: &str) -> Vec<ContextFrame> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(read_frame).collect()
}

fn read_frame(line: &str) -> ContextFrame {
    let mut parts = line.splitn(3, " : ");
    let (module, place) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let number = place.trim().parse::<u32>().ok().filter(|number| *number > 0);
    if let Some(number) = number {
        let text = cut(parts.next().unwrap_or_default().trim());
        return ContextFrame { module: module.trim().into(), line: number, text, ..ContextFrame::default() };
    }
    // `Форма.Вызов : Документ.Заказ.Форма.ФормаДокумента.Модуль.Метод` names a method.
    let called = place.trim().rsplit_once('.').filter(|(module, _)| ModuleName::parse(module).is_some());
    match called {
        Some((module, method)) => {
            ContextFrame { module: module.into(), method: method.into(), ..ContextFrame::default() }
        }
        None => ContextFrame { module: cut(line), ..ContextFrame::default() },
    }
}

fn read_description(text: &str) -> Option<ContextFrame> {
    let (_, rest) = text.split_once('{')?;
    let (place, _) = rest.split_once(")}")?;
    let (module, line) = place.rsplit_once('(')?;
    let line = line.split(',').next()?.trim().parse().ok().filter(|line| *line > 0)?;
    ModuleName::parse(module)?;
    Some(ContextFrame { module: module.trim().into(), line, ..ContextFrame::default() })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let told = read_context(text);
        let told = told
            .iter()
            .map(|frame| format!("{} {} {} {:?}\n", frame.module, frame.line, frame.method, frame.text));
        expected.assert_eq(&told.collect::<String>());
    }

    #[test]
    fn frames_of_code_and_of_entries() {
        check(
            "Форма.Вызов : Документ.Заказ.Форма.ФормаДокумента.Модуль.ПересчитатьНаСервере\r\n\
             Документ.Заказ.Форма.ФормаДокумента.Форма : 88 : А(Б, \"x : y\");\r\n\
             \tОбщийМодуль.Цены.Модуль : 41 : Цена = Цена();\r\n",
            expect![[r#"
                Документ.Заказ.Форма.ФормаДокумента.Модуль 0 ПересчитатьНаСервере ""
                Документ.Заказ.Форма.ФормаДокумента.Форма 88  "А(Б, \"x : y\");"
                ОбщийМодуль.Цены.Модуль 41  "Цена = Цена();"
            "#]],
        );
        check(
            "\nCommonModule.Prices.Module : 46 : \nФорма.Записать : Документ.Заказ.ФормаОбъекта",
            expect![[r#"
                CommonModule.Prices.Module : 46 : 0  ""
                Форма.Записать : Документ.Заказ.ФормаОбъекта 0  ""
            "#]],
        );
    }

    #[test]
    fn errors_name_their_place() {
        let place = |text| read_description(text).map(|frame| (frame.module, frame.line));
        let expected = Some(("ОбщийМодуль.Цены.Модуль".into(), 45));
        assert_eq!(place("src\\Demo.cpp(10):\n{ОбщийМодуль.Цены.Модуль(45)}: Значение"), expected);
        assert_eq!(place("{ОбщийМодуль.Цены.Модуль(45,7)}: Ожидается"), expected);
        assert_eq!(place("{not a place(45)}"), None);
        assert_eq!(place("просто текст"), None);
    }

    #[test]
    fn equal_contexts_have_one_number() {
        let mut contexts = Contexts::default();
        let value = |raw: &'static str| Value::plain(raw.as_bytes());
        let first = contexts.of_context(&value("ОбщийМодуль.А.Модуль : 1 : Б();"));
        assert_eq!(contexts.of_context(&value("\tОбщийМодуль.А.Модуль : 1 : Б();\r\n")), first);
        assert_ne!(contexts.of_context(&value("ОбщийМодуль.А.Модуль : 2 : Б();")), first);
        assert_eq!(contexts.of_context(&value("  ")), NO_STACK);
        assert_eq!(contexts.innermost_line(first), Some(0));
    }
}
