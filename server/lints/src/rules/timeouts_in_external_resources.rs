//! Connections that may wait forever.

use syntax::{NodeId, NodeKind, Role, Source, SyntaxTree};

use crate::argument_list::{arguments_of, constructed_type};
use crate::calls::PlatformName;
use crate::chains::is_chain;
use crate::context::Context;
use crate::later_places::{LaterPlaces, end_of_code};
use crate::name_hash::name_hash;
use crate::operators::operands;
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};
use crate::sound_nodes::sound_nodes;

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "TimeoutsInExternalResources",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 5,
    tags: &["unpredictable", "standard"],
    params: &[ParamInfo {
        name: "analyzeInternetMailProfileZeroTimeout",
        default: ParamDefault::Bool(true),
        meaning: Text {
            ru: "проверять и почтовые профили", en: "look at mail profiles, too"
        },
    }],
    messages: &[Text {
        ru: "Для `{0}` не задан таймаут: код может ждать бесконечно",
        en: "`{0}` has no timeout: the code may wait forever",
    }],
    docs: docs!("timeouts_in_external_resources"),
    create: |params| Box::new(TimeoutsInExternalResources::new(params)),
    ..RuleInfo::DEFAULT
};

const FTP: PlatformName = PlatformName::new("FTPСоединение", "FTPConnection");
const DEFINITIONS: PlatformName = PlatformName::new("WSОпределения", "WSDefinitions");
const MAIL_PROFILE: PlatformName = PlatformName::new("ИнтернетПочтовыйПрофиль", "InternetMailProfile");

/// Longer names that start with these count, too.
const TYPES: [PlatformName; 4] = [
    FTP,
    PlatformName::new("HTTPСоединение", "HTTPConnection"),
    DEFINITIONS,
    PlatformName::new("WSПрокси", "WSProxy"),
];

const TIMEOUT: PlatformName = PlatformName::new("Таймаут", "Timeout");

struct TimeoutsInExternalResources {
    has_mail: bool,
    /// Places of the timeout among the arguments.
    ftp: usize,
    definitions: usize,
    others: usize,
}

impl TimeoutsInExternalResources {
    fn new(params: &Params<'_>) -> Self {
        let is_old = params.is_older_than((8, 3, 7));
        Self {
            has_mail: params.bool("analyzeInternetMailProfileZeroTimeout"),
            ftp: if params.is_older_than((8, 3, 9)) { 5 } else { 6 },
            definitions: if is_old { 3 } else { 4 },
            others: if is_old { 4 } else { 5 },
        }
    }

    /// Which argument is the timeout; `None` for other types.
    fn timeout_index(&self, name: &str) -> Option<usize> {
        match name {
            _ if FTP.is(name) => Some(self.ftp),
            _ if DEFINITIONS.is(name) => Some(self.definitions),
            _ if MAIL_PROFILE.starts(name) => self.has_mail.then_some(5),
            _ => TYPES.iter().any(|known| known.starts(name)).then_some(self.others),
        }
    }
}

impl Rule for TimeoutsInExternalResources {
    fn section(&self, ctx: &mut Context<'_>) {
        let source = ctx.source;
        let tree = source.tree;
        let mut timeouts = None;
        for constructor in sound_nodes(tree).filter(|node| tree.kind(*node) == NodeKind::New) {
            let Some(name) = constructed_type(source, constructor) else { continue };
            let Some(index) = self.timeout_index(name) else { continue };
            let argument = arguments_of(tree, constructor).nth(index).flatten();
            if argument.is_some_and(|argument| is_time(tree, argument)) {
                continue;
            }
            let timeouts = timeouts.get_or_insert_with(|| assigned_timeouts(source));
            if !is_set_below(source, constructor, timeouts) {
                ctx.report_node(constructor).arg(name);
            }
        }
    }
}

/// A number or something computed, as far as its first operand tells.
fn is_time(tree: &SyntaxTree, expression: NodeId) -> bool {
    let first = operands(tree, expression).next();
    first.is_some_and(|first| tree.kind(first) == NodeKind::Number || is_chain(tree, first))
}

/// Assignments to properties `Таймаут`, by what their left sides start with.
fn assigned_timeouts(source: Source<'_>) -> LaterPlaces {
    let tree = source.tree;
    let mut places = LaterPlaces::default();
    for assignment in sound_nodes(tree).filter(|node| tree.kind(*node) == NodeKind::Assignment) {
        let (Some(left), Some(right)) =
            (tree.child(assignment, Role::Left), tree.child(assignment, Role::Right))
        else {
            continue;
        };
        let property = first_property(tree, left).map(|name| source.node_text(name));
        if property.is_some_and(|name| TIMEOUT.starts(name)) && is_time(tree, right) {
            places.add(source, first_word(source, left), assignment);
        }
    }
    places
}

/// The property nearest to the start of a chain; called methods are none.
fn first_property(tree: &SyntaxTree, chain: NodeId) -> Option<NodeId> {
    let mut nearest = None;
    let mut node = chain;
    loop {
        node = match tree.kind(node) {
            NodeKind::Member => {
                if tree.node(node).role != Role::Function {
                    nearest = tree.child(node, Role::Property);
                }
                tree.child(node, Role::Object)?
            }
            NodeKind::Index => tree.child(node, Role::Object)?,
            NodeKind::Call => tree.child(node, Role::Function)?,
            _ => return nearest,
        };
    }
}

fn first_word(source: Source<'_>, node: NodeId) -> u64 {
    source.tree.first_token(node).map_or(0, |token| name_hash(source.token_text(token)))
}

/// The same method sets the timeout of what the constructor is assigned to.
fn is_set_below(source: Source<'_>, constructor: NodeId, timeouts: &LaterPlaces) -> bool {
    let tree = source.tree;
    let assignment =
        tree.ancestors(constructor).find(|ancestor| tree.kind(*ancestor) == NodeKind::Assignment);
    let Some(left) = assignment.and_then(|assignment| tree.child(assignment, Role::Left)) else {
        return false;
    };
    let line = tree.first_token(constructor).map_or(0, |token| token.line);
    timeouts.has_below(first_word(source, left), constructor, end_of_code(tree, constructor), line)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "\
Процедура А()
	А = Новый HTTPСоединение(Сервер, 80);
	А = Новый HTTPConnection(Сервер, , , , , 0);
	А = Новый HTTPСоединение(Сервер, , , , , -5 + 1);
	А = Новый WSОпределения(Адрес, , , , Таймаут());
	А = Новый WSОпределения(Адрес, , , , , Таймаут());
	А = Новый FTPСоединение(1, 2, 3, 4, 5, 6, \"7\");
	А = Новый FTPСоединение(1, 2, 3, 4, 5, 6, ?(Б, 1, 2));
	А = Новый WSПроксиХ;
	Профиль = Новый ИнтернетПочтовыйПрофиль;
	Если А Тогда
		Профиль.Поле = 1;
		профиль.ТаймаутХ = Б;
	КонецЕсли;
	Ф(Новый WSПрокси);
	Стр.Соединение = Новый WSПрокси;
	Стр.Таймаут = \"1\";
	Стр[1].Таймаут = 1;
	А = Новый(\"WSПрокси\");
КонецПроцедуры
Процедура Б()
	А.Таймаут = 20;
КонецПроцедуры
";

    #[test]
    fn arguments_and_properties() {
        rule("TimeoutsInExternalResources").check(TEXT, expect![[r#"
            2:6 `Новый HTTPСоединение(Сервер, 80)` `HTTPСоединение` has no timeout: the code may wait forever
            6:6 `Новый WSОпределения(Адрес, , , , , Таймаут())` `WSОпределения` has no timeout: the code may wait forever
            7:6 `Новый FTPСоединение(1, 2, 3, 4, 5, 6, "7")` `FTPСоединение` has no timeout: the code may wait forever
            9:6 `Новый WSПроксиХ` `WSПроксиХ` has no timeout: the code may wait forever
            15:4 `Новый WSПрокси` `WSПрокси` has no timeout: the code may wait forever
        "#]]);
    }

    #[test]
    fn mail_on_demand() {
        let text = "Профиль = Новый ИнтернетПочтовыйПрофиль;\n";
        rule("TimeoutsInExternalResources").check(text, expect![[r#"
            1:11 `Новый ИнтернетПочтовыйПрофиль` `ИнтернетПочтовыйПрофиль` has no timeout: the code may wait forever
        "#]]);
        rule("TimeoutsInExternalResources")
            .bool("analyzeInternetMailProfileZeroTimeout", false)
            .check(text, expect![[""]]);
    }
}
