//! From candidates to items: names in the language of the module, signatures, types.

use platform::{Names, Parameter, Signature};
use semantics::{Definition, Member, MemberKind, Method, Shape, Type};

use crate::completion::asked::Asked;
use crate::completion::candidates::{Content, Ranked};
use crate::completion::item::{CompletionItem, CompletionKind};

/// Types of values are computed for this many items; the others show them when they are chosen.
const TYPED: usize = 60;

/// Methods without parameters whose signatures the tables lack.
const WITHOUT_PARAMETERS: [&str; 24] = [
    "Количество",
    "Очистить",
    "Следующий",
    "Пустая",
    "ЭтоНовый",
    "ПолучитьОбъект",
    "Метаданные",
    "ПустаяСсылка",
    "СоздатьЭлемент",
    "СоздатьГруппу",
    "СоздатьДокумент",
    "СоздатьНаборЗаписей",
    "СоздатьМенеджерЗаписи",
    "СоздатьМенеджерЗначения",
    "СоздатьКлючЗаписи",
    "УникальныйИдентификатор",
    "ВГраница",
    "ПолучитьЭлементы",
    "ПолучитьРодителя",
    "ПолучитьИдентификатор",
    "ЗаполнитьПоУмолчанию",
    "Заблокирован",
    "Разблокировать",
    "ВыполнитьПакет",
];

/// Makes items, in order.
pub(crate) fn items(asked: &Asked<'_>, receiver: Option<&Type>, ranked: Vec<Ranked>) -> Vec<CompletionItem> {
    let maker = Maker { asked, receiver };
    ranked.into_iter().enumerate().map(|(index, ranked)| maker.item(ranked, index < TYPED)).collect()
}

struct Maker<'a> {
    asked: &'a Asked<'a>,
    receiver: Option<&'a Type>,
}

/// How something is called.
#[derive(Default)]
pub(crate) struct Call {
    pub(crate) signature: String,
    pub(crate) has_parameters: bool,
    pub(crate) returns: String,
    pub(crate) is_deprecated: bool,
}

impl Maker<'_> {
    fn item(&self, ranked: Ranked, is_typed: bool) -> CompletionItem {
        let candidate = ranked.candidate;
        let label = self.asked.name(&candidate.names).to_owned();
        let filter = self.filter(&candidate.names, ranked.is_other);
        let mut item = CompletionItem { filter, ..CompletionItem::named(label, candidate.kind) };
        match candidate.content {
            Content::Ready(ready) => {
                return CompletionItem { filter: item.filter.or(ready.filter.clone()), ..*ready };
            }
            Content::Name(description) => item.description = description,
            Content::Local(shape) => {
                let known = self.asked.scope().type_of(&shape);
                item.description = known.display(self.asked.of.project, self.asked.script());
            }
            Content::Constructor(definition) => self.constructor(definition, &mut item),
            Content::Member(member) => self.member(member, is_typed, &mut item),
        }
        item
    }

    /// Editors filter the list while more is typed: the other name must be found, too.
    fn filter(&self, names: &Names, is_other: bool) -> Option<String> {
        let shown = self.asked.name(names);
        let mut others = names.spellings().filter(|name| *name != shown).peekable();
        others.peek()?;
        let typed = &self.asked.position.prefix;
        if is_other {
            return others.map(|name| name.to_string()).reduce(|all, name| format!("{all} {name}"));
        }
        if !typed.is_empty() {
            return None;
        }
        Some(others.fold(shown.to_owned(), |all, name| format!("{all} {name}")))
    }

    fn member(&self, member: Member, is_typed: bool, item: &mut CompletionItem) {
        if let Some(call) = call_of(self.asked, &member.definition) {
            insert_call(self.asked, item, &call);
            item.signature = call.signature;
            item.description = call.returns;
            item.is_deprecated = call.is_deprecated;
        } else if is_typed {
            item.description = self.type_text(&member);
        }
        item.definition = Some(member.definition);
    }

    fn type_text(&self, member: &Member) -> String {
        let scope = self.asked.scope();
        let is_value = !matches!(
            member.kind,
            MemberKind::Module | MemberKind::Collection | MemberKind::Enum | MemberKind::Type
        );
        if !is_value {
            return String::new();
        }
        let known = match self.receiver {
            Some(receiver) => scope.member_type(receiver, member),
            None => scope.type_of_definition(&member.definition),
        };
        known.display(self.asked.of.project, self.asked.script())
    }

    fn constructor(&self, definition: Definition, item: &mut CompletionItem) {
        if let Definition::PlatformType(found) = &definition {
            let info = self.asked.of.project.platform(found.dialect).type_info(found.id);
            let is_plain = |signature: &Signature| signature.parameters.iter().all(|it| it.is_optional);
            if let Some(longest) = longest(&info.constructors).filter(|it| !it.parameters.is_empty()) {
                item.signature = parameters_text(&longest.parameters);
            }
            let needs_arguments = !info.constructors.is_empty() && !info.constructors.iter().any(is_plain);
            let call = Call { has_parameters: true, ..Call::default() };
            if needs_arguments {
                insert_call(self.asked, item, &call);
            }
        }
        item.definition = Some(definition);
    }
}

impl CompletionItem {
    pub(crate) fn named(label: String, kind: CompletionKind) -> Self {
        Self {
            text: label.clone(),
            label,
            kind,
            is_snippet: false,
            filter: None,
            signature: String::new(),
            description: String::new(),
            is_deprecated: false,
            is_best: false,
            definition: None,
            preview: String::new(),
            range: None,
        }
    }
}

/// Adds parentheses with the cursor where one goes on typing.
pub(crate) fn insert_call(asked: &Asked<'_>, item: &mut CompletionItem, call: &Call) {
    if asked.has_arguments() {
        return;
    }
    if !call.has_parameters {
        item.text.push_str("()");
    } else if asked.options.snippets {
        item.text = format!("{}($0)", escaped(&item.text));
        item.is_snippet = true;
    } else {
        item.text.push('(');
    }
}

/// Text that means itself in a snippet.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

/// `None` for what is not called.
pub(crate) fn call_of(asked: &Asked<'_>, definition: &Definition) -> Option<Call> {
    let project = asked.of.project;
    match definition {
        Definition::Method { module, index } => {
            let method = project.method(*module, *index)?;
            Some(Call {
                signature: method_signature(asked, method),
                has_parameters: method.parameters().len() > 0,
                returns: shape_text(asked, *module, &method.returns),
                is_deprecated: method.is_deprecated,
            })
        }
        Definition::PlatformFunction { dialect, name } => {
            let platform = project.platform(*dialect);
            Some(platform_call(asked, platform.function(name)?))
        }
        Definition::PlatformMethod { owner, name } => {
            Some(platform_call(asked, project.platform(owner.dialect).method(owner.id, name)?))
        }
        _ => None,
    }
}

fn platform_call(asked: &Asked<'_>, method: &platform::Method) -> Call {
    let signature = longest(&method.signatures);
    let returns = match method.returns.is_empty() {
        true => signature.map_or(&[][..], |signature| &signature.returns),
        false => &method.returns,
    };
    Call {
        signature: signature.map_or_else(String::new, |signature| parameters_text(&signature.parameters)),
        // Nothing is known about some methods: they may have parameters.
        has_parameters: match signature {
            Some(signature) => !signature.parameters.is_empty(),
            None => !WITHOUT_PARAMETERS.contains(&method.names.ru.as_str()),
        },
        returns: type_names(asked, returns),
        is_deprecated: false,
    }
}

fn longest(signatures: &[Signature]) -> Option<&Signature> {
    signatures.iter().max_by_key(|signature| signature.parameters.len())
}

fn parameters_text(parameters: &[Parameter]) -> String {
    let name = |parameter: &Parameter| {
        let mark = if parameter.is_optional { "?" } else { "" };
        format!("{}{mark}", parameter.name)
    };
    format!("({})", parameters.iter().map(name).collect::<Vec<_>>().join(", "))
}

/// Russian names of types, in the language of the module.
fn type_names(asked: &Asked<'_>, names: &[smol_str::SmolStr]) -> String {
    let platform = asked.platform();
    let shown = names.iter().take(3).map(|name| match platform.type_id(name) {
        Some(id) => asked.name(&platform.type_info(id).names).to_owned(),
        None => name.to_string(),
    });
    shown.collect::<Vec<_>>().join(" | ")
}

pub(crate) fn method_signature(asked: &Asked<'_>, method: Method<'_>) -> String {
    let by_value = asked.pick("Знач ", "Val ");
    let parameters = method.parameters().map(|parameter| {
        let by_value = if parameter.is_by_value { by_value } else { "" };
        match &parameter.default {
            Some(default) => format!("{by_value}{} = {default}", parameter.name),
            None => format!("{by_value}{}", parameter.name),
        }
    });
    format!("({})", parameters.collect::<Vec<_>>().join(", "))
}

/// Types that can be told without looking into other methods.
fn shape_text(asked: &Asked<'_>, module: semantics::ModuleId, shape: &Shape) -> String {
    if !is_plain(shape) {
        return String::new();
    }
    let known = semantics::Scope::new(asked.of.project, module).type_of(shape);
    known.display(asked.of.project, asked.script())
}

fn is_plain(shape: &Shape) -> bool {
    match shape {
        Shape::Named(_) | Shape::Structure { .. } | Shape::Table { .. } | Shape::TypeValue(_) => true,
        Shape::Collection { element, .. } => is_plain(element),
        Shape::Union { parts, .. } => parts.iter().all(is_plain),
        _ => false,
    }
}
