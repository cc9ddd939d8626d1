//! What is shown about names.

use base::Locale;
use expect_test::{Expect, expect};

use crate::hover;
use crate::tests::project::Opened;

#[track_caller]
fn check_in(locale: Locale, text: &str, expected: Expect) {
    let open = Opened::of_text(text);
    let found = hover(open.document(), open.offset, locale, &*open.files);
    expected.assert_eq(&found.map_or(String::new(), |hover| hover.markdown));
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    check_in(Locale::Ru, text, expected);
}

#[track_caller]
fn check_demo(folder: &str, module: &str, needle: &str, expected: Expect) {
    let open = Opened::of_fixtures(folder, module, needle);
    let locale = if folder == "demo-en" { Locale::En } else { Locale::Ru };
    let found = hover(open.document(), open.offset, locale, &*open.files);
    expected.assert_eq(&found.map_or(String::new(), |hover| hover.markdown));
}

const DESCRIBED: &str = "
//- /metadata
CommonModule.Общий
Catalog.Товары
 attribute Цена: Число
 section Состав
 column Товар: СправочникСсылка.Товары
Enum.Виды
 value Первый
//- /CommonModules/Общий/Ext/Module.bsl
// Считает <что-то> по *правилам*.
//
// Параметры:
//  Число - Число - сколько считать
//  Данные - Структура:
//   * Код - Строка - код
//   * Имя - Строка
//
// Возвращаемое значение:
//  Массив из Строка - что вышло
//
// Пример:
//  А = Посчитать(1);
//
Функция Посчитать(Знач Число, Данные = Неопределено) Экспорт
	Возврат Новый Массив;
КонецФункции

// Устарела. Следует использовать Посчитать.
Процедура Старая() Экспорт
КонецПроцедуры
";

fn with_described(code: &str) -> String {
    format!("{}\n//- /CommonModules/Тест/Ext/Module.bsl\n{code}", DESCRIBED.trim_start())
}

#[test]
fn a_method_of_another_module() {
    check(
        &with_described("А = Общий.Посчи$0тать(1);\n"),
        expect![[r#"
        ```bsl
        Функция Посчитать(Знач Число, Данные = Неопределено) Экспорт: Массив из Строка
        ```

        Общий модуль · `ОбщийМодуль.Общий` · сервер

        Считает \<что-то> по \*правилам\*.

        **Параметры:**

        - `Число` — *Число* — сколько считать
        - `Данные` — *Структура*
          - `Код` — *Строка* — код
          - `Имя` — *Строка*

        **Возвращаемое значение:** *Массив из Строка* — что вышло

        **Пример:**

        ```bsl
        А = Посчитать(1);
        ```"#]],
    );
    check(
        &with_described("Общий.Ста$0рая();\n"),
        expect![[r#"
        ```bsl
        Процедура Старая() Экспорт
        ```

        ~~Старая~~ **Устарела.** Следует использовать Посчитать.

        Общий модуль · `ОбщийМодуль.Общий` · сервер"#]],
    );
    check_in(
        Locale::En,
        &with_described("Procedure P()\n\tA = Общий.Посчи$0тать(1);\nEndProcedure\n"),
        expect![[r#"
            ```bsl
            Function Посчитать(Val Число, Данные = Неопределено) Export: Array of String
            ```

            Common module · `CommonModule.Общий` · server

            Считает \<что-то> по \*правилам\*.

            **Parameters:**

            - `Число` — *Number* — сколько считать
            - `Данные` — *Structure*
              - `Код` — *String* — код
              - `Имя` — *String*

            **Returns:** *Array of String* — что вышло

            **Example:**

            ```bsl
            А = Посчитать(1);
            ```"#]],
    );
}

#[test]
fn variables_and_parameters() {
    check(
        "// Параметры:\n//  А - Строка - что печатать\n//\nПроцедура П(А)\n\tБ = $0А;\nКонецПроцедуры\n",
        expect![[r#"
            ```bsl
            А: Строка
            ```

            Параметр

            что печатать"#]],
    );
    check(
        "Процедура П()\n\tС = Новый Структура(\"Код\", 1);\n\tБ = $0С;\nКонецПроцедуры\n",
        expect![[r#"
            ```bsl
            С: Структура
            ```

            Переменная

            **Поля:**

            - `Код` — *Число*"#]],
    );
    check(
        "Перем Общая Экспорт; // Строка - общая строка\nПроцедура П()\n\tБ = Общ$0ая;\nКонецПроцедуры\n",
        expect![[r#"
            ```bsl
            Перем Общая Экспорт: Строка
            ```

            Общий модуль · `ОбщийМодуль.Тест` · сервер

            Строка - общая строка"#]],
    );
    check(
        "Процедура П()\n\tС = Новый Структура(\"Код\", 1);\n\tБ = С.Ко$0д;\nКонецПроцедуры\n",
        expect![[r#"
            ```bsl
            Код: Число
            ```

            Поле"#]],
    );
}

#[test]
fn the_platform() {
    check(
        "А = СтрНай$0ти(\"а\", \"б\");\n",
        expect![[r#"
        ```bsl
        СтрНайти(Строка, ПодстрокаПоиска, [НаправлениеПоиска], [НачальнаяПозиция], [НомерВхождения]): Число
        ```

        Глобальный контекст

        **Параметры:**

        - `Строка` — *Строка*
        - `ПодстрокаПоиска` — *Строка*
        - `НаправлениеПоиска` — *НаправлениеПоиска*
        - `НачальнаяПозиция` — *Число*
        - `НомерВхождения` — *Число*

        **Доступность:** тонкий клиент, веб-клиент, мобильный клиент, сервер, толстый клиент, внешнее соединение, мобильное приложение (клиент), мобильное приложение (сервер), мобильный автономный сервер, интеграция"#]],
    );
    check_in(
        Locale::En,
        "If True Then\n\tA = StrFi$0nd(\"a\", \"b\");\nEndIf;\n",
        expect![[r#"
        ```bsl
        StrFind(Строка, ПодстрокаПоиска, [НаправлениеПоиска], [НачальнаяПозиция], [НомерВхождения]): Number
        ```

        Global context

        **Parameters:**

        - `Строка` — *String*
        - `ПодстрокаПоиска` — *String*
        - `НаправлениеПоиска` — *НаправлениеПоиска*
        - `НачальнаяПозиция` — *Number*
        - `НомерВхождения` — *Number*

        **Available:** thin client, web client, mobile client, server, thick client, external connection, mobile application (client), mobile application (server), mobile standalone server, integration"#]],
    );
    check(
        "М = Новый Мас$0сив;\n",
        expect![[r#"
            ```bsl
            Новый Массив([Массив])
            Новый Массив([КоличествоЭлементов1])
            ```

            Тип

            **Параметры:**

            - `Массив` — *ФиксированныйМассив*
            - `КоличествоЭлементов1` — *Произвольный*

            **Доступность:** тонкий клиент, веб-клиент, мобильный клиент, сервер, толстый клиент, внешнее соединение, мобильное приложение (клиент), мобильное приложение (сервер), мобильный автономный сервер"#]],
    );
    check(
        "М = Новый Массив;\nМ.Доба$0вить(1);\n",
        expect![[r#"
        ```bsl
        Массив.Добавить([Значение])
        ```

        Метод

        **Параметры:**

        - `Значение` — *Произвольный*"#]],
    );
    check(
        "А = ВидСравне$0ния.Равно;\n",
        expect![[r#"
        ```bsl
        ВидСравнения
        ```

        Системное перечисление

        **Значения:**

        - `Больше`
        - `БольшеИлиРавно`
        - `ВИерархии`
        - `ВСписке`
        - `ВСпискеПоИерархии`
        - `Интервал`
        - `ИнтервалВключаяГраницы`
        - `ИнтервалВключаяНачало`
        - `ИнтервалВключаяОкончание`
        - `Меньше`
        - `МеньшеИлиРавно`
        - `НеВИерархии`
        - `НеВСписке`
        - `НеВСпискеПоИерархии`
        - `НеРавно`
        - `НеСодержит`
        - `Равно`
        - `Содержит`

        **Доступность:** тонкий клиент, веб-клиент, мобильный клиент, сервер, толстый клиент, внешнее соединение, мобильное приложение (клиент), мобильное приложение (сервер), мобильный автономный сервер"#]],
    );
    check(
        "А = ВидСравнения.Рав$0но;\n",
        expect![[r#"
        ```bsl
        ВидСравнения.Равно
        ```

        Значение системного перечисления

        **Доступность:** тонкий клиент, веб-клиент, мобильный клиент, сервер, толстый клиент, внешнее соединение, мобильное приложение (клиент), мобильное приложение (сервер), мобильный автономный сервер"#]],
    );
}

#[test]
fn objects() {
    check(
        &with_described("А = Справочники.Тов$0ары;\n"),
        expect![[r#"
        ```bsl
        Справочник.Товары
        ```

        Справочник"#]],
    );
    check(
        &with_described("А = Справочники.Товары.ПустаяСсылка().Це$0на;\n"),
        expect![[r#"
        ```bsl
        Цена: Число
        ```

        Реквизит · `Справочник.Товары`"#]],
    );
    check(
        &with_described("А = Справочники.Товары.ПустаяСсылка().Сос$0тав;\n"),
        expect![[r#"
        ```bsl
        Состав: СправочникТабличнаяЧасть.Товары.Состав
        ```

        Табличная часть · `Справочник.Товары`

        **Реквизиты:** `Товар`"#]],
    );
    check(
        &with_described("А = Перечисления.Виды.Пер$0вый;\n"),
        expect![[r#"
        ```bsl
        Первый
        ```

        Значение перечисления · `Перечисление.Виды`"#]],
    );
    check(
        &with_described("А = Справочники.Товары.ПустаяСсылка().Наимено$0вание;\n"),
        expect![[r#"
        ```bsl
        Наименование: Строка
        ```

        Стандартный реквизит · `Справочник.Товары`"#]],
    );
    check(
        &with_described("Т = Тип(\"СправочникСсылка.Тов$0ары\");\n"),
        expect![[r#"
        ```bsl
        Справочник.Товары
        ```

        Справочник"#]],
    );
    check(
        &with_described("Об$0щий.Старая();\n"),
        expect![[r#"
            ```bsl
            ОбщийМодуль.Общий
            ```

            Общий модуль · сервер"#]],
    );
}

#[test]
fn columns_of_queries() {
    let query = "З = Новый Запрос(\"ВЫБРАТЬ Т.Ссылка КАК Товар, Т.Цена ИЗ Справочник.Товары КАК Т\");\nВ = З.Выполнить().Выбрать();\nПока В.Следующий() Цикл\n";
    check(
        &with_described(&format!("{query}\tА = В.Тов$0ар;\nКонецЦикла;\n")),
        expect![[r#"
        ```bsl
        Товар: СправочникСсылка.Товары
        ```

        Колонка результата запроса"#]],
    );
    check(
        &with_described(&format!("{query}\tА = $0В;\nКонецЦикла;\n")),
        expect![[r#"
            ```bsl
            В: ВыборкаИзРезультатаЗапроса
            ```

            Переменная

            **Поля:**

            - `Товар` — *СправочникСсылка.Товары*
            - `Цена` — *Число*"#]],
    );
}

#[test]
fn the_demo() {
    let form = "Documents/ЗаказПокупателя/Forms/ФормаДокумента/Ext/Form/Module.bsl";
    check_demo(
        "demo/designer",
        form,
        "\tОбъект",
        expect![[r#"
            ```bsl
            Объект: ДанныеФормыСтруктура (ДокументОбъект.ЗаказПокупателя)
            ```

            Основной реквизит формы · `Документ.ЗаказПокупателя.Форма.ФормаДокумента`"#]],
    );
    check_demo(
        "demo/designer",
        "CommonModules/ПродажиКлиент/Ext/Module.bsl",
        "ПродажиВызовСервера",
        expect![[r#"
            ```bsl
            ОбщийМодуль.ПродажиВызовСервера
            ```

            Общий модуль · Продажи вызов сервера · сервер, вызов сервера"#]],
    );
    check_demo(
        "demo/designer",
        "Documents/ЗаказПокупателя/Ext/ObjectModule.bsl",
        "\tСтатус",
        expect![[r#"
            ```bsl
            Статус: ПеречислениеСсылка.СтатусыЗаказов
            ```

            Реквизит · `Документ.ЗаказПокупателя` · Статус"#]],
    );
    check_demo(
        "demo-en",
        "CommonModules/OrderServer/Ext/Module.bsl",
        "Procedure FillPrices",
        expect![[r#"
        ```bsl
        Procedure FillPrices(Items) Export
        ```

        Common module · `CommonModule.OrderServer` · Order server · client (ordinary application), server, external connection

        Fills the price column of order rows.

        **Parameters:**

        - `Items` — *TabularSection* — rows with Product and Price columns."#]],
    );
}

#[test]
fn nothing_is_known_about_blanks_and_words_of_the_language() {
    check("Ес$0ли А Тогда КонецЕсли;", expect![[r#""#]]);
    check("А = Неведомое$0.Свойство;", expect![[r#""#]]);
    check("$0", expect![[r#""#]]);
}

#[test]
fn a_comment_that_switches_a_rule_off_explains_it() {
    let hover_in = |comment: &str| {
        let open = Opened::of_text(&format!("//- /CommonModules/Тест/Ext/Module.bsl\nА = 1; {comment}\n"));
        let found = hover(open.document(), open.offset, Locale::En, &*open.files);
        found.map(|hover| {
            let title = hover.markdown.lines().next().unwrap_or_default().to_owned();
            (hover.range.slice(&open.document.text()).to_owned(), title)
        })
    };
    let explained = hover_in("// BSLLS:Magic$0Number-выкл").expect("the rule is known");
    assert_eq!(explained, ("BSLLS:MagicNumber".to_owned(), "# Magic number".to_owned()));
    assert_eq!(hover_in("// BSLLS:MagicNumber-вы$0кл"), None);
    assert_eq!(hover_in("// BSLLS:Unkno$0wn-off"), None);
    assert_eq!(hover_in("// MagicNu$0mber"), None);
}
