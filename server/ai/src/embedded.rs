//! The model that is part of the program, see `model/README.md` beside the sources.

/// What the model is called in messages and in the settings.
pub const NAME: &str = "strizh-8m";

/// A GGUF file with its tokenizer inside.
pub const BYTES: &[u8] = include_bytes!("../model/strizh-8m.gguf");
