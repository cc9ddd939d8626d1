//! Facts as bytes, for the disk cache. Bytes of another version or damaged ones are no facts.

use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use crate::facts::{ModuleFacts, PlacedSection};

/// Grows whenever facts are stored differently or the same text gives other facts; a test reminds of it.
pub const FACTS_VERSION: u32 = 5;

const HEADER_BYTES: usize = 12;

impl ModuleFacts {
    /// Version, checksum and contents.
    pub fn encode(&self) -> Vec<u8> {
        // Facts hold nothing that postcard refuses.
        let contents = postcard::to_stdvec(self.sections()).unwrap_or_default();
        let mut bytes = Vec::with_capacity(HEADER_BYTES + contents.len());
        bytes.extend(FACTS_VERSION.to_le_bytes());
        bytes.extend(xxh3_64(&contents).to_le_bytes());
        bytes.extend(contents);
        bytes
    }

    /// `None` for bytes that this version of the program did not write.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (version, rest) = bytes.split_first_chunk::<4>()?;
        let (checksum, contents) = rest.split_first_chunk::<8>()?;
        let is_ours = u32::from_le_bytes(*version) == FACTS_VERSION
            && u64::from_le_bytes(*checksum) == xxh3_64(contents);
        if !is_ours {
            return None;
        }
        let sections: Arc<[PlacedSection]> = postcard::from_bytes(contents).ok()?;
        Some(Self::new(sections))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::query::{QueryBatch, QueryColumn, QueryShape, QuerySource, QueryTable, QueryValue};
    use crate::shape::{Field, Shape};

    const MODULE: &str = "\
#Область Все
&НаКлиенте
Перем Кэш Экспорт; // Структура - данные

// Устарела.
//
// Параметры:
//  Товар - СправочникСсылка.Товары, Строка - что:
//   * Поле - Массив из Число - текст
//
// Возвращаемое значение:
//  ТаблицаЗначений:
//   * Колонка - см. Общий.Метод
&Вместо(\"Метод\")
Асинх Функция Расш_Метод(Знач Товар, Второй = 1) Экспорт
	Товар.Записать(Кэш, , Справочники.Товары[0].Имя);
	Ф = Новый Массив;
	Возврат Общий.Посчитать(\"Справочник.Товары\", Ф);
КонецФункции
#КонецОбласти
";

    /// Every variant once, so that a change of any of them shows.
    fn all_shapes() -> Vec<Shape> {
        let name = || "Имя".into();
        let inner = || Arc::new(Shape::Global("Г".into()));
        let field =
            Field { name: name(), shape: Shape::Unknown, description: "о".into(), offset: Some(300) };
        let fields: Arc<[Field]> = [field].into();
        vec![
            Shape::Unknown,
            Shape::Named(name()),
            Shape::Union { parts: [Shape::Unknown].into(), is_open: true },
            Shape::Collection { name: name(), element: inner() },
            Shape::Structure { name: name(), fields: Arc::clone(&fields) },
            Shape::Table { name: name(), columns: fields },
            Shape::Query(Some(Arc::new(all_of_queries()))),
            Shape::Extended { base: inner(), fields: [].into() },
            Shape::Index { of: inner(), key: name() },
            Shape::Member(inner(), name()),
            Shape::Call { receiver: inner(), method: name(), literal: Some(name()) },
            Shape::GlobalCall { function: name(), literal: None },
            Shape::Element(inner()),
            Shape::Row(inner()),
            Shape::TypeValue(inner()),
            Shape::SeeReference(name()),
        ]
    }

    fn all_of_queries() -> QueryShape {
        let values = vec![
            QueryValue::Unknown,
            QueryValue::Field(vec!["а".into()]),
            QueryValue::AllFields(Vec::new()),
            QueryValue::Number,
            QueryValue::String,
            QueryValue::Boolean,
            QueryValue::Date,
            QueryValue::Null,
            QueryValue::Type,
            QueryValue::Reference(vec!["б".into()]),
            QueryValue::OneOf(vec![QueryValue::Parameter("п".into())]),
            QueryValue::Nested(Vec::new()),
        ];
        let columns = values.into_iter().map(|value| QueryColumn { name: "К".into(), value }).collect();
        let tables = [
            QueryTable::Path(vec!["Т".into()]),
            QueryTable::Parameter("П".into()),
            QueryTable::Subquery(Box::default()),
            QueryTable::Unknown,
        ];
        let sources = tables.map(|table| QuerySource { alias: "А".into(), table }).into();
        let batch = QueryBatch {
            temporary_table: "ВТ".into(),
            drops: "ВТ2".into(),
            sources,
            columns,
            totals: vec!["И".into()],
        };
        QueryShape { batches: vec![batch], parameters: vec!["П".into()], is_template: true }
    }

    #[track_caller]
    fn check_digest(bytes: &[u8], expected: Expect) {
        let digest = format!("version {FACTS_VERSION}: {:032x}", xxhash_rust::xxh3::xxh3_128(bytes));
        expected.assert_eq(&digest);
    }

    /// When this fails, raise `FACTS_VERSION` and update: caches on disk hold what the old program wrote.
    #[test]
    fn another_format_is_another_version() {
        check_digest(
            &ModuleFacts::of_text(MODULE).encode(),
            expect!["version 5: ca171a1e39bf3c0af18499599bc74903"],
        );
        let shapes = postcard::to_stdvec(&all_shapes()).expect("invariant: shapes can be written");
        check_digest(&shapes, expect!["version 5: 551bfade0b94b2a46034da83ecc170e7"]);
    }

    #[test]
    fn facts_come_back_as_they_were() {
        let facts = ModuleFacts::of_text(MODULE);
        let back = ModuleFacts::decode(&facts.encode()).expect("invariant: these bytes are whole");
        assert_eq!(back, facts);
        let shapes = postcard::to_stdvec(&all_shapes()).expect("invariant: shapes can be written");
        assert_eq!(postcard::from_bytes::<Vec<Shape>>(&shapes), Ok(all_shapes()));
    }

    #[test]
    fn damaged_bytes_are_no_facts() {
        let bytes = ModuleFacts::of_text(MODULE).encode();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << (at % 8);
            assert_eq!(ModuleFacts::decode(&damaged), None, "byte {at}");
            assert_eq!(ModuleFacts::decode(&bytes[..at]), None, "cut at {at}");
        }
    }
}
