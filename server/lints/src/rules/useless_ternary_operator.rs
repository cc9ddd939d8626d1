//! A ternary operator that only repeats a boolean value.

use base::Edit;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, TokenKind};

use crate::context::Context;
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UselessTernaryOperator",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Info,
    minutes: 1,
    scope: Scope::Bsl,
    tags: &["badpractice", "suspicious"],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "Лишний тернарный оператор", en: "Needless ternary operator"
    }],
    docs: docs!("useless_ternary_operator"),
    create: |_| Box::new(UselessTernaryOperator),
    ..RuleInfo::DEFAULT
};

struct UselessTernaryOperator;

impl Rule for UselessTernaryOperator {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Ternary]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        let source = ctx.source;
        let Some(parts) = Parts::of(source.tree, node) else { return };
        let value = |part| boolean(source.tree, part);
        let kept = match (value(parts.condition), value(parts.yes), value(parts.no)) {
            (Some(true), _, _) => Some(Kept::Part(parts.yes)),
            (Some(false), _, _) => Some(Kept::Part(parts.no)),
            (None, Some(true), Some(false)) => Some(Kept::Part(parts.condition)),
            (None, Some(false), Some(true)) => Some(Kept::Negated(parts.condition)),
            (None, Some(_), Some(_)) => None,
            _ => return,
        };
        let edit = kept.and_then(|kept| replacement(source, node, kept));
        ctx.report_node(node).fix(edit);
    }
}

struct Parts {
    condition: NodeId,
    yes: NodeId,
    no: NodeId,
}

impl Parts {
    fn of(tree: &SyntaxTree, ternary: NodeId) -> Option<Self> {
        Some(Self {
            condition: tree.child(ternary, Role::Condition)?,
            yes: tree.child(ternary, Role::Consequence)?,
            no: tree.child(ternary, Role::Alternative)?,
        })
    }
}

/// What the operator comes down to.
#[derive(Clone, Copy)]
enum Kept {
    Part(NodeId),
    Negated(NodeId),
}

/// Value of a boolean literal.
fn boolean(tree: &SyntaxTree, node: NodeId) -> Option<bool> {
    let is_literal = tree.kind(node) == NodeKind::Boolean;
    is_literal.then(|| tree.first_token(node).is_some_and(|token| token.kind == TokenKind::True))
}

/// Puts what is kept in the place of the operator, unless a comment would get lost.
fn replacement(source: Source<'_>, ternary: NodeId, kept: Kept) -> Option<Edit> {
    let tree = source.tree;
    let (Kept::Part(part) | Kept::Negated(part)) = kept;
    let parent = tree.parent(ternary)?;
    let is_head =
        tree.node(ternary).role == Role::Object || tree.kind(parent) == NodeKind::ExpressionStatement;
    if is_head || tree.node(ternary).has_error || loses_comments(tree, ternary, part) {
        return None;
    }
    let code = source.node_text(part);
    let mut text = match kept {
        Kept::Part(_) => code.to_owned(),
        Kept::Negated(_) if tree.kind(part) == NodeKind::Parenthesized => {
            format!("{} {code}", not(source, ternary))
        }
        Kept::Negated(_) => format!("{} ({code})", not(source, ternary)),
    };
    let is_operation = matches!(kept, Kept::Negated(_)) || is_operation(tree.kind(part));
    if is_operation && is_operation_around(tree.kind(parent)) {
        text = format!("({text})");
    }
    Some(Edit::replace(tree.range(ternary), apart_from_words(source, ternary, text)))
}

fn loses_comments(tree: &SyntaxTree, ternary: NodeId, part: NodeId) -> bool {
    let kept = tree.token_span(part);
    tree.token_span(ternary).any(|index| tree.tokens()[index].kind.is_trivia() && !kept.contains(&index))
}

fn is_operation(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::Binary | NodeKind::Unary)
}

fn is_operation_around(kind: NodeKind) -> bool {
    is_operation(kind) || kind == NodeKind::Await
}

/// The negation in the language of the literals.
fn not(source: Source<'_>, ternary: NodeId) -> &'static str {
    let literal = source.tree.tokens_of(ternary).iter().find(|token| token.kind == TokenKind::False);
    if literal.is_some_and(|token| source.token_text(token).is_ascii()) { "NOT" } else { "НЕ" }
}

/// `Возврат?(…)` needs no blank, what replaces the operator does.
fn apart_from_words(source: Source<'_>, ternary: NodeId, text: String) -> String {
    let is_word =
        |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    let range = source.tree.range(ternary);
    let (before, after) = (source.text.get(..range.start as usize), source.text.get(range.end as usize..));
    let touches_before =
        is_word(before.and_then(|text| text.chars().next_back())) && is_word(text.chars().next());
    let touches_after =
        is_word(after.and_then(|text| text.chars().next())) && is_word(text.chars().next_back());
    let blank = |is_needed| if is_needed { " " } else { "" };
    format!("{}{text}{}", blank(touches_before), blank(touches_after))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn literals_as_condition_or_as_both_branches() {
        rule("UselessTernaryOperator").check(
            "А = ?(Б, Истина, Ложь);\nА = ?(Б, True, True);\nА = ?(Истина, 1, 2);\n\
             А = ?(Б, Истина, 1);\nА = ?(Не Истина, 1, 2);\nА = ?((Истина), 1, 2);\nА = ?(Б, Истина, Не Ложь);\n",
            expect![[r#"
                1:5 `?(Б, Истина, Ложь)` Needless ternary operator
                2:5 `?(Б, True, True)` Needless ternary operator
                3:5 `?(Истина, 1, 2)` Needless ternary operator
            "#]],
        );
    }

    #[test]
    fn the_condition_takes_the_place() {
        rule("UselessTernaryOperator").check_fix(
            "А = ?(Б > 1, Истина, Ложь);\nА = ?(Б > 1, Ложь, Истина);\nReturn?(B, True, False);\nReturn?(B, False, True);\n\
             А = В И ?(Б Или Г, Истина, Ложь);\nА = ?((Б), Ложь, Истина) = В;\nА = ?(Б, Истина, Истина);\n",
            expect![[r#"
                А = Б > 1;
                А = НЕ (Б > 1);
                Return B;
                Return NOT (B);
                А = В И (Б Или Г);
                А = (НЕ (Б)) = В;
                А = ?(Б, Истина, Истина);
            "#]],
        );
    }

    #[test]
    fn a_constant_condition_chooses_a_branch() {
        rule("UselessTernaryOperator").check_fix(
            "А = ?(Истина, 1 + 2, 3);\nА = 1 - ?(Ложь, 1, 2 - 3);\nА = ?(True, ?(False, 1, 2), 3);\n",
            expect![[r#"
                А = 1 + 2;
                А = 1 - (2 - 3);
                А = 2;
            "#]],
        );
    }

    #[test]
    fn no_fix_loses_a_comment() {
        rule("UselessTernaryOperator").check_fix(
            "А = ?(Б, // почему\n\tИстина, Ложь);\nА = ?(Б\n\t// да\n\tИ В, Истина, Ложь);\n?(True, A, B).C();\n",
            expect![[r#"
                А = ?(Б, // почему
                	Истина, Ложь);
                А = Б
                	// да
                	И В;
                ?(True, A, B).C();
            "#]],
        );
    }
}
