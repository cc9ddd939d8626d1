//! Fields, aliases and columns.

use base::TextRange;
use platform::Names;
use semantics::{ObjectId, QueryField, TableSource, Type, VirtualTable, query_value};
use syntax::{QueryNodeId, QueryNodeKind, QueryToken};

use crate::completion::CompletionKind;
use crate::completion::candidates::Tier;
use crate::query::completion::Offers;
use crate::query::completion::context::Context;
use crate::query::hover::one_line;

/// Words for periods: of functions, then those that virtual tables know besides.
const PERIODS: [(&str, &str); 10] = [
    ("ДЕНЬ", "DAY"),
    ("МЕСЯЦ", "MONTH"),
    ("ГОД", "YEAR"),
    ("КВАРТАЛ", "QUARTER"),
    ("НЕДЕЛЯ", "WEEK"),
    ("ЧАС", "HOUR"),
    ("МИНУТА", "MINUTE"),
    ("СЕКУНДА", "SECOND"),
    ("ДЕКАДА", "TENDAYS"),
    ("ПОЛУГОДИЕ", "HALFYEAR"),
];
const REGISTER_PERIODS: [(&str, &str); 4] =
    [("Авто", "Auto"), ("Регистратор", "Recorder"), ("Запись", "Record"), ("Период", "Period")];
const ADDITIONS: [(&str, &str); 2] =
    [("Движения", "Movements"), ("ДвиженияИГраницыПериода", "RegisterRecordsAndPeriodBoundaries")];
/// Functions whose second argument is a period.
const WITH_PERIOD: [&str; 8] = [
    "НАЧАЛОПЕРИОДА",
    "BEGINOFPERIOD",
    "КОНЕЦПЕРИОДА",
    "ENDOFPERIOD",
    "ДОБАВИТЬКДАТЕ",
    "DATEADD",
    "РАЗНОСТЬДАТ",
    "DATEDIFF",
];
const DIFFERENCE: [&str; 2] = ["РАЗНОСТЬДАТ", "DATEDIFF"];

fn names((ru, en): (&str, &str)) -> Names {
    Names { ru: ru.into(), en: en.into(), aliases: Vec::new() }
}

impl Offers<'_, '_> {
    /// The select around the cursor and those around its condition.
    pub(super) fn selects(&self, word: TextRange) -> Vec<QueryNodeId> {
        let select = self.code.select_at(word.start);
        select.map(|select| self.code.selects_around(select)).unwrap_or_default()
    }

    pub(super) fn fields_behind(&mut self, path: &[String], word: TextRange) {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let (Some(first), code) = (path.first(), self.code) else { return };
        for select in self.selects(word) {
            let is_alias = code.source_named(select, first).is_some();
            let fields = code.in_select(select, |scope, batch| match path.as_slice() {
                [alias] if is_alias => {
                    let mut sources = batch.sources.iter();
                    let source = sources.find(|source| base::same_name(&source.alias, alias));
                    source.map(|source| scope.typed_source_fields(source)).unwrap_or_default()
                }
                path => match scope.resolve_field(path) {
                    semantics::FieldLookup::Found(field) => scope.fields_of_value(&field.value),
                    _ => Vec::new(),
                },
            });
            let fields = fields.unwrap_or_default();
            if is_alias || !fields.is_empty() {
                self.fields(fields, Tier::Expected);
                return;
            }
        }
        // In the parameters of a virtual table.
        if let Some(object) = self.register(word) {
            let scope = code.section.of.scope();
            let mut value = Type::Source(TableSource::Object(object));
            for name in path {
                let Some(member) = scope.member(&value, name).found() else { return };
                value = scope.member_type(&value, &member);
            }
            self.fields_of_value(&value, word);
        }
    }

    /// The register of the virtual table whose parameters the cursor stands in.
    fn register(&self, word: TextRange) -> Option<ObjectId> {
        let token = self.code.tree.code_token_before(word.start)?;
        self.code.register_around(self.code.tree.node_of_token(token))
    }

    fn fields_of_value(&mut self, value: &Type, word: TextRange) {
        let Some(select) = self.selects(word).first().copied() else { return };
        let fields = self.code.in_select(select, |scope, _| scope.fields_of_value(value));
        self.fields(fields.unwrap_or_default(), Tier::Expected);
    }

    fn fields(&mut self, fields: Vec<QueryField>, tier: Tier) {
        for field in fields {
            self.field(field, tier);
        }
    }

    /// `ВЫРАЗИТЬ(Т.Регистратор КАК Документ.Заказ).`
    pub(super) fn behind_call(&mut self, closing: QueryToken, word: TextRange) {
        let code = self.code;
        let Some(index) = code.tree.token_at(closing.start) else { return };
        let node = code.tree.node_of_token(index);
        let Some(call) = code.tree.enclosing(node, QueryNodeKind::Call) else { return };
        let Some(select) = self.selects(word).first().copied() else { return };
        let held = query_value(&code.tree, code.text(), call);
        let fields = code.in_select(select, |scope, _| {
            let value = scope.value_type(&held);
            scope.fields_of_value(&value)
        });
        self.fields(fields.unwrap_or_default(), Tier::Expected);
    }

    pub(super) fn aliases(&mut self, word: TextRange) {
        let code = self.code;
        for select in self.selects(word) {
            for source in code.sources(select) {
                let Some(name) = code.source_name(source) else { continue };
                let table = code.table_path(source).map(|path| path.join(".")).unwrap_or_default();
                self.plain(name, CompletionKind::Variable, table, Tier::Expected);
            }
        }
    }

    /// Fields without an alias: of the only source.
    pub(super) fn plain_fields(&mut self, word: TextRange) {
        let code = self.code;
        if let Some(object) = self.register(word) {
            return self.register_fields(object);
        }
        let Some(select) = self.selects(word).first().copied() else { return };
        let fields = code.in_select(select, |scope, batch| match batch.sources.as_slice() {
            [only] => scope.typed_source_fields(only),
            _ => Vec::new(),
        });
        self.fields(fields.unwrap_or_default(), Tier::Own);
    }

    fn register_fields(&mut self, object: ObjectId) {
        let scope = self.code.section.of.scope();
        let source = TableSource::Object(object);
        for member in scope.table_fields(source) {
            let value = scope.member_type(&Type::Source(source), &member);
            self.field(QueryField { member, value }, Tier::Own);
        }
    }

    /// Columns of the result, for orders, totals and indexes.
    pub(super) fn result_columns(&mut self, word: TextRange) {
        let code = self.code;
        let Some(select) = self.selects(word).first().copied() else { return };
        let query = code.tree.enclosing(select, QueryNodeKind::Query);
        let first = query.and_then(|query| code.first_select(query)).unwrap_or(select);
        let columns = code.in_select(first, |scope, _| scope.columns()).unwrap_or_default();
        for (name, value) in columns {
            let shown = value.display(code.section.of.project, code.script());
            self.plain(&name, CompletionKind::Field, shown, Tier::Expected);
        }
    }

    /// What is selected without being summed up has to be grouped.
    pub(super) fn grouped_fields(&mut self, word: TextRange) {
        let code = self.code;
        let Some(select) = self.selects(word).first().copied() else { return };
        for column in code.tree.children_of_kind(select, QueryNodeKind::Column) {
            let Some(value) = code.tree.child(column, syntax::QueryRole::Value) else { continue };
            let is_field = matches!(code.kind(value), QueryNodeKind::Member | QueryNodeKind::Name);
            let text = one_line(code.node_text(value));
            if is_field && !text.ends_with('.') {
                self.plain(&text, CompletionKind::Field, String::new(), Tier::Expected);
            }
        }
    }

    /// `НАЧАЛОПЕРИОДА(Т.Дата, МЕСЯЦ)`.
    pub(super) fn periods(&mut self, context: &Context<'_, '_>) {
        let is = |names: &[&str], name: &str| names.iter().any(|known| base::same_name(known, name));
        let Some((function, index)) = context.function() else { return };
        let wanted = if is(&DIFFERENCE, function) { 2 } else { 1 };
        if index == wanted && is(&WITH_PERIOD, function) {
            for period in PERIODS {
                self.name(names(period), CompletionKind::EnumValue, String::new(), Tier::Expected);
            }
        }
    }

    pub(super) fn virtual_parameter(&mut self, path: &[String], index: usize) {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let scope = self.code.section.of.scope();
        let Some(TableSource::Virtual { object, table }) = scope.query_table(&path) else { return };
        let Some(content) = self.code.section.of.project.object(object) else { return };
        let parameter = table.parameters(content.kind).into_iter().nth(index);
        let Some(parameter) = parameter else { return };
        match parameter.ru.as_str() {
            "Периодичность" => {
                let upper = REGISTER_PERIODS.into_iter().chain(PERIODS);
                for period in upper {
                    self.name(names(period), CompletionKind::EnumValue, String::new(), Tier::Expected);
                }
            }
            "МетодДополнения" => {
                for addition in ADDITIONS {
                    self.name(names(addition), CompletionKind::EnumValue, String::new(), Tier::Expected);
                }
            }
            name if name.starts_with("Условие") || table == VirtualTable::Changes => {
                self.register_fields(object);
            }
            _ => {}
        }
        self.parameter_names();
    }

    /// Parameters with their sign.
    fn parameter_names(&mut self) {
        let section = &self.code.section;
        let node = self.code.literal.node;
        let owner = section.query_of_literal(node);
        let sets = section.set_parameters(node);
        let ours = sets.iter().filter(|set| owner.as_ref().is_none_or(|owner| set.query == *owner));
        let mut all: Vec<String> = ours.map(|set| section.source().slice(set.name).to_owned()).collect();
        all.extend(self.code.shape.parameters.iter().map(ToString::to_string));
        for name in all {
            self.plain(&format!("&{name}"), CompletionKind::Parameter, String::new(), Tier::Context);
        }
    }
}
