//! Names in two alphabets, where a letter may be mistaken for its twin.

use base::{Edit, TextRange};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use std::cmp::Ordering;
use syntax::{NodeId, NodeKind, Role, SyntaxTree, TokenKind};

use crate::context::Context;
use crate::facts::folded;
use crate::options::Params;
use crate::renaming::renamed;
use crate::rule::{FixSafety, ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "LatinAndCyrillicSymbolInWord",
    kind: RuleKind::CodeSmell,
    severity: RuleSeverity::Minor,
    minutes: 5,
    tags: &["brainoverload", "suspicious"],
    params: &[
        ParamInfo {
            name: "excludeWords",
            default: ParamDefault::String(
                "ЧтениеXML, ЧтениеJSON, ЗаписьXML, ЗаписьJSON, ComОбъект, ФабрикаXDTO, ОбъектXDTO, СоединениеFTP, HTTPСоединение, HTTPЗапрос, HTTPСервисОтвет, SMSСообщение, WSПрокси",
            ),
            meaning: Text {
                ru: "через запятую: имена, которые не проверяются",
                en: "names that are not checked, separated by commas",
            },
        },
        ParamInfo {
            name: "allowTrailingPartsInAnotherLanguage",
            default: ParamDefault::Bool(true),
            meaning: Text {
                ru: "имя может состоять из латинской и кириллической части",
                en: "a name may have one Latin and one Cyrillic part",
            },
        },
    ],
    fix: FixSafety::Unsafe,
    messages: &[Text {
        ru: "В имени `{0}` смешаны латиница и кириллица",
        en: "The name `{0}` mixes Latin and Cyrillic letters",
    }],
    docs: docs!("latin_and_cyrillic_symbol_in_word"),
    create: |params: &Params<'_>| {
        Box::new(LatinAndCyrillicSymbolInWord {
            exceptions: params.list("excludeWords").iter().map(|word| folded(word)).collect(),
            allows_two_parts: params.bool("allowTrailingPartsInAnotherLanguage"),
        })
    },
    ..RuleInfo::DEFAULT
};

/// Shortest name that may have two parts.
const SHORTEST_OF_TWO_PARTS: usize = 4;

struct LatinAndCyrillicSymbolInWord {
    exceptions: FxHashSet<SmolStr>,
    allows_two_parts: bool,
}

impl Rule for LatinAndCyrillicSymbolInWord {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[
            NodeKind::Procedure,
            NodeKind::Function,
            NodeKind::Parameter,
            NodeKind::Variable,
            NodeKind::Annotation,
            NodeKind::AnnotationArgument,
            NodeKind::Goto,
            NodeKind::Assignment,
        ]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        let tree = ctx.source.tree;
        let name = match tree.kind(node) {
            NodeKind::Assignment => head_of_target(tree, node),
            NodeKind::Goto => {
                let label = tree.child_of_kind(node, NodeKind::Label);
                label.and_then(|label| tree.child(label, Role::Name))
            }
            _ => tree.child(node, Role::Name),
        };
        if let Some(name) = name {
            self.check(ctx, tree.range(name), Some(name));
        }
    }

    fn section(&self, ctx: &mut Context<'_>) {
        for directive in &ctx.facts.directives {
            if directive.kind == TokenKind::DirectiveRegion {
                self.check(ctx, directive.name_range, None);
            }
        }
    }
}

/// The name that the left side of an assignment starts with.
fn head_of_target(tree: &SyntaxTree, assignment: NodeId) -> Option<NodeId> {
    let mut target = tree.child(assignment, Role::Left)?;
    while matches!(tree.kind(target), NodeKind::Member | NodeKind::Index) {
        target = tree.child(target, Role::Object)?;
    }
    (tree.kind(target) == NodeKind::Name).then_some(target)
}

impl LatinAndCyrillicSymbolInWord {
    /// Names without a node are those of regions.
    fn check(&self, ctx: &mut Context<'_>, range: TextRange, declared: Option<NodeId>) {
        let name = ctx.source.slice(range);
        let has_latin = name.bytes().any(|byte| byte.is_ascii_alphabetic());
        if !has_latin || !name.chars().any(is_cyrillic) {
            return;
        }
        let is_fine =
            (self.allows_two_parts && has_two_parts(name)) || self.exceptions.contains(&folded(name));
        if !is_fine {
            let new_name = in_one_alphabet(name);
            let fix = match declared {
                Some(declared) => {
                    new_name.and_then(|name| renamed(ctx.source, declared, &name)).unwrap_or_default()
                }
                None => new_name.map(|name| Edit::replace(range, name)).into_iter().collect(),
            };
            ctx.report(range).arg(name).fix(fix);
        }
    }
}

/// Letters of one alphabet that look like those of the other.
const LATIN_TWINS: &str = "ABCEHKMOPTXaceopxy";
const CYRILLIC_TWINS: &str = "АВСЕНКМОРТХасеорху";

/// The name with the letters of the rarer alphabet replaced; `None` if not all of them have twins.
fn in_one_alphabet(name: &str) -> Option<String> {
    let latin = name.chars().filter(char::is_ascii_alphabetic).count();
    let cyrillic = name.chars().filter(|letter| is_cyrillic(*letter)).count();
    let (wrong, right) = match latin.cmp(&cyrillic) {
        Ordering::Less => (LATIN_TWINS, CYRILLIC_TWINS),
        Ordering::Greater => (CYRILLIC_TWINS, LATIN_TWINS),
        Ordering::Equal => return None,
    };
    let is_wrong =
        |letter: char| if latin < cyrillic { letter.is_ascii_alphabetic() } else { is_cyrillic(letter) };
    let twin = |letter: char| {
        let pair = wrong.chars().zip(right.chars()).find(|(known, _)| *known == letter);
        if is_wrong(letter) { pair.map(|(_, twin)| twin) } else { Some(letter) }
    };
    name.chars().map(twin).collect()
}

fn is_cyrillic(letter: char) -> bool {
    matches!(letter, 'А'..='я' | 'Ё' | 'ё')
}

fn is_capital(letter: char) -> bool {
    matches!(letter, 'A'..='Z' | 'А'..='Я' | 'Ё')
}

/// `ОбъектXDTO`: one part of each alphabet, each with a capital and one more letter at its start.
fn has_two_parts(name: &str) -> bool {
    let Some(first) = name.chars().next() else { return false };
    let is_of_first = |letter: char| is_cyrillic(letter) == is_cyrillic(first);
    let is_of_second = |letter: char| letter.is_alphabetic() && !is_of_first(letter);
    let Some(border) = name.find(is_of_second) else { return false };
    let (one, two) = name.split_at(border);
    let is_inside_second = |letter: char| !letter.is_alphabetic() || is_of_second(letter);
    name.chars().count() >= SHORTEST_OF_TWO_PARTS
        && is_part(one)
        && is_part(two)
        && two.chars().all(is_inside_second)
}

/// A capital, a letter, then letters, underscores and digits but zero.
fn is_part(part: &str) -> bool {
    let mut letters = part.chars();
    letters.next().is_some_and(is_capital)
        && letters.next().is_some_and(char::is_alphabetic)
        && letters.all(|letter| letter.is_alphabetic() || matches!(letter, '_' | '1'..='9'))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn the_fix_writes_the_name_in_one_alphabet() {
        rule("LatinAndCyrillicSymbolInWord").check_fix(
            "#Область Слyжебные\nПроцедура Пpоверить(Cумма, КодQ)\n\tПерем Rаtе;\n\tИтог = cумма + Rаtе;\n\tОтвeт = 1;\nКонецПроцедуры\n#КонецОбласти\n",
            expect![[r#"
                #Область Служебные
                Процедура Пpоверить(Сумма, КодQ)
                	Перем Rаtе;
                	Итог = Сумма + Rаtе;
                	Отвeт = 1;
                КонецПроцедуры
                #КонецОбласти
            "#]],
        );
    }

    const TEXT: &str = "&НаКлиентеA\nПроцедура СуммаX(ПарамеTр, cчёт)\n\tПерем ЛокальнаяZ;\n\tСчётчикI = 1;\n\tОбъектXDTO.Поле = 1;\n\
                        \tМассивJ[0].ПолеQ = 1;\n\tПерейти ~МеткаL;\n\t~МеткаL: ;\n\tДля НомерN = 1 По 2 Цикл КонецЦикла;\nКонецПроцедуры\n\
                        #Область ОбластьR\n#КонецОбласти\nWSПрокси = 1; ФорматX0 = 1; XMLСтрокаXML = 1;\n&Мета(ИмяN = 1)\nПерем DateСтрока2;\n";

    #[test]
    fn names_in_two_alphabets() {
        rule("LatinAndCyrillicSymbolInWord").check(
            TEXT,
            expect![[r#"
            1:2 `НаКлиентеA` The name `НаКлиентеA` mixes Latin and Cyrillic letters
            2:11 `СуммаX` The name `СуммаX` mixes Latin and Cyrillic letters
            2:18 `ПарамеTр` The name `ПарамеTр` mixes Latin and Cyrillic letters
            2:28 `cчёт` The name `cчёт` mixes Latin and Cyrillic letters
            3:8 `ЛокальнаяZ` The name `ЛокальнаяZ` mixes Latin and Cyrillic letters
            4:2 `СчётчикI` The name `СчётчикI` mixes Latin and Cyrillic letters
            6:2 `МассивJ` The name `МассивJ` mixes Latin and Cyrillic letters
            7:11 `МеткаL` The name `МеткаL` mixes Latin and Cyrillic letters
            11:10 `ОбластьR` The name `ОбластьR` mixes Latin and Cyrillic letters
            13:15 `ФорматX0` The name `ФорматX0` mixes Latin and Cyrillic letters
            13:29 `XMLСтрокаXML` The name `XMLСтрокаXML` mixes Latin and Cyrillic letters
            14:7 `ИмяN` The name `ИмяN` mixes Latin and Cyrillic letters
        "#]],
        );
    }

    #[test]
    fn parameters() {
        rule("LatinAndCyrillicSymbolInWord")
            .bool("allowTrailingPartsInAnotherLanguage", false)
            .string("excludeWords", "суммаx, МеткаL")
            .check(
                TEXT,
                expect![[r#"
                1:2 `НаКлиентеA` The name `НаКлиентеA` mixes Latin and Cyrillic letters
                2:18 `ПарамеTр` The name `ПарамеTр` mixes Latin and Cyrillic letters
                2:28 `cчёт` The name `cчёт` mixes Latin and Cyrillic letters
                3:8 `ЛокальнаяZ` The name `ЛокальнаяZ` mixes Latin and Cyrillic letters
                4:2 `СчётчикI` The name `СчётчикI` mixes Latin and Cyrillic letters
                5:2 `ОбъектXDTO` The name `ОбъектXDTO` mixes Latin and Cyrillic letters
                6:2 `МассивJ` The name `МассивJ` mixes Latin and Cyrillic letters
                11:10 `ОбластьR` The name `ОбластьR` mixes Latin and Cyrillic letters
                13:1 `WSПрокси` The name `WSПрокси` mixes Latin and Cyrillic letters
                13:15 `ФорматX0` The name `ФорматX0` mixes Latin and Cyrillic letters
                13:29 `XMLСтрокаXML` The name `XMLСтрокаXML` mixes Latin and Cyrillic letters
                14:7 `ИмяN` The name `ИмяN` mixes Latin and Cyrillic letters
                15:7 `DateСтрока2` The name `DateСтрока2` mixes Latin and Cyrillic letters
            "#]],
            );
    }
}
