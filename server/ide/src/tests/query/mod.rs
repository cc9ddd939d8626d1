//! Features inside the texts of queries.

mod completion;
mod names;
mod rename;
mod robustness;

use super::project::Opened;

const METADATA: &str = "//- /metadata
Catalog.Товары
 attribute Цена: Число
 attribute Поставщик: СправочникСсылка.Контрагенты
 section Состав
 column Деталь: СправочникСсылка.Товары
 predefined Услуга
Catalog.Контрагенты
 attribute Город: Строка
Document.Заказ
 register AccumulationRegister.Остатки
 attribute Клиент: СправочникСсылка.Контрагенты
 section Товары
 column Товар: СправочникСсылка.Товары
Enum.Статусы
 value Новый
 value Закрыт
InformationRegister.Цены periodical
 dimension Товар: СправочникСсылка.Товары
 resource Цена: Число
AccumulationRegister.Остатки
 dimension Товар: СправочникСсылка.Товары
 resource Количество: Число
Constant.Валюта
 type: Строка
";

/// A module of the small configuration with a cursor.
fn with_code(code: &str) -> String {
    format!("{METADATA}//- /CommonModules/Тест/Ext/Module.bsl\n{code}")
}

/// A method that runs a query.
fn with_query(query: &str) -> String {
    let text = query.replace('\n', "\n\t|");
    with_code(&format!(
        "Процедура Выполнить(Момент)
	Запрос = Новый Запрос;
	Запрос.УстановитьПараметр(\"Дата\", '20200101');
	Запрос.УстановитьПараметр(\"Склады\", Новый Массив);
	Запрос.Текст = \"{text}\";
	Другой = Новый Запрос;
	Другой.УстановитьПараметр(\"Чужой\", 1);
КонецПроцедуры
"
    ))
}

#[track_caller]
fn open(query: &str) -> Opened {
    Opened::of_text(&with_query(query))
}
