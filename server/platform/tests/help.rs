//! Help files of a user enrich the shipped facts; broken ones tell nothing and harm nothing.

mod book;

use expect_test::{Expect, expect};
use platform::{BookError, Help, Platform, Script};
use test_support::Random;

use book::Book;

fn head(title: &str) -> String {
    let name = title.rsplit_once(") ").map_or(title, |(_, name)| name);
    format!("<h1 class=\"V8SH_pagetitle\">{title}</h1><p class=\"V8SH_heading\">{name}</p>")
}

fn chapter(name: &str) -> String {
    format!("<p class=V8SH_chapter>{name}</p>")
}

fn russian() -> Book {
    let method = head("Положить (Put)")
        + &chapter("Вариант синтаксиса: По имени")
        + "<p>Положить(&lt;Вещь&gt;, &lt;Сколько&gt;)</p>"
        + &chapter("Параметры:")
        + "<div class=\"V8SH_rubric\"><p>&lt;Вещь&gt; (обязательный)</p></div>\
           Тип: <a href=\"v8help://x\">Строка</a>, <a>СправочникСсылка.&lt;Имя справочника&gt;</a>. <br>Что положить."
        + "<div class=\"V8SH_rubric\">&lt;Сколько&gt; (необязательный)</div>Тип: Число. <br>Сколько раз.\
           <br>Значение по умолчанию: 1."
        + &chapter("Вариант синтаксиса: Всё сразу")
        + "Положить()"
        + &chapter("Возвращаемое значение:")
        + "Тип: <a>Булево</a>.<br>Поместилось ли."
        + &chapter("Описание:")
        + "Кладет  вещь\n в&nbsp;корзину.<br>Осторожно."
        + &chapter("Доступность:")
        + "Сервер, толстый клиент, интеграция.<br>Не везде."
        + &chapter("Пример:")
        + "<table><tr><td>Корзина.Положить(1)</td></tr></table>"
        + "<p class=\"V8SH_versionInfo\">Доступен, начиная с версии 9.</p>";
    Book { contents: CONTENTS.to_owned(), ..Book::default() }
        .page("objects/catalog1.html", &head("Папка"))
        .page(
            "objects/catalog1/Basket.html",
            &(head("Корзина (Basket)")
                + &chapter("Описание:")
                + "Держит вещи."
                + &chapter("Доступность:")
                + "Сервер."),
        )
        .page("/objects/catalog1/Basket/methods/Put1.html", &method)
        .page(
            "objects\\catalog1\\Basket\\properties\\Weight2.html",
            &(head("Вес (Weight)")
                + &chapter("Использование:")
                + "Только чтение."
                + &chapter("Описание:")
                + "Тип: Число.<br>Вес всего."),
        )
        .page(
            "objects/catalog1/Basket/ctors/By3.html",
            &(head("По размеру") + &chapter("Синтаксис:") + "Новый Корзина(&lt;Размер&gt;)"),
        )
        .page("objects/catalog1/Basket/events/OnFall4.html", &head("ПриПадении (OnFall)"))
        .page(
            "objects/catalog1/Row.html",
            &(head("Вещи (Things)") + &chapter("Элементы коллекции:") + "Корзина<br>Для каждого"),
        )
        .page(
            "objects/catalog1/Row/methods/Count1.html",
            &(head("Сколько (HowMany)") + &chapter("Синтаксис:") + "Сколько()"),
        )
        .page("objects/catalog2/Kind.html", &head("ВидКорзины (BasketKind)"))
        .page("objects/catalog2/Kind/properties/Big1.html", &head("Большая (Big)"))
        .page(
            "objects/catalog2/Colors.html",
            &(head("ЦветКорзины (BasketColor)") + &chapter("Значения") + "Синяя"),
        )
        .page("objects/catalog2/Colors/properties/Blue1.html", &head("Синяя (Blue)"))
        .page(
            "objects/object7.html",
            &head("СправочникОбъект.&lt;Имя справочника&gt; (CatalogObject.&lt;Catalog name&gt;)"),
        )
        .page(
            "objects/object7/methods/Air1.html",
            &(head("Проветрить (Air)") + &chapter("Синтаксис:") + "Проветрить()"),
        )
        .page("objects/object7/properties/Any2.html", &head("&lt;Имя реквизита&gt; (&lt;Attribute name&gt;)"))
        .page(
            "objects/object8.html",
            &head("Расширение поля формы для поля корзины (Form field extension for a basket)"),
        )
        .page("objects/object8/properties/Handle1.html", &head("Ручка (Handle)"))
        .page("objects/Global context.html", &head("Глобальный контекст (Global context)"))
        .page(
            "objects/Global context/methods/catalog55/CountBaskets1.html",
            &(head("СосчитатьКорзины (CountBaskets)")
                + &chapter("Синтаксис:")
                + "СосчитатьКорзины()"
                + &chapter("Возвращаемое значение:")
                + "Тип: Число."
                + &chapter("Использование в версии:")
                + "Начиная с версии 9."),
        )
        .page("objects/Global context/methods/catalog55.html", &head("Папка функций"))
        .page(
            "objects/Global context/properties/Baskets2.html",
            &(head("Корзины (Baskets)") + &chapter("Описание:") + "Тип: Корзина. Все."),
        )
}

const CONTENTS: &str = r#"{5,{1,0,1,2,{1,1,{1,2,{"ru","ВидКорзины"},{"en","BasketKind"}},"objects/catalog2/Kind.html"}},
    {2,1,0,{1,1,{1,2,{"ru","Большая"},{"en","Big"}},"objects/catalog2/Kind/properties/Big1.html"}},
    {3,0,1,4,{1,1,{1,1,{"ru","Корзина"}},"objects/catalog1/Basket.html"}},
    {4,3,1,5,{1,1,{1,0},""}},{5,4,0,{1,1,{1,1,{"ru","Вес"}},"objects/catalog1/Basket/properties/Weight2.html"}}}"#;

fn english() -> Book {
    Book { contents: CONTENTS.to_owned(), ..Book::default() }
        .page(
            "objects/catalog1/Basket.html",
            &(head("Корзина (Basket)") + &chapter("Description:") + "Holds things."),
        )
        .page(
            "objects/catalog1/Basket/methods/Put1.html",
            &(head("Положить (Put)")
                + &chapter("Syntax:")
                + "Put(&lt;Thing&gt;)"
                + &chapter("Parameters:")
                + "<div class='V8SH_rubric'>&lt;Thing&gt; (required)</div>Type: String; Basket. <br>What."
                + &chapter("Returned value:")
                + "Type: Boolean."
                + &chapter("Description:")
                + "Puts a thing."
                + &chapter("Availability:")
                + "Thin client, server."),
        )
        .page(
            "objects/catalog1/Basket/methods/Shake9.html",
            &(head("Потрясти (Shake)") + &chapter("Syntax:") + "Shake()"),
        )
}

fn read(russian: Option<&Book>, english: Option<&Book>, script: Script) -> Help {
    let write = |book: &Book| book.write(100);
    let (russian, english) = (russian.map(write), english.map(write));
    Help::read(russian.as_deref(), english.as_deref(), script).expect("a book")
}

/// Everything that was read, a line each.
#[track_caller]
fn check(help: &Help, expect: Expect) {
    let mut lines = Vec::new();
    let method = |method: &platform::Method, indent: &str| {
        let mut text = format!(
            "{indent}{}/{}: {} {:?} {:?}",
            method.names.ru,
            method.names.en,
            method.returns.join("|"),
            method.contexts.names().collect::<Vec<_>>(),
            method.description.as_str()
        );
        for signature in &method.signatures {
            text += &format!("\n{indent}  ({}) {}", parameters(signature), signature.description);
        }
        text
    };
    lines.extend(help.functions.iter().map(|function| method(function, "")));
    for property in &help.properties {
        lines.push(format!("{}/{}: {}", property.names.ru, property.names.en, property.types.join("|")));
    }
    for info in &help.types {
        let names = &info.names;
        let complete = if info.is_complete { " complete" } else { "" };
        lines.push(format!("{}/{}{complete} {:?}", names.ru, names.en, info.description.as_str()));
        lines.extend(info.constructors.iter().map(|signature| format!("  new ({})", parameters(signature))));
        lines.extend(info.methods.iter().map(|known| method(known, "  ")));
        for property in &info.properties {
            let access = if property.is_read_only { " read only" } else { "" };
            lines.push(format!(
                "  .{}/{}{access}: {}",
                property.names.ru,
                property.names.en,
                property.types.join("|")
            ));
        }
        lines.extend(info.elements.iter().map(|element| format!("  each {element}")));
    }
    for info in &help.enums {
        let values: Vec<String> =
            info.values.iter().map(|value| format!("{}/{}", value.ru, value.en)).collect();
        lines.push(format!("enum {}/{}: {}", info.names.ru, info.names.en, values.join(", ")));
    }
    expect.assert_eq(&(lines.join("\n") + "\n"));
}

fn parameters(signature: &platform::Signature) -> String {
    let parameter = |parameter: &platform::Parameter| {
        let optional = if parameter.is_optional { "?" } else { "" };
        format!("{}{optional}: {}", parameter.name, parameter.types.join("|"))
    };
    signature.parameters.iter().map(parameter).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_russian_book() {
    check(
        &read(Some(&russian()), None, Script::Russian),
        expect![[r#"
        СосчитатьКорзины/CountBaskets: Число [] ""
          () 
        Корзины/Baskets: Корзина
        Корзина/Basket complete "Держит вещи."
          new (Размер: )
          Положить/Put: Булево ["Server", "ThickClient", "Integration"] "Кладет вещь в корзину.\nОсторожно."
            (Вещь: Строка|СправочникСсылка.<Имя справочника>, Сколько?: Число) 
            () 
          .Вес/Weight read only: Число
        Вещи/Things ""
          Сколько/HowMany:  [] ""
            () 
          each Корзина
        СправочникОбъект/CatalogObject ""
          Проветрить/Air:  [] ""
            () 
        Расширение поля формы для поля корзины/Form field extension for a basket complete ""
          .Ручка/Handle: 
        enum ЦветКорзины/BasketColor: Синяя/Blue
        enum ВидКорзины/BasketKind: Большая/Big
    "#]],
    );
}

#[test]
fn an_english_book_alone_names_types_as_the_tables_do() {
    check(
        &read(None, Some(&english()), Script::English),
        expect![[r#"
        Корзина/Basket complete "Holds things."
          Положить/Put: Булево ["ThinClient", "Server"] "Puts a thing."
            (Thing: Строка|Корзина) 
          Потрясти/Shake:  [] ""
            () 
    "#]],
    );
}

#[test]
fn texts_are_in_the_language_of_the_code_where_there_are_any() {
    let help = read(Some(&russian()), Some(&english()), Script::English);
    let basket = help.types.iter().find(|info| info.names.is("Basket")).expect("known");
    assert_eq!(basket.description, "Holds things.");
    assert_eq!(basket.method("Put").expect("known").description, "Puts a thing.");
    assert_eq!(basket.property("Вес").expect("known").types, ["Число"]);
    assert!(basket.method("Shake").is_some());
}

#[test]
fn the_platform_learns_from_help() {
    let before = Platform::embedded();
    let platform = before.with_help(&read(Some(&russian()), None, Script::Russian));
    let id = platform.type_id("basket").expect("known");
    assert!(platform.type_info(id).is_complete);
    assert!(platform.method(id, "Положить").is_some());
    assert_eq!(platform.function("CountBaskets").expect("known").returns, ["Число"]);
    assert!(platform.enum_info(platform.enum_id("ВидКорзины").expect("known")).value("Big").is_some());

    let object = platform.type_id("CatalogObject").expect("known");
    assert_eq!(before.type_id("CatalogObject"), Some(object), "ids stay");
    assert!(platform.method(object, "Air").is_some() && platform.method(object, "Write").is_some());
    assert!(!platform.type_info(object).is_complete);
    let kind = platform.kind_members("Catalog").expect("known");
    assert!(kind.object.iter().any(|method| method.names.is("Проветрить")));
    let field = platform.type_id("FormField").expect("known");
    assert!(platform.member_property(field, "Handle").is_some());
    assert!(platform.functions().is_sorted_by_key(|function| function.names.ru.to_lowercase()));
}

#[test]
fn the_cache_gives_back_what_was_read() {
    let help = read(Some(&russian()), Some(&english()), Script::Russian);
    let bytes = postcard::to_stdvec(&help).expect("bytes");
    assert_eq!(postcard::from_bytes::<Help>(&bytes).expect("help"), help);
}

#[test]
fn other_files_are_told_apart() {
    assert_eq!(Help::read(None, None, Script::Russian), Err(BookError::NoPages));
    assert_eq!(Help::read(Some(b""), None, Script::Russian), Err(BookError::NotABook));
    assert_eq!(Help::read(Some(&[0; 4096]), None, Script::Russian), Err(BookError::NotABook));
    let empty = Book::default().write(512);
    assert_eq!(Help::read(Some(&empty), None, Script::Russian), Err(BookError::NoPages));
    let good = russian().write(64);
    let broken = Help::read(Some(&good), Some(b"broken"), Script::Russian);
    assert_eq!(broken, Help::read(Some(&good), None, Script::Russian));
}

#[test]
fn a_chain_that_loops_ends() {
    let mut bytes = russian().write(64);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(text.contains("7fffffff"));
    // Every next block is the first one of the file.
    for at in 16..bytes.len().saturating_sub(31) {
        if bytes[at..].starts_with(b"\r\n") && bytes[at + 29..].starts_with(b"\r\n") {
            bytes[at + 20..at + 28].copy_from_slice(b"00000010");
        }
    }
    assert!(Help::read(Some(&bytes), None, Script::Russian).is_err());
}

#[test]
fn broken_files_never_panic() {
    let good = [russian().write(64), english().write(100_000)];
    let mut random = Random::new(7);
    for bytes in &good {
        for len in (0..bytes.len()).step_by(97) {
            drop(Help::read(Some(&bytes[..len]), None, Script::Russian));
        }
        for _ in 0..600 {
            let mut broken = bytes.clone();
            for _ in 0..1 + random.below(8) {
                let at = random.below(broken.len());
                broken[at] ^= 1 << random.below(8);
            }
            drop(Help::read(Some(&broken), None, Script::English));
        }
    }
}
