//! Passwords and other secrets written into the code.

use base::TextRange;
use regex::Regex;
use syntax::{NodeId, NodeKind, Role, Token, TokenKind};

use crate::calls::{arguments, callee};
use crate::context::Context;
use crate::literals::{code, one_line_content, pattern};
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UsingHardcodeSecretInformation",
    kind: RuleKind::Vulnerability,
    severity: RuleSeverity::Critical,
    minutes: 15,
    scope: Scope::Bsl,
    tags: &["standard"],
    params: &[ParamInfo {
        name: "searchWords",
        default: ParamDefault::String(WORDS),
        meaning: Text {
            ru: "имена секретов через `|`", en: "names of secrets, separated by `|`"
        },
    }],
    messages: &[Text {
        ru: "Секретные данные записаны в коде", en: "Secret data is written into the code"
    }],
    docs: docs!("using_hardcode_secret_information"),
    create: |params: &Params<'_>| {
        Box::new(UsingHardcodeSecretInformation::new(&params.string("searchWords")))
    },
    ..RuleInfo::DEFAULT
};

const WORDS: &str = "Пароль|Password";
const INSERTION: &str = "Вставить|Insert";
const COLLECTION: &str = "Структура|Structure|Соответствие|Map";
const CONNECTION: &str = "FTPСоединение|FTPConnection|HTTPСоединение|HTTPConnection";

/// Place of the password among the arguments of a connection.
const PASSWORD_ARGUMENT: usize = 3;

struct UsingHardcodeSecretInformation {
    word: Option<Regex>,
    insertion: Option<Regex>,
    collection: Option<Regex>,
    connection: Option<Regex>,
}

impl UsingHardcodeSecretInformation {
    fn new(words: &str) -> Self {
        let whole = |words: &str| format!("^(?:{words})$");
        Self {
            word: pattern(&whole(words), &whole(WORDS)),
            insertion: pattern(INSERTION, INSERTION),
            collection: pattern(COLLECTION, COLLECTION),
            connection: pattern(CONNECTION, CONNECTION),
        }
    }
}

impl Rule for UsingHardcodeSecretInformation {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Assignment, NodeKind::Call, NodeKind::New]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        match ctx.source.tree.kind(node) {
            NodeKind::Assignment => self.check_assignment(ctx, node),
            NodeKind::Call => self.check_insertion(ctx, node),
            _ => self.check_constructor(ctx, node),
        }
    }
}

impl UsingHardcodeSecretInformation {
    fn check_assignment(&self, ctx: &mut Context<'_>, assignment: NodeId) {
        let tree = ctx.source.tree;
        let (Some(left), Some(right)) =
            (tree.child(assignment, Role::Left), tree.child(assignment, Role::Right))
        else {
            return;
        };
        let is_secret = tree.last_token(right).is_some_and(|token| is_secret(ctx, token));
        if !is_secret || tree.kind(right) == NodeKind::Binary {
            return;
        }
        let first = tree.first_token(left).map(|token| ctx.source.token_text(token));
        if tree.tokens_of(right).len() == 1 && first.is_some_and(|first| self.is_word(first)) {
            ctx.report_node(assignment);
        }
        let last = match tree.kind(left) {
            NodeKind::Member => tree.child(left, Role::Property),
            NodeKind::Index => {
                tree.child(left, Role::Index).filter(|index| tree.kind(*index) == NodeKind::String)
            }
            _ => None,
        };
        if last.is_some_and(|last| self.is_word(&code(ctx.source, last))) {
            ctx.report_node(assignment);
        }
    }

    fn check_insertion(&self, ctx: &mut Context<'_>, call: NodeId) {
        let tree = ctx.source.tree;
        if !has_literal(ctx, call, 1) {
            return;
        }
        let Some(callee) = callee(tree, call).filter(|callee| !callee.is_global) else { return };
        let is_insertion = is_found(&self.insertion, ctx.source.node_text(callee.name));
        let [Some(key), Some(value), ..] = arguments(tree, call)[..] else { return };
        if is_insertion && self.is_word(&code(ctx.source, key)) && starts_with_secret(ctx, value) {
            let statement = tree.enclosing_statement(call).map(|statement| tree.statement_range(statement));
            report(ctx, statement);
        }
    }

    fn check_constructor(&self, ctx: &mut Context<'_>, constructor: NodeId) {
        let tree = ctx.source.tree;
        let Some(name) = tree.child(constructor, Role::Type) else { return };
        if !has_literal(ctx, constructor, 0) {
            return;
        }
        let name = ctx.source.node_text(name);
        let arguments = arguments(tree, constructor);
        let is_found = (is_found(&self.collection, name) && self.has_secret_value(ctx, &arguments))
            || (is_found(&self.connection, name)
                && arguments
                    .get(PASSWORD_ARGUMENT)
                    .copied()
                    .flatten()
                    .is_some_and(|value| starts_with_secret(ctx, value)));
        if is_found {
            let mut ancestors = tree.ancestors(constructor);
            let assignment = ancestors.find(|ancestor| tree.kind(*ancestor) == NodeKind::Assignment);
            report(ctx, assignment.map(|assignment| tree.range(assignment)));
        }
    }

    /// The first argument lists keys, the others are their values.
    fn has_secret_value(&self, ctx: &Context<'_>, arguments: &[Option<NodeId>]) -> bool {
        let Some((Some(keys), values)) = arguments.split_first() else { return false };
        let keys = code(ctx.source, *keys);
        keys.split(',').zip(values).any(|(key, value)| {
            value.is_some_and(|value| self.is_word(key) && starts_with_secret(ctx, value))
        })
    }

    /// Quotes and blanks do not count.
    fn is_word(&self, text: &str) -> bool {
        let word: String = text.chars().filter(|letter| *letter != '"' && !letter.is_whitespace()).collect();
        is_found(&self.word, &word)
    }
}

fn report(ctx: &mut Context<'_>, range: Option<TextRange>) {
    if let Some(range) = range {
        ctx.report(range);
    }
}

fn is_found(pattern: &Option<Regex>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// A cheap look before names are compared: an argument behind the first `skipped` ones is a literal.
fn has_literal(ctx: &Context<'_>, call: NodeId, skipped: usize) -> bool {
    let tree = ctx.source.tree;
    let Some(list) = tree.child(call, Role::Arguments) else { return false };
    let mut first_tokens =
        tree.children(list).skip(skipped).filter_map(|argument| tree.first_token(argument));
    first_tokens.any(|token| token.kind == TokenKind::String)
}

fn starts_with_secret(ctx: &Context<'_>, argument: NodeId) -> bool {
    ctx.source.tree.first_token(argument).is_some_and(|token| is_secret(ctx, token))
}

/// A literal on one line that is neither empty nor a row of asterisks.
fn is_secret(ctx: &Context<'_>, token: &Token) -> bool {
    one_line_content(ctx.source, token).is_some_and(|content| content.bytes().any(|byte| byte != b'*'))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn assignments() {
        rule("UsingHardcodeSecretInformation").check(
            "Пароль = \"12345\";\nДоступ.PASSWORD = \"qwerty\";\nДоступ[\"Пароль\"] = \"qwerty\";\nПароль.Пароль = \"1\";\n\
             Пароль.Текст = \"1\";\nПароль = \"\";\nПароль = \"***\";\nПароль = \"а\" + Б;\nПаролиНет = \"1\";\nПароль = Ввести(\"1\");\n",
            expect![[r#"
                1:1 `Пароль = "12345"` Secret data is written into the code
                2:1 `Доступ.PASSWORD = "qwerty"` Secret data is written into the code
                3:1 `Доступ["Пароль"] = "qwerty"` Secret data is written into the code
                4:1 `Пароль.Пароль = "1"` Secret data is written into the code
                4:1 `Пароль.Пароль = "1"` Secret data is written into the code
                5:1 `Пароль.Текст = "1"` Secret data is written into the code
            "#]],
        );
    }

    #[test]
    fn keys_and_values() {
        rule("UsingHardcodeSecretInformation").check(
            "Доступ.Вставить(\"Пароль\", \"12345\");\nX.Insert(Password, \"1\" + Y);\nА = Новый Структура(\"Имя, Пароль\", Имя, \"1\");\n\
             Доступ.Вставить(\"Имя\", \"Пароль\");\nДоступ.Вставить(\"Пароль\", Б);\nВставить(\"Пароль\", \"1\");\n\
             А = New Structure(\"Name, Password\", \"1\", Y);\nФ(Новый Структура(\"Пароль\", \"1\"));\n",
            expect![[r#"
                1:1 `Доступ.Вставить("Пароль", "12345");` Secret data is written into the code
                2:1 `X.Insert(Password, "1" + Y);` Secret data is written into the code
                3:1 `А = Новый Структура("Имя, Пароль", Имя, "1")` Secret data is written into the code
            "#]],
        );
    }

    #[test]
    fn connections() {
        rule("UsingHardcodeSecretInformation").check(
            "А = Новый HTTPСоединение(Сервер, Порт, Имя, \"1\");\nX = New FTPConnection(Server, , User, Password);\n\
             X = New FTPConnection(, , , \"1\");\nА.Б = Новый FTPСоединение(С, 21, И, \"1\", Прокси);\n",
            expect![[r#"
                1:1 `А = Новый HTTPСоединение(Сервер, Порт, Имя, "1")` Secret data is written into the code
                3:1 `X = New FTPConnection(, , , "1")` Secret data is written into the code
                4:1 `А.Б = Новый FTPСоединение(С, 21, И, "1", Прокси)` Secret data is written into the code
            "#]],
        );
    }

    #[test]
    fn words_are_a_parameter() {
        let text = "Токен = \"abc\";\nПароль = \"abc\";\n";
        rule("UsingHardcodeSecretInformation").string("searchWords", "Токен|Token").check(
            text,
            expect![[r#"
            1:1 `Токен = "abc"` Secret data is written into the code
        "#]],
        );
        rule("UsingHardcodeSecretInformation").string("searchWords", "[").check(
            text,
            expect![[r#"
            2:1 `Пароль = "abc"` Secret data is written into the code
        "#]],
        );
    }
}
