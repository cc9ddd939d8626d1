//! Collects the facts of a section from its tree in one pass.

use std::cell::RefCell;

use base::TextRange;
use smol_str::SmolStr;
use syntax::{NodeKind, Source, SyntaxTree, TokenKind, find_queries, parse_text};

use crate::doc_comment;
use crate::facts::code_shapes::CodeShapes;
use crate::facts::declare::Declarations;
use crate::facts::interner::Interner;
use crate::facts::module::SectionFacts;
use crate::facts::references::{Origin, ReceiverIndex, ReferenceKind, ReferenceList, UnpackedReference};
use crate::facts::regions::RegionMark;
use crate::facts::tracker::PlaceTracker;
use crate::facts::uses::Uses;
use crate::shape::Shape;

thread_local! {
    /// Buffers of the section at work, reused to spare the allocator.
    static TREE: RefCell<SyntaxTree> = RefCell::default();
}

/// Facts of a whole text.
pub(crate) fn collect_text(text: &str) -> SectionFacts {
    collect_tree(&parse_text(text), text)
}

pub(crate) fn collect_tree(tree: &tree_sitter::Tree, text: &str) -> SectionFacts {
    collect_range(tree, TextRange::from(0..text.len()), text, &[])
}

/// Facts of a part of a module; `text` is the text of the range.
pub(crate) fn collect_range(
    tree: &tree_sitter::Tree,
    range: TextRange,
    text: &str,
    variables: &[SmolStr],
) -> SectionFacts {
    TREE.with_borrow_mut(|flat| {
        flat.lower(tree, range, text);
        collect(Source { text, tree: flat }, variables)
    })
}

/// Facts of a section, places relative to its start. `variables` are those that other sections declare, in lower case.
pub fn collect(source: Source<'_>, variables: &[SmolStr]) -> SectionFacts {
    let mut names = Interner::default();
    let mut shapes = CodeShapes::new(source, variables);
    let mut uses = Uses::new(source, &mut names);
    let mut declarations = Declarations::new(source);
    let mut queries = find_queries(source).into_iter().peekable();
    for (id, node) in source.tree.nodes() {
        match node.kind {
            NodeKind::Procedure | NodeKind::Function => {
                declarations.method(&mut names, &mut shapes, id);
                uses.enter_method(&mut names, id);
            }
            NodeKind::VarDeclaration if source.tree.parent(id) == Some(SyntaxTree::ROOT) => {
                declarations.variables(&mut names, id);
            }
            NodeKind::Name => uses.name(&mut names, id),
            NodeKind::String => match queries.next_if(|query| query.node == id) {
                Some(query) => uses.query(&mut names, &query),
                None => uses.literal(&mut names, id),
            },
            _ => {}
        }
    }
    let mut references = uses.finish();
    add_doc_links(source, &mut names, &mut references);
    let assigned: Vec<(u32, Shape)> = shapes
        .finish()
        .into_iter()
        .map(|(name, shape)| (names.folded(String::from(name).into()), shape))
        .collect();
    let (names, indexes) = names.finish();
    renumber(&mut references, &indexes);
    let (methods, variables) = declarations.finish(&indexes);
    SectionFacts {
        methods,
        variables,
        assigned: assigned.into_iter().map(|(name, shape)| (indexes[name as usize], shape)).collect(),
        marks: region_marks(source),
        names,
        references: ReferenceList::pack(&references),
        is_broken: source.tree.has_serious_error(SyntaxTree::ROOT),
        length: source.text.len() as u32,
    }
}

fn renumber(references: &mut [UnpackedReference], indexes: &[u32]) {
    for reference in references {
        reference.name = indexes[reference.name as usize];
        if let ReceiverIndex::Path(path) = &mut reference.receiver {
            *path = indexes[*path as usize];
        }
    }
}

/// Links of comments, put between the other references.
fn add_doc_links<'a>(source: Source<'a>, names: &mut Interner<'a>, references: &mut Vec<UnpackedReference>) {
    let code = references.len();
    let mut places = PlaceTracker::new(source);
    for token in source.tree.tokens().iter().filter(|token| token.kind == TokenKind::Comment) {
        for (start, end) in doc_comment::links_of(source.token_text(token)) {
            let range = TextRange::from(start..end).shifted(token.start);
            let name = names.name(range.slice(source.text));
            let place = places.place(range.start, range.end, token.line);
            references.push(UnpackedReference {
                name,
                receiver: ReceiverIndex::None,
                kind: ReferenceKind::DocLink,
                arguments: 0,
                skipped: 0,
                origin: Origin::Outside,
                place,
            });
        }
    }
    if references.len() > code {
        references.sort_by_key(|reference| reference.place.offset);
    }
}

fn region_marks(source: Source<'_>) -> Box<[RegionMark]> {
    let tokens = source.tree.tokens().iter();
    let marks = tokens.filter_map(|token| {
        let name = match token.kind {
            TokenKind::DirectiveRegion => {
                let name = syntax::region_name(source.text, token.range());
                Some(name.map_or_else(Default::default, |word| word.text.into()))
            }
            TokenKind::DirectiveEndRegion => None,
            _ => return None,
        };
        Some(RegionMark { name, range: token.range(), line: token.line })
    });
    marks.collect()
}
