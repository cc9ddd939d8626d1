//! Sums over lines and stacks: modules, methods, everything.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::line_digest::SourceLines;
use crate::measure::Measure;
use crate::model::{LineProfile, MethodProfile, MethodSpan, ModuleProfile, Profile};

impl Profile {
    /// Computes what follows from lines and stacks. `stackless_ns` is the own time of modules that came without
    /// stacks.
    pub(crate) fn aggregate(&mut self, stackless_ns: &FxHashMap<u32, u64>) {
        let mut totals: FxHashMap<u32, u64> = stackless_ns.clone();
        // What belongs to places without a line, such as the entry of a call.
        let mut lineless: FxHashMap<u32, Measure> = FxHashMap::default();
        for stack in &self.stacks {
            let mut frames = stack.frames.iter().filter_map(|frame| self.frames.get(*frame as usize));
            let modules: FxHashSet<u32> = frames.clone().map(|frame| frame.module).collect();
            for module in modules {
                let total = totals.entry(module).or_default();
                *total = total.saturating_add(stack.measure.own_ns);
            }
            if let Some(innermost) = frames.next_back().filter(|frame| frame.line == 0) {
                lineless.entry(innermost.module).or_default().add_own(&stack.measure);
            }
        }
        self.total = Measure::default();
        self.total.add_own(&self.outside);
        for (number, module) in self.modules.iter_mut().enumerate() {
            let number = number as u32;
            module.measure = lineless.remove(&number).unwrap_or_default();
            for line in &module.lines {
                module.measure.add_own(&line.measure);
            }
            let most = module.lines.iter().map(|line| line.measure.total_ns).max().unwrap_or_default();
            module.measure.total_ns = totals.get(&number).copied().unwrap_or_default().max(most);
            self.total.add_own(&module.measure);
        }
        self.total.total_ns = self.total.own_ns;
    }

    /// Sorts the lines of a module into its methods. The spans and the lines are those of `today`.
    pub fn assign_methods(&mut self, module: usize, spans: &[MethodSpan], today: &SourceLines) {
        let Some(profile) = self.modules.get(module) else { return };
        let numbers = profile.method_numbers(spans, today);
        let mut methods: Vec<MethodProfile> = spans.iter().map(empty_method).collect();
        let mut stackless = vec![0_u64; spans.len()];
        for line in &profile.lines {
            let Some(number) = numbers.get(&line.line) else { continue };
            methods[*number].measure.add_own(&line.measure);
            stackless[*number] = stackless[*number].saturating_add(line.measure.total_ns);
        }
        self.add_entries(module, spans, &mut methods);
        let totals = self.method_totals(module, &numbers, spans);
        for (number, method) in methods.iter_mut().enumerate() {
            // Lines of one method run one after the other, so their total times add up.
            let total = totals.get(&number).copied().unwrap_or(stackless[number]);
            method.measure.total_ns = total.max(method.measure.own_ns);
            method.measure.count = first_count(profile, &numbers, number);
        }
        methods.retain(|method| !method.measure.is_empty());
        self.modules[module].methods = methods;
    }

    /// Total time of methods by the stacks that they are in; only those that are in any.
    fn method_totals(
        &self,
        module: usize,
        numbers: &FxHashMap<u32, usize>,
        spans: &[MethodSpan],
    ) -> FxHashMap<usize, u64> {
        let mut totals: FxHashMap<usize, u64> = FxHashMap::default();
        for stack in &self.stacks {
            let frames = stack.frames.iter().filter_map(|frame| self.frames.get(*frame as usize));
            let own = frames.filter(|frame| frame.module as usize == module);
            let method = |frame: &crate::model::Frame| match frame.line {
                0 => span_of_name(spans, &frame.method),
                line => numbers.get(&line).copied(),
            };
            let methods: FxHashSet<usize> = own.filter_map(method).collect();
            for method in methods {
                let total = totals.entry(method).or_default();
                *total = total.saturating_add(stack.measure.own_ns);
            }
        }
        totals
    }

    /// Adds what belongs to methods but to no line of them.
    fn add_entries(&self, module: usize, spans: &[MethodSpan], methods: &mut [MethodProfile]) {
        for stack in &self.stacks {
            let innermost = stack.frames.last().and_then(|frame| self.frames.get(*frame as usize));
            let Some(frame) = innermost.filter(|frame| frame.module as usize == module && frame.line == 0)
            else {
                continue;
            };
            if let Some(number) = span_of_name(spans, &frame.method) {
                methods[number].measure.add_own(&stack.measure);
            }
        }
    }
}

impl ModuleProfile {
    /// The method of every measured line that is still there.
    fn method_numbers(&self, spans: &[MethodSpan], today: &SourceLines) -> FxHashMap<u32, usize> {
        let placed = self.place(today);
        let number =
            |line: u32| spans.iter().position(|span| (span.first_line..=span.last_line).contains(&line));
        placed.iter().filter_map(|placed| Some((placed.profile.line, number(placed.line?)?))).collect()
    }
}

fn empty_method(span: &MethodSpan) -> MethodProfile {
    MethodProfile {
        name: span.name.clone(),
        first_line: span.first_line,
        last_line: span.last_line,
        measure: Measure::default(),
    }
}

fn span_of_name(spans: &[MethodSpan], name: &str) -> Option<usize> {
    if name.is_empty() { None } else { spans.iter().position(|span| base::same_name(&span.name, name)) }
}

/// How often a method ran, as its first measured line tells.
fn first_count(profile: &ModuleProfile, numbers: &FxHashMap<u32, usize>, method: usize) -> u64 {
    let is_own = |line: &&LineProfile| numbers.get(&line.line) == Some(&method);
    profile.lines.iter().find(is_own).map_or(0, |line| line.measure.count)
}
