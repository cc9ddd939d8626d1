//! Accesses to the module's own object through `ЭтотОбъект` where its members may be named alone.

use base::TextRange;
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use syntax::{NodeId, NodeKind, Role, Source, Token, TokenKind};

use crate::argument_list::is_word;
use crate::facts::folded;

const THIS_OBJECT: [&str; 2] = ["ЭтотОбъект", "ThisObject"];

/// `ЭтотОбъект` with a dot behind it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SelfAccess {
    /// The word itself.
    pub range: TextRange,
    /// The access is the target of an assignment.
    pub is_target: bool,
    /// What to delete; none where the name behind the dot would mean something else alone.
    pub removal: Option<TextRange>,
}

/// Collects the accesses of a section, node by node. Chains of accesses and targets of assignments are not looked into;
/// calls that are statements are.
#[derive(Default)]
pub(crate) struct SelfAccesses {
    skipped_until: u32,
    /// With the token behind the dot.
    found: Vec<(SelfAccess, Option<Token>)>,
}

impl SelfAccesses {
    pub(crate) fn visit(&mut self, source: Source<'_>, id: NodeId) {
        use NodeKind::{Call, Index, Member, Name, New, Ternary};
        let tree = source.tree;
        let node = tree.node(id);
        if id.0 < self.skipped_until || !matches!(node.kind, Name | Member | Index | Call | New | Ternary) {
            return;
        }
        let Some(parent) = tree.parent(id).map(|parent| tree.kind(parent)) else { return };
        let is_part = match node.role {
            Role::Name | Role::Property | Role::Type | Role::Variable => true,
            Role::Object => matches!(parent, Member | Index),
            Role::Function => parent == Call,
            _ => false,
        };
        // Accessors may stand behind parentheses, too; what is inside them counts.
        let starts_with_parenthesis =
            || tree.first_token(id).is_some_and(|token| token.kind == TokenKind::LeftParen);
        if is_part || node.kind != Name && starts_with_parenthesis() {
            return;
        }
        let is_target = node.role == Role::Left && parent == NodeKind::Assignment;
        if parent != NodeKind::ExpressionStatement {
            self.skipped_until = tree.subtree_end(id).0;
        }
        if matches!(node.kind, Member | Index | Call) && !(is_target && node.kind != Member) {
            self.found.extend(access(source, id, is_target));
        }
    }

    /// The accesses; `assigned` are names of the section that are assigned to.
    pub(crate) fn finish(self, source: Source<'_>, assigned: &FxHashSet<SmolStr>) -> Vec<SelfAccess> {
        let may_stand_alone = |token: &Token| {
            let name = source.token_text(token);
            !assigned.contains(&folded(name)) && !is_keyword(name) && !is_declared(source, name)
        };
        let finished = self.found.into_iter().map(|(mut access, next)| {
            access.removal = access.removal.filter(|_| next.is_some_and(|token| may_stand_alone(&token)));
            access
        });
        finished.collect()
    }
}

fn access(source: Source<'_>, chain: NodeId, is_target: bool) -> Option<(SelfAccess, Option<Token>)> {
    let tree = source.tree;
    let word = tree.first_token(chain).filter(|token| token.kind == TokenKind::Identifier)?;
    if !is_word(source.token_text(word), &THIS_OBJECT) {
        return None;
    }
    let dot = tree.code_tokens_of(chain).nth(1).filter(|token| token.kind == TokenKind::Dot)?;
    // A comment or a line break in between stays.
    let next = tree.code_tokens_of(chain).nth(2);
    let next = next.filter(|next| word.end == dot.start && dot.end == next.start).copied();
    let removal = next.map(|next| TextRange { start: word.start, end: next.start });
    Some((SelfAccess { range: word.range(), is_target, removal }, next))
}

/// Behind a dot a keyword is a name, alone it is not.
fn is_keyword(name: &str) -> bool {
    TokenKind::KEYWORDS.iter().any(|keyword| is_word(name, keyword.canonical_spellings()))
}

/// A parameter or a variable of the method has the name.
fn is_declared(source: Source<'_>, name: &str) -> bool {
    let is_local = |id: NodeId| {
        let parent = source.tree.parent(id).map(|parent| source.tree.kind(parent));
        matches!(parent, Some(NodeKind::Parameter | NodeKind::Variable))
    };
    let mut nodes = source.tree.nodes();
    nodes.any(|(id, node)| {
        node.role == Role::Name && is_local(id) && base::same_name(source.node_text(id), name)
    })
}

#[cfg(test)]
mod tests {
    use base::TextRange;
    use expect_test::{Expect, expect};
    use syntax::{SyntaxTree, parse_text};

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let mut tree = SyntaxTree::default();
        tree.lower(&parse_text(text), TextRange::from(0..text.len()), text);
        let source = Source { text, tree: &tree };
        let mut accesses = SelfAccesses::default();
        for (id, _) in tree.nodes() {
            accesses.visit(source, id);
        }
        let found = accesses.finish(source, &FxHashSet::from_iter([SmolStr::new("занято")]));
        let line = |access: &SelfAccess| {
            let end = (access.range.end as usize + 12).min(text.len());
            let end = (end..).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
            let behind = text[access.range.start as usize..end].replace('\n', "⏎");
            format!("{behind} {} {}\n", access.is_target, access.removal.is_some())
        };
        expected.assert_eq(&found.iter().map(line).collect::<String>());
    }

    #[test]
    fn chains_targets_and_statements() {
        check(
            "ЭтотОбъект.А = ЭтотОбъект.Б + (ЭтотОбъект.В).Г;\nЭтотОбъект[0].А = 1;\nЭтотОбъект.Ж[1] = 2;\n\
             А = Ф(ЭтотОбъект.Х);\nФ(ЭтотОбъект.Ц, ЭтотОбъект);\nThisObject.Ы().Ю(ЭтотОбъект.Э);\n\
             А = ЭтотОбъект;\nА = ЭтотОбъект[1].А;\nА.ЭтотОбъект.Б();\nА[ЭтотОбъект.А] = ЭтотОбъект.Если;\n\
             Если ЭтотОбъект.Занято Тогда КонецЕсли;\n",
            expect![[r#"
                ЭтотОбъект.А = Это true true
                ЭтотОбъект.Б + (Это false true
                ЭтотОбъект.В).Г;⏎Эт false true
                ЭтотОбъект.Ц, Этот false true
                ThisObject.Ы().Ю(Эт false true
                ЭтотОбъект.Э);⏎А = Э false true
                ЭтотОбъект.Если;⏎Е false false
                ЭтотОбъект.Занято false false
            "#]],
        );
    }
}
