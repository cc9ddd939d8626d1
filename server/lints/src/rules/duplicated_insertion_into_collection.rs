//! The same key or value put twice into one collection.

use std::hash::Hasher;

use rustc_hash::FxHasher;
use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree, TokenKind};

use crate::argument_list::{arguments_of, is_word, listed_arguments, method_call};
use crate::chains::{chain_around, chain_head, is_chain, is_chain_start};
use crate::context::Context;
use crate::literals::content;
use crate::name_hash::hash_name;
use crate::operators::operands;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "DuplicatedInsertionIntoCollection",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 1,
    tags: &["brainoverload", "suspicious", "badpractice"],
    params: &[ParamInfo {
        name: "isAllowedMethodADD",
        default: ParamDefault::Bool(true),
        meaning: Text {
            ru: "проверять и метод `Добавить`, а не только `Вставить`",
            en: "look at `Add`, too, not only at `Insert`",
        },
    }],
    messages: &[Text {
        ru: "{0} уже добавлено в коллекцию `{1}`",
        en: "{0} was already put into the collection `{1}`",
    }],
    docs: docs!("duplicated_insertion_into_collection"),
    create: |params| {
        let methods = if params.bool("isAllowedMethodADD") { METHODS } else { &METHODS[..2] };
        Box::new(DuplicatedInsertionIntoCollection { methods })
    },
    ..RuleInfo::DEFAULT
};

const METHODS: &[&str] = &["Вставить", "Insert", "Добавить", "Add"];
const SYMBOLS: &[&str] = &["Символы", "Chars"];

struct DuplicatedInsertionIntoCollection {
    methods: &'static [&'static str],
}

/// A call statement that puts something into a collection.
#[derive(Clone, Copy)]
struct Insertion {
    statement: NodeId,
    method: NodeId,
    collection: NodeId,
    value: NodeId,
}

impl Rule for DuplicatedInsertionIntoCollection {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Block, NodeKind::Module]
    }

    fn node(&self, ctx: &mut Context<'_>, block: NodeId) {
        let source = ctx.source;
        let statements = source.tree.children(block);
        let insertions: Vec<_> = statements.filter_map(|child| self.insertion(source, child)).collect();
        if insertions.len() < 2 {
            return;
        }
        let mut keyed: Vec<_> = insertions.iter().map(|found| (found.key(source), *found)).collect();
        // The sort is stable: insertions of one group stay in order.
        keyed.sort_by_key(|(key, _)| *key);
        let mut groups =
            keyed.chunk_by(|left, right| left.0 == right.0).filter(|group| group.len() > 1).peekable();
        if groups.peek().is_none() {
            return;
        }
        let changes = changes(source.tree, block);
        for group in groups {
            check_group(ctx, group, &changes);
        }
    }
}

impl DuplicatedInsertionIntoCollection {
    fn insertion(&self, source: Source<'_>, child: NodeId) -> Option<Insertion> {
        let tree = source.tree;
        let statement = match tree.kind(child) {
            NodeKind::LabeledStatement => tree.children(child).last()?,
            _ => child,
        };
        if tree.kind(statement) != NodeKind::ExpressionStatement {
            return None;
        }
        let call = tree.children(statement).next()?;
        let (method, collection) = method_call(source, call, self.methods)?;
        let value = arguments_of(tree, call).next()??;
        let found = Insertion { statement, method, collection, value };
        (!says_nothing(source, value)).then_some(found)
    }
}

/// Values that are put into collections again and again.
fn says_nothing(source: Source<'_>, value: NodeId) -> bool {
    let tree = source.tree;
    match tree.kind(value) {
        NodeKind::Undefined => true,
        NodeKind::String => content(source, value).trim().is_empty(),
        NodeKind::Number => source.node_text(value) == "0",
        NodeKind::Member => tree.child(value, Role::Object).is_some_and(|object| {
            tree.kind(object) == NodeKind::Name && is_word(source.node_text(object), SYMBOLS)
        }),
        _ => false,
    }
}

impl Insertion {
    /// Equal for equal collections, methods and values.
    fn key(&self, source: Source<'_>) -> u64 {
        let mut hasher = FxHasher::default();
        collection_words(source, self.collection).for_each(|word| hash_name(&mut hasher, word));
        hasher.write_u8(b'.');
        hash_name(&mut hasher, source.node_text(self.method));
        hasher.write_u8(b'(');
        for token in source.tree.code_tokens_of(self.value) {
            hash_name(&mut hasher, source.token_text(token));
        }
        hasher.finish()
    }
}

/// Code of a collection. A function at its start counts whatever its arguments.
fn collection_words<'a>(source: Source<'a>, collection: NodeId) -> impl Iterator<Item = &'a str> {
    let tree = source.tree;
    let head = chain_head(tree, collection);
    let list = tree.child(head, Role::Arguments).filter(|_| tree.kind(head) == NodeKind::Call);
    let left_out = list.map_or(0..0, |list| {
        let span = tree.token_span(list);
        span.start + 1..span.end.saturating_sub(1)
    });
    let indexes = tree.token_span(collection).filter(move |index| !left_out.contains(index));
    let tokens = indexes.map(|index| &tree.tokens()[index]);
    tokens.filter(|token| !token.kind.is_trivia()).map(move |token| source.token_text(token))
}

/// What may make the second of two insertions different from the first.
#[derive(Clone, Copy)]
struct Change {
    node: NodeId,
    /// The code leaves the block; otherwise the node is a place that may be changed.
    is_exit: bool,
}

fn changes(tree: &SyntaxTree, block: NodeId) -> Vec<Change> {
    let mut changes = Vec::new();
    for node in tree.descendants(block) {
        let is_inside = |owner: fn(NodeKind) -> bool| {
            let mut around = tree.ancestors(node).take_while(|ancestor| *ancestor > block);
            around.any(|ancestor| owner(tree.kind(ancestor)))
        };
        let is_exit = match tree.kind(node) {
            kind if kind.is_method() => true,
            NodeKind::Return => true,
            NodeKind::Break | NodeKind::Continue => !is_inside(NodeKind::is_loop),
            NodeKind::Raise => !is_inside(|kind| kind == NodeKind::Try),
            _ => false,
        };
        if is_exit {
            changes.push(Change { node, is_exit });
        }
        if tree.kind(node) == NodeKind::Assignment {
            let left = tree.child(node, Role::Left);
            changes.extend(left.map(|node| Change { node, is_exit: false }));
        } else if tree.kind(node) == NodeKind::Arguments {
            let arguments = listed_arguments(tree, node).flatten();
            let operands = arguments.flat_map(|argument| operands(tree, argument));
            let chains = operands.filter(|operand| is_chain(tree, *operand));
            changes.extend(chains.map(|node| Change { node, is_exit: false }));
        }
    }
    changes.sort_unstable_by_key(|change| change.node);
    changes
}

fn check_group(ctx: &mut Context<'_>, group: &[(u64, Insertion)], changes: &[Change]) {
    let source = ctx.source;
    let subject = Subject::of(source, &group[0].1);
    let is_pair = |pair: &[(u64, Insertion)]| {
        let start = source.tree.subtree_end(pair[0].1.statement);
        let from = changes.partition_point(|change| change.node < start);
        let mut between = changes[from..].iter().take_while(|change| change.node < pair[1].1.statement);
        !between.any(|change| change.is_exit || subject.is_touched(source, change.node))
            && !are_alternatives(source.tree, pair[0].1.statement, pair[1].1.statement)
    };
    let mut repeated: Vec<NodeId> = Vec::new();
    for pair in group.windows(2).filter(|pair| is_pair(pair)) {
        for (_, insertion) in pair {
            if repeated.last() != Some(&insertion.statement) {
                repeated.push(insertion.statement);
            }
        }
    }
    let Some(second) = repeated.get(1) else { return };
    let places: Vec<_> = repeated.iter().map(|statement| source.tree.range(*statement)).collect();
    let value = source.node_text(group[0].1.value);
    let collection = source.node_text(group[0].1.collection);
    ctx.report_node(*second).arg(value).arg(collection).related(places);
}

/// The statements stand in different branches of one `#Если`: the module never has both.
fn are_alternatives(tree: &SyntaxTree, first: NodeId, second: NodeId) -> bool {
    let between = tree.token_span(first).end..tree.token_span(second).start;
    let mut depth = 0_u32;
    for token in tree.tokens().get(between).unwrap_or_default() {
        match token.kind {
            TokenKind::DirectiveIf => depth += 1,
            TokenKind::DirectiveEndIf => depth = depth.saturating_sub(1),
            TokenKind::DirectiveElsif | TokenKind::DirectiveElse if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

/// Code that must stay as it is for two insertions to be equal, in lower case.
struct Subject {
    collection: String,
    /// Chains in the value.
    chains: Vec<String>,
    /// What these start with.
    first_words: Vec<String>,
}

impl Subject {
    fn of(source: Source<'_>, insertion: &Insertion) -> Self {
        let tree = source.tree;
        let words = collection_words(source, insertion.collection);
        let collection: String = words.map(base::fold_case).collect();
        let parts = std::iter::once(insertion.value).chain(tree.descendants(insertion.value));
        let starts = parts.filter(|part| is_chain_start(tree, *part));
        let chains: Vec<NodeId> = starts.map(|start| chain_around(tree, start)).collect();
        let nodes = std::iter::once(insertion.collection).chain(chains.iter().copied());
        let first_words = nodes.filter_map(|node| tree.first_token(node));
        Self {
            collection,
            first_words: first_words.map(|token| base::fold_case(source.token_text(token)).into()).collect(),
            chains: chains.iter().map(|chain| source.folded_code(*chain)).collect(),
        }
    }

    /// The place is the collection, the value, or something that one of them is a part of. Names that only begin like
    /// the value count, too.
    fn is_touched(&self, source: Source<'_>, place: NodeId) -> bool {
        let first = source.tree.first_token(place).map_or("", |token| source.token_text(token));
        let is_alike =
            |word: &String| first.get(..word.len()).is_some_and(|start| base::same_name(start, word));
        if !self.first_words.iter().any(is_alike) {
            return false;
        }
        let place = source.folded_code(place);
        let holds = |code: &str| {
            code.strip_prefix(&*place).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        holds(&self.collection) || self.chains.iter().any(|chain| holds(chain) || place.starts_with(&**chain))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn groups_of_equal_insertions() {
        rule("DuplicatedInsertionIntoCollection").check(
            "Стр.Вставить(\"Ключ\", 1);\nСтр.Вставить(\"Другой\", 1);\nстр.вставить(\"КЛЮЧ\", 2);\nСтр.Вставить(\"Ключ\");\n\
             Сп.Поле[1].Добавить(А.Б(1));\nСп.Поле[1] . Добавить( А.Б(1) );\nФ(1).Добавить(А);\nФ(2).Добавить(А);\n\
             Стр.Insert(\"Ключ\", 1);\nСтр.Insert(\"Ключ\", 1);\n",
            expect![[r#"
                3:1 `стр.вставить("КЛЮЧ", 2)` "Ключ" was already put into the collection `Стр` +1:1 +3:1 +4:1
                6:1 `Сп.Поле[1] . Добавить( А.Б(1) )` А.Б(1) was already put into the collection `Сп.Поле[1]` +5:1 +6:1
                8:1 `Ф(2).Добавить(А)` А was already put into the collection `Ф(1)` +7:1 +8:1
                10:1 `Стр.Insert("Ключ", 1)` "Ключ" was already put into the collection `Стр` +9:1 +10:1
            "#]],
        );
    }

    #[test]
    fn additions_on_demand() {
        rule("DuplicatedInsertionIntoCollection").bool("isAllowedMethodADD", false).check(
            "Сп.Добавить(А);\nСп.Добавить(А);\nСп.Insert(А);\nСп.Insert(А);\n",
            expect![[r#"
                4:1 `Сп.Insert(А)` А was already put into the collection `Сп` +3:1 +4:1
            "#]],
        );
    }

    #[test]
    fn values_that_say_nothing() {
        rule("DuplicatedInsertionIntoCollection").check(
            "С.Добавить();\nС.Добавить();\nС.Добавить(\" \");\nС.Добавить(\" \");\nС.Добавить(0);\nС.Добавить(0);\nС.Вставить(, 1);\nС.Вставить(, 1);\n\
             С.Добавить(Неопределено);\nС.Добавить(Неопределено);\nС.Добавить(Символы.ПС);\nС.Добавить(Символы.ПС);\nЕсли А Тогда\n\tС.Добавить(Б);\nКонецЕсли;\nС.Добавить(Б);\n",
            expect![[""]],
        );
    }

    #[track_caller]
    fn count(between: &str) -> usize {
        let text =
            format!("Пока А Цикл\nС.П.Вставить(К.И, 1);\n{between}\nС.П.Вставить(К.И, 1);\nКонецЦикла;\n");
        rule("DuplicatedInsertionIntoCollection").findings(&text).len()
    }

    #[test]
    fn assignments_and_arguments_between() {
        for between in [
            "К = 1;",
            "К.И = 1;",
            "С = 1;",
            "С.П = 1;",
            "К.И2 = 1;",
            "К.И.Х = 1;",
            "Если А Тогда к.и = 1; КонецЕсли;",
            "Ф(К);",
            "Ф(1 + С.П);",
            "А = Ф(Б(К.И.Х));",
            "Для Н = 1 По 2 Цикл С = 1; КонецЦикла;",
        ] {
            assert_eq!(count(between), 0, "{between}");
        }
        for between in [
            "",
            "К2 = 1;",
            "С.П2 = 1;",
            "С.П.Х = 1;",
            "К.Й = 1;",
            "А = К.И;",
            "К.Заполнить();",
            "Ф((К));",
            "Ф(Х.К);",
        ] {
            assert_eq!(count(between), 1, "{between}");
        }
    }

    #[test]
    fn exits_between() {
        for between in [
            "Если А Тогда Возврат; КонецЕсли;",
            "Прервать;",
            "Если А Тогда Продолжить; КонецЕсли;",
            "ВызватьИсключение;",
            "Пока А Цикл Возврат; КонецЦикла;",
        ] {
            assert_eq!(count(between), 0, "{between}");
        }
        for between in
            ["Пока А Цикл Прервать; КонецЦикла;", "Попытка ВызватьИсключение 1; Исключение КонецПопытки;"]
        {
            assert_eq!(count(between), 1, "{between}");
        }
    }

    #[test]
    fn chains_of_repetitions() {
        rule("DuplicatedInsertionIntoCollection").check(
            "С.Добавить(А);\nС.Добавить(А);\nА = 1;\nС.Добавить(А);\nА = 2;\nС.Добавить(А);\nС.Добавить(А);\n",
            expect![[r#"
                2:1 `С.Добавить(А)` А was already put into the collection `С` +1:1 +2:1 +6:1 +7:1
            "#]],
        );
    }

    #[test]
    fn branches_of_a_directive() {
        assert_eq!(count("#Если Клиент Тогда\nА();\n#КонецЕсли"), 1);
        let text = "#Если Клиент Тогда\nС.Вставить(\"А\", 1);\n#Если Б Тогда\n#КонецЕсли\n#Иначе\nС.Вставить(\"А\", 2);\n#КонецЕсли\n";
        assert_eq!(rule("DuplicatedInsertionIntoCollection").findings(text).len(), 0);
    }
}
