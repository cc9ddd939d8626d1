//! What each kind of server is asked, and where the text stands in what it answers.

use serde_json::{Value, json};

use crate::Extent;
use crate::remote::prompt::Parts;
use crate::remote::{RemoteConfig, RemoteKind};

/// OpenAI takes no more.
const MAX_STOPS: usize = 4;
const KEEP_ALIVE: &str = "30m";

/// How much is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub extent: Extent,
    pub max_tokens: usize,
}

/// What a server gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub text: String,
    /// It ended because of the number of tokens.
    pub is_cut: bool,
}

impl RemoteKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::LlamaInfill | Self::LlamaCompletion => "llama-server",
            Self::OpenAi | Self::OpenAiSuffix => "OpenAI-compatible",
            Self::Ollama | Self::OllamaRaw => "Ollama",
            Self::Tgi => "TGI",
            Self::Mistral => "Mistral",
        }
    }

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::LlamaInfill => "/infill",
            Self::LlamaCompletion => "/completion",
            Self::OpenAi | Self::OpenAiSuffix => "/v1/completions",
            Self::Ollama | Self::OllamaRaw => "/api/generate",
            Self::Tgi => "/generate",
            Self::Mistral => "/v1/fim/completions",
        }
    }

    /// Tells that the server is there, without any code.
    pub(super) fn check_path(self) -> &'static str {
        match self {
            Self::LlamaInfill | Self::LlamaCompletion | Self::Tgi => "/health",
            Self::OpenAi | Self::OpenAiSuffix | Self::Mistral => "/v1/models",
            Self::Ollama | Self::OllamaRaw => "/api/version",
        }
    }

    /// True if the prompt has the line before the caret apart, so that its indentation is not sent.
    pub(super) fn sends_line_apart(self) -> bool {
        !matches!(self, Self::OpenAiSuffix | Self::Ollama | Self::Mistral)
    }

    /// True if reading a prompt ahead saves time later.
    pub(super) fn keeps_prompts(self) -> bool {
        matches!(self, Self::LlamaInfill | Self::LlamaCompletion)
    }
}

pub(super) fn body(config: &RemoteConfig, parts: &Parts, wanted: Wanted) -> Value {
    let tokens = config.template.tokens();
    let line_end = (wanted.extent == Extent::Line).then(|| "\n".to_owned());
    let is_raw = matches!(
        config.kind,
        RemoteKind::LlamaCompletion | RemoteKind::OpenAi | RemoteKind::OllamaRaw | RemoteKind::Tgi
    );
    // Where the server writes the prompt, it also knows what ends an answer.
    let ends = if is_raw { tokens.ends.as_slice() } else { &[] };
    let stop: Vec<String> = line_end.into_iter().chain(ends.iter().cloned()).take(MAX_STOPS).collect();
    let count = wanted.max_tokens;
    let (model, suffix) = (&config.model, &parts.suffix);
    match config.kind {
        RemoteKind::LlamaInfill => {
            let extra: Vec<Value> = parts
                .extra
                .iter()
                .map(|(filename, text)| json!({ "filename": filename, "text": text }))
                .collect();
            json!({
                "input_prefix": parts.above, "input_suffix": suffix, "input_extra": extra,
                "prompt": parts.line_to_send(), "n_predict": count, "temperature": 0, "stop": stop,
                "cache_prompt": true, "stream": false,
            })
        }
        RemoteKind::LlamaCompletion => json!({
            "prompt": parts.fim(&tokens), "n_predict": count, "temperature": 0, "stop": stop,
            "cache_prompt": true, "stream": false,
        }),
        RemoteKind::OpenAi => json!({
            "model": model, "prompt": parts.fim(&tokens), "max_tokens": count, "temperature": 0,
            "stop": stop, "stream": false,
        }),
        RemoteKind::OpenAiSuffix => json!({
            "model": model, "prompt": parts.prefix(), "suffix": suffix, "max_tokens": count,
            "temperature": 0, "stop": stop, "stream": false,
        }),
        RemoteKind::Ollama => json!({
            "model": model, "prompt": parts.prefix(), "suffix": suffix, "stream": false,
            "options": { "num_predict": count, "temperature": 0, "stop": stop }, "keep_alive": KEEP_ALIVE,
        }),
        RemoteKind::OllamaRaw => json!({
            "model": model, "prompt": parts.fim(&tokens), "raw": true, "stream": false,
            "options": { "num_predict": count, "temperature": 0, "stop": stop }, "keep_alive": KEEP_ALIVE,
        }),
        RemoteKind::Tgi => json!({
            "inputs": parts.fim(&tokens),
            "parameters": {
                "max_new_tokens": count, "do_sample": false, "return_full_text": false, "stop": stop,
            },
        }),
        RemoteKind::Mistral => json!({
            "model": model, "prompt": parts.prefix(), "suffix": suffix, "max_tokens": count,
            "temperature": 0, "stop": stop, "random_seed": 0, "stream": false,
        }),
    }
}

/// The text of an answer.
pub(super) fn parse(kind: RemoteKind, bytes: &[u8]) -> Result<Text, String> {
    let answer: Value = serde_json::from_slice(bytes).map_err(|_| "the answer is no JSON".to_owned())?;
    if let Some(error) = error_text(&answer) {
        return Err(format!("the server says: {error}"));
    }
    let choice = &answer["choices"][0];
    let (text, reason) = match kind {
        RemoteKind::LlamaInfill | RemoteKind::LlamaCompletion => (&answer["content"], &answer["stop_type"]),
        RemoteKind::OpenAi | RemoteKind::OpenAiSuffix => (&choice["text"], &choice["finish_reason"]),
        RemoteKind::Ollama | RemoteKind::OllamaRaw => (&answer["response"], &answer["done_reason"]),
        // The hosted service answers with a list.
        RemoteKind::Tgi => match &answer[0] {
            Value::Null => (&answer["generated_text"], &answer["details"]["finish_reason"]),
            first => (&first["generated_text"], &first["details"]["finish_reason"]),
        },
        RemoteKind::Mistral => (&choice["message"]["content"], &choice["finish_reason"]),
    };
    let text = text.as_str().ok_or("the answer has no text where it belongs")?;
    let is_cut = matches!(reason.as_str(), Some("length" | "limit"))
        || answer["stopped_limit"].as_bool().unwrap_or_default();
    Ok(Text { text: text.to_owned(), is_cut })
}

/// What went wrong, in the server's own words.
pub(super) fn error_text(answer: &Value) -> Option<String> {
    let error = &answer["error"];
    let texts = [error, &error["message"], &answer["message"], &answer["detail"]];
    if error.is_null() && answer["detail"].is_null() && answer["object"] != "error" {
        return None;
    }
    let text = texts.iter().find_map(|text| text.as_str()).unwrap_or("an error without a text");
    Some(text.chars().filter(|letter| !letter.is_control()).take(200).collect())
}
