//! What an editor shows about the names of a query.

use base::{Files, Locale};
use platform::{Names, QueryFunction};
use semantics::{Definition, ObjectId, Project, QueryField, Type, VirtualTable, query_value};
use syntax::{QueryNodeId, QueryNodeKind, QueryRole};

use crate::hover::{Describer, Hover, Page, entry, inline};
use crate::meaning::ProjectDocument;
use crate::query::code::QueryCode;
use crate::query::meaning::QueryMeaning;
use crate::query::parameters::{SetParameter, parameter_places};
use crate::script::Script;

/// Columns of a table that are listed.
const SHOWN_COLUMNS: usize = 40;
/// Longest line of code of an expression, in letters.
const SHOWN_CODE: usize = 120;

/// Describes the name at an offset; `None` if neither a query nor the name of its parameter stands there.
pub(crate) fn query_hover(
    of: ProjectDocument<'_>,
    offset: u32,
    locale: Locale,
    files: &dyn Files,
) -> Option<Option<Hover>> {
    let Some(code) = QueryCode::at(of, offset) else {
        let section = of.section(offset);
        let set = section.set_parameter_at(offset.checked_sub(section.start())?)?;
        let describer = Describer::new(of, &section, locale, files);
        let name = section.source().slice(set.name);
        let markdown = describer.query_parameter(&section, name, std::slice::from_ref(&set));
        return Some(Some(Hover { range: section.in_document(set.name), markdown }));
    };
    let script = if code.script() == platform::Script::English { Script::English } else { Script::Russian };
    let describer = Describer { script, ..Describer::new(of, &code.section, locale, files) };
    Some(describer.query_name(&code))
}

impl Describer<'_> {
    fn query_name(self, code: &QueryCode<'_>) -> Option<Hover> {
        let name = code.name_at_offset()?;
        let text = code.node_text(name);
        let markdown = match code.meaning(name)? {
            QueryMeaning::Kind(kind) => {
                let mut page = Page::default();
                page.code(text);
                let (ru, en) = (kind.name_ru(), kind.name());
                page.paragraph(&format!("{} · `{ru}` / `{en}`", self.say("Вид таблиц", "Kind of tables")));
                page.finish()
            }
            QueryMeaning::Known { definition: Definition::ComputedResource { attribute, .. }, value } => {
                self.computed(text, attribute, &value)?
            }
            QueryMeaning::Known { definition, value } => self.definition(&definition, &value)?,
            QueryMeaning::Virtual { object, table } => self.virtual_table(code, object, table)?,
            QueryMeaning::Temporary(table) => self.temporary(code, name, &table, text),
            QueryMeaning::Source(source) => self.source(code, source)?,
            QueryMeaning::Column(column) => self.query_column(code, column)?,
            QueryMeaning::Function(function) => self.query_function(code, function),
            QueryMeaning::Parameter(_) => {
                let owner = code.section.query_of_literal(code.literal.node);
                let text = text.trim_start_matches('&');
                let places = parameter_places(&code.section, code.literal.node, owner.as_deref(), text);
                self.query_parameter(&code.section, text, &places.sets)
            }
        };
        Some(Hover { range: code.in_document(code.tree.range(name)), markdown })
    }

    /// `СуммаОстаток`.
    fn computed(self, text: &str, attribute: semantics::AttributeRef, value: &Type) -> Option<String> {
        let mut page = Page::default();
        page.code(&self.typed(text, value));
        page.paragraph(self.say("Поле виртуальной таблицы", "Field of a virtual table"));
        page.paragraph(&self.definition(&Definition::Attribute(attribute), &Type::Unknown)?);
        Some(page.finish())
    }

    fn virtual_table(self, code: &QueryCode<'_>, object: ObjectId, table: VirtualTable) -> Option<String> {
        let content = self.project().object(object)?;
        let script = code.script();
        let named = |names: &Names| names.in_script(script).to_string();
        let parameters: Vec<String> = table.parameters(content.kind).iter().map(named).collect();
        let kind = self.code_kind(content.kind);
        let mut page = Page::default();
        let name = named(&table.names());
        page.code(&format!("{kind}.{}.{name}({})", content.name, parameters.join(", ")));
        let mut title = vec![self.say("Виртуальная таблица", "Virtual table").to_owned()];
        title.extend(self.synonym(&content.synonym).map(inline));
        page.paragraph(&title.join(" · "));
        let entries: Vec<String> = parameters.iter().map(|name| entry(name, "", "")).collect();
        page.list(self.say("Параметры", "Parameters"), &entries);
        Some(page.finish())
    }

    fn temporary(self, code: &QueryCode<'_>, name: QueryNodeId, table: &str, text: &str) -> String {
        let mut page = Page::default();
        page.code(text);
        page.paragraph(self.say("Временная таблица", "Temporary table"));
        match code.temporary(table, name).and_then(|(batch, _)| code.first_select(batch)) {
            Some(select) => self.columns_of_select(code, select, &mut page),
            None => page.paragraph(self.say("Создана другим запросом", "Made by another query")),
        }
        page.finish()
    }

    fn columns_of_select(self, code: &QueryCode<'_>, select: QueryNodeId, page: &mut Page) {
        let columns = code.in_select(select, |scope, _| scope.columns()).unwrap_or_default();
        let mut entries: Vec<String> = columns
            .iter()
            .take(SHOWN_COLUMNS)
            .map(|(name, value)| entry(name, &self.type_name(value), ""))
            .collect();
        if columns.len() > SHOWN_COLUMNS {
            entries.push("- …".to_owned());
        }
        page.list(self.say("Поля", "Fields"), &entries);
    }

    fn source(self, code: &QueryCode<'_>, source: QueryNodeId) -> Option<String> {
        let table = code.tree.child(source, QueryRole::Table)?;
        let alias = code.node_text(code.alias(source)?);
        let keyword = if code.script() == platform::Script::English { "AS" } else { "КАК" };
        let is_subquery = code.kind(table) == QueryNodeKind::Subquery;
        let text = if is_subquery { "(…)".to_owned() } else { code.table_path(source)?.join(".") };
        let mut page = Page::default();
        page.code(&format!("{text} {keyword} {alias}"));
        page.paragraph(self.say("Псевдоним таблицы", "Alias of a table"));
        let query = match code.kind(table) {
            QueryNodeKind::Subquery => code.tree.children_of_kind(table, QueryNodeKind::Query).next(),
            QueryNodeKind::Name => code.temporary(&text, table).map(|(batch, _)| batch),
            _ => None,
        };
        if let Some(select) = query.and_then(|query| code.first_select(query)) {
            self.columns_of_select(code, select, &mut page);
        } else if let Some([kind, name, ..]) = code.table_path(source).as_deref()
            && let Some(object) = self.scope().query_object(kind, name)
            && let Some(content) = self.project().object(object)
        {
            page.paragraph(&self.synonym(&content.synonym).map(inline).unwrap_or_default());
        }
        Some(page.finish())
    }

    fn query_column(self, code: &QueryCode<'_>, column: QueryNodeId) -> Option<String> {
        let value = code.tree.child(column, QueryRole::Value)?;
        let name = code.node_text(code.column_name(column)?);
        let select = code.tree.enclosing(column, QueryNodeKind::Select)?;
        let held = query_value(&code.tree, code.text(), value);
        let type_of = code.in_select(select, |scope, _| scope.value_type(&held)).unwrap_or_default();
        let mut page = Page::default();
        page.code(&self.typed(name, &type_of));
        page.paragraph(self.say("Поле запроса", "Field of the query"));
        if code.alias(column).is_some() {
            page.code(&one_line(code.node_text(value)));
        }
        Some(page.finish())
    }

    fn query_function(self, code: &QueryCode<'_>, function: &QueryFunction) -> String {
        let mut page = Page::default();
        let name = function.names.in_script(code.script());
        let returns = self.platform_types(&function.returns);
        let returns = if returns.is_empty() { returns } else { format!(": {returns}") };
        let mut lines: Vec<String> = function
            .signatures
            .iter()
            .map(|signature| format!("{name}({}){returns}", parameter_names(signature)))
            .collect();
        if lines.is_empty() {
            lines.push(format!("{name}(){returns}"));
        }
        page.code(&lines.join("\n"));
        let title = self.say("Функция языка запросов", "Function of the query language");
        page.paragraph(&format!("{title} · `{}` / `{}`", function.names.ru, function.names.en));
        page.prose(&function.description);
        page.finish()
    }

    fn query_parameter(
        self,
        section: &crate::meaning::Section<'_>,
        name: &str,
        sets: &[SetParameter],
    ) -> String {
        let mut page = Page::default();
        let value = sets.iter().find_map(|set| set.value).map(|value| section.type_of(value));
        page.code(&self.typed(&format!("&{name}"), &value.unwrap_or_default()));
        page.paragraph(self.say("Параметр запроса", "Parameter of the query"));
        let calls = sets.iter().map(|set| one_line(section.source().node_text(set.call)));
        let calls: Vec<String> = calls.take(SHOWN_COLUMNS).collect();
        if calls.is_empty() {
            page.paragraph(self.say("В этом методе не устанавливается", "Not set in this method"));
        } else {
            page.code(&calls.join("\n"));
        }
        page.finish()
    }
}

fn parameter_names(signature: &platform::Signature) -> String {
    let name = |parameter: &platform::Parameter| {
        let mark = if parameter.is_optional { "?" } else { "" };
        format!("{}{mark}", parameter.name)
    };
    signature.parameters.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// Code without the bars and breaks of its literal.
pub(crate) fn one_line(code: &str) -> String {
    let words = code.lines().map(|line| line.trim().trim_start_matches('|').trim());
    let line = words.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN_CODE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Shown at the far side of an item.
pub(crate) fn field_type(project: &Project, field: &QueryField, script: platform::Script) -> String {
    field.value.display(project, script)
}
