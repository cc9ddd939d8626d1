//! How long a help file takes to read: `cargo run --release -p platform --example help [shcntx_ru.hbk]`. Without a
//! file it reads an invented one of the usual size.

use std::io::Write;
use std::time::Instant;

use platform::{Help, Platform, Script};

#[path = "../tests/book/mod.rs"]
mod book;

const TYPES: usize = 2_500;
const MEMBERS: usize = 9;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bytes = match std::env::args().nth(1) {
        Some(path) => std::fs::read(path)?,
        None => invented(),
    };
    let start = Instant::now();
    let help = Help::read(Some(&bytes), None, Script::Russian)?;
    let read = start.elapsed();
    let start = Instant::now();
    let platform = Platform::embedded();
    let embedded = start.elapsed();
    let start = Instant::now();
    let enriched = platform.with_help(&help);
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{} KiB in {read:?} ({} pages skipped): {} functions, {} properties, {} types with {} methods and {} \
         properties, {} enumerations; tables {embedded:?}, enriched {:?}: {} types",
        bytes.len() / 1024,
        help.skipped,
        help.functions.len(),
        help.properties.len(),
        help.types.len(),
        help.types.iter().map(|info| info.methods.len()).sum::<usize>(),
        help.types.iter().map(|info| info.properties.len()).sum::<usize>(),
        help.enums.len(),
        start.elapsed(),
        enriched.types().len(),
    )?;
    Ok(())
}

fn invented() -> Vec<u8> {
    let mut book = book::Book::default();
    for kind in 0..TYPES {
        let folder = format!("objects/catalog{}/Type{kind}", kind / 100);
        book = book.page(&format!("{folder}.html"), &page(&format!("Тип{kind} (Type{kind})"), 1));
        for member in 0..MEMBERS {
            let heading = format!("Метод{kind}{member} (Method{kind}{member})");
            book = book.page(&format!("{folder}/methods/Method{member}.html"), &page(&heading, 4));
        }
    }
    book.write(1 << 24)
}

fn page(heading: &str, parameters: usize) -> String {
    let text = "Несколько слов о том, что это такое и зачем оно нужно. ".repeat(5);
    let rubric = format!(
        "<div class=\"V8SH_rubric\"><p>&lt;Имя&gt; (необязательный)</p></div>Тип: <a href=\"v8help://a/b.html\">Число\
         </a>, <a href=\"v8help://a/c.html\">Строка</a>. <br>{text}"
    );
    format!(
        "<h1 class=\"V8SH_pagetitle\">{heading}</h1><p class=\"V8SH_heading\">{heading}</p>\
         <p class=\"V8SH_chapter\">Синтаксис:</p>Имя(&lt;Имя&gt;)<p class=\"V8SH_chapter\">Параметры:</p>{}\
         <p class=\"V8SH_chapter\">Описание:</p>{text}<p class=\"V8SH_chapter\">Доступность:</p><p>Тонкий клиент, \
         сервер, толстый клиент.</p><p class=\"V8SH_chapter\">Пример:</p><table><tr><td>{text}</td></tr></table>",
        rubric.repeat(parameters)
    )
}
