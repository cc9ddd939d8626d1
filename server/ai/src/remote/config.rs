//! What a user says about a remote engine.

use std::path::PathBuf;

use serde::Deserialize;

use crate::remote::RemoteError;
use crate::remote::address;

/// Settings of a remote engine. They come from the user's own settings, never from those of a workspace.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RemoteConfig {
    pub kind: RemoteKind,
    /// `http://127.0.0.1:8080`; a path only if the server has one.
    pub url: String,
    #[serde(default)]
    pub model: String,
    /// How prompts are written where the server takes raw text.
    #[serde(default)]
    pub template: FimTemplate,
    /// Name of the environment variable that holds the key.
    #[serde(default)]
    pub key_environment: Option<String>,
    /// Hosts besides this machine that may be spoken to, encrypted.
    #[serde(default)]
    pub allowed_hosts: Vec<String>,
    /// An own certificate authority as a PEM file, besides the public ones.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Proxies of the system are not used.
    #[serde(default)]
    pub proxy: Option<String>,
    /// Modules of which nothing is sent: names with `*` and `?`.
    #[serde(default)]
    pub exclude: Vec<String>,
    #[serde(default = "default_connect_timeout")]
    pub connect_timeout_ms: u64,
    #[serde(default = "default_timeout")]
    pub timeout_ms: u64,
    /// Text above and below the caret that is sent, at most; never more than the method around it.
    #[serde(default = "default_prefix_bytes")]
    pub max_prefix_bytes: usize,
    #[serde(default = "default_suffix_bytes")]
    pub max_suffix_bytes: usize,
}

fn default_connect_timeout() -> u64 {
    500
}

fn default_timeout() -> u64 {
    5000
}

fn default_prefix_bytes() -> usize {
    8000
}

fn default_suffix_bytes() -> usize {
    2000
}

/// Which language a server speaks.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum RemoteKind {
    /// llama-server, `/infill`: the server writes the prompt.
    LlamaInfill,
    /// llama-server, `/completion`.
    LlamaCompletion,
    /// `/v1/completions` with a raw prompt: vLLM, llama-server and many others.
    OpenAi,
    /// The same with a `suffix`, which only few servers understand.
    OpenAiSuffix,
    /// Ollama with a `suffix`; the model's template has to know it.
    Ollama,
    /// Ollama with a raw prompt.
    OllamaRaw,
    /// Text Generation Inference, `/generate`.
    Tgi,
    /// `/v1/fim/completions`.
    Mistral,
}

/// How a prompt with a gap is written for a family of models.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum FimTemplate {
    #[default]
    Qwen,
    StarCoder,
    CodeLlama,
    DeepSeek,
    CodeGemma,
    Custom(FimTokens),
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FimTokens {
    pub prefix: String,
    pub suffix: String,
    pub middle: String,
    /// Texts that end an answer, the most important first.
    #[serde(default)]
    pub ends: Vec<String>,
}

impl FimTemplate {
    pub fn tokens(&self) -> FimTokens {
        let (prefix, suffix, middle, ends): (_, _, _, &[&str]) = match self {
            Self::Qwen => (
                "<|fim_prefix|>",
                "<|fim_suffix|>",
                "<|fim_middle|>",
                &["<|endoftext|>", "<|im_end|>", "<|file_sep|>"],
            ),
            Self::StarCoder => {
                ("<fim_prefix>", "<fim_suffix>", "<fim_middle>", &["<|endoftext|>", "<file_sep>"])
            }
            Self::CodeLlama => ("<PRE> ", " <SUF>", " <MID>", &["<EOT>"]),
            Self::DeepSeek => {
                ("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>", &["<｜end▁of▁sentence｜>"])
            }
            Self::CodeGemma => {
                ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", &["<|file_separator|>", "<eos>"])
            }
            Self::Custom(tokens) => return tokens.clone(),
        };
        let ends = ends.iter().map(|end| (*end).to_owned()).collect();
        FimTokens { prefix: prefix.to_owned(), suffix: suffix.to_owned(), middle: middle.to_owned(), ends }
    }
}

impl RemoteConfig {
    /// What can be told without speaking to anybody.
    pub fn check(&self) -> Result<(), RemoteError> {
        address::check(&self.url, &self.allowed_hosts)?;
        if let Some(proxy) = &self.proxy {
            // A proxy sees encrypted traffic only, apart from what is meant for this machine.
            match address::check(proxy, &self.allowed_hosts) {
                Ok(_) | Err(address::AddressError::NotEncrypted(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let needs_model =
            !matches!(self.kind, RemoteKind::LlamaInfill | RemoteKind::LlamaCompletion | RemoteKind::Tgi);
        if needs_model && self.model.is_empty() {
            return Err(RemoteError::ModelMissing);
        }
        Ok(())
    }

    /// True if nothing of the module may be sent.
    pub fn is_excluded(&self, module: &str) -> bool {
        self.exclude.iter().any(|pattern| matches_pattern(pattern, module))
    }
}

/// `*` stands for any letters, `?` for one; letter case does not matter.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    let fold = |text: &str| -> Vec<char> { text.to_lowercase().replace('\\', "/").chars().collect() };
    let (pattern, name) = (fold(pattern), fold(name));
    let (mut at, mut in_name) = (0, 0);
    // Where to go on if the letters after the last star do not fit.
    let mut star: Option<(usize, usize)> = None;
    while let Some(letter) = name.get(in_name) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at + 1, in_name));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || wanted == letter => {
                at += 1;
                in_name += 1;
            }
            _ => {
                let Some((after, from)) = star else { return false };
                star = Some((after, from + 1));
                at = after;
                in_name = from + 1;
            }
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|letter| *letter == '*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_modules() {
        for (pattern, name, expected) in [
            ("ОбщийМодуль.*Пароли*", "ОбщийМодуль.СерверПаролиПользователей", true),
            ("*", "", true),
            ("общиймодуль.а?", "ОбщийМодуль.АБ", true),
            ("общиймодуль.а?", "ОбщийМодуль.А", false),
            ("*.Форма", "Документ.Форма.Форма", true),
            ("*а*б*", "ббабаа", true),
            ("*а*б", "ббабаа", false),
            ("", "М", false),
            ("src/*/secret/**", "src\\a\\secret\\b.bsl", true),
        ] {
            assert_eq!(matches_pattern(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn settings_are_read_and_checked() {
        let read = |text: &str| -> Result<RemoteConfig, String> {
            let config: RemoteConfig = serde_json::from_str(text).map_err(|error| error.to_string())?;
            config.check().map(|()| config).map_err(|error| error.to_string())
        };
        let config = read(r#"{"kind": "llamaInfill", "url": "http://127.0.0.1:8080"}"#).expect("valid");
        assert_eq!((config.timeout_ms, config.template), (5000, FimTemplate::Qwen));
        let custom = r#"{"kind": "tgi", "url": "http://127.0.0.1", "template": {"custom": {"prefix": "<P>", "suffix": "<S>", "middle": "<M>"}}}"#;
        assert_eq!(read(custom).expect("valid").template.tokens().middle, "<M>");
        assert_eq!(
            read(r#"{"kind": "openAi", "url": "http://127.0.0.1"}"#).expect_err("no model"),
            "the remote engine needs the name of a model"
        );
        assert!(
            read(r#"{"kind": "openAi", "url": "http://127.0.0.1", "key": "invented"}"#).is_err(),
            "keys are not settings"
        );
        let proxy = r#"{"kind": "tgi", "url": "http://127.0.0.1", "proxy": "http://proxy.example:3128""#;
        assert!(read(&format!("{proxy}}}")).is_err());
        assert!(read(&format!(r#"{proxy}, "allowedHosts": ["proxy.example"]}}"#)).is_ok());
    }
}
