//! Digests of what other modules may see of a module. Positions do not count, so that a keystroke inside a method
//! leaves the digest as it is.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use crate::facts::{MethodFact, ModuleFacts};
use crate::query::{QueryBatch, QueryColumn, QueryShape, QueryTable, QueryValue};
use crate::shape::{Field, Shape};

/// Digest of exported signatures, of what functions return, and of variables.
pub(crate) fn signature_digest(facts: &ModuleFacts) -> u64 {
    let mut hasher = FxHasher::default();
    for method in facts.methods() {
        if method.is_export || method.is_function || !method.annotations.is_empty() {
            method_digest(method.fact(), &mut hasher);
        }
    }
    for variable in facts.variables() {
        variable.name.hash(&mut hasher);
        variable.is_export.hash(&mut hasher);
        shape(&variable.shape, &mut hasher);
    }
    hasher.finish()
}

fn method_digest(method: &MethodFact, hasher: &mut FxHasher) {
    method.name.hash(hasher);
    (method.is_export, method.is_function, method.is_async, method.is_deprecated).hash(hasher);
    (method.directive as u8).hash(hasher);
    for annotation in &*method.annotations {
        (&annotation.name, &annotation.argument).hash(hasher);
    }
    method.parameters.len().hash(hasher);
    for parameter in &*method.parameters {
        (&parameter.name, parameter.is_by_value, &parameter.default).hash(hasher);
        shape(&parameter.shape, hasher);
    }
    shape(&method.returns, hasher);
}

fn shape(value: &Shape, hasher: &mut FxHasher) {
    std::mem::discriminant(value).hash(hasher);
    match value {
        Shape::Unknown => {}
        Shape::Named(name) | Shape::Global(name) | Shape::SeeReference(name) => name.hash(hasher),
        Shape::Union { parts, is_open } => {
            is_open.hash(hasher);
            parts.len().hash(hasher);
            parts.iter().for_each(|part| shape(part, hasher));
        }
        Shape::Collection { name, element } => {
            name.hash(hasher);
            shape(element, hasher);
        }
        Shape::Structure { name, fields } | Shape::Table { name, columns: fields } => {
            name.hash(hasher);
            fields.len().hash(hasher);
            fields.iter().for_each(|field| field_digest(field, hasher));
        }
        Shape::Extended { base, fields } => {
            shape(base, hasher);
            fields.len().hash(hasher);
            fields.iter().for_each(|field| field_digest(field, hasher));
        }
        Shape::Index { of, key } => {
            shape(of, hasher);
            key.hash(hasher);
        }
        Shape::Query(query) => {
            if let Some(query) = query {
                query_digest(query, hasher);
            }
        }
        Shape::Member(receiver, name) => {
            shape(receiver, hasher);
            name.hash(hasher);
        }
        Shape::Call { receiver, method, literal } => {
            shape(receiver, hasher);
            (method, literal).hash(hasher);
        }
        Shape::GlobalCall { function, literal } => (function, literal).hash(hasher),
        Shape::Element(inner) | Shape::Row(inner) | Shape::TypeValue(inner) => shape(inner, hasher),
    }
}

fn field_digest(field: &Field, hasher: &mut FxHasher) {
    (&field.name, &field.description).hash(hasher);
    shape(&field.shape, hasher);
}

fn query_digest(query: &QueryShape, hasher: &mut FxHasher) {
    query.parameters.hash(hasher);
    query.is_template.hash(hasher);
    query.batches.len().hash(hasher);
    query.batches.iter().for_each(|batch| batch_digest(batch, hasher));
}

fn batch_digest(batch: &QueryBatch, hasher: &mut FxHasher) {
    (&batch.temporary_table, &batch.drops, &batch.totals).hash(hasher);
    batch.sources.len().hash(hasher);
    for source in &batch.sources {
        source.alias.hash(hasher);
        std::mem::discriminant(&source.table).hash(hasher);
        match &source.table {
            QueryTable::Path(path) => path.hash(hasher),
            QueryTable::Parameter(name) => name.hash(hasher),
            QueryTable::Subquery(batch) => batch_digest(batch, hasher),
            QueryTable::Unknown => {}
        }
    }
    columns_digest(&batch.columns, hasher);
}

fn columns_digest(columns: &[QueryColumn], hasher: &mut FxHasher) {
    columns.len().hash(hasher);
    for column in columns {
        column.name.hash(hasher);
        value_digest(&column.value, hasher);
    }
}

fn value_digest(value: &QueryValue, hasher: &mut FxHasher) {
    std::mem::discriminant(value).hash(hasher);
    match value {
        QueryValue::Field(path) | QueryValue::AllFields(path) | QueryValue::Reference(path) => {
            path.hash(hasher)
        }
        QueryValue::OneOf(values) => values.iter().for_each(|value| value_digest(value, hasher)),
        QueryValue::Nested(columns) => columns_digest(columns, hasher),
        QueryValue::Parameter(name) => name.hash(hasher),
        _ => {}
    }
}
