//! `textDocument/completion` and `completionItem/resolve`.

mod suggested;

use std::sync::Arc;

use ide::{Completion, CompletionItem, CompletionKind, ProjectDocument};
use parking_lot::Mutex;
use semantics::{ModuleId, Project};
use serde::{Deserialize, Serialize};
use syntax::Document;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{CompletionSupport, Converter, OpenFiles, Snapshot, World, run, run_in_project};
use crate::requests::hover::markdown;

/// The last list, which an editor asks about when an item is chosen.
#[derive(Clone, Default)]
pub(crate) struct LastList(Arc<Mutex<Option<Arc<Answer>>>>);

struct Answer {
    id: u64,
    document: Document,
    project: Project,
    module: ModuleId,
    completion: Completion,
}

/// Which item of which list.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct ItemData {
    list: u64,
    index: usize,
}

pub(crate) async fn handle(
    world: &Arc<World>,
    last: &LastList,
    params: lsp::CompletionParams,
) -> Result<Option<lsp::CompletionResponse>> {
    let (world, last) = (Arc::clone(world), last.clone());
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let is_invoked = params.context.as_ref().is_some_and(suggested::is_invoked);
    let trigger = params.context.and_then(|context| context.trigger_character?.chars().next());
    let uri = text_document.uri.clone();
    run_in_project("completion", text_document.uri, move |of, snapshot, token| {
        let converter = Converter::new(of.document, snapshot.session.encoding);
        let support = &snapshot.session.completion;
        let options =
            ide::CompletionOptions { snippets: support.snippets, ..ide::CompletionOptions::default() };
        let completion = ide::completions(of, converter.offset(position), trigger, options);
        let list = last.next_id();
        let items = completion.items.iter().enumerate();
        let to_item = ToItem { converter, support, completion: &completion, list };
        let mut items: Vec<_> = items.map(|(index, item)| to_item.convert(item, index)).collect();
        let mut is_incomplete = completion.is_incomplete || !snapshot.disk.is_complete;
        if is_invoked && let Some(open) = snapshot.document(&uri) {
            let asked =
                suggested::Asked { world: &world, snapshot, open, of, caret: converter.offset(position) };
            is_incomplete |= asked.add(&mut items, token);
        }
        last.remember(of, list, completion);
        lsp::CompletionResponse::CompletionList(lsp::CompletionList {
            is_incomplete,
            items,
            ..lsp::CompletionList::default()
        })
    })
    .await
}

/// Adds what is shown about one item.
pub(crate) async fn resolve(last: &LastList, item: lsp::CompletionItem) -> Result<lsp::CompletionItem> {
    let answer = last.0.lock().clone();
    run("completionItem/resolve", move |snapshot, _| {
        let text = answer.as_deref().and_then(|answer| documentation(answer, &item, snapshot));
        let documentation = text.map(|text| lsp::Documentation::MarkupContent(markdown(text)));
        lsp::CompletionItem { documentation: documentation.or(item.documentation), ..item }
    })
    .await
}

fn documentation(answer: &Answer, item: &lsp::CompletionItem, snapshot: &Snapshot) -> Option<String> {
    let data: ItemData = serde_json::from_value(serde_json::to_value(item.data.as_ref()?).ok()?).ok()?;
    let found = answer.completion.items.get(data.index).filter(|_| data.list == answer.id)?;
    let of = ProjectDocument { document: &answer.document, project: &answer.project, module: answer.module };
    let language = snapshot.settings.language;
    let files = OpenFiles::new(snapshot);
    let text = ide::completion_documentation(of, &answer.completion, found, language, &files);
    (!text.is_empty()).then_some(text)
}

impl LastList {
    fn next_id(&self) -> u64 {
        self.0.lock().as_ref().map_or(1, |answer| answer.id + 1)
    }

    fn remember(&self, of: ProjectDocument<'_>, id: u64, completion: Completion) {
        let answer = Answer {
            id,
            document: of.document.clone(),
            project: of.project.clone(),
            module: of.module,
            completion,
        };
        let mut last = self.0.lock();
        // A list that was asked for earlier may be ready later.
        if last.as_ref().is_none_or(|known| known.id <= id) {
            *last = Some(Arc::new(answer));
        }
    }
}

/// Converts the items of one list.
struct ToItem<'a> {
    converter: Converter<'a>,
    support: &'a CompletionSupport,
    completion: &'a Completion,
    list: u64,
}

impl ToItem<'_> {
    fn convert(&self, item: &CompletionItem, index: usize) -> lsp::CompletionItem {
        let (label_details, detail) = self.details(item);
        let data = serde_json::to_value(ItemData { list: self.list, index }).ok();
        let is_snippet = item.is_snippet && self.support.snippets;
        lsp::CompletionItem {
            label: item.label.clone(),
            label_details,
            kind: Some(kind(item.kind)),
            tags: (item.is_deprecated && self.support.tags).then(|| vec![lsp::CompletionItemTag::Deprecated]),
            detail,
            preselect: item.is_best.then_some(true),
            sort_text: Some(format!("{index:04}")),
            filter_text: item.filter.clone(),
            insert_text_format: is_snippet.then_some(lsp::InsertTextFormat::Snippet),
            text_edit: Some(self.edit(item)),
            data: data.and_then(|data| serde_json::from_value(data).ok()),
            ..lsp::CompletionItem::default()
        }
    }

    fn details(&self, item: &CompletionItem) -> (Option<lsp::CompletionItemLabelDetails>, Option<String>) {
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        if self.support.label_details {
            let details = lsp::CompletionItemLabelDetails {
                detail: filled(&item.signature),
                description: filled(&item.description),
            };
            let is_empty = details.detail.is_none() && details.description.is_none();
            return ((!is_empty).then_some(details), None);
        }
        let detail = format!("{} {}", item.signature, item.description);
        (None, filled(detail.trim()))
    }

    fn edit(&self, item: &CompletionItem) -> lsp::CompletionItemTextEdit {
        let new_text = item.text.clone();
        if let Some(range) = item.range {
            let range = self.converter.range(range);
            return lsp::CompletionItemTextEdit::TextEdit(lsp::TextEdit { range, new_text });
        }
        let insert = self.converter.range(self.completion.insert);
        if !self.support.insert_replace {
            return lsp::CompletionItemTextEdit::TextEdit(lsp::TextEdit { range: insert, new_text });
        }
        let replace = self.converter.range(self.completion.replace);
        lsp::CompletionItemTextEdit::InsertReplaceEdit(lsp::InsertReplaceEdit { new_text, insert, replace })
    }
}

fn kind(kind: CompletionKind) -> lsp::CompletionItemKind {
    match kind {
        CompletionKind::Variable | CompletionKind::Parameter => lsp::CompletionItemKind::Variable,
        CompletionKind::Field => lsp::CompletionItemKind::Field,
        CompletionKind::Property => lsp::CompletionItemKind::Property,
        CompletionKind::Method => lsp::CompletionItemKind::Method,
        CompletionKind::Function => lsp::CompletionItemKind::Function,
        CompletionKind::Event => lsp::CompletionItemKind::Event,
        CompletionKind::Constructor => lsp::CompletionItemKind::Constructor,
        CompletionKind::Class => lsp::CompletionItemKind::Class,
        CompletionKind::Enum => lsp::CompletionItemKind::Enum,
        CompletionKind::EnumValue => lsp::CompletionItemKind::EnumMember,
        CompletionKind::Module => lsp::CompletionItemKind::Module,
        CompletionKind::Object => lsp::CompletionItemKind::Struct,
        CompletionKind::Form => lsp::CompletionItemKind::File,
        CompletionKind::Value => lsp::CompletionItemKind::Constant,
        CompletionKind::Text => lsp::CompletionItemKind::Text,
        CompletionKind::Snippet => lsp::CompletionItemKind::Snippet,
        CompletionKind::Keyword => lsp::CompletionItemKind::Keyword,
    }
}
