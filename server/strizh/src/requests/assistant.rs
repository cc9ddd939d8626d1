//! Commands of completion by a model: explain a method, document it, write code from a comment, show what was sent. Edits
//! are marked and come as one, so that one step undoes them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ai::Extent;
use base::{CancelToken, Edit, TextRange};
use ide::ProjectDocument;
use serde_json::{Value, json};
use syntax::{Change, PositionEncoding};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use crate::acceptor::with_acceptor;
use crate::assistant::{Ask, Effort, prepare};
use crate::lsp::{
    Converter, Errand, OpenDocument, OpenFiles, Snapshot, World, run_in_project, workspace_edit,
};
use crate::settings::AiMode;

pub(crate) const EXPLAIN: &str = "strizh.explain";
pub(crate) const DOCUMENT: &str = "strizh.documentMethod";
pub(crate) const GENERATE: &str = "strizh.generateFromComment";
pub(crate) const LAST_REQUEST: &str = "strizh.showLastRequest";

/// Comments that ask for code begin with one of these.
const MARKS: [&str; 2] = ["ai:", "ии:"];
const GENERATED_LINES: u16 = 12;
const PATIENCE: Duration = Duration::from_secs(5);

/// Runs one of the commands above; `None` for another one.
pub(crate) async fn run_command(
    world: &Arc<World>,
    command: &str,
    arguments: &[Value],
) -> Option<Result<Option<Value>>> {
    Some(match command {
        EXPLAIN => explain(world, arguments).await,
        DOCUMENT => edit(world, arguments, documented).await,
        GENERATE => edit(world, arguments, generated).await,
        LAST_REQUEST => Ok(Some(last_request(world))),
        _ => return None,
    })
}

/// The place that a command is about: the address of a document and a position.
fn place(arguments: &[Value]) -> Result<(lsp::Uri, lsp::Position)> {
    let [uri, position, ..] = arguments else {
        return Err(Error::invalid_params("expected uri and position"));
    };
    let uri = serde_json::from_value(uri.clone());
    let position = serde_json::from_value(position.clone());
    match (uri, position) {
        (Ok(uri), Ok(position)) => Ok((uri, position)),
        _ => Err(Error::invalid_params("expected uri and position")),
    }
}

/// What the project knows about the place, and in a word what an engine elsewhere thinks the method is for.
async fn explain(world: &Arc<World>, arguments: &[Value]) -> Result<Option<Value>> {
    let (uri, position) = place(arguments)?;
    let shared = Arc::clone(world);
    let text = run_in_project("explain", uri.clone(), move |of, snapshot, token| {
        let offset = Converter::new(of.document, snapshot.session.encoding).offset(position);
        let language = snapshot.settings.language;
        let known = ide::explanation(of, offset, language, &OpenFiles::new(snapshot))?;
        let open = snapshot.document(&uri)?;
        let thought = purpose_elsewhere(&Work { world: &shared, snapshot, open, of, token }, offset);
        Some(match thought {
            None => known,
            Some(thought) => format!("{known}\n\n---\n\n{}: {thought}", by_model(language)),
        })
    });
    Ok(text.await?.flatten().map(|markdown| json!({"markdown": markdown})))
}

fn by_model(language: base::Locale) -> &'static str {
    match language {
        base::Locale::Ru => "*Предположение модели, проверьте*",
        base::Locale::En => "*The model guesses, check it*",
    }
}

fn last_request(world: &World) -> Value {
    let sent = world.assistant.completions().and_then(|completions| completions.last_sent());
    let text = sent.unwrap_or_else(|| match world.snapshot().settings.language {
        base::Locale::Ru => "Ничего не отправлялось: модель работает на этом компьютере.".to_owned(),
        base::Locale::En => "Nothing was sent: the model works on this machine.".to_owned(),
    });
    json!({"text": text})
}

/// What a command works on.
struct Work<'a> {
    world: &'a World,
    snapshot: &'a Snapshot,
    open: &'a OpenDocument,
    of: ProjectDocument<'a>,
    token: &'a CancelToken,
}

async fn edit(
    world: &Arc<World>,
    arguments: &[Value],
    make: fn(&Work<'_>, u32) -> Option<Edit>,
) -> Result<Option<Value>> {
    let (uri, position) = place(arguments)?;
    let shared = Arc::clone(world);
    let edit = run_in_project("assistant", uri.clone(), move |of, snapshot, token| {
        let open = snapshot.document(&uri)?;
        let offset = Converter::new(of.document, snapshot.session.encoding).offset(position);
        let edit = make(&Work { world: &shared, snapshot, open, of, token }, offset)?;
        Some(workspace_edit(open, &snapshot.session, vec![edit]))
    });
    match edit.await?.flatten() {
        Some(edit) => world.send_errand(Errand::ApplyEdit(Box::new(edit))),
        None => {
            let message = match world.snapshot().settings.language {
                base::Locale::Ru => "Strizh AI: предложить нечего.",
                base::Locale::En => "Strizh AI: there is nothing to suggest.",
            };
            world.outbox.send_or_drop("window/showMessage", &json!({"type": 3, "message": message}));
        }
    }
    Ok(None)
}

/// The comment for a method, its purpose by an engine elsewhere, if there is one: the small model writes no prose.
fn documented(work: &Work<'_>, offset: u32) -> Option<Edit> {
    let comment = ide::method_comment(work.of, offset)?;
    let purpose = purpose_elsewhere(work, offset);
    Some(comment.edit(purpose.as_deref().unwrap_or(&comment.purpose)))
}

/// What a method is for, by the engine elsewhere; `None` without one.
fn purpose_elsewhere(work: &Work<'_>, offset: u32) -> Option<String> {
    work.world.assistant.completions().filter(|it| it.has_remote())?;
    let draft = ide::method_comment(work.of, offset)?.edit("");
    let start = draft.text.find("// ").map(|at| at + 3)?;
    let text = suggested(work, &draft, start, Extent::Line, "")?;
    let is_prose = text.split_whitespace().count() > 1;
    is_prose.then_some(text)
}

/// Code below a comment that asks for it.
fn generated(work: &Work<'_>, offset: u32) -> Option<Edit> {
    let document = work.of.document;
    let line = asking_line(document, offset)?;
    let text = document.slice(line);
    let indent = &text[..text.len() - text.trim_start().len()];
    let rope = document.rope();
    let is_crlf = rope.get_line(0).is_some_and(|line| line.to_string().ends_with("\r\n"));
    let separator = format!("{}{indent}", if is_crlf { "\r\n" } else { "\n" });
    let draft = Edit::insert(line.end, separator.clone());
    let question = wish(&text).unwrap_or_default();
    let extent = Extent::Lines(GENERATED_LINES);
    let code = suggested(work, &draft, separator.len(), extent, &question)?;
    let mark = match work.snapshot.settings.language {
        base::Locale::Ru => "// Strizh AI: предложено моделью, проверьте",
        base::Locale::En => "// Strizh AI: suggested by the model, check it",
    };
    let code = code.replace("\r\n", "\n").replace('\n', if is_crlf { "\r\n" } else { "\n" });
    Some(Edit::insert(line.end, format!("{separator}{mark}{separator}{code}")))
}

/// What the model continues a draft with, at a place of its text.
fn suggested(work: &Work<'_>, draft: &Edit, at: usize, extent: Extent, question: &str) -> Option<String> {
    let is_off = work.snapshot.settings.ai.mode == AiMode::Off;
    let completions = work.world.assistant.completions().filter(|_| !is_off)?;
    let mut document = work.of.document.clone();
    let encoding = PositionEncoding::Utf8;
    let place = document.to_position(draft.range.start, encoding);
    document.apply(&[Change { range: Some((place, place)), text: draft.text.clone() }], encoding).ok()?;
    let of = ProjectDocument { document: &document, ..work.of };
    let caret = draft.range.start + u32::try_from(at).ok()?;
    let mut prepared = prepare(work.world, work.snapshot, work.open, of, caret)?;
    prepared.context.question = question.to_owned();
    let found = with_acceptor(of, caret, |acceptor| {
        let ask = Ask {
            context: &prepared.context,
            acceptor,
            effort: if completions.has_remote() { Effort::Remote } else { Effort::Model },
            extent,
            candidates: 1,
            is_invoked: true,
            deadline: Some(Instant::now() + PATIENCE),
        };
        completions.suggest(&ask, work.token)
    });
    let first = found.into_iter().find(|it| it.replaced == 0 && !it.text.trim().is_empty())?;
    Some(first.text)
}

/// The line of an offset without its end, if it is a comment that asks for code.
pub(crate) fn asking_line(document: &syntax::Document, offset: u32) -> Option<TextRange> {
    let rope = document.rope();
    let line = rope.byte_to_line(offset.min(document.len()) as usize);
    let start = rope.line_to_byte(line);
    let text = rope.get_line(line)?.to_string();
    let text = text.trim_end_matches(['\r', '\n']);
    wish(text).map(|_| TextRange::from(start..start + text.len()))
}

/// What a comment asks for.
fn wish(line: &str) -> Option<String> {
    let asked = line.trim_start().strip_prefix("//")?.trim_start_matches('/').trim_start().to_lowercase();
    let wish = MARKS.iter().find_map(|mark| asked.strip_prefix(mark))?.trim();
    (!wish.is_empty()).then(|| wish.to_owned())
}

#[cfg(test)]
mod tests {
    use syntax::Document;

    use super::*;

    #[test]
    fn comments_that_ask_are_recognized() {
        let document = Document::new("А;\r\n\t// AI: сумма\r\n//ии:Да\n// AI:\n// Ответ AI: нет\n");
        let line = |text: &str| {
            let offset = document.text().find(text).expect("it is there") as u32;
            asking_line(&document, offset).map(|range| document.slice(range))
        };
        assert_eq!(line("сумма").as_deref(), Some("\t// AI: сумма"));
        assert_eq!(line("Да").as_deref(), Some("//ии:Да"));
        assert_eq!(line("// AI:\n"), None);
        assert_eq!(line("Ответ"), None);
        assert_eq!(line("А;"), None);
    }
}
