//! `adapter_config.json` of PEFT: what scales an adapter, and what makes it impossible to merge.

use std::path::Path;

use fancy_regex::{Regex, RegexBuilder};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::files::json::{Entries, read_text};
use crate::files::{FileError, shown};

const MAX_BYTES: u64 = 1 << 20;
const MAX_PATTERNS: usize = 4096;
/// Steps of the matcher on one name, which has less than a hundred letters.
const BACKTRACK_LIMIT: usize = 10_000;
const MAX_RANK: u64 = 1 << 16;

/// What of the configuration matters for a merge.
#[derive(Debug)]
pub struct AdapterConfig {
    pub rank: usize,
    pub alpha: f64,
    pub use_rslora: bool,
    pub use_dora: bool,
    pub lora_bias: bool,
    /// The output layer follows the embedding.
    pub ensure_weight_tying: bool,
    pub targets: TargetModules,
    pub modules_to_save: Vec<String>,
    pub base_model: Option<String>,
    /// What the user should know.
    pub notes: Vec<String>,
    rank_patterns: Vec<(Pattern, u64)>,
    alpha_patterns: Vec<(Pattern, f64)>,
}

/// Which modules were trained. Only used for messages: the tensors tell what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TargetModules {
    #[default]
    Unknown,
    /// All linear layers but the output.
    AllLinear,
    /// Exact names or endings of names.
    Names(Vec<String>),
    /// A regular expression for whole names.
    Expression(String),
}

#[derive(Deserialize)]
struct Raw {
    peft_type: Option<String>,
    r: Option<u64>,
    lora_alpha: Option<f64>,
    use_rslora: Option<bool>,
    use_dora: Option<bool>,
    lora_bias: Option<bool>,
    fan_in_fan_out: Option<bool>,
    ensure_weight_tying: Option<bool>,
    bias: Option<String>,
    rank_pattern: Option<Entries<u64>>,
    alpha_pattern: Option<Entries<f64>>,
    target_modules: Option<Targets>,
    modules_to_save: Option<Vec<String>>,
    base_model_name_or_path: Option<String>,
    init_lora_weights: Option<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Targets {
    Text(String),
    Names(Vec<String>),
}

/// Features that change what an adapter computes; nothing here can merge them.
const REFUSED: &[(&str, &str)] = &[
    ("layer_replication", "replicated layers cannot be merged: build the larger model first and train on it"),
    ("megatron_config", "adapters of Megatron cannot be merged: convert it with PEFT first"),
    ("alora_invocation_tokens", "it acts only after an invocation sequence, so it cannot be merged"),
    (
        "trainable_token_indices",
        "single trained tokens are not supported: merge it with PEFT's `merge_and_unload`",
    ),
    (
        "target_parameters",
        "adapters of bare parameters are not supported: merge it with PEFT's `merge_and_unload`",
    ),
    ("arrow_config", "routed adapters cannot be merged"),
    ("use_qalora", "QALoRA is not supported: merge it with PEFT's `merge_and_unload`"),
    ("use_bdlora", "block-diagonal LoRA is not supported: merge it with PEFT's `merge_and_unload`"),
];

/// Switches that change nothing here.
const HARMLESS_SWITCHES: &[&str] = &["use_rslora", "use_dora"];

impl AdapterConfig {
    pub fn read(path: &Path) -> Result<Self, FileError> {
        Self::parse(&read_text(path, MAX_BYTES)?, path)
    }

    /// `path` is for messages.
    pub fn parse(text: &str, path: &Path) -> Result<Self, FileError> {
        let refuse = |problem: String| FileError::new(path, problem);
        let bad_json = |error: serde_json::Error| FileError::new(path, error);
        // The first pass finds keys that occur twice.
        serde_json::from_str::<Entries<IgnoredAny>>(text).map_err(bad_json)?;
        let raw: Raw = serde_json::from_str(text).map_err(bad_json)?;
        let all: Entries<Value> = serde_json::from_str(text).map_err(bad_json)?;
        check_features(&all.0).map_err(refuse)?;
        let peft_type = raw.peft_type.as_deref().unwrap_or_default();
        if peft_type != "LORA" {
            return Err(refuse(format!("`peft_type` is `{}`, only `LORA` can be merged", shown(peft_type))));
        }
        check_initialization(raw.init_lora_weights.as_ref()).map_err(refuse)?;
        if let Some(bias) = raw.bias.as_deref()
            && !["none", "all", "lora_only"].contains(&bias)
        {
            return Err(refuse(format!("`bias` is `{}`: it is unknown", shown(bias))));
        }
        let mut notes = Vec::new();
        if raw.fan_in_fan_out == Some(true) {
            notes.push("`fan_in_fan_out` is ignored: layers of qwen2 never are stored that way".to_owned());
        }
        let (rank, alpha) = (raw.r.unwrap_or(8), raw.lora_alpha.unwrap_or(8.0));
        check_rank(rank).map_err(refuse)?;
        check_alpha(alpha).map_err(refuse)?;
        let rank_patterns = patterns(raw.rank_pattern, |&rank| check_rank(rank)).map_err(refuse)?;
        let alpha_patterns = patterns(raw.alpha_pattern, |&alpha| check_alpha(alpha)).map_err(refuse)?;
        let targets = match raw.target_modules {
            None => TargetModules::Unknown,
            Some(Targets::Text(text)) if text == "all-linear" => TargetModules::AllLinear,
            Some(Targets::Text(text)) => TargetModules::Expression(text),
            Some(Targets::Names(names)) => TargetModules::Names(names),
        };
        Ok(Self {
            rank: rank as usize,
            alpha,
            use_rslora: raw.use_rslora.unwrap_or(false),
            use_dora: raw.use_dora.unwrap_or(false),
            lora_bias: raw.lora_bias.unwrap_or(false),
            ensure_weight_tying: raw.ensure_weight_tying.unwrap_or(false),
            targets,
            modules_to_save: raw.modules_to_save.unwrap_or_default(),
            base_model: raw.base_model_name_or_path.filter(|name| !name.is_empty()),
            notes,
            rank_patterns,
            alpha_patterns,
        })
    }

    /// The rank that the configuration wants for a module, as `model.layers.0.self_attn.q_proj`.
    pub fn rank_of(&self, module: &str) -> Result<usize, String> {
        Ok(first_match(&self.rank_patterns, module)?.map_or(self.rank, |&rank| rank as usize))
    }

    /// What the product of a module is multiplied with.
    pub fn scale_of(&self, module: &str) -> Result<f32, String> {
        let rank = self.rank_of(module)? as f64;
        let alpha = *first_match(&self.alpha_patterns, module)?.unwrap_or(&self.alpha);
        let scale = if self.use_rslora { alpha / rank.sqrt() } else { alpha / rank };
        Ok(scale as f32)
    }

    /// Whether the module was meant to be trained; `None` if that cannot be told.
    pub fn targets_module(&self, module: &str) -> Option<bool> {
        match &self.targets {
            TargetModules::Unknown => None,
            TargetModules::AllLinear => Some(module != "lm_head"),
            TargetModules::Names(names) => Some(names.iter().any(|name| ends_with_name(module, name))),
            TargetModules::Expression(expression) => {
                let whole = compile(&format!("^(?:{expression})$")).ok()?;
                whole.is_match(module).ok()
            }
        }
    }
}

pub(super) fn ends_with_name(module: &str, name: &str) -> bool {
    module.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn check_features(entries: &[(String, Value)]) -> Result<(), String> {
    let is_off = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(items) => items.is_empty(),
        _ => false,
    };
    for (key, _) in entries.iter().filter(|entry| !is_off(&entry.1)) {
        if let Some((_, reason)) = REFUSED.iter().find(|(refused, _)| refused == key) {
            return Err(format!("`{key}`: {reason}"));
        }
        if key.starts_with("use_") && !HARMLESS_SWITCHES.contains(&key.as_str()) {
            let advice = "merge it with PEFT's `merge_and_unload`";
            return Err(format!("`{}` is not supported: {advice}", shown(key)));
        }
    }
    Ok(())
}

/// Some initializations take the beginning of the adapter out of the base, so it does not fit the base as published.
fn check_initialization(value: Option<&Value>) -> Result<(), String> {
    let name = match value {
        None | Some(Value::Null | Value::Bool(_)) => return Ok(()),
        Some(Value::String(name)) => name.as_str(),
        Some(other) => return Err(format!("`init_lora_weights` is {}", shown(&other.to_string()))),
    };
    if ["true", "false", "gaussian", "eva", "orthogonal"].contains(&name.to_lowercase().as_str()) {
        return Ok(());
    }
    Err(format!(
        "`init_lora_weights` is `{}`: the base was changed before training, so the adapter does not fit the published \
         one; save it again with PEFT's `path_initial_model_for_weight_conversion` and merge that",
        shown(name)
    ))
}

fn check_rank(rank: u64) -> Result<(), String> {
    if (1..=MAX_RANK).contains(&rank) { Ok(()) } else { Err(format!("a rank of {rank} is impossible")) }
}

fn check_alpha(alpha: f64) -> Result<(), String> {
    let is_possible = alpha.is_finite() && alpha.abs() <= 1e6;
    if is_possible { Ok(()) } else { Err(format!("an alpha of {alpha} is impossible")) }
}

/// A key of `rank_pattern` or `alpha_pattern`: the end of a name, or a regular expression for it.
#[derive(Debug)]
struct Pattern {
    text: String,
    expression: Regex,
}

fn patterns<T>(
    entries: Option<Entries<T>>,
    check: impl Fn(&T) -> Result<(), String>,
) -> Result<Vec<(Pattern, T)>, String> {
    let entries = entries.unwrap_or_default().0;
    if entries.len() > MAX_PATTERNS {
        return Err(format!("{} patterns are too many", entries.len()));
    }
    let mut patterns = Vec::new();
    for (text, value) in entries {
        let explain = |problem: String| format!("pattern `{}`: {problem}", shown(&text));
        check(&value).map_err(explain)?;
        let expression = compile(&format!(r"^(?:.*\.)?(?:{text})$")).map_err(explain)?;
        patterns.push((Pattern { text, expression }, value));
    }
    Ok(patterns)
}

fn compile(expression: &str) -> Result<Regex, String> {
    const MAX_EXPRESSION_BYTES: usize = 4096;
    if expression.len() > MAX_EXPRESSION_BYTES {
        return Err("it is too long".to_owned());
    }
    let built = RegexBuilder::new(expression)
        .backtrack_limit(BACKTRACK_LIMIT)
        .delegate_size_limit(1 << 20)
        .delegate_dfa_size_limit(1 << 20)
        .build();
    built.map_err(|error| format!("it is no regular expression: {error}"))
}

/// The value of the first pattern that fits, as PEFT chooses.
fn first_match<'a, T>(patterns: &'a [(Pattern, T)], module: &str) -> Result<Option<&'a T>, String> {
    for (pattern, value) in patterns {
        let is_match = pattern.expression.is_match(module);
        if is_match.map_err(|error| format!("pattern `{}`: {error}", shown(&pattern.text)))? {
            return Ok(Some(value));
        }
    }
    Ok(None)
}
