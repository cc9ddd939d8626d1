//! The Russian and the English edition of a module: same trees, same outline, same findings. The English one is made
//! here by the tables that the product itself uses; names of the module, comments and literals stay as they are.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use base::{CancelToken, Edit, apply_edits, fold_case};
use lints::{Mode, ModuleInfo, Options, RuleSet, check_text};
use platform::{Names, Platform};
use syntax::{Document, NodeId, NodeKind, Role, Source, TokenKind};

use crate::tests::properties::fixture_texts;
use crate::{Symbol, document_symbols, folding_ranges};

/// Rules whose findings may differ, and why.
const DIFFERENT: [(&str, &str); 2] = [
    ("CanonicalSpellingKeywords", "the English edition is made of canonical spellings"),
    ("ExternalAppStarting", "methods of libraries that it knows by default have Russian names only"),
];

/// English words for Russian ones in lower case.
struct Dictionary {
    keywords: HashMap<String, String>,
    members: HashMap<String, String>,
    platform: &'static Platform,
}

impl Dictionary {
    fn new() -> Self {
        let platform = Platform::embedded();
        let mut keywords = HashMap::new();
        for keyword in platform.keywords() {
            add(&mut keywords, &keyword.names);
        }
        let mut members = HashMap::new();
        for (_, info) in platform.types() {
            info.methods.iter().for_each(|method| add(&mut members, &method.names));
            info.properties.iter().for_each(|property| add(&mut members, &property.names));
        }
        Self { keywords, members, platform }
    }

    fn token(&self, source: Source<'_>, index: usize) -> Option<String> {
        let token = source.tree.tokens()[index];
        let text = source.token_text(&token);
        match token.kind {
            kind if kind.is_keyword() => {
                let mut spellings = kind.canonical_spellings().iter().filter(|spelling| spelling.is_ascii());
                spellings.next().map(|spelling| (*spelling).to_owned())
            }
            TokenKind::DirectiveDelete => None,
            kind if kind.is_directive() => Some(self.directive(text, kind)),
            TokenKind::Identifier => self.name(source, source.tree.node_of_token(index), text),
            _ => None,
        }
    }

    /// The first word is of the language; of conditions, all words.
    fn directive(&self, text: &str, kind: TokenKind) -> String {
        let is_condition = matches!(kind, TokenKind::DirectiveIf | TokenKind::DirectiveElsif);
        let mut is_first = true;
        let translate = |word: &str| {
            let bare = word.trim_start_matches('#');
            let found = self.keywords.get(&*fold_case(bare)).filter(|_| is_first || is_condition);
            is_first = is_first && bare.is_empty();
            let mark = &word[..word.len() - bare.len()];
            found.map_or_else(|| word.to_owned(), |english| format!("{mark}{english}"))
        };
        text.split(' ').map(translate).collect::<Vec<_>>().join(" ")
    }

    fn name(&self, source: Source<'_>, node: NodeId, text: &str) -> Option<String> {
        let tree = source.tree;
        let parent = tree.parent(node).map(|parent| tree.kind(parent));
        let english = |names: &Names| (!names.en.is_empty()).then(|| names.en.to_string());
        match tree.node(node).role {
            _ if parent == Some(NodeKind::Annotation) => self.keywords.get(&*fold_case(text)).cloned(),
            Role::Function if !declares(source, text) => english(&self.platform.function(text)?.names),
            Role::Type => english(&self.platform.type_info(self.platform.type_id(text)?).names),
            Role::Property => self.members.get(&*fold_case(text)).cloned(),
            Role::Object if !declares(source, text) => {
                let property = self.platform.property(text).map(|property| &property.names);
                english(
                    property
                        .or_else(|| Some(&self.platform.enum_info(self.platform.enum_id(text)?).names))?,
                )
            }
            _ => None,
        }
    }

    fn english(&self, text: &str) -> String {
        let document = Document::new(text);
        let source = document.flat();
        let edit = |index: usize| {
            let new = self.token(source, index)?;
            Some(Edit { range: source.tree.tokens()[index].range(), text: new })
        };
        apply_edits(text, (0..source.tree.tokens().len()).filter_map(edit).collect()).0
    }
}

/// Names that mean several things are left out.
fn add(words: &mut HashMap<String, String>, names: &Names) {
    if names.en.is_empty() {
        return;
    }
    let english = names.en.to_string();
    let known = words.entry(names.ru.to_lowercase()).or_insert_with(|| english.clone());
    if *known != english {
        known.clone_from(&names.ru.to_string());
    }
}

/// The module itself gives the name a meaning.
fn declares(source: Source<'_>, name: &str) -> bool {
    let tree = source.tree;
    tree.nodes().any(|(id, node)| {
        node.kind == NodeKind::Name
            && matches!(node.role, Role::Name | Role::Left | Role::Variable)
            && base::same_name(source.node_text(id), name)
    })
}

/// Examples in the help of the rules.
fn examples() -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../lints/docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() { folders.push(entry.path()) } else { files.push(entry.path()) }
        }
    }
    files.sort();
    let mut examples = Vec::new();
    for text in files.iter().filter_map(|path| fs::read_to_string(path).ok()) {
        for block in text.split("\n```bsl").skip(1) {
            let code = block.split_once('\n').and_then(|(_, code)| code.split_once("\n```"));
            examples.extend(code.map(|(code, _)| format!("{code}\n")));
        }
    }
    assert!(!examples.is_empty(), "there are no examples");
    examples
}

/// Kinds and roles of nodes, kinds and lines of tokens.
fn shape(text: &str) -> String {
    let document = Document::new(text);
    let tree = document.flat().tree;
    let nodes = tree.nodes().map(|(_, node)| format!("{:?} {:?}\n", node.kind, node.role));
    nodes.chain(tree.tokens().iter().map(|token| format!("{} {:?}\n", token.line, token.kind))).collect()
}

/// Places are lines.
fn outline(text: &str) -> String {
    let document = Document::new(text);
    let (token, tree) = (CancelToken::new(), document.flat().tree);
    let line = |offset: u32| tree.line_of(offset);
    let mut lines = String::new();
    let mut open: Vec<Symbol> = document_symbols(&document, &token);
    while let Some(symbol) = open.pop() {
        lines += &format!("{:?} {} {}\n", symbol.kind, symbol.name, line(symbol.range.start));
        open.extend(symbol.children);
    }
    for fold in folding_ranges(&document, &token) {
        lines += &format!("{:?} {} {}\n", fold.kind, line(fold.range.start), line(fold.range.end));
    }
    lines
}

/// Keys and lines of findings.
fn findings(text: &str, rules: &RuleSet) -> Vec<String> {
    let document = Document::new(text);
    let tree = document.flat().tree;
    let found = check_text(text, rules, &ModuleInfo::default());
    let found = found.iter().map(|it| (it.rule.info().key, tree.line_of(it.range.start) + 1));
    let may_differ = |key: &str| DIFFERENT.iter().any(|(different, _)| *different == key);
    let mut lines: Vec<_> =
        found.filter(|(key, _)| !may_differ(key)).map(|(key, line)| format!("{key} {line}")).collect();
    lines.sort();
    lines
}

#[test]
fn both_editions_are_understood_alike() {
    let dictionary = Dictionary::new();
    let (rules, _) = RuleSet::new(&Options { mode: Mode::Except, ..Options::default() });
    let mut problems = Vec::new();
    let mut rule_keys = BTreeSet::new();
    for text in fixture_texts().into_iter().chain(examples()) {
        let english = dictionary.english(&text);
        assert_eq!(shape(&text), shape(&english), "{english}");
        assert_eq!(outline(&text), outline(&english), "{english}");
        let (ours, theirs) = (findings(&text, &rules), findings(&english, &rules));
        rule_keys.extend(theirs.iter().filter_map(|it| it.split(' ').next()).map(str::to_owned));
        let lines: Vec<_> = english.lines().collect();
        let quote = |it: &String| {
            let line = it.rsplit(' ').next().and_then(|line| line.parse::<usize>().ok()).unwrap_or(1);
            format!("{it}: {}", lines.get(line - 1).unwrap_or(&""))
        };
        problems.extend(ours.iter().filter(|it| !theirs.contains(it)).map(|it| format!("- {}", quote(it))));
        problems.extend(theirs.iter().filter(|it| !ours.contains(it)).map(|it| format!("+ {}", quote(it))));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(rule_keys.len() > 60, "too few rules were put to the test: {rule_keys:?}");
}
