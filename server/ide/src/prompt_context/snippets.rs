//! Names worth a few tokens: members before a dot, tables of the query, headers of what is called nearby, fields of
//! the variables in use.

use base::{Locale, same_name};
use rustc_hash::FxHashSet;
use semantics::{Definition, Member, MemberKind, Type};
use syntax::{Token, TokenKind};

use crate::completion::asked::platform_script;
use crate::completion::typing::Typing;
use crate::completion::{CompletionPosition, PositionKind};
use crate::hover::Describer;
use crate::meaning::ProjectDocument;
use crate::prompt_context::{PromptSnippet, PromptSnippetKind};
use crate::query::code::QueryCode;
use crate::script::Script;
use crate::workspace_symbols::module_name;

const MAX_MEMBERS: usize = 24;
const MAX_SIGNATURES: usize = 6;
const MAX_VARIABLES: usize = 4;
const MAX_FIELDS: usize = 16;
const MAX_TABLES: usize = 4;
/// Called names that are looked up, and tokens before the caret that are searched for variables.
const MAX_LOOKUPS: usize = 24;
const MAX_TOKENS: usize = 120;

pub(super) fn around(
    of: ProjectDocument<'_>,
    offset: u32,
    position: &CompletionPosition,
) -> Vec<PromptSnippet> {
    let near = Near { of, offset, position, typing: Typing::new(of, position) };
    let mut found = Vec::new();
    match &position.kind {
        PositionKind::Member { receiver, .. } => found.extend(near.members(&near.typing.type_of(*receiver))),
        PositionKind::Query { .. } => found.extend(near.tables()),
        PositionKind::Comment { .. } | PositionKind::String { .. } => return found,
        _ => {}
    }
    found.extend(near.signatures());
    if !matches!(position.kind, PositionKind::Query { .. }) {
        found.extend(near.variables());
    }
    found
}

struct Near<'a> {
    of: ProjectDocument<'a>,
    offset: u32,
    position: &'a CompletionPosition,
    typing: Typing<'a>,
}

impl Near<'_> {
    fn name<'m>(&self, member: &'m Member) -> &'m str {
        member.names.in_script(platform_script(self.position.script))
    }

    /// What may follow the dot; what is typed already comes first.
    fn members(&self, value: &Type) -> Option<PromptSnippet> {
        let mut members = self.of.scope().members(value);
        let typed = base::fold_case(&self.position.prefix).into_owned();
        let fits = |member: &Member| base::fold_case(self.name(member)).starts_with(&typed);
        members.sort_by_key(|member| (!fits(member), rank(member.kind)));
        let names: Vec<&str> = members.iter().take(MAX_MEMBERS).map(|member| self.name(member)).collect();
        (!names.is_empty())
            .then(|| PromptSnippet { kind: PromptSnippetKind::Members, text: names.join(", ") })
    }

    /// `Цены (РегистрСведений.Цены): Товар, Цена`.
    fn tables(&self) -> Vec<PromptSnippet> {
        let Some(code) = QueryCode::at(self.of, self.offset) else { return Vec::new() };
        let Some(select) = code.select_at(code.offset) else { return Vec::new() };
        let mut lines = Vec::new();
        for select in code.selects_around(select) {
            let paths: Vec<String> = code
                .sources(select)
                .into_iter()
                .map(|source| code.table_path(source).unwrap_or_default().join("."))
                .collect();
            code.in_select(select, |scope, batch| {
                for (index, source) in batch.sources.iter().enumerate() {
                    let fields = scope.typed_source_fields(source);
                    let names =
                        fields.iter().map(|field| field.member.names.in_script(code.script()).as_str());
                    let names: Vec<&str> = names.take(MAX_MEMBERS).collect();
                    let path = paths.get(index).map_or("", String::as_str);
                    let table = if path.is_empty() || same_name(path, &source.alias) {
                        source.alias.to_string()
                    } else {
                        format!("{} ({path})", source.alias)
                    };
                    if !names.is_empty() {
                        lines.push(format!("{table}: {}", names.join(", ")));
                    }
                }
            });
        }
        let kind = PromptSnippetKind::Tables;
        lines.into_iter().take(MAX_TABLES).map(|text| PromptSnippet { kind, text }).collect()
    }

    /// Tokens of the section and the number of those before the caret.
    fn tokens(&self) -> (&[Token], usize) {
        let section = &self.position.section;
        let tokens = section.source().tree.tokens();
        let caret = self.offset.saturating_sub(section.range.start);
        (tokens, tokens.partition_point(|token| token.end <= caret))
    }

    fn token_text(&self, token: &Token) -> &str {
        self.position.section.source().token_text(token)
    }

    /// Headers of what is called around the caret, the nearest first.
    fn signatures(&self) -> Vec<PromptSnippet> {
        let (tokens, caret) = self.tokens();
        let is_call = |index: &usize| {
            let next = tokens.get(index + 1..).and_then(|rest| rest.iter().find(|it| !it.kind.is_trivia()));
            tokens[*index].kind == TokenKind::Identifier
                && next.is_some_and(|next| next.kind == TokenKind::LeftParen)
        };
        let mut calls: Vec<usize> = (0..tokens.len()).filter(is_call).collect();
        calls.sort_by_key(|index| (index.abs_diff(caret), *index));
        let own = self.own_method();
        let mut seen = FxHashSet::default();
        let definitions = calls.into_iter().take(MAX_LOOKUPS).filter_map(|call| self.called(tokens, call));
        let wanted = definitions.filter(|found| Some(*found) != own && seen.insert(*found));
        wanted.take(MAX_SIGNATURES).filter_map(|(module, index)| self.header(module, index)).collect()
    }

    fn own_method(&self) -> Option<(semantics::ModuleId, u32)> {
        let module = self.of.project.module(self.of.module)?;
        Some((self.of.module, module.method_at(self.offset)?))
    }

    /// The method that a path of names ending with a called one means.
    fn called(&self, tokens: &[Token], last: usize) -> Option<(semantics::ModuleId, u32)> {
        let mut path = vec![self.token_text(&tokens[last])];
        let mut at = last;
        while at >= 2 && tokens[at - 1].kind == TokenKind::Dot {
            if tokens[at - 2].kind != TokenKind::Identifier {
                return None;
            }
            at -= 2;
            path.push(self.token_text(&tokens[at]));
        }
        path.reverse();
        match self.of.scope().resolve_path(&path, true)? {
            Definition::Method { module, index } => Some((module, index)),
            _ => None,
        }
    }

    fn header(&self, module: semantics::ModuleId, index: u32) -> Option<PromptSnippet> {
        let method = self.of.project.method(module, index)?;
        let describer = Describer {
            document: self.of,
            script: self.position.script,
            locale: match self.position.script {
                Script::Russian => Locale::Ru,
                Script::English => Locale::En,
            },
            files: &NoFiles,
        };
        let header = describer.header(module, index, method).text;
        let text = match module == self.of.module {
            true => header,
            false => format!("{} // {}", header, module_name(self.of.project, module)),
        };
        Some(PromptSnippet { kind: PromptSnippetKind::Signature, text })
    }

    /// `Данные: Код, Имя`: fields of the variables that the last lines use.
    fn variables(&self) -> Vec<PromptSnippet> {
        let (tokens, caret) = self.tokens();
        let recent = tokens[..caret].iter().rev().take(MAX_TOKENS);
        let names = recent.filter(|token| token.kind == TokenKind::Identifier).map(|it| self.token_text(it));
        let mut used: Vec<&str> = Vec::new();
        for name in names {
            if !used.iter().any(|known| same_name(known, name)) {
                used.push(name);
            }
        }
        let locals = self.typing.locals();
        let mut found = Vec::new();
        for name in used {
            let Some(local) = locals.iter().find(|local| same_name(&local.name, name)) else { continue };
            let value = self.of.scope().type_of(&local.shape);
            let members = self.of.scope().members(&value);
            let fields = members.iter().filter(|member| is_own_field(member.kind));
            let names: Vec<&str> = fields.take(MAX_FIELDS).map(|member| self.name(member)).collect();
            if !names.is_empty() {
                let text = format!("{}: {}", local.name, names.join(", "));
                found.push(PromptSnippet { kind: PromptSnippetKind::Members, text });
            }
            if found.len() == MAX_VARIABLES {
                break;
            }
        }
        found
    }
}

/// What the configuration or the code adds comes before what every value of the sort has.
fn rank(kind: MemberKind) -> u8 {
    match kind {
        MemberKind::Method | MemberKind::Property => 2,
        MemberKind::StandardAttribute => 1,
        _ => 0,
    }
}

fn is_own_field(kind: MemberKind) -> bool {
    matches!(kind, MemberKind::Field | MemberKind::Column | MemberKind::Attribute | MemberKind::Section)
}

/// Headers need no texts of other modules.
struct NoFiles;

impl base::Files for NoFiles {
    fn read(&self, _path: &std::path::Path) -> std::io::Result<Vec<u8>> {
        Err(std::io::ErrorKind::NotFound.into())
    }

    fn list(&self, _folder: &std::path::Path) -> Vec<base::FileEntry> {
        Vec::new()
    }
}
