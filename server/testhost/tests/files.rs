//! Files in folders that were granted, and none outside of them.

use std::fs;
use std::path::{Path, PathBuf};

use testhost::Machine;

/// A folder for one test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("strizh-files-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder for temporary files");
        Self(path.canonicalize().expect("the folder was made"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a program prints; `Папка` is the folder.
fn output(machine: &mut Machine, folder: &Path, code: &str) -> String {
    let code = format!("Папка = \"{}/\";\n{code}", folder.display());
    if let Err(failure) = machine.load("Тест", &code) {
        let message = failure.cause.as_ref().map_or(&failure.message, |cause| &cause.message).clone();
        machine.output.push(message);
    }
    machine.output.drain(..).collect::<Vec<_>>().join("\n").replace(&*folder.to_string_lossy(), "~")
}

#[test]
fn texts_are_written_and_read() {
    let folder = Folder::new("texts");
    let mut machine = Machine::default();
    machine.grants.allow_writing(&folder.0);
    let code = "
З = Новый ЗаписьТекста(Папка + \"а.txt\");
З.ЗаписатьСтроку(\"первая\");
З.Записать(\"вторая\");
З.Закрыть();
З = Новый ЗаписьТекста(Папка + \"а.txt\", КодировкаТекста.UTF8, , Истина);
З.ЗаписатьСтроку(\" дописана\");
З.Закрыть();
Ч = Новый ЧтениеТекста(Папка + \"а.txt\", КодировкаТекста.UTF8);
Строка1 = Ч.ПрочитатьСтроку();
Пока Строка1 <> Неопределено Цикл
	Сообщить(Строка1);
	Строка1 = Ч.ПрочитатьСтроку();
КонецЦикла;
Ч.Закрыть();
Д = Новый ТекстовыйДокумент;
Д.Прочитать(Папка + \"а.txt\");
Сообщить(Д.КоличествоСтрок());
Ф = Новый Файл(Папка + \"а.txt\");
Сообщить(Ф.Существует());
Сообщить(Ф.Размер());";
    assert_eq!(output(&mut machine, &folder.0, code), "первая\nвторая дописана\n2\nДа\n46");
}

#[test]
fn files_are_found_copied_moved_and_deleted() {
    let folder = Folder::new("found");
    let mut machine = Machine::default();
    machine.grants.allow_writing(&folder.0);
    let code = "
СоздатьКаталог(Папка + \"вложенный\");
ПолучитьДвоичныеДанныеИзСтроки(\"да\").Записать(Папка + \"а.txt\");
КопироватьФайл(Папка + \"а.txt\", Папка + \"вложенный/б.txt\");
ПереместитьФайл(Папка + \"а.txt\", Папка + \"в.log\");
Для Каждого Ф Из НайтиФайлы(Папка, \"*.txt\", Истина) Цикл
	Сообщить(Ф.ПолноеИмя);
КонецЦикла;
Сообщить(НайтиФайлы(Папка, \"*.log\").Количество());
УдалитьФайлы(Папка, \"*.log\");
УдалитьФайлы(Папка + \"вложенный\");
Сообщить(НайтиФайлы(Папка, \"*\").Количество());
И1 = ПолучитьИмяВременногоФайла(\"xml\");
Сообщить(СтрНачинаетсяС(И1, Папка) И СтрЗаканчиваетсяНа(И1, \".xml\"));";
    assert_eq!(output(&mut machine, &folder.0, code), "~/вложенный/б.txt\n1\n0\nДа");
}

#[test]
fn what_may_be_read_may_not_be_written() {
    let folder = Folder::new("read");
    fs::write(folder.0.join("а.txt"), "текст").expect("a file of the test");
    let mut machine = Machine::default();
    machine.grants.allow_reading(&folder.0);
    let code = "
Ч = Новый ЧтениеТекста(Папка + \"а.txt\");
Сообщить(Ч.Прочитать());
УдалитьФайлы(Папка + \"а.txt\");";
    let expected = "текст\nНарушение прав доступа! Не разрешено интерпретатору: запись (~/а.txt)";
    assert_eq!(output(&mut machine, &folder.0, code), expected);
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere_else() {
    let (folder, outside) = (Folder::new("link"), Folder::new("outside"));
    fs::write(outside.0.join("тайна.txt"), "тайна").expect("a file of the test");
    std::os::unix::fs::symlink(&outside.0, folder.0.join("дверь")).expect("a link of the test");
    std::os::unix::fs::symlink(outside.0.join("новый.txt"), folder.0.join("окно"))
        .expect("a link of the test");
    let mut machine = Machine::default();
    machine.grants.allow_writing(&folder.0);
    for code in [
        "Ч = Новый ЧтениеТекста(Папка + \"дверь/тайна.txt\");",
        "Ч = Новый ЧтениеТекста(Папка + \"../тайна.txt\");",
        "З = Новый ЗаписьТекста(Папка + \"окно\");",
        "УдалитьФайлы(Папка + \"дверь/тайна.txt\");",
        "УдалитьФайлы(Папка);",
    ] {
        let printed = output(&mut machine, &folder.0, code);
        assert!(printed.starts_with("Нарушение прав доступа!"), "{code}: {printed}");
    }
    assert!(outside.0.join("тайна.txt").exists() && !outside.0.join("новый.txt").exists());
}

#[test]
fn json_files() {
    let folder = Folder::new("json");
    let mut machine = Machine::default();
    machine.grants.allow_writing(&folder.0);
    let code = "
З = Новый ЗаписьJSON;
З.ОткрытьФайл(Папка + \"а.json\", , , Новый ПараметрыЗаписиJSON(ПереносСтрокJSON.Нет));
ЗаписатьJSON(З, Новый Структура(\"а\", 5));
З.Закрыть();
Ч = Новый ЧтениеJSON;
Ч.ОткрытьФайл(Папка + \"а.json\");
Сообщить(ПрочитатьJSON(Ч).а);";
    assert_eq!(output(&mut machine, &folder.0, code), "5");
}

#[test]
fn xml_is_written_and_read() {
    let folder = Folder::new("xml");
    let mut machine = Machine::default();
    machine.grants.allow_writing(&folder.0);
    let code = "
З = Новый ЗаписьXML;
З.ОткрытьФайл(Папка + \"а.xml\", \"windows-1251\");
З.ЗаписатьОбъявлениеXML();
З.ЗаписатьНачалоЭлемента(\"корень\");
З.ЗаписатьТекст(\"текст\");
З.ЗаписатьКонецЭлемента();
З.Закрыть();
Ч = Новый ЧтениеXML;
Ч.ОткрытьФайл(Папка + \"а.xml\");
Пока Ч.Прочитать() Цикл
	Сообщить(Ч.Имя + Ч.Значение);
КонецЦикла;
Сообщить(Ч.КодировкаXML);
Ч.Закрыть();";
    assert_eq!(output(&mut machine, &folder.0, code), "корень\nтекст\nкорень\nwindows-1251");
    let bytes = fs::read(folder.0.join("а.xml")).expect("the file was written");
    assert!(bytes.starts_with(b"<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n<\xea\xee"));
}
