//! Descriptions of methods that do not agree with their parameters.

use base::{Edit, TextRange};
use syntax::{NodeId, NodeKind, Role, Source};

use crate::argument_list::{is_word, parameters};
use crate::context::Context;
use crate::description::{DescribedParameter, Description, description_of};
use crate::rule::{FixSafety, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "MissingParameterDescription",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Major,
    minutes: 5,
    tags: &["standard", "badpractice"],
    fix: FixSafety::Unsafe,
    messages: &[
        Text { ru: "Параметр {0} не описан", en: "The parameter {0} is not described" },
        Text {
            ru: "Тип параметра {0} не указан", en: "The type of the parameter {0} is not given"
        },
        Text {
            ru: "Параметры метода не описаны", en: "The parameters of the method are not described"
        },
        Text {
            ru: "Описаны параметры, которых у метода нет: {0}",
            en: "The description names parameters that the method does not have: {0}",
        },
        Text {
            ru: "Порядок параметров в описании другой",
            en: "The description names the parameters in another order",
        },
    ],
    docs: docs!("missing_parameter_description"),
    create: |_| Box::new(MissingParameterDescription),
    ..RuleInfo::DEFAULT
};

const WITHOUT_TYPE: u8 = 1;
const NOTHING_DESCRIBED: u8 = 2;
const SURPLUS: u8 = 3;
const OTHER_ORDER: u8 = 4;

struct MissingParameterDescription;

impl Rule for MissingParameterDescription {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Procedure, NodeKind::Function]
    }

    fn node(&self, ctx: &mut Context<'_>, method: NodeId) {
        let source = ctx.source;
        let tree = source.tree;
        let Some(name) = tree.child(method, Role::Name) else { return };
        let Some(list) = tree.child(method, Role::Parameters) else { return };
        let Some(description) = description_of(source, method) else { return };
        let names: Vec<NodeId> =
            parameters(tree, list).filter_map(|parameter| tree.child(parameter, Role::Name)).collect();
        let described = &description.parameters;
        match (names.is_empty(), described.is_empty()) {
            (true, true) => {}
            (true, false) => {
                let surplus: Vec<&str> = described.iter().map(|parameter| parameter.name).collect();
                ctx.report_node(name).message(SURPLUS).arg(surplus.join(", "));
            }
            (false, true) => {
                if !description.has_link {
                    let edit = Words::of(source, method).block(source, &description, &names);
                    ctx.report_node(name).message(NOTHING_DESCRIBED).fix(edit);
                }
            }
            (false, false) => compare(ctx, method, name, &names, &description),
        }
    }
}

fn compare(
    ctx: &mut Context<'_>,
    method: NodeId,
    name: NodeId,
    names: &[NodeId],
    description: &Description<'_>,
) {
    let source = ctx.source;
    let words = Words::of(source, method);
    let described = &description.parameters;
    let mut is_any_missing = false;
    for (index, parameter) in names.iter().enumerate() {
        let text = source.node_text(*parameter);
        match described.iter().find(|described| is_word(described.name, &[text])) {
            None => {
                is_any_missing = true;
                let edit = words.line(source, description, names, index);
                ctx.report_node(*parameter).arg(text).fix(edit);
            }
            Some(found) if !found.has_type => {
                let end = found.line.range.end;
                let edit = Edit::insert(end, format!(" - {}", words.any_type));
                ctx.report_node(*parameter).message(WITHOUT_TYPE).arg(text).fix([edit]);
            }
            Some(_) => {}
        }
    }
    let surplus = surplus(source, names, described);
    if !surplus.is_empty() {
        ctx.report_node(name).message(SURPLUS).arg(surplus.join(", "));
    } else if !is_any_missing && !is_same_order(source, names, described) {
        ctx.report_node(name).message(OTHER_ORDER);
    }
}

/// Names that are no parameters; a second entry of a name counts as one.
fn surplus<'a>(source: Source<'_>, names: &[NodeId], described: &[DescribedParameter<'a>]) -> Vec<&'a str> {
    let is_known = |name: &str| names.iter().any(|node| is_word(source.node_text(*node), &[name]));
    let is_repeated =
        |index: usize, name: &str| described[..index].iter().any(|it| is_word(it.name, &[name]));
    let entries = described.iter().enumerate();
    let surplus = entries.filter(|(index, it)| !is_known(it.name) || is_repeated(*index, it.name));
    surplus.map(|(_, parameter)| parameter.name).collect()
}

fn is_same_order(source: Source<'_>, names: &[NodeId], described: &[DescribedParameter<'_>]) -> bool {
    let mut pairs = names.iter().zip(described);
    pairs.all(|(node, described)| is_word(source.node_text(*node), &[described.name]))
}

/// Words of new lines, in the language of the method's keyword.
struct Words {
    header: &'static str,
    any_type: &'static str,
}

impl Words {
    fn of(source: Source<'_>, method: NodeId) -> Self {
        let tree = source.tree;
        let keyword = tree.own_tokens(method).find(|token| token.kind.is_keyword());
        if keyword.is_some_and(|keyword| source.token_text(keyword).is_ascii()) {
            Self { header: "Parameters:", any_type: "Arbitrary" }
        } else {
            Self { header: "Параметры:", any_type: "Произвольный" }
        }
    }

    /// A line about one parameter, behind the nearest described parameter before it.
    fn line(
        &self,
        source: Source<'_>,
        description: &Description<'_>,
        names: &[NodeId],
        index: usize,
    ) -> Option<Edit> {
        let name = source.node_text(*names.get(index)?);
        let described = &description.parameters;
        let find = |node: &NodeId| described.iter().find(|it| is_word(it.name, &[source.node_text(*node)]));
        let first = described.first()?.line;
        let text = format!("//{}{name} - {} - ", " ".repeat(first.indent), self.any_type);
        Some(match names[..index].iter().rev().find_map(find) {
            Some(previous) => behind(source, previous.last.range, &text),
            None => before(source, first.range, &text),
        })
    }

    /// Lines about all parameters.
    fn block(&self, source: Source<'_>, description: &Description<'_>, names: &[NodeId]) -> Option<Edit> {
        let names =
            names.iter().map(|name| format!("//  {} - {} - ", source.node_text(*name), self.any_type));
        let (place, header) = match description.parameters_end {
            Some(header) => (header.range, Vec::new()),
            None => (description.purpose_end?.range, vec!["//".to_owned(), format!("// {}", self.header)]),
        };
        let lines: Vec<String> = header.into_iter().chain(names).collect();
        let indent = indent(source, place);
        let separator = format!("{}{indent}", syntax::line_break(source.text));
        Some(Edit::insert(place.end, format!("{separator}{}", lines.join(&separator))))
    }
}

fn behind(source: Source<'_>, comment: TextRange, line: &str) -> Edit {
    let text = format!("{}{}{line}", syntax::line_break(source.text), indent(source, comment));
    Edit::insert(comment.end, text)
}

fn before(source: Source<'_>, comment: TextRange, line: &str) -> Edit {
    let text = format!("{line}{}{}", syntax::line_break(source.text), indent(source, comment));
    Edit::insert(comment.start, text)
}

/// What stands before a comment on its line.
fn indent<'a>(source: Source<'a>, comment: TextRange) -> &'a str {
    let line = source.tree.line_of(comment.start) as usize;
    let start = source.tree.line_starts().get(line).copied().unwrap_or(comment.start);
    source.slice(TextRange { start, end: comment.start })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn methods_without_parameters_or_descriptions() {
        rule("MissingParameterDescription").check(
            "Процедура А(Б)\nКонецПроцедуры\n\n// Делает.\nПроцедура Б()\nКонецПроцедуры\n\n\
             // Делает.\n//\n// Параметры:\n//  А - Строка\nПроцедура В()\nКонецПроцедуры\n\n\
             // Делает.\n&НаСервере\nПроцедура Г(Д)\nКонецПроцедуры\n\n// См. Модуль.Метод\nПроцедура Е(Ж)\nКонецПроцедуры\n\n\
             // Параметры:\n&AtServer\nProcedure З(К)\nEndProcedure\n",
            expect![[r#"
                12:11 `В` The description names parameters that the method does not have: А
                17:11 `Г` The parameters of the method are not described
                26:11 `З` The parameters of the method are not described
            "#]],
        );
    }

    #[test]
    fn parameters_one_by_one() {
        rule("MissingParameterDescription").check(
            "// Параметры:\n//  Раз - Строка, Число - текст\n//  Два - просто какой-то текст\n//  Три - Массив из Структура:\n//   * Поле - Строка\n\
             //      - Неопределено\n//  четыре – См. Модуль.Метод()\nФункция А(Раз, Знач Два, Три, Четыре = 1)\nКонецФункции\n\n\
             // Parameters:\n//  One\n//  Two - String\n//  Two - Number\nFunction B(One, Two)\nEndFunction\n\n\
             // Parameters:\n//  One - String\n//  Two - String\n//\n// Returns:\n//  String - Number\nFunction C(Two, One)\nEndFunction\n\n\
             // Parameters:\n//  One - String - True - yes\n//                 False - no\n//  Other - String\nFunction D(One)\nEndFunction\n\n\
             // Параметры:\n//  Раз - Строка\n//  Другое - Строка\nФункция Д(Два, Раз)\nКонецФункции\n",
            expect![[r#"
                8:21 `Два` The parameter Два is not described
                15:10 `B` The description names parameters that the method does not have: Two
                15:12 `One` The type of the parameter One is not given
                24:10 `C` The description names the parameters in another order
                31:10 `D` The description names parameters that the method does not have: Other
                37:9 `Д` The description names parameters that the method does not have: Другое
                37:11 `Два` The parameter Два is not described
            "#]],
        );
    }

    #[test]
    fn new_lines_stand_in_order() {
        rule("MissingParameterDescription").check_fix(
            "// Делает.\n//\n// Параметры:\n//   Два - Строка - текст\n//         и ещё\nПроцедура А(Раз, Два, Три, Четыре, Пять)\nКонецПроцедуры\n\n\
             \t// Does.\n\t//\n\t// Returns:\n\t//  Number\n\tFunction B(One, Two)\n\tEndFunction\n\n\
             // Параметры:\n//  просто текст\nПроцедура В(Раз)\nКонецПроцедуры\n",
            expect![[r#"
                // Делает.
                //
                // Параметры:
                //   Раз - Произвольный - 
                //   Два - Строка - текст
                //         и ещё
                //   Три - Произвольный - 
                //   Четыре - Произвольный - 
                //   Пять - Произвольный - 
                Процедура А(Раз, Два, Три, Четыре, Пять)
                КонецПроцедуры

                	// Does.
                	//
                	// Parameters:
                	//  One - Arbitrary - 
                	//  Two - Arbitrary - 
                	//
                	// Returns:
                	//  Number
                	Function B(One, Two)
                	EndFunction

                // Параметры:
                //  просто текст
                //  Раз - Произвольный - 
                Процедура В(Раз)
                КонецПроцедуры
            "#]],
        );
    }
}
