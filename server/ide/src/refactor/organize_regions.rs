//! Puts the methods of a module that stand outside regions into those that the development standard names, with
//! everything that stands above them. Regions that exist stay where they are.

mod events;

pub(crate) use self::events::is_module_event;

use base::{Edit, TextRange};
use lints::StandardRegion;
use syntax::{
    DeclarationKind, NodeId, NodeKind, Role, SyntaxTree, Token, TokenKind, line_break, region_name,
};

use self::events::handler_region;
use crate::code::Code;
use crate::directives::{ChainKind, directive_chains};
use crate::refactor::context::Context;
use crate::refactor::{Change, Offers, Refactoring, RefactoringKind};
use crate::script::Script;

const ORGANIZE: Refactoring = Refactoring {
    id: "organizeRegions",
    title_ru: "Разложить методы по областям",
    title_en: "Put the methods into regions",
    kind: RefactoringKind::Source,
};

pub(crate) fn offer(context: &Context<'_>, offers: &mut Offers<'_>) {
    let regions = StandardRegion::of_module(context.options.module);
    let is_loose =
        context.module_names().iter().any(|it| it.kind != DeclarationKind::Variable && !it.is_in_region);
    if is_loose && !regions.is_empty() {
        offers.add(ORGANIZE, || Module::new(context, regions).organized());
    }
}

/// What the module is made of, from its first region or method to its last.
struct Module<'a> {
    code: Code<'a>,
    script: Script,
    allowed: &'static [StandardRegion],
}

/// A region, or something outside regions, with all text since the item before it.
struct Item {
    range: TextRange,
    place: Place,
}

enum Place {
    /// A region that exists: its name and where its last line starts.
    Region(String, u32),
    /// Something that has to move to a region.
    Loose(String),
}

/// A region of the result.
struct Block {
    name: String,
    text: String,
    /// Of a region that exists: place of its last line in the text.
    end: Option<usize>,
    added: Vec<String>,
}

impl<'a> Module<'a> {
    fn new(context: &Context<'a>, allowed: &'static [StandardRegion]) -> Self {
        Self { code: Code::new(context.document), script: context.script, allowed }
    }

    fn organized(&self) -> Option<Change> {
        let items = self.items()?;
        let range = items.first()?.range.cover(items.last()?.range);
        let mut blocks: Vec<Block> = Vec::new();
        for item in &items {
            let Place::Region(name, end) = &item.place else { continue };
            let text = item.range.slice(self.code.text()).to_owned();
            let end = Some((*end - item.range.start) as usize);
            blocks.push(Block { name: name.clone(), text, end, added: Vec::new() });
        }
        for item in &items {
            let Place::Loose(name) = &item.place else { continue };
            let text = item.range.slice(self.code.text()).to_owned();
            let known = blocks.iter().position(|block| base::same_name(&block.name, name));
            let index = known.unwrap_or_else(|| self.insert_block(&mut blocks, name));
            blocks[index].added.push(text);
        }
        let nl = line_break(self.code.text());
        let texts: Vec<String> = blocks.iter().map(|block| self.block_text(block, nl)).collect();
        Some(Change::new(vec![Edit::replace(range, texts.join(&format!("{nl}{nl}")))]))
    }

    /// Before the first region that has to come later.
    fn insert_block(&self, blocks: &mut Vec<Block>, name: &str) -> usize {
        let rank = rank(name);
        let index = blocks.iter().position(|block| self::rank(&block.name) > rank).unwrap_or(blocks.len());
        let block = Block { name: name.to_owned(), text: String::new(), end: None, added: Vec::new() };
        blocks.insert(index, block);
        index
    }

    fn block_text(&self, block: &Block, nl: &str) -> String {
        let added = block.added.join(&format!("{nl}{nl}"));
        let Some(end) = block.end else {
            let (open, close) = self.script.pick(("#Область", "#КонецОбласти"), ("#Region", "#EndRegion"));
            return format!("{open} {}{nl}{nl}{added}{nl}{nl}{close}", block.name);
        };
        if block.added.is_empty() {
            return block.text.clone();
        }
        let (before, last) = block.text.split_at(end);
        format!("{}{nl}{nl}{added}{nl}{nl}{last}", before.trim_end())
    }

    /// `None` if something stands in between that belongs neither to a method nor to a region.
    fn items(&self) -> Option<Vec<Item>> {
        let tree = self.code.tree();
        let mut places: Vec<(TextRange, Place)> = self.regions()?;
        let regions: Vec<TextRange> = places.iter().map(|(range, _)| *range).collect();
        let is_loose = |range: TextRange| !regions.iter().any(|region| region.contains(range));
        let loose: Vec<NodeId> =
            tree.children(SyntaxTree::ROOT).filter(|node| is_loose(tree.range(*node))).collect();
        let last = loose.iter().rposition(|node| tree.kind(*node).is_method())?;
        let methods_end = tree.range(loose[last]).end.max(regions.last().map_or(0, |range| range.end));
        let methods_start = loose.iter().find(|node| tree.kind(**node).is_method());
        let methods_start = methods_start.map_or(0, |node| tree.range(*node).start);
        for node in &loose {
            let range = self.code.tree().statement_range(*node);
            match tree.kind(*node) {
                kind if kind.is_method() => places.push((range, Place::Loose(self.target(*node)))),
                NodeKind::VarDeclaration if range.end > methods_start => return None,
                NodeKind::VarDeclaration if self.allowed.contains(&StandardRegion::Variables) => {
                    places.push((range, Place::Loose(self.name(StandardRegion::Variables))));
                }
                NodeKind::VarDeclaration => {}
                NodeKind::Error => return None,
                _ if range.start < methods_end => return None,
                _ => {}
            }
        }
        if let Some(body) = self.body(&loose[last + 1..], methods_end) {
            places.push((body, Place::Loose(self.name(StandardRegion::Initialize))));
        }
        places.sort_by_key(|(range, _)| *range);
        self.with_gaps(merged(places))
    }

    /// Module-level regions from their first to their last line; `None` if one has no end.
    fn regions(&self) -> Option<Vec<(TextRange, Place)>> {
        let tokens = self.code.tree().tokens();
        let mut regions: Vec<(TextRange, Place)> = Vec::new();
        for chain in directive_chains(self.code.tree()).iter().filter(|it| it.kind == ChainKind::Region) {
            let [first, last] = chain.tokens[..] else { return None };
            let (first, last) = (&tokens[first], &tokens[last]);
            let range = first.range().cover(self.code.trimmed(last));
            if self.is_in_method(first) || regions.last().is_some_and(|(outer, _)| outer.contains(range)) {
                continue;
            }
            let name = region_name(self.code.text(), self.code.trimmed(first)).map_or("", |name| name.text);
            regions.push((range, Place::Region(name.to_owned(), last.start)));
        }
        Some(regions)
    }

    fn is_in_method(&self, token: &Token) -> bool {
        let tree = self.code.tree();
        let mut around = tree.children(SyntaxTree::ROOT).filter(|node| tree.kind(*node).is_method());
        around.any(|method| tree.range(method).contains(token.range()))
    }

    /// Statements behind the methods, unless conditions of the preprocessor stand among them.
    fn body(&self, behind: &[NodeId], methods_end: u32) -> Option<TextRange> {
        let tree = self.code.tree();
        let first = behind.first().filter(|_| self.allowed.contains(&StandardRegion::Initialize))?;
        let range = tree.range(*first).cover(tree.statement_range(*behind.last()?));
        let from = tree.token_at_or_after(methods_end);
        let has_directives = tree.tokens()[from..].iter().any(|token| token.kind.is_directive());
        let is_fit = !has_directives && range.start >= methods_end && !tree.has_serious_error(*first);
        is_fit.then_some(range)
    }

    /// Gives each item the text above it; the first one gets only the comments that describe it.
    fn with_gaps(&self, places: Vec<(TextRange, Place)>) -> Option<Vec<Item>> {
        let text = self.code.text();
        let tree = self.code.tree();
        let mut items: Vec<Item> = Vec::new();
        for (range, place) in places {
            let end = self.code.line_end(tree.line_of(range.end));
            let start = match items.last() {
                Some(before) => {
                    let gap = TextRange { start: before.range.end, end: range.end }.slice(text);
                    range.end - gap.trim_start_matches(['\r', '\n']).len() as u32
                }
                None => self.first_start(range),
            };
            let overlaps = items.last().is_some_and(|before| before.range.end > range.start);
            let rest = TextRange { start: range.end, end }.slice(text).trim();
            if overlaps || !(rest.is_empty() || rest.starts_with("//")) {
                return None;
            }
            items.push(Item { range: TextRange { start, end }, place });
        }
        let all = items.first()?.range.cover(items.last()?.range);
        let inside = |range: TextRange| {
            items.iter().any(|item| matches!(item.place, Place::Region(..)) && item.range.contains(range))
        };
        let mut directives = tree.tokens().iter().filter(|token| token.kind.is_directive());
        let is_odd = |token: &Token| {
            all.contains(token.range()) && !inside(token.range()) && !self.is_in_method(token)
        };
        (!directives.any(is_odd)).then_some(items)
    }

    fn first_start(&self, range: TextRange) -> u32 {
        let tree = self.code.tree();
        let token = tree.token_at_or_after(range.start);
        let node = tree.children(SyntaxTree::ROOT).find(|node| tree.range(*node).start == range.start);
        let comments = match node {
            Some(node) => self.code.doc_comments(node),
            None => self.code.source().leading_comments(token),
        };
        let first = comments.first().map_or(range.start, |index| tree.tokens()[*index].start);
        let line = tree.line_of(first) as usize;
        tree.line_starts().get(line).copied().unwrap_or(first)
    }

    /// The region for a method, after its name, its parameters and `Экспорт`.
    fn target(&self, method: NodeId) -> String {
        let tree = self.code.tree();
        let source = self.code.source();
        let name = tree.child(method, Role::Name).map_or("", |name| source.node_text(name));
        let parameters = tree.child(method, Role::Parameters);
        let first = parameters.and_then(|list| tree.child_of_kind(list, NodeKind::Parameter));
        let first =
            first.and_then(|node| tree.child(node, Role::Name)).map_or("", |name| source.node_text(name));
        if let Some((region, table)) = handler_region(self.allowed, name, first) {
            return format!("{}{table}", self.name(region));
        }
        let is_public = tree.own_token(method, TokenKind::Export).is_some()
            && self.allowed.contains(&StandardRegion::Public);
        self.name(if is_public { StandardRegion::Public } else { StandardRegion::Private })
    }

    fn name(&self, region: StandardRegion) -> String {
        let [russian, english] = region.names();
        self.script.pick(russian, english).to_owned()
    }
}

/// Neighbours that go to the same place as one block and describe each other stay together: variables do.
fn merged(places: Vec<(TextRange, Place)>) -> Vec<(TextRange, Place)> {
    let mut result: Vec<(TextRange, Place)> = Vec::new();
    for (range, place) in places {
        let is_variable = |place: &Place| {
            matches!(place, Place::Loose(name)
                if StandardRegion::from_name(name) == Some(StandardRegion::Variables))
        };
        match result.last_mut() {
            Some((last, before)) if is_variable(before) && is_variable(&place) => *last = last.cover(range),
            _ => result.push((range, place)),
        }
    }
    result
}

/// Order of the standard; other regions stay where they are.
fn rank(name: &str) -> usize {
    use StandardRegion::{
        EventHandlers, FormCommandsEventHandlers, FormEventHandlers, FormHeaderItemsEventHandlers,
        FormTableItemsEventHandlers, Initialize, Internal, Private, Public, Variables,
    };
    const ORDER: [StandardRegion; 10] = [
        Variables,
        Public,
        FormEventHandlers,
        FormHeaderItemsEventHandlers,
        FormTableItemsEventHandlers,
        FormCommandsEventHandlers,
        EventHandlers,
        Internal,
        Private,
        Initialize,
    ];
    let region = StandardRegion::from_name(name);
    ORDER.iter().position(|known| Some(*known) == region).unwrap_or(0)
}
