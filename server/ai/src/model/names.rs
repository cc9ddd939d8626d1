//! Names of the tensors of Qwen2 in safetensors and in GGUF files.

const PARTS: [(&str, &str); 9] = [
    ("self_attn.q_proj", "attn_q"),
    ("self_attn.k_proj", "attn_k"),
    ("self_attn.v_proj", "attn_v"),
    ("self_attn.o_proj", "attn_output"),
    ("mlp.gate_proj", "ffn_gate"),
    ("mlp.up_proj", "ffn_up"),
    ("mlp.down_proj", "ffn_down"),
    ("input_layernorm", "attn_norm"),
    ("post_attention_layernorm", "ffn_norm"),
];

const WHOLE: [(&str, &str); 3] = [
    ("model.embed_tokens.weight", "token_embd.weight"),
    ("model.norm.weight", "output_norm.weight"),
    ("lm_head.weight", "output.weight"),
];

/// The name in safetensors of what a GGUF file calls `name`.
pub fn safetensors_name(name: &str) -> Option<String> {
    if let Some((other, _)) = WHOLE.iter().find(|(_, gguf)| *gguf == name) {
        return Some((*other).to_owned());
    }
    let (layer, rest) = name.strip_prefix("blk.")?.split_once('.')?;
    let layer: u16 = layer.parse().ok()?;
    let (part, end) = rest.rsplit_once('.')?;
    let (part, _) = PARTS.iter().find(|(_, gguf)| *gguf == part)?;
    Some(format!("model.layers.{layer}.{part}.{}", known_end(end)?))
}

/// The name in a GGUF file of what safetensors call `name`.
pub fn gguf_name(name: &str) -> Option<String> {
    if let Some((_, other)) = WHOLE.iter().find(|(safetensors, _)| *safetensors == name) {
        return Some((*other).to_owned());
    }
    let (layer, rest) = name.strip_prefix("model.layers.")?.split_once('.')?;
    let layer: u16 = layer.parse().ok()?;
    let (part, end) = rest.rsplit_once('.')?;
    let (_, part) = PARTS.iter().find(|(safetensors, _)| *safetensors == part)?;
    Some(format!("blk.{layer}.{part}.{}", known_end(end)?))
}

fn known_end(end: &str) -> Option<&str> {
    matches!(end, "weight" | "bias").then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways() {
        for (safetensors, gguf) in WHOLE {
            assert_eq!(gguf_name(safetensors).as_deref(), Some(gguf));
            assert_eq!(safetensors_name(gguf).as_deref(), Some(safetensors));
        }
        for (safetensors, gguf) in PARTS {
            let safetensors = format!("model.layers.12.{safetensors}.weight");
            let gguf = format!("blk.12.{gguf}.weight");
            assert_eq!(gguf_name(&safetensors).as_ref(), Some(&gguf));
            assert_eq!(safetensors_name(&gguf), Some(safetensors));
        }
        assert_eq!(
            safetensors_name("blk.0.attn_q.bias").as_deref(),
            Some("model.layers.0.self_attn.q_proj.bias")
        );
        assert_eq!(gguf_name("model.layers.x.mlp.up_proj.weight"), None);
        assert_eq!(safetensors_name("rope_freqs.weight"), None);
    }
}
