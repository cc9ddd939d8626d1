//! What happens while nobody types: the text before the caret is read in advance, the line after an accepted suggestion
//! is computed before it is asked for, and changed modules are learned. All of it gives way to checks and to requests.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base::{CancelToken, TextRange};
use ide::ProjectDocument;
use syntax::{Change, PositionEncoding};

use crate::acceptor::with_acceptor;
use crate::assistant::lesson::module_key;
use crate::assistant::{Ask, Caret, Completions, Effort, Shown, is_silent, prepare};
use crate::lsp::{OpenDocument, Snapshot, World, path_of};
use crate::settings::AiMode;

/// The caret rests for so long before anything is prepared for it.
const SETTLE: Duration = Duration::from_millis(40);
/// Changed documents are learned after a longer rest.
const QUIET: Duration = Duration::from_secs(2);
const BUSY_PAUSE: Duration = Duration::from_millis(10);
const AHEAD_DEADLINE: Duration = Duration::from_millis(500);
/// Documents that are learned while they are edited.
const MAX_LEARNED_BYTES: u32 = 1 << 20;

/// Runs until the session ends.
pub(crate) async fn prepare_ahead(world: Arc<World>) {
    loop {
        let moved = &world.assistant.moved;
        moved.notified().await;
        while tokio::time::timeout(SETTLE, moved.notified()).await.is_ok() {}
        while world.schedule.is_busy() {
            tokio::time::sleep(BUSY_PAUSE).await;
        }
        let token = CancelToken::new();
        *world.assistant.ahead.lock() = token.clone();
        let Some(caret) = world.assistant.caret.lock().clone() else { continue };
        let worker = Arc::clone(&world);
        let work = move || at_rest(&worker, &caret, &token);
        if tokio::task::spawn_blocking(work).await.is_err() {
            tracing::error!("preparing a suggestion failed");
        }
        if tokio::time::timeout(QUIET, moved.notified()).await.is_ok() {
            moved.notify_one();
            continue;
        }
        let worker = Arc::clone(&world);
        if tokio::task::spawn_blocking(move || learn_documents(&worker)).await.is_err() {
            tracing::error!("learning a document failed");
        }
    }
}

fn at_rest(world: &World, caret: &Caret, token: &CancelToken) {
    let snapshot = world.snapshot();
    // Without automatic suggestions nothing triggers the model by itself.
    if snapshot.settings.ai.mode != AiMode::Automatic {
        return;
    }
    let Some(completions) = world.assistant.completions() else { return };
    let open = snapshot.document(&caret.uri).filter(|open| open.generation == caret.generation);
    let Some(open) = open else { return };
    let project = snapshot.project();
    let Some(module) = project.module_by_path(&path_of(&open.uri)) else { return };
    let of = ProjectDocument { document: &open.document, project: &project, module };
    if world.assistant.take_accepted(caret) {
        next_line(world, &snapshot, open, of, caret.offset, &*completions, token);
    }
    if !token.is_cancelled()
        && let Some(prepared) = prepare(world, &snapshot, open, of, caret.offset)
    {
        completions.warm(&prepared.context, token);
    }
}

/// Computes what may follow on a new line below, as if Enter had been pressed.
fn next_line(
    world: &World,
    snapshot: &Snapshot,
    open: &OpenDocument,
    of: ProjectDocument<'_>,
    caret: u32,
    completions: &dyn Completions,
    token: &CancelToken,
) {
    let mut document = of.document.clone();
    let rope = document.rope();
    let line = rope.line_to_byte(rope.byte_to_line(caret as usize)) as u32;
    let text = document.slice(TextRange { start: line, end: caret });
    let indent = &text[..text.len() - text.trim_start_matches([' ', '\t']).len()];
    let new = format!("{}{indent}{}", line_break(of), if opens_block(&text) { "\t" } else { "" });
    let encoding = PositionEncoding::Utf8;
    let place = document.to_position(caret, encoding);
    let change = Change { range: Some((place, place)), text: new.clone() };
    if document.apply(&[change], encoding).is_err() {
        return;
    }
    let ahead = ProjectDocument { document: &document, ..of };
    let Some(prepared) = prepare(world, snapshot, open, ahead, caret + new.len() as u32) else { return };
    let suggestions = with_acceptor(ahead, prepared.caret, |acceptor| {
        let ask = Ask {
            context: &prepared.context,
            acceptor,
            effort: Effort::Model,
            extent: ai::Extent::Line,
            candidates: 1,
            is_invoked: false,
            deadline: Some(Instant::now() + AHEAD_DEADLINE),
        };
        completions.suggest(&ask, token)
    });
    if !token.is_cancelled() {
        *world.assistant.expected.lock() = Shown::new(&open.uri, &prepared, &suggestions);
    }
}

fn line_break(of: ProjectDocument<'_>) -> &'static str {
    let rope = of.document.rope();
    let first = rope.get_line(0).map(|line| line.to_string()).unwrap_or_default();
    if first.ends_with("\r\n") { "\r\n" } else { "\n" }
}

/// `Тогда`, `Цикл`: the next line is one step deeper.
fn opens_block(line: &str) -> bool {
    let words = ["тогда", "цикл", "иначе", "попытка", "исключение", "then", "do", "else", "try", "except"];
    let last = line.trim_end().rsplit(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    words.iter().any(|word| base::same_name(word, last))
}

/// Open documents as they are now.
fn learn_documents(world: &World) {
    let snapshot = world.snapshot();
    let Some(completions) = world.assistant.completions() else { return };
    for (uri, open) in snapshot.documents() {
        let path = path_of(uri);
        let is_wanted = open.document.len() <= MAX_LEARNED_BYTES && !is_silent(&snapshot, open, &path);
        if is_wanted && world.assistant.learned.lock().is_new(uri, open.generation) {
            let key = module_key(&snapshot, &path);
            completions.learn(&key, &open.document.text(), &CancelToken::new());
        }
    }
}
