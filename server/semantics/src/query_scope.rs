//! Fields of the tables that queries read, and types of the columns that they return.

use smol_str::SmolStr;

use crate::query::QueryShape;
use crate::resolver::Resolver;
use crate::types::Type;

impl<'a> Resolver<'a> {
    pub(crate) fn column_names(self, query: &QueryShape, batch: Option<u32>) -> Vec<SmolStr> {
        let batches = query.batches.iter().enumerate();
        let wanted = batches.filter(|(index, _)| batch.is_none_or(|batch| batch as usize == *index));
        wanted.flat_map(|(_, batch)| batch.columns.iter().map(|column| column.name.clone())).collect()
    }

    pub(crate) fn column_type_of(self, query: &QueryShape, batch: Option<u32>, name: &str) -> Type {
        let _ = (query, batch, name);
        Type::Unknown
    }
}
