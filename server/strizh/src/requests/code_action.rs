//! `textDocument/codeAction`: fixes of the findings that the client shows, ways to switch a rule off here,
//! what makes measured lines faster, and rewrites of the selected code.

mod assistant;
mod error_repair;
mod hot;
mod hot_reload;
mod refactor;
mod suppress;

use base::{CancelToken, Edit};
use lints::{Finding, FixSafety, choose_fixes};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

pub(crate) use refactor::resolve;

use crate::lsp::{Converter, OpenDocument, SOURCE, Snapshot, run_on, workspace_edit};

pub(crate) async fn handle(params: lsp::CodeActionParams) -> Result<Option<Vec<lsp::CodeActionResponse>>> {
    let (range, context) = (params.range, params.context);
    run_on("codeAction", params.text_document.uri, move |open, snapshot, token| {
        let request = Request { open, snapshot, range, context };
        let actions = request.actions(token).unwrap_or_default();
        actions.into_iter().map(lsp::CodeActionResponse::CodeAction).collect()
    })
    .await
}

struct Request<'a> {
    open: &'a OpenDocument,
    snapshot: &'a Snapshot,
    range: lsp::Range,
    context: lsp::CodeActionContext,
}

impl<'a> Request<'a> {
    fn converter(&self) -> Converter<'a> {
        Converter::new(&self.open.document, self.snapshot.session.encoding)
    }

    fn actions(&self, token: &CancelToken) -> Option<Vec<lsp::CodeAction>> {
        let mut actions = Vec::new();
        if self.wants("quickfix") || self.wants("source.fixAll") {
            self.add_fixes(&self.open.findings(self.snapshot, token)?, &mut actions);
        }
        hot::actions(self, token, &mut actions);
        error_repair::actions(self, &mut actions);
        refactor::actions(self, &mut actions);
        assistant::actions(self, &mut actions);
        hot_reload::actions(self, &mut actions);
        Some(actions)
    }

    fn add_fixes(&self, findings: &[Finding], actions: &mut Vec<lsp::CodeAction>) {
        if self.wants("quickfix") {
            let shown = self.shown(findings);
            self.fixes(&shown, findings, actions);
            suppress::actions(self, &shown, actions);
        }
        if self.wants("source.fixAll") {
            let edits = choose_fixes(findings, FixSafety::Safe).edits;
            if !edits.is_empty() {
                let title =
                    self.say("Исправить всё, что можно исправить", "Fix everything that can be fixed");
                actions.push(self.action(title, lsp::CodeActionKind::SourceFixAll, Vec::new(), edits));
            }
        }
    }

    /// Without a filter everything is wanted; a filter names a kind or a parent of it.
    fn wants(&self, kind: &str) -> bool {
        let Some(only) = &self.context.only else { return true };
        only.iter().any(|wanted| {
            let wanted = serde_json::to_value(wanted).unwrap_or_default();
            let wanted = wanted.as_str().unwrap_or_default();
            wanted.is_empty() || kind == wanted || kind.starts_with(&format!("{wanted}."))
        })
    }

    /// Findings that the client has sent and that are still true, each with its diagnostic.
    fn shown<'f>(&self, findings: &'f [Finding]) -> Vec<(&'f Finding, &lsp::Diagnostic)> {
        let converter = self.converter();
        let is_same = |finding: &Finding, diagnostic: &lsp::Diagnostic| {
            diagnostic.source.as_deref() == Some(SOURCE)
                && diagnostic.code == Some(lsp::Code::String(finding.rule.info().key.to_owned()))
                && diagnostic.range == converter.range(finding.range)
        };
        let touched = converter.text_range(self.range);
        findings
            .iter()
            .filter(|finding| finding.range.start <= touched.end && touched.start <= finding.range.end)
            .filter_map(|finding| {
                let diagnostic = self.context.diagnostics.iter().find(|it| is_same(finding, it))?;
                Some((finding, diagnostic))
            })
            .collect()
    }

    fn fixes(
        &self,
        shown: &[(&Finding, &lsp::Diagnostic)],
        all: &[Finding],
        actions: &mut Vec<lsp::CodeAction>,
    ) {
        let mut seen = Vec::new();
        for (finding, diagnostic) in shown.iter().filter(|(finding, _)| !finding.fix.is_empty()) {
            let key = finding.rule.info().key;
            let message = finding.message(self.snapshot.rules.locale());
            let title = self.say(&format!("Исправить: {message}"), &format!("Fix: {message}"));
            let mut action = self.action(
                title,
                lsp::CodeActionKind::QuickFix,
                vec![(*diagnostic).clone()],
                choose_fixes([*finding], FixSafety::Unsafe).edits,
            );
            action.is_preferred = Some(true);
            actions.push(action);
            let same: Vec<&Finding> =
                all.iter().filter(|it| it.rule == finding.rule && !it.fix.is_empty()).collect();
            if same.len() < 2 || seen.contains(&key) {
                continue;
            }
            seen.push(key);
            let title = self.say(
                &format!("Исправить все замечания {key} в модуле ({})", same.len()),
                &format!("Fix all {key} in the module ({})", same.len()),
            );
            let edits = choose_fixes(same, FixSafety::Unsafe).edits;
            actions.push(self.action(
                title,
                lsp::CodeActionKind::QuickFix,
                vec![(*diagnostic).clone()],
                edits,
            ));
        }
    }

    fn say(&self, ru: &str, en: &str) -> String {
        match self.snapshot.settings.language {
            base::Locale::Ru => ru.to_owned(),
            base::Locale::En => en.to_owned(),
        }
    }

    fn action(
        &self,
        title: String,
        kind: lsp::CodeActionKind,
        diagnostics: Vec<lsp::Diagnostic>,
        edits: Vec<Edit>,
    ) -> lsp::CodeAction {
        lsp::CodeAction {
            title,
            kind: Some(kind),
            diagnostics: (!diagnostics.is_empty()).then_some(diagnostics),
            edit: Some(workspace_edit(self.open, &self.snapshot.session, edits)),
            ..Default::default()
        }
    }
}
