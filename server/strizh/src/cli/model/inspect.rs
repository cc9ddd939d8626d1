//! `strizh model inspect`: what a file is, as a table.

use std::io::Write;
use std::path::PathBuf;

use ai::files::{AdapterInspection, Inspection, ModelInspection, TypeSum, inspect};
use base::Locale;
use clap::Args;

use crate::cli::Outcome;
use crate::cli::model::{grouped, model_path, size};

#[derive(Args)]
pub(crate) struct InspectArguments {
    /// File or folder of a model or of an adapter, or `embedded`: the model of this program.
    path: PathBuf,
}

pub(super) fn run(arguments: &InspectArguments, locale: Locale) -> anyhow::Result<Outcome> {
    let rows = match inspect(&model_path(&arguments.path, None)?)? {
        Inspection::Model(model) => model_rows(&model, locale),
        Inspection::Adapter(adapter) => adapter_rows(&adapter, locale),
        Inspection::Other { architecture, tensors } => {
            let label = pick(locale, "архитектура (не поддерживается)", "architecture (not supported)");
            let mut rows = vec![(label, architecture)];
            rows.extend(type_rows(&tensors, locale));
            rows
        }
    };
    let width = rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or_default();
    let mut output = std::io::stdout().lock();
    for (label, text) in rows {
        writeln!(output, "{label:width$}  {text}")?;
    }
    Ok(Outcome::Clean)
}

type Rows = Vec<(&'static str, String)>;

fn pick(locale: Locale, russian: &'static str, english: &'static str) -> &'static str {
    match locale {
        Locale::Ru => russian,
        Locale::En => english,
    }
}

fn model_rows(model: &ModelInspection, locale: Locale) -> Rows {
    let label = |russian, english| pick(locale, russian, english);
    let unknown = || label("неизвестно", "unknown").to_owned();
    let shape = &model.shape;
    let mut rows = vec![
        (label("архитектура", "architecture"), "qwen2".to_owned()),
        (label("имя", "name"), model.name.clone().unwrap_or_else(unknown)),
        (label("лицензия", "license"), model.license.clone().unwrap_or_else(unknown)),
        (label("параметров", "parameters"), grouped(model.parameters)),
        (label("ширина", "width"), shape.hidden.to_string()),
        (label("слоёв", "layers"), shape.layers.to_string()),
        (
            label("голов (всего / ключей)", "heads (all / keys)"),
            format!("{} / {}", shape.heads, shape.kv_heads),
        ),
        (label("ширина внутреннего слоя", "feed-forward width"), shape.feed_forward.to_string()),
        (label("словарь", "vocabulary"), shape.vocabulary.to_string()),
        (label("контекст", "context"), shape.context.to_string()),
        (
            label("выходной слой", "output layer"),
            match shape.is_tied {
                true => label("общий со встраиванием", "shared with the embedding").to_owned(),
                false => label("свой", "its own").to_owned(),
            },
        ),
    ];
    rows.extend(type_rows(&model.tensors, locale));
    let tokenizer = match &model.tokenizer {
        None => label("нет", "none").to_owned(),
        Some(Err(problem)) => problem.clone(),
        Some(Ok(facts)) => {
            format!("{}, {}, {}", facts.tokens, size(facts.bytes as u64), facts.markers.join(" "))
        }
    };
    rows.push((label("токенизатор", "tokenizer"), tokenizer));
    let order = model.prompt.order.map_or_else(unknown, |order| order.name().to_owned());
    rows.push((label("порядок запроса", "prompt order"), order));
    if model.prompt.suffix_tokens > 0 {
        rows.push((label("токенов суффикса", "suffix tokens"), model.prompt.suffix_tokens.to_string()));
    }
    if model.prompt.context > 0 {
        rows.push((label("обучена на контексте", "trained context"), model.prompt.context.to_string()));
    }
    rows.push((label("размер", "size"), size(model.file_bytes)));
    rows.push((label("память, около", "memory, about"), size(model.memory_bytes)));
    rows
}

fn adapter_rows(adapter: &AdapterInspection, locale: Locale) -> Rows {
    let label = |russian, english| pick(locale, russian, english);
    let ranks: Vec<String> = adapter.ranks.iter().map(usize::to_string).collect();
    let kind = if adapter.has_magnitudes { "DoRA" } else { "LoRA" };
    let mut rows = vec![
        (label("адаптер", "adapter"), kind.to_owned()),
        (label("параметров", "parameters"), grouped(adapter.parameters)),
        (label("матриц", "matrices"), adapter.modules.to_string()),
        (label("ранги", "ranks"), ranks.join(", ")),
        (label("заменяет тензоров", "tensors replaced"), adapter.replaced.to_string()),
    ];
    rows.extend(adapter.notes.iter().map(|note| (label("замечание", "note"), note.clone())));
    rows
}

fn type_rows(tensors: &[TypeSum], locale: Locale) -> Rows {
    let row = |sum: &TypeSum| {
        let (kind, count) = (format!("{:?}", sum.kind), sum.count);
        let (parameters, bytes) = (grouped(sum.parameters), size(sum.bytes));
        let text = match locale {
            Locale::Ru => format!("{kind}: {count}, параметров {parameters}, {bytes}"),
            Locale::En => format!("{kind}: {count}, {parameters} parameters, {bytes}"),
        };
        (pick(locale, "тензоры", "tensors"), text)
    };
    tensors.iter().map(row).collect()
}
