//! Names of tensors in adapters: which module they belong to and what they are there.

use crate::files::shown;

/// What a tensor of an adapter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    A,
    B,
    EmbeddingA,
    EmbeddingB,
    /// A bias on B.
    BiasOfB,
    Magnitude,
    /// Replaces a tensor of the model.
    Whole,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AdapterTensorName {
    /// `model.layers.0.self_attn.q_proj`; for [`Part::Whole`] the name of the tensor, with its ending.
    pub(super) module: String,
    pub(super) part: Part,
    /// `default`, if the file keeps it.
    pub(super) adapter: Option<String>,
}

/// Takes a name apart, as PEFT writes it and as tools write it that keep the name of the adapter.
pub(super) fn parse(name: &str) -> Result<AdapterTensorName, String> {
    let short = name.strip_prefix("base_model.model.").unwrap_or(name);
    let markers: [(&str, &[(&str, Part)]); 5] = [
        (".lora_A.", &[("weight", Part::A)]),
        (".lora_B.", &[("weight", Part::B), ("bias", Part::BiasOfB)]),
        (".lora_embedding_A", &[("", Part::EmbeddingA), ("weight", Part::EmbeddingA)]),
        (".lora_embedding_B", &[("", Part::EmbeddingB), ("weight", Part::EmbeddingB)]),
        (".lora_magnitude_vector", &[("", Part::Magnitude), ("weight", Part::Magnitude)]),
    ];
    for (marker, endings) in markers {
        let Some((module, rest)) = short.split_once(marker) else { continue };
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        let (adapter, ending) = split_adapter(rest, endings);
        let part = endings.iter().find(|(known, _)| *known == ending).map(|(_, part)| *part);
        let part = part.ok_or_else(|| format!("the name ends with `{}`, which is unknown", shown(rest)))?;
        return Ok(AdapterTensorName {
            module: module.to_owned(),
            part,
            adapter: adapter.map(str::to_owned),
        });
    }
    if short.contains("lora_") {
        return Err("it is a part of LoRA that is unknown".to_owned());
    }
    whole(short)
}

/// `default.weight` is an adapter and an ending, `weight` an ending, `default` an adapter where no ending is needed.
fn split_adapter<'a>(rest: &'a str, endings: &[(&str, Part)]) -> (Option<&'a str>, &'a str) {
    if endings.iter().any(|(known, _)| *known == rest) {
        return (None, rest);
    }
    match rest.rsplit_once('.') {
        Some((adapter, ending)) if endings.iter().any(|(known, _)| *known == ending) => {
            (Some(adapter), ending)
        }
        None if endings.iter().any(|(known, _)| known.is_empty()) => (Some(rest), ""),
        _ => (None, rest),
    }
}

fn whole(short: &str) -> Result<AdapterTensorName, String> {
    let (module, ending) = short.rsplit_once('.').ok_or("it belongs to no module")?;
    if module.ends_with(".original_module") {
        return Err(
            "it is a copy of the base, saved by accident: save the adapter again with PEFT".to_owned()
        );
    }
    let (module, adapter) = match module.split_once(".modules_to_save") {
        Some((module, adapter)) => (module, adapter.strip_prefix('.').map(str::to_owned)),
        None => (module.strip_suffix(".base_layer").unwrap_or(module), None),
    };
    Ok(AdapterTensorName { module: format!("{module}.{ending}"), part: Part::Whole, adapter })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, module: &str, part: Part, adapter: Option<&str>) {
        let expected =
            AdapterTensorName { module: module.to_owned(), part, adapter: adapter.map(str::to_owned) };
        assert_eq!(parse(name), Ok(expected), "{name}");
    }

    #[test]
    fn names_of_all_tools_are_understood() {
        let module = "model.layers.3.self_attn.q_proj";
        let full = |rest: &str| format!("base_model.model.{module}.{rest}");
        check(&full("lora_A.weight"), module, Part::A, None);
        check(&full("lora_A.default.weight"), module, Part::A, Some("default"));
        check(&format!("{module}.lora_B.weight"), module, Part::B, None);
        check(&full("lora_B.team.x.weight"), module, Part::B, Some("team.x"));
        check(&full("lora_B.bias"), module, Part::BiasOfB, None);
        check(&full("lora_B.default.bias"), module, Part::BiasOfB, Some("default"));
        check(&full("lora_magnitude_vector"), module, Part::Magnitude, None);
        check(&full("lora_magnitude_vector.weight"), module, Part::Magnitude, None);
        check(&full("lora_magnitude_vector.default"), module, Part::Magnitude, Some("default"));
        check(&full("lora_magnitude_vector.default.weight"), module, Part::Magnitude, Some("default"));
        check(&full("bias"), &format!("{module}.bias"), Part::Whole, None);
        check(&full("base_layer.bias"), &format!("{module}.bias"), Part::Whole, None);
        let embedding = "model.embed_tokens";
        let full = |rest: &str| format!("base_model.model.{embedding}.{rest}");
        check(&full("lora_embedding_A"), embedding, Part::EmbeddingA, None);
        check(&full("lora_embedding_B.default"), embedding, Part::EmbeddingB, Some("default"));
        check(&full("base_layer.weight"), "model.embed_tokens.weight", Part::Whole, None);
        check("base_model.model.lm_head.weight", "lm_head.weight", Part::Whole, None);
        let saved = "base_model.model.lm_head.modules_to_save.default.weight";
        check(saved, "lm_head.weight", Part::Whole, Some("default"));
    }

    #[test]
    fn unknown_names_are_refused() {
        for name in [
            "",
            "weight",
            "a.lora_A.",
            "a.lora_C.weight",
            "a.lora_B.default.scale",
            "x.original_module.weight",
        ] {
            assert!(parse(name).is_err(), "{name}");
        }
    }
}
