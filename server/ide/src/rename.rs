//! New names for what only its module can name: variables and labels of a method, variables of the module, methods
//! that are not exported.

mod problem;
mod project;

pub use problem::RenameProblem;
pub use project::{RenameEdit, RenameEditKind, prepare_project_rename, rename_in_project};

use base::{Edit, TextRange, same_name};
use rustc_hash::FxHashSet;
use syntax::{DeclarationKind, DeclaredName, Document, NodeId, NodeKind, Role, TokenKind};

use crate::code::Code;
use crate::linked_editing::local_uses;
use crate::names::{NameRole, NameUse, name_uses};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenameKind {
    /// A parameter or a variable of a method.
    Local,
    Label,
    /// Of the module.
    Variable,
    Method,
}

/// A name that can be changed in its module alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renameable {
    pub kind: RenameKind,
    pub name: String,
    /// Under the cursor.
    pub range: TextRange,
    /// Other modules can use it too.
    pub is_export: bool,
}

/// What stands at an offset, if its module alone decides about its name. Exported names are returned as well: a
/// caller who knows no other modules has to refuse them.
pub fn prepare_rename(document: &Document, offset: u32) -> Option<Renameable> {
    let module = Module::new(document);
    Some(module.target(offset)?.renameable)
}

/// Edits that give what stands at an offset a new name, sorted.
pub fn rename_local(document: &Document, offset: u32, new_name: &str) -> Result<Vec<Edit>, RenameProblem> {
    let module = Module::new(document);
    let target = module.target(offset).ok_or(RenameProblem::NothingToRename)?;
    check_spelling(new_name)?;
    module.check_clash(&target, new_name)?;
    let mut ranges: Vec<TextRange> =
        target.uses.iter().map(|name| module.code.tree().range(name.node)).collect();
    if target.renameable.kind == RenameKind::Method {
        ranges.extend(module.named_handlers(&target.renameable.name));
    }
    ranges.sort();
    ranges.dedup();
    Ok(ranges.into_iter().map(|range| Edit::replace(range, new_name)).collect())
}

/// The name can stand in code as it is.
pub fn check_spelling(name: &str) -> Result<(), RenameProblem> {
    let starts_well = name.chars().next().is_some_and(|letter| letter.is_alphabetic() || letter == '_');
    if !starts_well || !name.chars().all(|letter| letter.is_alphanumeric() || letter == '_') {
        return Err(RenameProblem::NotAName(name.to_owned()));
    }
    let is_soft = |kind: &TokenKind| matches!(kind, TokenKind::Async | TokenKind::Await);
    let mut keywords = TokenKind::KEYWORDS.iter().filter(|kind| !is_soft(kind));
    if keywords.any(|kind| kind.canonical_spellings().iter().any(|word| same_name(word, name))) {
        return Err(RenameProblem::Keyword(name.to_owned()));
    }
    Ok(())
}

struct Module<'a> {
    code: Code<'a>,
    uses: Vec<NameUse>,
    declared: Vec<DeclaredName>,
}

struct Target {
    renameable: Renameable,
    method: Option<NodeId>,
    uses: Vec<NameUse>,
}

impl<'a> Module<'a> {
    fn new(document: &'a Document) -> Self {
        let code = Code::new(document);
        Self { uses: name_uses(&code), code, declared: document.declared_names() }
    }

    fn target(&self, offset: u32) -> Option<Target> {
        let token = self.code.word_at(offset)?;
        let index = self.uses.binary_search_by_key(&token, |name| name.token).ok()?;
        let name = self.uses[index];
        let text = self.code.token_text(token);
        let (kind, uses, is_export) = match name.role {
            NameRole::Label => (
                RenameKind::Label,
                self.same(text, |it| it.role == NameRole::Label && it.method == name.method),
                false,
            ),
            NameRole::Method | NameRole::Call => {
                let is_call = |it: &NameUse| matches!(it.role, NameRole::Method | NameRole::Call);
                let is_export = self.declared(text, |kind| kind != DeclarationKind::Variable)?;
                (RenameKind::Method, self.same(text, is_call), is_export)
            }
            role if role.is_variable() => self.variable(token, text)?,
            _ => return None,
        };
        let range = self.code.tree().range(name.node);
        let renameable = Renameable { kind, name: text.to_owned(), range, is_export };
        Some(Target { renameable, method: name.method, uses })
    }

    fn variable(&self, token: usize, text: &str) -> Option<(RenameKind, Vec<NameUse>, bool)> {
        let of_module = self.declared(text, |kind| kind == DeclarationKind::Variable);
        if let Some(uses) = local_uses(&self.code, &self.uses, token, |_| of_module.is_some()) {
            return Some((RenameKind::Local, uses, false));
        }
        // Methods that have a variable of their own do not see the one of the module.
        let same = self.same(text, |it| it.role.is_variable());
        let creates = |role: NameRole| match role {
            NameRole::Parameter | NameRole::DeclaredVariable => true,
            NameRole::AssignedVariable | NameRole::LoopVariable => of_module.is_none(),
            _ => false,
        };
        let owners: FxHashSet<NodeId> =
            same.iter().filter(|it| creates(it.role)).filter_map(|it| it.method).collect();
        let is_visible = |it: &NameUse| it.method.is_none_or(|method| !owners.contains(&method));
        let uses: Vec<NameUse> = same.into_iter().filter(is_visible).collect();
        match of_module {
            Some(is_export) => Some((RenameKind::Variable, uses, is_export)),
            // A variable of the code outside methods.
            None => {
                let uses: Vec<NameUse> = uses.into_iter().filter(|it| it.method.is_none()).collect();
                let is_created =
                    |it: &NameUse| matches!(it.role, NameRole::AssignedVariable | NameRole::LoopVariable);
                let holds_target = uses.iter().any(|it| it.token == token);
                (holds_target && uses.iter().any(is_created)).then_some((RenameKind::Local, uses, false))
            }
        }
    }

    fn same(&self, text: &str, fits: impl Fn(&NameUse) -> bool) -> Vec<NameUse> {
        let same = self.uses.iter().filter(|it| same_name(self.code.token_text(it.token), text));
        same.filter(|it| fits(it)).copied().collect()
    }

    /// Whether the name is exported, if the module declares it.
    fn declared(&self, text: &str, fits: impl Fn(DeclarationKind) -> bool) -> Option<bool> {
        let mut same = self.declared.iter().filter(|it| fits(it.kind) && same_name(&it.name, text));
        let first = same.next()?;
        Some(first.is_export || same.any(|it| it.is_export))
    }

    fn check_clash(&self, target: &Target, new_name: &str) -> Result<(), RenameProblem> {
        if same_name(&target.renameable.name, new_name) {
            return Ok(());
        }
        let name = || new_name.to_owned();
        let has = |fits: &dyn Fn(&NameUse) -> bool| !self.same(new_name, fits).is_empty();
        let kind = target.renameable.kind;
        if kind == RenameKind::Label {
            let is_label = |it: &NameUse| it.role == NameRole::Label && it.method == target.method;
            return if has(&is_label) { Err(RenameProblem::LabelExists(name())) } else { Ok(()) };
        }
        if self.declared(new_name, |kind| kind != DeclarationKind::Variable).is_some() {
            return Err(RenameProblem::MethodExists(name()));
        }
        let is_declared = self.declared(new_name, |kind| kind == DeclarationKind::Variable).is_some();
        match kind {
            RenameKind::Local if has(&|it| it.role.is_variable() && it.method == target.method) => {
                Err(RenameProblem::LocalExists(name()))
            }
            RenameKind::Method | RenameKind::Variable if is_declared => {
                Err(RenameProblem::VariableExists(name()))
            }
            // The new name would mean something else there.
            RenameKind::Variable if has(&|it| it.role.is_variable()) => {
                Err(RenameProblem::LocalExists(name()))
            }
            _ => Ok(()),
        }
    }

    /// Names of methods in the literals that the platform calls them by.
    fn named_handlers(&self, method: &str) -> Vec<TextRange> {
        const TAKERS: [&str; 7] = [
            "ОписаниеОповещения",
            "NotifyDescription",
            "CallbackDescription",
            "ПодключитьОбработчикОжидания",
            "AttachIdleHandler",
            "ОтключитьОбработчикОжидания",
            "DetachIdleHandler",
        ];
        let tree = self.code.tree();
        let literals = tree.nodes().filter(|(_, node)| node.kind == NodeKind::String);
        let is_taken = |literal: &NodeId| {
            let owner = tree.parent(*literal).and_then(|list| tree.parent(list));
            let name = owner.and_then(|owner| {
                tree.child(owner, Role::Type).or_else(|| tree.child(owner, Role::Function))
            });
            name.is_some_and(|name| {
                let text = self.code.source().node_text(name);
                TAKERS.iter().any(|taker| same_name(taker, text))
            })
        };
        let mut ranges = Vec::new();
        for (literal, _) in literals {
            let range = tree.range(literal);
            let content =
                TextRange { start: range.start + 1, end: range.end.saturating_sub(1).max(range.start + 1) };
            if same_name(content.slice(self.code.text()), method) && is_taken(&literal) {
                ranges.push(content);
            }
        }
        ranges
    }
}
