//! What expressions of a query hold, as far as their types go.

use base::fold_case;
use smol_str::SmolStr;
use syntax::{QueryNodeId, QueryNodeKind, QueryRole, QueryTokenKind, QueryTree};

use super::QueryValue;
use super::shape::{MAX_DEPTH, has_operator};

#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) tree: &'a QueryTree,
    pub(super) text: &'a str,
}

/// Functions whose result does not depend on their arguments, in lower case.
const NUMBERS: &[&str] = &[
    "количество",
    "count",
    "сумма",
    "sum",
    "среднее",
    "avg",
    "год",
    "year",
    "квартал",
    "quarter",
    "месяц",
    "month",
    "деньгода",
    "dayofyear",
    "день",
    "day",
    "неделя",
    "week",
    "деньнедели",
    "weekday",
    "час",
    "hour",
    "минута",
    "minute",
    "секунда",
    "second",
    "разностьдат",
    "datediff",
    "длинастроки",
    "stringlength",
    "стрнайти",
    "strfind",
    "окр",
    "round",
    "цел",
    "int",
    "автономерзаписи",
    "recordautonumber",
    "размерхранимыхданных",
    "storeddatasize",
    "acos",
    "asin",
    "atan",
    "cos",
    "exp",
    "log",
    "log10",
    "pow",
    "sin",
    "sqrt",
    "tan",
];
const STRINGS: &[&str] = &[
    "подстрока",
    "substring",
    "представление",
    "presentation",
    "представлениессылки",
    "refpresentation",
    "врег",
    "upper",
    "нрег",
    "lower",
    "лев",
    "left",
    "прав",
    "right",
    "сокрл",
    "triml",
    "сокрп",
    "trimr",
    "сокрлп",
    "trimall",
    "стрзаменить",
    "strreplace",
    "строка",
    "string",
];
const DATES: &[&str] = &[
    "датавремя",
    "datetime",
    "началопериода",
    "beginofperiod",
    "конецпериода",
    "endofperiod",
    "добавитькдате",
    "dateadd",
];

impl Reader<'_> {
    /// The name in this role; empty if it is missing or put in at run time.
    pub(super) fn child_name(self, node: QueryNodeId, role: QueryRole) -> SmolStr {
        let child = self.tree.child(node, role);
        let name = child.filter(|child| self.tree.kind(*child) == QueryNodeKind::Name);
        name.map(|name| SmolStr::new(self.tree.node_text(name, self.text))).unwrap_or_default()
    }

    pub(super) fn path(self, node: QueryNodeId) -> Option<Vec<SmolStr>> {
        Some(self.tree.path(node, self.text)?.into_iter().map(SmolStr::new).collect())
    }

    pub(super) fn value(self, node: QueryNodeId, depth: usize) -> QueryValue {
        if depth > MAX_DEPTH {
            return QueryValue::Unknown;
        }
        match self.tree.kind(node) {
            QueryNodeKind::Name | QueryNodeKind::Member => {
                self.path(node).map_or(QueryValue::Unknown, QueryValue::Field)
            }
            QueryNodeKind::Number => QueryValue::Number,
            QueryNodeKind::String => QueryValue::String,
            QueryNodeKind::Null => QueryValue::Null,
            QueryNodeKind::Boolean
            | QueryNodeKind::In
            | QueryNodeKind::Between
            | QueryNodeKind::Like
            | QueryNodeKind::IsNull
            | QueryNodeKind::Refs => QueryValue::Boolean,
            QueryNodeKind::Parameter => QueryValue::Parameter(self.child_name(node, QueryRole::Name)),
            QueryNodeKind::Parenthesized => {
                let inner = self.tree.children(node).next();
                inner.map_or(QueryValue::Unknown, |inner| self.value(inner, depth + 1))
            }
            QueryNodeKind::Unary if has_operator(self.tree, node, &[QueryTokenKind::Not]) => {
                QueryValue::Boolean
            }
            QueryNodeKind::Unary => QueryValue::Number,
            QueryNodeKind::Binary => self.binary(node, depth),
            QueryNodeKind::Case => self.case(node, depth),
            QueryNodeKind::Call => self.call(node, depth),
            _ => QueryValue::Unknown,
        }
    }

    fn binary(self, node: QueryNodeId, depth: usize) -> QueryValue {
        let arithmetic = [QueryTokenKind::Minus, QueryTokenKind::Star, QueryTokenKind::Slash];
        if has_operator(self.tree, node, &arithmetic) {
            return QueryValue::Number;
        }
        if !has_operator(self.tree, node, &[QueryTokenKind::Plus]) {
            return QueryValue::Boolean;
        }
        // Only strings are added to strings, and numbers to numbers. A chain of sums leans to the left.
        for role in [QueryRole::Right, QueryRole::Left] {
            let operand = self.tree.child(node, role).map(|operand| self.value(operand, depth + 1));
            if let Some(known @ (QueryValue::Number | QueryValue::String)) = operand {
                return known;
            }
        }
        QueryValue::Unknown
    }

    fn case(self, node: QueryNodeId, depth: usize) -> QueryValue {
        let mut values = Vec::new();
        let mut has_else = false;
        for branch in self.tree.children(node) {
            let kind = self.tree.kind(branch);
            has_else |= kind == QueryNodeKind::ElseBranch;
            if matches!(kind, QueryNodeKind::WhenBranch | QueryNodeKind::ElseBranch)
                && let Some(value) = self.tree.child(branch, QueryRole::Value)
            {
                values.push(self.value(value, depth + 1));
            }
        }
        if !has_else {
            values.push(QueryValue::Null);
        }
        folded_one_of(values)
    }

    fn call(self, node: QueryNodeId, depth: usize) -> QueryValue {
        let (function, arguments) =
            (self.child_name(node, QueryRole::Function), self.tree.child(node, QueryRole::Arguments));
        let Some(arguments) = arguments else { return QueryValue::Unknown };
        let first = self.tree.children(arguments).next();
        let folded = fold_case(&function);
        match folded.as_ref() {
            name if NUMBERS.contains(&name) => QueryValue::Number,
            name if STRINGS.contains(&name) => QueryValue::String,
            name if DATES.contains(&name) => QueryValue::Date,
            "тип" | "type" | "типзначения" | "valuetype" => QueryValue::Type,
            "сгруппированопо" | "groupedby" => QueryValue::Boolean,
            "минимум" | "min" | "максимум" | "max" => {
                first.map_or(QueryValue::Unknown, |first| self.value(first, depth + 1))
            }
            "естьnull" | "isnull" => {
                let values: Vec<_> =
                    self.tree.children(arguments).map(|argument| self.value(argument, depth + 1)).collect();
                folded_one_of(values.into_iter().filter(|value| *value != QueryValue::Null))
            }
            "значение" | "value" => first.map_or(QueryValue::Unknown, |first| self.constant(first)),
            "выразить" | "cast" => {
                let target = self.tree.child(arguments, QueryRole::Type);
                target.map_or(QueryValue::Unknown, |target| self.cast(target))
            }
            _ => QueryValue::Unknown,
        }
    }

    /// `ЗНАЧЕНИЕ(Справочник.Валюты.ПустаяСсылка)`; the last name may be left out.
    fn constant(self, node: QueryNodeId) -> QueryValue {
        let Some(mut path) = self.path(node) else { return QueryValue::Unknown };
        let lacks_name = self
            .tree
            .child(node, QueryRole::Property)
            .is_some_and(|property| self.tree.kind(property) == QueryNodeKind::MissingName);
        if path.len() + usize::from(lacks_name) < 3 {
            return QueryValue::Unknown;
        }
        path.truncate(2);
        QueryValue::Reference(path)
    }

    fn cast(self, target: QueryNodeId) -> QueryValue {
        let names = self.tree.children_of_kind(target, QueryNodeKind::Name);
        let path: Vec<SmolStr> =
            names.map(|name| SmolStr::new(self.tree.node_text(name, self.text))).collect();
        let [name] = path.as_slice() else {
            return if path.is_empty() { QueryValue::Unknown } else { QueryValue::Reference(path) };
        };
        match fold_case(name).as_ref() {
            "число" | "number" => QueryValue::Number,
            "строка" | "string" => QueryValue::String,
            "булево" | "boolean" => QueryValue::Boolean,
            "дата" | "date" => QueryValue::Date,
            _ => QueryValue::Unknown,
        }
    }
}

/// One of several values, flat and without repetitions.
pub(super) fn folded_one_of(values: impl IntoIterator<Item = QueryValue>) -> QueryValue {
    let mut flat: Vec<QueryValue> = Vec::new();
    for value in values {
        let parts = if let QueryValue::OneOf(parts) = value { parts } else { vec![value] };
        for part in parts {
            if !flat.contains(&part) {
                flat.push(part);
            }
        }
    }
    match flat.len() {
        0 => QueryValue::Unknown,
        1 => flat.remove(0),
        _ => QueryValue::OneOf(flat),
    }
}
