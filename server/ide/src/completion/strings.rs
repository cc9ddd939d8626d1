//! Inside literals: names that the method around takes as text.

use base::TextRange;
use metadata::ObjectAspect;
use semantics::{Definition, Member, MemberKind, Type};
use syntax::TokenKind;

use crate::completion::annotations;
use crate::completion::asked::Asked;
use crate::completion::candidates::{Candidate, Candidates, Content, Fit, Tier};
use crate::completion::expected::receiver_and_name;
use crate::completion::item::{CompletionItem, CompletionKind};
use crate::completion::literals::{Path, forms, full_names, predefined, types};
use crate::completion::members::kind_of;
use crate::completion::position::CallPlace;
use crate::completion::typing::plain;

/// What the text in an argument names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    CommonModule,
    Type,
    NewType,
    Predefined,
    Form,
    /// A method of this module.
    Method,
    /// A key of the structure before the dot, a column of the table.
    Field,
    QueryParameter,
    Localized,
    FullName,
    Right,
    Template,
    FormAttribute,
    FormElement,
    /// An attribute of the value in the first argument.
    AttributeOfFirst,
    /// An attribute of the object before the dot.
    Attribute,
}

/// Functions and methods by their names in both languages, and the argument that is a name.
const CALLS: [(&str, &str, usize, Named); 38] = [
    ("ОбщийМодуль", "CommonModule", 0, Named::CommonModule),
    ("Тип", "Type", 0, Named::Type),
    ("ПредопределенноеЗначение", "PredefinedValue", 0, Named::Predefined),
    ("ПредопределенныйЭлемент", "PredefinedItem", 0, Named::Predefined),
    ("ОткрытьФорму", "OpenForm", 0, Named::Form),
    ("ПолучитьФорму", "GetForm", 0, Named::Form),
    ("ПодключитьОбработчикОжидания", "AttachIdleHandler", 0, Named::Method),
    ("ОтключитьОбработчикОжидания", "DetachIdleHandler", 0, Named::Method),
    ("УстановитьДействие", "SetAction", 1, Named::Method),
    ("Свойство", "Property", 0, Named::Field),
    ("Вставить", "Insert", 0, Named::Field),
    ("Удалить", "Delete", 0, Named::Field),
    ("НайтиСтроки", "FindRows", 0, Named::Field),
    ("Сортировать", "Sort", 0, Named::Field),
    ("Свернуть", "GroupBy", 0, Named::Field),
    ("Свернуть", "GroupBy", 1, Named::Field),
    ("ВыгрузитьКолонку", "UnloadColumn", 0, Named::Field),
    ("ЗаполнитьЗначения", "FillValues", 1, Named::Field),
    ("Итог", "Total", 0, Named::Field),
    ("УстановитьПараметр", "SetParameter", 0, Named::QueryParameter),
    ("НСтр", "NStr", 0, Named::Localized),
    ("НайтиПоПолномуИмени", "FindByFullName", 0, Named::FullName),
    ("МенеджерОбъектаПоПолномуИмени", "ObjectManagerByFullName", 0, Named::FullName),
    ("ОбъектМетаданныхПоПолномуИмени", "MetadataObjectByFullName", 0, Named::FullName),
    ("ПравоДоступа", "AccessRight", 0, Named::Right),
    ("ПараметрыДоступа", "AccessParameters", 0, Named::Right),
    ("ВыполнитьПроверкуПравДоступа", "VerifyAccessRights", 0, Named::Right),
    ("ПолучитьМакет", "GetTemplate", 0, Named::Template),
    ("РеквизитФормыВЗначение", "FormAttributeToValue", 0, Named::FormAttribute),
    ("ДанныеФормыВЗначение", "FormDataToValue", 1, Named::Type),
    ("ЗначениеВРеквизитФормы", "ValueToFormAttribute", 1, Named::FormAttribute),
    ("ЗначениеРеквизитаОбъекта", "ObjectAttributeValue", 1, Named::AttributeOfFirst),
    ("ЗначенияРеквизитовОбъекта", "ObjectAttributesValues", 1, Named::AttributeOfFirst),
    ("ЗначениеРеквизитаОбъектов", "ObjectsAttributeValue", 1, Named::AttributeOfFirst),
    ("ЗначенияРеквизитовОбъектов", "ObjectsAttributesValues", 1, Named::AttributeOfFirst),
    ("НайтиПоРеквизиту", "FindByAttribute", 0, Named::Attribute),
    ("НайтиЭлемент", "FindItem", 0, Named::FormElement),
    ("Найти", "Find", 0, Named::FormElement),
];

/// Constructors.
const CONSTRUCTORS: [(&str, &str, Named); 2] = [
    ("ОписаниеТипов", "TypeDescription", Named::Type),
    ("ОписаниеОповещения", "NotifyDescription", Named::Method),
];

/// Rights as code names them.
const RIGHTS: [(&str, &str); 16] = [
    ("Чтение", "Read"),
    ("Добавление", "Insert"),
    ("Изменение", "Update"),
    ("Удаление", "Delete"),
    ("Просмотр", "View"),
    ("Редактирование", "Edit"),
    ("Проведение", "Posting"),
    ("ОтменаПроведения", "UndoPosting"),
    ("Использование", "Use"),
    ("ИнтерактивноеДобавление", "InteractiveInsert"),
    ("ИнтерактивноеУдаление", "InteractiveDelete"),
    ("ИнтерактивнаяПометкаУдаления", "InteractiveSetDeletionMark"),
    ("ИнтерактивноеПроведение", "InteractivePosting"),
    ("ВводПоСтроке", "InputByString"),
    ("Администрирование", "Administration"),
    ("Вывод", "Output"),
];

pub(crate) fn offer(asked: &Asked<'_>, literal: TextRange, candidates: &mut Candidates) {
    if annotations::offer(asked, literal, candidates) {
        return;
    }
    if is_behind_new(asked, literal) {
        return path(asked, literal, candidates, Named::NewType);
    }
    let Some(call) = &asked.position.call else { return };
    let text = asked.typing.text(call.callee);
    let name = receiver_and_name(asked, call).map_or(text, |(_, name)| name);
    let is = |ru: &str, en: &str| base::same_name(ru, name) || base::same_name(en, name);
    let found = if call.is_new {
        CONSTRUCTORS.iter().find(|(ru, en, _)| call.argument == 0 && is(ru, en)).map(|(.., named)| *named)
    } else {
        let fits = |(ru, en, at, _): &&(&str, &str, usize, Named)| *at == call.argument && is(ru, en);
        CALLS.iter().find(fits).map(|(.., named)| *named)
    };
    match found {
        Some(named @ (Named::Type | Named::Predefined | Named::Form | Named::FullName)) => {
            path(asked, literal, candidates, named);
        }
        Some(named) => simple(asked, call, named, literal, candidates),
        None => {}
    }
}

/// `Новый("`.
fn is_behind_new(asked: &Asked<'_>, literal: TextRange) -> bool {
    let section = &asked.position.section;
    let tree = section.source().tree;
    let start = literal.start.saturating_sub(section.range.start);
    let count = tree.tokens().partition_point(|token| token.start < start);
    let mut before = tree.tokens()[..count].iter().rev().filter(|token| !token.kind.is_trivia());
    before.next().is_some_and(|token| token.kind == TokenKind::LeftParen)
        && before.next().is_some_and(|token| token.kind == TokenKind::New)
}

/// Names joined by dots, several separated by commas.
fn path(asked: &Asked<'_>, literal: TextRange, candidates: &mut Candidates, named: Named) {
    let before =
        TextRange { start: literal.start + 1, end: asked.position.word.start.max(literal.start + 1) };
    let before = asked.typing.text(before);
    let path = Path::new(before.rsplit(',').next().unwrap_or(before));
    match named {
        Named::NewType => types(asked, &path, true, candidates),
        Named::Predefined => predefined(asked, &path, candidates),
        Named::Form => forms(asked, &path, candidates),
        Named::FullName => full_names(asked, &path, candidates),
        _ => types(asked, &path, false, candidates),
    }
}

fn simple(
    asked: &Asked<'_>,
    call: &CallPlace,
    named: Named,
    literal: TextRange,
    candidates: &mut Candidates,
) {
    let receiver = receiver_and_name(asked, call).map(|(range, _)| range);
    let value = || receiver.map_or(Type::Unknown, |receiver| asked.typing.type_of(receiver));
    match named {
        Named::CommonModule => modules(asked, candidates),
        Named::Method => methods(asked, candidates),
        Named::Field => fields(asked, &value(), candidates),
        Named::QueryParameter => {
            if let Type::Query(Some(query)) = value() {
                query.parameters.iter().for_each(|name| word(name, CompletionKind::Parameter, candidates));
            }
        }
        Named::Localized => localized(asked, literal, candidates),
        Named::Right => {
            for (ru, en) in RIGHTS {
                word(asked.pick(ru, en), CompletionKind::Value, candidates);
            }
        }
        Named::Template => templates(asked, receiver.map(|_| value()), candidates),
        Named::FormAttribute => {
            let own = asked.scope().self_type().unwrap_or_default();
            let members = asked.scope().members(&own);
            some(members, |member| matches!(member.definition, Definition::FormAttribute { .. }), candidates);
        }
        Named::FormElement => {
            let elements = value();
            if matches!(elements, Type::FormElements(_)) {
                some(
                    asked.scope().members(&elements),
                    |member| member.kind == MemberKind::Element,
                    candidates,
                );
            }
        }
        Named::AttributeOfFirst => attributes(asked, &first_argument(asked, call), candidates),
        Named::Attribute => {
            if let Type::Object { object, aspect: ObjectAspect::Manager } = value() {
                attributes(asked, &Type::Object { object, aspect: ObjectAspect::Ref }, candidates);
            }
        }
        Named::Type | Named::NewType | Named::Predefined | Named::Form | Named::FullName => {}
    }
}

/// Type of the first argument of the call around.
fn first_argument(asked: &Asked<'_>, call: &CallPlace) -> Type {
    let text = asked.typing.text(TextRange { start: call.start, end: asked.position.word.start });
    let first = text.split(',').next().unwrap_or_default();
    let start = call.start + (first.len() - first.trim_start().len()) as u32;
    let end = start + first.trim().len() as u32;
    asked.typing.type_of(TextRange { start, end })
}

fn word(name: &str, kind: CompletionKind, candidates: &mut Candidates) {
    candidates.ready(CompletionItem::named(name.to_owned(), kind), Tier::Expected, Fit::Unknown, 0);
}

/// Members as names, without parentheses.
fn some(members: Vec<Member>, is_wanted: impl Fn(&Member) -> bool, candidates: &mut Candidates) {
    for member in members.into_iter().filter(|member| is_wanted(member)) {
        let tier = if member.kind == MemberKind::StandardAttribute { Tier::Context } else { Tier::Own };
        let kind = kind_of(member.kind);
        candidates.member(member, kind, tier, Fit::Unknown, 0);
    }
}

fn fields(asked: &Asked<'_>, value: &Type, candidates: &mut Candidates) {
    let value = match value {
        Type::Table { .. } | Type::Section { .. } | Type::FormData(_) => asked.scope().element_type(value),
        other => other.clone(),
    };
    let is_field = |member: &Member| {
        matches!(member.kind, MemberKind::Field | MemberKind::Column | MemberKind::Attribute)
    };
    some(asked.scope().members(&value), is_field, candidates);
}

fn attributes(asked: &Asked<'_>, value: &Type, candidates: &mut Candidates) {
    let is_attribute = |member: &Member| {
        matches!(
            member.kind,
            MemberKind::Attribute | MemberKind::StandardAttribute | MemberKind::Field | MemberKind::Section
        )
    };
    some(asked.scope().members(value), is_attribute, candidates);
}

fn modules(asked: &Asked<'_>, candidates: &mut Candidates) {
    let members = asked.scope().names();
    some(members, |member| member.kind == MemberKind::Module, candidates);
}

fn methods(asked: &Asked<'_>, candidates: &mut Candidates) {
    let Some(module) = asked.of.project.module(asked.of.module) else { return };
    for (index, method) in module.methods() {
        let kind = if method.is_function { CompletionKind::Function } else { CompletionKind::Method };
        let mut item = CompletionItem::named(method.name.to_string(), kind);
        item.definition = Some(Definition::Method { module: module.id, index });
        // Handlers are procedures.
        let fit = if method.is_function { Fit::Differs } else { Fit::Fits };
        candidates.ready(item, Tier::Own, fit, 0);
    }
}

fn templates(asked: &Asked<'_>, receiver: Option<Type>, candidates: &mut Candidates) {
    let own = || asked.of.project.place(asked.of.module).and_then(|place| place.object);
    let object = match receiver {
        Some(Type::Object { object, .. }) => Some(object),
        _ => own(),
    };
    for (_, content) in object.into_iter().flat_map(|object| asked.of.project.object_chain(object)) {
        content.templates.iter().for_each(|name| word(name, CompletionKind::Form, candidates));
    }
}

/// `ru = '…'`.
fn localized(asked: &Asked<'_>, literal: TextRange, candidates: &mut Candidates) {
    let written = asked.typing.text(TextRange { start: literal.start + 1, end: asked.position.word.start });
    if written.matches('\'').count() % 2 == 1 {
        return;
    }
    for (index, code) in ["ru", "en"].into_iter().enumerate() {
        if written.contains(&format!("{code} =")) {
            continue;
        }
        let text = if asked.options.snippets { format!("{code} = '$0'") } else { format!("{code} = '") };
        let mut item = CompletionItem::named(format!("{code} = ''"), CompletionKind::Snippet);
        item.text = text;
        item.is_snippet = asked.options.snippets;
        candidates.offer(Candidate {
            names: plain(code),
            kind: CompletionKind::Snippet,
            tier: Tier::Expected,
            fit: Fit::Unknown,
            distance: index as u32,
            content: Content::Ready(Box::new(item)),
        });
    }
}
