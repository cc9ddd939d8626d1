//! The help of rules as files in the cache folder: an editor opens them behind the code of a finding, without a network.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::Locale;
use lints::{RuleInfo, all_rules};
use rustc_hash::FxHashMap;
use tower_lsp::gen_lsp_types::Uri;

use crate::facts_store::{cache_folder, content_hash, create_folder, write_whole};

/// Addresses of the pages, by key.
#[derive(Clone, Debug, Default)]
pub(crate) struct RulePages {
    folder: PathBuf,
    russian: Arc<FxHashMap<&'static str, Uri>>,
    english: Arc<FxHashMap<&'static str, Uri>>,
}

impl RulePages {
    /// `None` if the user has no cache folder.
    pub(crate) fn find() -> Option<Self> {
        let mut all = String::new();
        for info in all_rules() {
            let _ = write!(all, "{}{}", info.docs.text.ru, info.docs.text.en);
        }
        // Pages of other versions of the help stay what they are.
        Some(Self::in_folder(cache_folder()?.join(format!("rules-{:x}", content_hash(all.as_bytes())))))
    }

    fn in_folder(folder: PathBuf) -> Self {
        let pages = |locale| {
            let uri = |info: &&'static RuleInfo| {
                Some((info.key, Uri::from_file_path(path(&folder, locale, info)).ok()?))
            };
            Arc::new(all_rules().iter().filter_map(uri).collect())
        };
        Self { russian: pages(Locale::Ru), english: pages(Locale::En), folder }
    }

    pub(crate) fn uri(&self, key: &str, locale: Locale) -> Option<&Uri> {
        match locale {
            Locale::Ru => self.russian.get(key),
            Locale::En => self.english.get(key),
        }
    }

    /// Writes the pages that are not there yet.
    pub(crate) fn write(&self) -> std::io::Result<()> {
        for locale in [Locale::Ru, Locale::En] {
            for info in all_rules() {
                let path = path(&self.folder, locale, info);
                let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { continue };
                if !path.is_file() {
                    create_folder(folder)?;
                    let text = page(info, locale);
                    write_whole(folder, &name.to_string_lossy(), std::iter::once(text.as_bytes()))?;
                }
            }
        }
        Ok(())
    }
}

fn path(folder: &Path, locale: Locale, info: &RuleInfo) -> PathBuf {
    let language = match locale {
        Locale::Ru => "ru",
        Locale::En => "en",
    };
    folder.join(language).join(format!("{}.md", info.key))
}

/// The help with the facts of the rule below it.
pub(crate) fn page(info: &RuleInfo, locale: Locale) -> String {
    let words = match locale {
        Locale::Ru => ["Ключ", "Важность", "Включено", "да", "нет", "Параметры"],
        Locale::En => ["Key", "Severity", "Enabled", "yes", "no", "Parameters"],
    };
    let [key, severity, enabled, yes, no, parameters] = words;
    let is_on = if info.is_on_by_default { yes } else { no };
    let mut text = format!(
        "{}\n\n{key}: {}\n{severity}: {}\n{enabled}: {is_on}\n",
        info.docs.get(locale).trim_end(),
        info.key,
        info.lsp_severity().name()
    );
    if !info.params.is_empty() {
        text += &format!("{parameters}:\n");
        for param in info.params {
            text += &format!("  {} = {} — {}\n", param.name, param.default, param.meaning.get(locale));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_lie_where_their_addresses_say() {
        let folder = std::env::temp_dir().join(format!("strizh-rule-pages-{}", std::process::id()));
        let pages = RulePages::in_folder(folder.clone());
        pages.write().expect("the pages are written");
        for (locale, word) in [(Locale::Ru, "## Описание"), (Locale::En, "## Description")] {
            let uri = pages.uri("EmptyCodeBlock", locale).expect("the rule has a page");
            let text =
                std::fs::read_to_string(uri.to_file_path().expect("a file")).expect("the page is there");
            assert!(text.contains(word) && text.contains(": EmptyCodeBlock\n"), "{text}");
        }
        std::fs::remove_dir_all(folder).expect("the folder goes");
    }
}
