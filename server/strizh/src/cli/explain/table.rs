//! The page of the documentation that lists all rules.

use std::fmt::Write;

use base::Locale;
use lints::{FixSafety, RuleInfo, all_rules};
use rustc_hash::FxHashMap;

/// What a rule took and found in a configuration, as `cargo xtask measure-rules` writes it.
struct Measured {
    milliseconds: f64,
    findings: u64,
}

struct Words {
    head: &'static str,
    columns: &'static str,
    on: &'static str,
    off: &'static str,
    safe: &'static str,
    unsafe_: &'static str,
    text: &'static str,
    queries: &'static str,
    values: &'static str,
    project: &'static str,
}

const ENGLISH: Words = Words {
    head: "# Rules\n\n[По-русски](rules.ru.md)\n\nMade by `cargo xtask generate`. Keys, parameters, severities and defaults are those \
           that BSL projects already use; the help of a rule is behind its key, in `strizh explain KEY` and in the \
           editor behind the code of a finding.\n\n*Needs*: what a rule looks at besides the text of a module. *Fix*: \
           `safe` ones are applied by `--fix` and fix-all, `unsafe` ones by `--fix --unsafe` and one by one in the \
           editor. *Cost* and *found*: processor time and findings in the open library `ssl_3_1` (2,197 modules, \
           78 MB), every rule on, as `cargo xtask measure-rules` measured them; what rules share (parsing, facts, \
           types) is in the cost of the one that asks first.\n\n",
    columns: "| Rule | | Severity | Default | Fix | Needs | Cost, ms | Found |\n|---|---|---|---|---|---|---|---|\n",
    on: "on",
    off: "off",
    safe: "safe",
    unsafe_: "unsafe",
    text: "text",
    queries: "queries",
    values: "types",
    project: "project",
};

const RUSSIAN: Words = Words {
    head: "# Правила\n\n[English](rules.md)\n\nСоздаётся командой `cargo xtask generate`. Ключи, параметры, важность и умолчания — \
           те, что уже приняты в проектах на BSL; справка открывается по ключу, командой `strizh explain КЛЮЧ` и в редакторе \
           по коду замечания.\n\n*Нужно*: на что правило смотрит, кроме текста модуля. *Исправление*: `безопасное` применяют \
           `--fix` и «исправить всё», `осторожное` — `--fix --unsafe` и по одному в редакторе. *Цена* и *найдено*: время \
           процессора и число замечаний в открытой библиотеке `ssl_3_1` (2 197 модулей, 78 МБ), когда включены все правила; \
           так измеряет `cargo xtask measure-rules`. Общее для правил (разбор, факты, типы) входит в цену того, что спросило \
           первым.\n\n",
    columns: "| Правило | | Важность | По умолчанию | Исправление | Нужно | Цена, мс | Найдено |\n|---|---|---|---|---|---|---|---|\n",
    on: "включено",
    off: "выключено",
    safe: "безопасное",
    unsafe_: "осторожное",
    text: "текст",
    queries: "запросы",
    values: "типы",
    project: "проект",
};

/// The page in Markdown. `costs` has lines of key, milliseconds and findings.
pub(super) fn table(locale: Locale, costs: &str) -> String {
    let (words, folder) = match locale {
        Locale::Ru => (&RUSSIAN, "ru"),
        Locale::En => (&ENGLISH, "en"),
    };
    let costs = parse(costs);
    let mut text = format!("{}{}", words.head, words.columns);
    for info in all_rules() {
        let page = format!("../server/lints/docs/{folder}/{}.md", info.docs.page);
        let _ = write!(
            text,
            "| [{}]({page}) | {} | {} | {} | {} | {} |",
            info.key,
            info.title(locale).replace('|', "\\|"),
            info.lsp_severity().name(),
            if info.is_on_by_default { words.on } else { words.off },
            match info.fix {
                FixSafety::None => "",
                FixSafety::Safe => words.safe,
                FixSafety::Unsafe => words.unsafe_,
            },
            needs(info, words),
        );
        let _ = match costs.get(info.key) {
            Some(Measured { milliseconds, findings }) => writeln!(text, " {milliseconds:.0} | {findings} |"),
            None => writeln!(text, " | |"),
        };
    }
    text
}

fn needs(info: &RuleInfo, words: &Words) -> String {
    let needs = info.needs();
    let names =
        [(needs.queries, words.queries), (needs.values, words.values), (needs.project, words.project)];
    let names: Vec<&str> =
        names.into_iter().filter_map(|(is_needed, name)| is_needed.then_some(name)).collect();
    if names.is_empty() { words.text.to_owned() } else { names.join(", ") }
}

fn parse(costs: &str) -> FxHashMap<&str, Measured> {
    costs
        .lines()
        .filter_map(|line| {
            let mut parts = line.split('\t');
            let key = parts.next()?;
            let milliseconds = parts.next()?.parse().ok()?;
            let findings = parts.next()?.parse().ok()?;
            Some((key, Measured { milliseconds, findings }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_row() {
        let page = table(Locale::En, "EmptyCodeBlock\t12.4\t89\nbroken line\n");
        assert_eq!(page.lines().filter(|line| line.starts_with("| [")).count(), all_rules().len());
        let row = page.lines().find(|line| line.starts_with("| [EmptyCodeBlock]")).unwrap_or_default();
        assert!(row.contains("(../server/lints/docs/en/empty_code_block.md)"), "{row}");
        assert!(row.ends_with("| text | 12 | 89 |"), "{row}");
    }
}
