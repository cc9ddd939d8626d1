//! What a method does, told by facts alone: what it takes, returns, calls, reads and writes, which tables it queries, how
//! hard it is to follow.

use base::{Files, Locale};
use lints::method_complexities;
use rustc_hash::FxHashSet;
use semantics::{Definition, QueryTable};
use syntax::{NodeKind, Role, find_queries};

use crate::hover::{Describer, Page, inline};
use crate::meaning::{Meaning, ProjectDocument, Section, is_of_context};
use crate::query::code::QueryCode;
use crate::workspace_symbols::module_name;

/// More of a kind than this is counted, not named.
const MAX_NAMED: usize = 20;

/// Markdown about the method around an offset, or about the method that stands above it.
pub fn explanation(
    of: ProjectDocument<'_>,
    offset: u32,
    locale: Locale,
    files: &dyn Files,
) -> Option<String> {
    let module = of.project.module(of.module)?;
    let index = module.method_at(offset)?;
    let method = module.method(index)?;
    let section = of.section(method.place().offset);
    let describer = Describer::new(of, &section, locale, files);
    let mut page = Page::default();
    page.paragraph(
        &describer.definition(&Definition::Method { module: of.module, index }, &semantics::Type::Unknown)?,
    );
    let facts = Facts::collect(&section);
    page.paragraph(&listed(describer.say("Вызывает", "Calls"), &facts.calls));
    page.paragraph(&listed(describer.say("Вызывает платформу", "Calls of the platform"), &facts.platform));
    page.paragraph(&listed(describer.say("Читает", "Reads"), &facts.reads));
    page.paragraph(&listed(describer.say("Записывает", "Writes"), &facts.writes));
    page.paragraph(&listed(describer.say("Запросы к таблицам", "Queries tables"), &facts.tables));
    page.paragraph(&size(describer, &section));
    page.paragraph(describer.say(
        "*Составлено по фактам о коде, без модели.*",
        "*Made from facts about the code, without a model.*",
    ));
    Some(page.finish())
}

/// Names in the order of the text, each once.
#[derive(Default)]
struct Facts {
    calls: Vec<String>,
    platform: Vec<String>,
    reads: Vec<String>,
    writes: Vec<String>,
    tables: Vec<String>,
}

impl Facts {
    fn collect(section: &Section<'_>) -> Self {
        let mut facts = Self::default();
        let tree = section.source().tree;
        let names: Vec<_> =
            tree.nodes().filter(|(_, node)| node.kind == NodeKind::Name).map(|(id, _)| id).collect();
        if let Some(first) = names.iter().find(|name| tree.enclosing_method(**name).is_some()) {
            section.in_flow(*first, |flow| {
                for name in &names {
                    let meaning = section.meaning_in(flow, *name);
                    let Some(Meaning::Known { definition, .. }) = meaning else { continue };
                    facts.add(section, *name, &definition);
                }
            });
        }
        for literal in find_queries(section.source()) {
            let code = QueryCode::new(Section { of: section.of, tree: section.tree.clone() }, literal, 0);
            for source in code.shape.batches.iter().flat_map(|batch| &batch.sources) {
                if let QueryTable::Path(path) = &source.table
                    && path.len() > 1
                {
                    facts
                        .tables
                        .push(path.iter().map(smol_str::SmolStr::as_str).collect::<Vec<_>>().join("."));
                }
            }
        }
        for names in
            [&mut facts.calls, &mut facts.platform, &mut facts.reads, &mut facts.writes, &mut facts.tables]
        {
            let mut seen = FxHashSet::default();
            names.retain(|name| seen.insert(base::fold_case(name).into_owned()));
        }
        facts
    }

    fn add(&mut self, section: &Section<'_>, name: syntax::NodeId, definition: &Definition) {
        let tree = section.source().tree;
        let text = section.source().node_text(name).to_owned();
        if section.is_method_name(name) {
            return;
        }
        match definition {
            Definition::Method { module, .. } if *module == section.of.module => self.calls.push(text),
            Definition::Method { module, .. } => {
                self.calls.push(format!("{}.{text}", module_name(section.of.project, *module)));
            }
            Definition::PlatformFunction { .. } => self.platform.push(text),
            found if is_of_context(found) && tree.node(name).role == Role::Left => self.writes.push(text),
            found if is_of_context(found) => self.reads.push(text),
            _ => {}
        }
    }
}

fn listed(heading: &str, names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let shown = names.iter().take(MAX_NAMED).map(|name| format!("`{}`", inline(name).replace('\\', "")));
    let mut text = format!("**{heading}:** {}", shown.collect::<Vec<_>>().join(", "));
    if let Some(more) = names.len().checked_sub(MAX_NAMED + 1) {
        text.push_str(&format!(" … +{}", more + 1));
    }
    text
}

fn size(describer: Describer<'_>, section: &Section<'_>) -> String {
    let source = section.source();
    let Some(scores) = method_complexities(source).next() else { return String::new() };
    let lines = source.tree.line_starts().len();
    format!(
        "**{}:** {} {}, {} {}, {} {lines}",
        describer.say("Размер", "Size"),
        describer.say("цикломатическая сложность", "cyclomatic complexity"),
        scores.cyclomatic,
        describer.say("когнитивная", "cognitive"),
        scores.cognitive,
        describer.say("строк", "lines"),
    )
}
