//! What may be typed next in the text of a query.

mod context;
mod fields;
mod tables;
mod values;
mod words;

use base::TextRange;
use platform::{Names, QueryFunction, Script};
use semantics::{Definition, QueryField};
use smol_str::SmolStr;
use syntax::{QueryTokenKind, query_at};

use crate::completion::candidates::{Candidate, Candidates, Content, Fit, Tier};
use crate::completion::usage::Usage;
use crate::completion::{Completion, CompletionItem, CompletionKind, CompletionOptions};
use crate::meaning::ProjectDocument;
use crate::query::code::QueryCode;
use crate::query::completion::context::{Clause, Context, Place};
use crate::query::hover::field_type;

/// Proposals inside a query; `None` where no query is.
pub(crate) fn query_completion(
    of: ProjectDocument<'_>,
    offset: u32,
    options: CompletionOptions,
) -> Option<Completion> {
    let code = QueryCode::at(of, offset)?;
    let word = word_at(&code);
    let found = Completion {
        insert: code.in_document(TextRange { start: word.start, end: code.offset }),
        replace: code.in_document(word),
        ..Completion::default()
    };
    if is_in_text(&code) {
        return Some(found);
    }
    let typed = TextRange { start: word.start, end: code.offset }.slice(code.text()).to_owned();
    let code = code.without(word);
    let context = Context::new(&code, word);
    let mut offers =
        Offers { candidates: Candidates::new(&typed, code.script()), code: &code, options, order: 0 };
    offers.collect(&context, word);
    let facts = of.project.module(of.module).map(|module| module.facts.clone()).unwrap_or_default();
    let usage = Usage::around(&facts, offset);
    let script = code.script();
    let (best, is_cut) = offers.candidates.best(options.limit, &usage);
    let items = best.into_iter().filter_map(|ranked| {
        let Content::Ready(item) = ranked.candidate.content else { return None };
        let shown = ranked.candidate.names.in_script(script).clone();
        let others = ranked.candidate.names.spellings().filter(|name| **name != shown);
        let others = others.map(|name| name.to_string()).reduce(|all, name| format!("{all} {name}"));
        // Editors filter the list by what is typed: the other name must be found, too.
        let filter = match others {
            Some(others) if ranked.is_other => Some(others),
            Some(others) if typed.is_empty() => Some(format!("{} {others}", item.label)),
            _ => item.filter.clone(),
        };
        Some(CompletionItem { filter, ..*item })
    });
    Some(Completion { items: items.collect(), is_incomplete: is_cut, ..found })
}

/// Letters and digits around the cursor.
fn word_at(code: &QueryCode<'_>) -> TextRange {
    let (before, after) = code.text().split_at(code.offset as usize);
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let start = before.trim_end_matches(is_part).len() as u32;
    let behind = after.len() - after.trim_start_matches(is_part).len();
    TextRange { start, end: code.offset + behind as u32 }
}

/// A comment or a literal of the query.
fn is_in_text(code: &QueryCode<'_>) -> bool {
    let tokens = code.tree.tokens();
    let Some(index) = tokens.partition_point(|token| token.start < code.offset).checked_sub(1) else {
        return false;
    };
    let token = tokens[index];
    match token.kind {
        QueryTokenKind::Comment => code.offset <= token.end,
        QueryTokenKind::String | QueryTokenKind::Number => code.offset < token.end,
        _ => false,
    }
}

struct Offers<'c, 'a> {
    candidates: Candidates,
    code: &'c QueryCode<'a>,
    options: CompletionOptions,
    order: u32,
}

impl<'a> Offers<'_, 'a> {
    fn collect(&mut self, context: &Context<'_, 'a>, word: TextRange) {
        let place = context.place();
        match &place {
            Place::Nothing => {}
            Place::Parameter => self.parameters(),
            Place::Table(path) => self.tables(path, word),
            Place::Drop => self.temporary_tables(word),
            Place::Type { path, is_cast } => self.types(path, *is_cast),
            Place::Value(path) => self.values(path),
            Place::Field(path) => self.fields_behind(path, word),
            Place::BehindCall(closing) => self.behind_call(context.token(*closing), word),
            Place::Virtual { path, index } => {
                self.virtual_parameter(path, *index);
                self.functions(context);
            }
            Place::Operand(clause) => {
                match clause {
                    Clause::Order | Clause::Totals | Clause::TotalsBy | Clause::Index => {
                        self.result_columns(word);
                    }
                    Clause::Group => self.grouped_fields(word),
                    _ => {}
                }
                self.periods(context);
                self.aliases(word);
                self.plain_fields(word);
                self.functions(context);
            }
            Place::Start | Place::AfterOperand(_) | Place::Behind(_) => {}
        }
        self.keywords(context, &place);
    }

    fn pick(&self, ru: &'static str, en: &'static str) -> &'static str {
        if self.code.script() == Script::English { en } else { ru }
    }

    fn offer(&mut self, names: Names, item: CompletionItem, tier: Tier) {
        self.order += 1;
        let (kind, distance) = (item.kind, self.order);
        let content = Content::Ready(Box::new(item));
        self.candidates.offer(Candidate { names, kind, tier, fit: Fit::Unknown, distance, content });
    }

    /// A name in the language of the query.
    fn name(&mut self, names: Names, kind: CompletionKind, description: String, tier: Tier) {
        let item = CompletionItem { description, ..self.item(&names, kind) };
        self.offer(names, item, tier);
    }

    fn item(&self, names: &Names, kind: CompletionKind) -> CompletionItem {
        CompletionItem::named(names.in_script(self.code.script()).to_string(), kind)
    }

    fn plain(&mut self, name: &str, kind: CompletionKind, description: String, tier: Tier) {
        self.name(Names { ru: SmolStr::new(name), ..Names::default() }, kind, description, tier);
    }

    fn field(&mut self, field: QueryField, tier: Tier) {
        let description = field_type(self.code.section.of.project, &field, self.code.script());
        let names = field.member.names.clone();
        let definition = match &field.member.definition {
            Definition::QueryColumn { .. } => None,
            other => Some(other.clone()),
        };
        let item = CompletionItem { description, definition, ..self.item(&names, CompletionKind::Field) };
        self.offer(names, item, tier);
    }

    fn functions(&mut self, context: &Context<'_, '_>) {
        let platform = self.code.section.of.project.platform(semantics::Dialect::Enterprise);
        for function in &platform.query().functions {
            self.function(function, context.has_arguments);
        }
        let names = Names { ru: "ВЫРАЗИТЬ".into(), en: "CAST".into(), aliases: Vec::new() };
        let mut item = self.item(&names, CompletionKind::Function);
        if !context.has_arguments {
            let keyword = self.pick("КАК", "AS");
            item.is_snippet = self.options.snippets;
            item.text = if self.options.snippets {
                format!("{}($1 {keyword} $2)", item.text)
            } else {
                format!("{}(", item.text)
            };
        }
        self.offer(names, item, Tier::Context);
    }

    fn function(&mut self, function: &QueryFunction, has_arguments: bool) {
        let mut item = self.item(&function.names, CompletionKind::Function);
        let signature = function.signatures.first();
        let parameters = signature.map(|signature| signature.parameters.as_slice()).unwrap_or_default();
        let shown: Vec<String> = parameters.iter().map(|parameter| parameter.name.to_string()).collect();
        item.signature = format!("({})", shown.join(", "));
        item.description = function.returns.first().map(SmolStr::to_string).unwrap_or_default();
        if has_arguments {
        } else if parameters.is_empty() {
            item.text.push_str("()");
        } else if self.options.snippets {
            item.text = format!("{}($0)", item.text);
            item.is_snippet = true;
        } else {
            item.text.push('(');
        }
        self.offer(function.names.clone(), item, Tier::Context);
    }

    fn keywords(&mut self, context: &Context<'_, '_>, place: &Place) {
        let capitals = self.code.has_capitals();
        let is_main = matches!(place, Place::Start | Place::AfterOperand(_) | Place::Behind(_));
        let tier = if is_main { Tier::Expected } else { Tier::Global };
        for words in words::words(context, place) {
            let spelled = |english: bool| {
                let spellings = words.iter().filter_map(|word| word.spellings());
                let words = spellings.map(|(ru, en)| cased(if english { en } else { ru }, capitals));
                SmolStr::from(words.collect::<Vec<_>>().join(" "))
            };
            let names = Names { ru: spelled(false), en: spelled(true), aliases: Vec::new() };
            let item = self.item(&names, CompletionKind::Keyword);
            self.offer(names, item, tier);
        }
    }

    /// Parameters of the query and those that the code sets.
    fn parameters(&mut self) {
        let section = &self.code.section;
        let literal = query_at(section.source(), self.code.offset).map(|query| query.node);
        let node = literal.unwrap_or(self.code.literal.node);
        let owner = section.query_of_literal(node);
        let sets = section.set_parameters(node);
        let ours = sets.iter().filter(|set| owner.as_ref().is_none_or(|owner| set.query == *owner));
        let set: Vec<(String, String)> = ours
            .map(|set| {
                let value = set.value.map(|value| section.type_of(value)).unwrap_or_default();
                let shown = value.display(section.of.project, self.code.script());
                (section.source().slice(set.name).to_owned(), shown)
            })
            .collect();
        let used: Vec<SmolStr> = self.code.shape.parameters.clone();
        for (name, value) in set {
            self.plain(&name, CompletionKind::Parameter, value, Tier::Expected);
        }
        for name in used {
            self.plain(&name, CompletionKind::Parameter, String::new(), Tier::Local);
        }
    }
}

/// `ВЫБРАТЬ` or `Выбрать`.
fn cased(word: &str, capitals: bool) -> String {
    if capitals || word == "NULL" {
        return word.to_owned();
    }
    let mut letters = word.chars();
    let first: String = letters.next().into_iter().collect();
    first + &letters.as_str().to_lowercase()
}
