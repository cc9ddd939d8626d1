//! What people and editors are told about the model.

use serde::Serialize;
use serde_json::{Value, json};

use crate::assistant::Assistant;
use crate::lsp::World;

const METHOD: &str = "strizh/model";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ModelState {
    #[default]
    Off,
    Loading,
    Ready,
    Failed,
}

/// The model on this machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ModelStatus {
    pub(crate) state: ModelState,
    pub(crate) name: String,
    pub(crate) parameters: u64,
    pub(crate) memory_bytes: u64,
    /// Why it failed, or what else is worth saying.
    pub(crate) message: String,
    /// Experts that are loaded besides the model.
    pub(crate) experts: Vec<String>,
    /// Where code is sent; empty if nowhere.
    pub(crate) remote: String,
}

impl Assistant {
    pub(crate) fn status(&self) -> ModelStatus {
        self.completions().map_or_else(ModelStatus::default, |completions| completions.status())
    }

    /// The answer of `strizh/model`.
    pub(crate) fn report(&self) -> Value {
        let hits = self.hits();
        let mut report = serde_json::to_value(self.status()).unwrap_or_default();
        report["hits"] = json!({
            "requests": hits.requests,
            "shown": hits.shown,
            "withoutEngine": hits.instant,
            "accepted": hits.accepted,
        });
        report
    }
}

/// Tells a client that wants to know.
pub(crate) fn announce(world: &World) {
    if world.snapshot().session.wants_model_status {
        world.outbox.send_blocking(METHOD, &world.assistant.report());
    }
}
