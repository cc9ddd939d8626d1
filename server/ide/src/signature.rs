//! The parameters of what is being called, while the arguments are typed.

use base::{Files, Locale, TextRange};
use semantics::{Definition, Type};
use syntax::TokenKind;

use crate::completion::{CallPlace, completion_position};
use crate::hover::{Describer, Header, Page, inline};
use crate::meaning::{Meaning, ProjectDocument, Section};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignatureHelp {
    /// Never empty.
    pub signatures: Vec<SignatureLabel>,
    pub active_signature: usize,
    /// `None` if the call has more arguments than parameters.
    pub active_parameter: Option<usize>,
    /// Parameters of the active signature.
    pub active_count: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignatureLabel {
    pub label: String,
    /// Markdown.
    pub documentation: String,
    pub parameters: Vec<ParameterLabel>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParameterLabel {
    /// In the label.
    pub range: TextRange,
    /// Markdown.
    pub documentation: String,
}

/// Describes the call whose arguments hold the offset.
pub fn signature_help(
    document: ProjectDocument<'_>,
    offset: u32,
    locale: Locale,
    files: &dyn Files,
) -> Option<SignatureHelp> {
    let place = completion_position(document.document, offset);
    let call = place.call?;
    let section = document.section(call.callee.start);
    let describer = Describer::new(document, &section, locale, files);
    let signatures = describer.signatures(&section, &call)?;
    // A later argument that is there already counts, too: `Новый Структура(|"Имя", 1)`.
    let needed = section.argument_count(call.start).max(call.argument + 1);
    let fits = |signature: &SignatureLabel| needed <= signature.parameters.len();
    let active_signature = signatures.iter().position(fits).unwrap_or(0);
    let count = signatures.get(active_signature)?.parameters.len();
    let active_parameter = (call.argument < count).then_some(call.argument);
    Some(SignatureHelp { signatures, active_signature, active_parameter, active_count: count })
}

impl Section<'_> {
    /// Number of arguments in a list that opens before an offset; of an unfinished list, of what is there.
    fn argument_count(&self, start: u32) -> usize {
        let tree = self.source().tree;
        let first = tree.token_at_or_after(start.saturating_sub(self.start()));
        let mut depth = 0_u32;
        let mut count = 1;
        for token in tree.tokens().get(first..).unwrap_or_default() {
            match token.kind {
                TokenKind::LeftParen | TokenKind::LeftBracket => depth += 1,
                TokenKind::RightParen | TokenKind::RightBracket => match depth.checked_sub(1) {
                    Some(outer) => depth = outer,
                    None => break,
                },
                TokenKind::Comma if depth == 0 => count += 1,
                TokenKind::Semicolon => break,
                _ => {}
            }
        }
        count
    }
}

impl Describer<'_> {
    fn signatures(self, section: &Section<'_>, call: &CallPlace) -> Option<Vec<SignatureLabel>> {
        let name = section.name_at(call.callee.end)?;
        let Some(Meaning::Known { definition, receiver }) = section.meaning(name) else { return None };
        let signatures = match &definition {
            Definition::Method { module, index } => vec![self.of_method(*module, *index)?],
            Definition::PlatformType(found) => {
                let info = self.project().platform(found.dialect).type_info(found.id);
                let name = self.name(&info.names);
                let constructors = info.constructors.iter();
                constructors.map(|it| self.of_platform(self.constructor_header(&name, it), it, "")).collect()
            }
            // A class of a script.
            Definition::Module(module) if call.is_new => {
                let constructor = ["ПриСозданииОбъекта", "OnObjectCreate"];
                let found = self.project().module(*module)?;
                let index = constructor.into_iter().find_map(|name| found.find_method(name))?;
                vec![self.of_method(*module, index)?]
            }
            other => self.of_platform_method(other, receiver.as_ref())?,
        };
        (!signatures.is_empty()).then_some(signatures)
    }

    fn of_method(self, module: semantics::ModuleId, index: u32) -> Option<SignatureLabel> {
        let method = self.project().method(module, index)?;
        let header = self.header(module, index, method);
        let documentation = self.documentation(module, index).unwrap_or_default();
        let texts = method.parameters().enumerate().map(|(place, parameter)| {
            let definition = Definition::Parameter { module, method: index, index: place as u32 };
            let type_name = self.type_name(&self.scope().type_of_definition(&definition));
            parameter_documentation(&type_name, &self.parameter_text(&documentation, &parameter.name))
        });
        let mut page = Page::default();
        page.prose(&documentation.description);
        Some(label(header, texts.collect(), page.finish()))
    }

    fn of_platform_method(
        self,
        definition: &Definition,
        receiver: Option<&Type>,
    ) -> Option<Vec<SignatureLabel>> {
        let method = self.project().platform_method(definition)?;
        let returned = match receiver {
            Some(receiver) => self.scope().call_type(receiver, &method.names.ru, None),
            None => self.scope().type_of_definition(definition),
        };
        let (name, returned) = (self.name(&method.names), self.type_name(&returned));
        let signatures = method.signatures.iter().map(|signature| {
            let header = self.platform_header(&name, method, signature, &returned);
            self.of_platform(header, signature, &method.description)
        });
        Some(signatures.collect())
    }

    fn of_platform(
        self,
        header: Header,
        signature: &platform::Signature,
        description: &str,
    ) -> SignatureLabel {
        let texts = signature.parameters.iter().map(|parameter| {
            parameter_documentation(&self.platform_types(&parameter.types), &parameter.description)
        });
        let mut page = Page::default();
        page.prose(if signature.description.is_empty() { description } else { &signature.description });
        label(header, texts.collect(), page.finish())
    }
}

fn parameter_documentation(type_name: &str, text: &str) -> String {
    let text = inline(text);
    match (type_name.is_empty(), text.is_empty()) {
        (true, _) => text,
        (false, true) => format!("*{}*", inline(type_name)),
        (false, false) => format!("*{}* — {text}", inline(type_name)),
    }
}

fn label(header: Header, texts: Vec<String>, documentation: String) -> SignatureLabel {
    let parameters = header.parameters.into_iter().zip(texts);
    let parameters = parameters
        .map(|(range, documentation)| ParameterLabel { range: TextRange::from(range), documentation })
        .collect();
    SignatureLabel { label: header.text, documentation, parameters }
}
