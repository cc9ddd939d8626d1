//! Puts a profile together from lines and stacks in any order.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::line_digest::line_digest;
use crate::measure::Measure;
use crate::model::{Frame, LineProfile, ModuleProfile, Profile, QueryRepeat, Source, Stack};
use crate::module_key::{canonical_name, module_key};

/// Lines of source are shown, not kept: longer ones are cut.
pub(crate) const MAX_TEXT_BYTES: usize = 240;

/// A place in a stack as a source names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameName<'a> {
    pub module: &'a str,
    /// Counted from one; zero if only the method is known.
    pub line: u32,
    pub method: &'a str,
    /// The line itself; empty if unknown.
    pub text: &'a str,
}

/// Collects measures; `finish` sorts and sums them up.
#[derive(Debug, Default)]
pub struct ProfileBuilder {
    modules: Vec<ModuleProfile>,
    module_numbers: FxHashMap<String, u32>,
    /// Spellings that were seen, to look at each once.
    spellings: FxHashMap<String, u32>,
    lines: FxHashMap<(u32, u32), LineProfile>,
    /// Own time of lines that came without stacks.
    stackless_ns: FxHashMap<u32, u64>,
    frames: FxHashMap<Frame, u32>,
    frame_list: Vec<Frame>,
    stacks: FxHashMap<Vec<u32>, Measure>,
    outside: Measure,
}

impl ProfileBuilder {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds to a line. The text may be empty if it is not known.
    pub fn add_line(&mut self, module: &str, line: u32, text: &str, measure: &Measure) {
        let module = self.module(module);
        let stackless = self.stackless_ns.entry(module).or_default();
        *stackless = stackless.saturating_add(measure.own_ns);
        self.line(module, line, text).measure.add(measure);
    }

    /// Adds what the innermost of some frames spent, the outermost given first. Lines around it get it into their
    /// total time, once even if they are there several times. The total time of the measure itself is not looked at.
    pub fn add_stack(&mut self, frames: &[FrameName<'_>], measure: &Measure) {
        let own = measure.with_total();
        let Some((innermost, _)) = frames.split_last() else { return self.outside.add(&own) };
        let numbers: Vec<u32> = frames.iter().map(|frame| self.frame(frame)).collect();
        let mut seen = FxHashSet::default();
        for frame in frames {
            let module = self.module(frame.module);
            if frame.line > 0 && seen.insert((module, frame.line)) {
                let line = &mut self.line(module, frame.line, frame.text).measure;
                line.total_ns = line.total_ns.saturating_add(own.total_ns);
            }
        }
        if innermost.line > 0 {
            let module = self.module(innermost.module);
            self.line(module, innermost.line, innermost.text).measure.add_own(&own);
        }
        self.stacks.entry(numbers).or_default().add(&own);
    }

    /// Adds what no code is known for.
    pub fn add_outside(&mut self, measure: &Measure) {
        self.outside.add(&measure.with_total());
    }

    /// Tells of a statement that a line repeats; of several the one with most statements is kept.
    pub fn add_repeat(&mut self, module: &str, line: u32, repeat: QueryRepeat) {
        let module = self.module(module);
        put_repeat(&mut self.line(module, line, "").repeat, repeat);
    }

    /// Adds another profile. Methods are kept only if no other part has some for the same module.
    pub fn add_profile(&mut self, other: &Profile) {
        self.outside.add(&other.outside);
        let mut stackless: Vec<u64> = Vec::new();
        for module in &other.modules {
            let number = self.module(&module.name);
            let known = &mut self.modules[number as usize];
            known.path = known.path.take().or_else(|| module.path.clone());
            known.digest = known.digest.or(module.digest);
            if known.methods.is_empty() {
                known.methods.clone_from(&module.methods);
            }
            for line in &module.lines {
                self.merge_line(number, line);
            }
            let own = module.lines.iter().map(|line| line.measure.own_ns);
            stackless.push(own.fold(0, u64::saturating_add));
        }
        for stack in &other.stacks {
            let frames: Vec<&Frame> =
                stack.frames.iter().filter_map(|frame| other.frames.get(*frame as usize)).collect();
            let Some(innermost) = frames.last() else { continue };
            if let Some(own) = stackless.get_mut(innermost.module as usize).filter(|_| innermost.line > 0) {
                *own = own.saturating_sub(stack.measure.own_ns);
            }
            let numbers = frames.iter().filter_map(|frame| {
                let module = &other.modules.get(frame.module as usize)?.name;
                Some(self.frame(&FrameName { module, line: frame.line, method: &frame.method, text: "" }))
            });
            let numbers = numbers.collect();
            self.stacks.entry(numbers).or_default().add(&stack.measure);
        }
        for (module, own) in other.modules.iter().zip(stackless) {
            let number = self.module(&module.name);
            let known = self.stackless_ns.entry(number).or_default();
            *known = known.saturating_add(own);
        }
    }

    fn merge_line(&mut self, module: u32, other: &LineProfile) {
        let line = self.line(module, other.line, &other.text);
        line.measure.add(&other.measure);
        if !other.anchor.is_unknown() {
            line.anchor = other.anchor;
        }
        if let Some(repeat) = &other.repeat {
            put_repeat(&mut line.repeat, repeat.clone());
        }
    }

    /// The profile of all that was added.
    pub fn finish(mut self, source: Source) -> Profile {
        let mut order: Vec<u32> = (0..self.modules.len() as u32).collect();
        order.sort_by_key(|number| &self.modules[*number as usize].name);
        let mut places = vec![0; order.len()];
        for (place, number) in order.iter().enumerate() {
            places[*number as usize] = place as u32;
        }
        let mut modules: Vec<ModuleProfile> =
            order.iter().map(|number| std::mem::take(&mut self.modules[*number as usize])).collect();
        for ((module, _), line) in self.lines {
            modules[places[module as usize] as usize].lines.push(line);
        }
        for module in &mut modules {
            module.lines.sort_by_key(|line| line.line);
        }
        let (frames, stacks) = sorted_stacks(self.frame_list, self.stacks, &places);
        let mut profile =
            Profile { source, outside: self.outside, modules, frames, stacks, ..Profile::default() };
        let stackless = self.stackless_ns.into_iter().map(|(module, own)| (places[module as usize], own));
        profile.aggregate(&stackless.collect());
        profile
    }

    fn module(&mut self, name: &str) -> u32 {
        if let Some(number) = self.spellings.get(name) {
            return *number;
        }
        let next = self.modules.len() as u32;
        let number = *self.module_numbers.entry(module_key(name)).or_insert(next);
        if number == next {
            self.modules.push(ModuleProfile { name: canonical_name(name), ..ModuleProfile::default() });
        }
        self.spellings.insert(name.to_owned(), number);
        number
    }

    fn line(&mut self, module: u32, line: u32, text: &str) -> &mut LineProfile {
        let known = self.lines.entry((module, line)).or_default();
        known.line = line;
        if known.text.is_empty() && !text.is_empty() {
            // What was cut elsewhere says too little to be known again.
            if !text.ends_with('…') {
                known.anchor.digest = line_digest(text);
            }
            known.text = cut(text.trim());
        }
        known
    }

    fn frame(&mut self, name: &FrameName<'_>) -> u32 {
        let frame = Frame { module: self.module(name.module), line: name.line, method: name.method.into() };
        let next = self.frame_list.len() as u32;
        let number = *self.frames.entry(frame.clone()).or_insert(next);
        if number == next {
            self.frame_list.push(frame);
        }
        number
    }
}

/// Equal numbers are decided by the text, so that the order of adding does not matter.
fn put_repeat(known: &mut Option<QueryRepeat>, repeat: QueryRepeat) {
    let rank = |repeat: &QueryRepeat| (repeat.statements, repeat.time_ns, repeat.text.clone());
    if known.as_ref().is_none_or(|known| rank(known) < rank(&repeat)) {
        *known = Some(repeat);
    }
}

/// Frames in the order of modules and lines, stacks in the order of frames.
fn sorted_stacks(
    frames: Vec<Frame>,
    stacks: FxHashMap<Vec<u32>, Measure>,
    module_places: &[u32],
) -> (Vec<Frame>, Vec<Stack>) {
    let renamed = |mut frame: Frame| {
        frame.module = module_places[frame.module as usize];
        frame
    };
    let mut numbered: Vec<(Frame, usize)> =
        frames.into_iter().enumerate().map(|(number, frame)| (renamed(frame), number)).collect();
    numbered.sort();
    let mut places = vec![0; numbered.len()];
    for (place, (_, number)) in numbered.iter().enumerate() {
        places[*number] = place as u32;
    }
    let mut stacks: Vec<Stack> = stacks
        .into_iter()
        .map(|(frames, measure)| Stack {
            frames: frames.iter().map(|frame| places[*frame as usize]).collect(),
            measure,
        })
        .collect();
    stacks.sort_by(|left, right| left.frames.cmp(&right.frames));
    (numbered.into_iter().map(|(frame, _)| frame).collect(), stacks)
}

/// At most as much of a text as is worth showing.
pub(crate) fn cut(text: &str) -> SmolStr {
    if text.len() <= MAX_TEXT_BYTES {
        return text.into();
    }
    let mut end = MAX_TEXT_BYTES;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    SmolStr::from_iter([&text[..end], "…"])
}
