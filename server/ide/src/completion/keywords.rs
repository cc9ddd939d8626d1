//! Keywords and snippets that fit a place, in the language of the module.

use syntax::TokenKind;

use crate::completion::position::{CompletionPosition, PositionKind};
use crate::completion::snippets::{SNIPPETS, SnippetPlace};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeywordItemKind {
    Keyword,
    Snippet,
}

/// A word of the language, or a piece of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeywordItem {
    pub kind: KeywordItemKind,
    pub label: String,
    /// What to insert; with placeholders for snippets.
    pub text: String,
    /// Shown next to the label; empty for keywords.
    pub detail_ru: &'static str,
    pub detail_en: &'static str,
}

/// Names behind `&`.
const ANNOTATIONS: [[&str; 2]; 9] = [
    ["НаКлиенте", "AtClient"],
    ["НаСервере", "AtServer"],
    ["НаСервереБезКонтекста", "AtServerNoContext"],
    ["НаКлиентеНаСервере", "AtClientAtServer"],
    ["НаКлиентеНаСервереБезКонтекста", "AtClientAtServerNoContext"],
    ["Перед", "Before"],
    ["После", "After"],
    ["Вместо", "Around"],
    ["ИзменениеИКонтроль", "ChangeAndValidate"],
];
/// Words behind `#`.
const DIRECTIVES: [[&str; 2]; 10] = [
    ["Область", "Region"],
    ["КонецОбласти", "EndRegion"],
    ["Если", "If"],
    ["ИначеЕсли", "ElsIf"],
    ["Иначе", "Else"],
    ["КонецЕсли", "EndIf"],
    ["Вставка", "Insert"],
    ["КонецВставки", "EndInsert"],
    ["Удаление", "Delete"],
    ["КонецУдаления", "EndDelete"],
];
/// Environments that `#Если` tests, and its own words.
const ENVIRONMENTS: [[&str; 2]; 16] = [
    ["Сервер", "Server"],
    ["НаСервере", "AtServer"],
    ["Клиент", "Client"],
    ["НаКлиенте", "AtClient"],
    ["ТонкийКлиент", "ThinClient"],
    ["ВебКлиент", "WebClient"],
    ["МобильныйКлиент", "MobileClient"],
    ["МобильноеПриложениеКлиент", "MobileAppClient"],
    ["МобильноеПриложениеСервер", "MobileAppServer"],
    ["ТолстыйКлиентОбычноеПриложение", "ThickClientOrdinaryApplication"],
    ["ТолстыйКлиентУправляемоеПриложение", "ThickClientManagedApplication"],
    ["ВнешнееСоединение", "ExternalConnection"],
    ["И", "And"],
    ["Или", "Or"],
    ["Не", "Not"],
    ["Тогда", "Then"],
];
const VALUES: [TokenKind; 6] = [
    TokenKind::New,
    TokenKind::Not,
    TokenKind::True,
    TokenKind::False,
    TokenKind::Undefined,
    TokenKind::Null,
];

/// Everything that fits; the caller compares with what is typed.
pub fn keyword_items(position: &CompletionPosition) -> Vec<KeywordItem> {
    let mut items = Items { position, found: Vec::new() };
    match position.kind {
        PositionKind::Statement => items.statement(),
        PositionKind::Expression => items.expression(),
        PositionKind::AfterExpression => items.after_expression(),
        PositionKind::Annotation => items.words(&ANNOTATIONS),
        PositionKind::Directive => {
            items.words(&DIRECTIVES);
            items.snippets(SnippetPlace::Directive);
        }
        PositionKind::DirectiveCondition => items.words(&ENVIRONMENTS),
        PositionKind::Parameter => items.keywords(&[TokenKind::Val]),
        PositionKind::ParameterDefault => {
            items.keywords(&[TokenKind::Undefined, TokenKind::True, TokenKind::False, TokenKind::Null]);
        }
        PositionKind::ForHeader => items.keywords(&[TokenKind::Each]),
        _ => {}
    }
    items.found
}

struct Items<'a> {
    position: &'a CompletionPosition,
    found: Vec<KeywordItem>,
}

impl Items<'_> {
    fn keywords(&mut self, kinds: &[TokenKind]) {
        for kind in kinds {
            self.word(self.position.script.keyword(*kind));
        }
    }

    fn words(&mut self, words: &[[&'static str; 2]]) {
        for [russian, english] in words {
            self.word(self.position.script.pick(russian, english));
        }
    }

    fn word(&mut self, word: &str) {
        self.found.push(KeywordItem {
            kind: KeywordItemKind::Keyword,
            label: word.to_owned(),
            text: word.to_owned(),
            detail_ru: "",
            detail_en: "",
        });
    }

    fn snippets(&mut self, place: SnippetPlace) {
        for snippet in SNIPPETS.iter().filter(|snippet| snippet.place == place) {
            let pick = |[russian, english]: [&'static str; 2]| self.position.script.pick(russian, english);
            self.found.push(KeywordItem {
                kind: KeywordItemKind::Snippet,
                label: pick(snippet.label).to_owned(),
                text: pick(snippet.text).to_owned(),
                detail_ru: snippet.detail[0],
                detail_en: snippet.detail[1],
            });
        }
    }

    fn statement(&mut self) {
        let blocks = &self.position.blocks;
        let is_outside = blocks.method.is_none() && blocks.statements.is_empty();
        self.closing();
        if is_outside {
            self.keywords(&[TokenKind::Procedure, TokenKind::Function, TokenKind::Async]);
            self.snippets(SnippetPlace::Declaration);
        }
        if !blocks.has_statements {
            self.keywords(&[TokenKind::Var]);
        }
        self.keywords(&[TokenKind::If, TokenKind::For, TokenKind::While, TokenKind::Try]);
        if blocks.is_in_loop() {
            self.keywords(&[TokenKind::Break, TokenKind::Continue]);
        }
        if blocks.method.is_some() {
            self.keywords(&[TokenKind::Return]);
        }
        if blocks.is_async {
            self.keywords(&[TokenKind::Await]);
        }
        self.keywords(&[
            TokenKind::Raise,
            TokenKind::Execute,
            TokenKind::Goto,
            TokenKind::AddHandler,
            TokenKind::RemoveHandler,
        ]);
        self.snippets(SnippetPlace::Statement);
    }

    /// What continues or ends the innermost block, the most likely first.
    fn closing(&mut self) {
        let blocks = &self.position.blocks;
        match blocks.statements.last() {
            Some(TokenKind::If) => self.keywords(&[TokenKind::EndIf, TokenKind::Else, TokenKind::Elsif]),
            Some(TokenKind::Else) => self.keywords(&[TokenKind::EndIf]),
            Some(TokenKind::While | TokenKind::For) => self.keywords(&[TokenKind::EndDo]),
            Some(TokenKind::Try) => self.keywords(&[TokenKind::Except, TokenKind::EndTry]),
            Some(_) => self.keywords(&[TokenKind::EndTry]),
            None => match blocks.method {
                Some(TokenKind::Function) => self.keywords(&[TokenKind::EndFunction]),
                Some(_) => self.keywords(&[TokenKind::EndProcedure]),
                None => {}
            },
        }
    }

    fn expression(&mut self) {
        self.keywords(&VALUES);
        if self.position.blocks.is_async {
            self.keywords(&[TokenKind::Await]);
        }
    }

    fn after_expression(&mut self) {
        match self.position.head {
            Some(TokenKind::If | TokenKind::Elsif) => self.keywords(&[TokenKind::Then]),
            Some(TokenKind::While) => self.keywords(&[TokenKind::Do]),
            Some(TokenKind::For) => self.keywords(&[TokenKind::In, TokenKind::To, TokenKind::Do]),
            Some(TokenKind::Var | TokenKind::Procedure | TokenKind::Function) => {
                return self.keywords(&[TokenKind::Export]);
            }
            _ => {}
        }
        self.keywords(&[TokenKind::And, TokenKind::Or]);
    }
}
