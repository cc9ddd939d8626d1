//! IP addresses written into the code.

use regex::Regex;
use std::sync::LazyLock;
use syntax::{NodeId, NodeKind};

use crate::context::Context;
use crate::literals::{code, content, pattern};
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UsingHardcodeNetworkAddress",
    kind: RuleKind::Vulnerability,
    severity: RuleSeverity::Critical,
    minutes: 15,
    tags: &["standard"],
    params: &[
        ParamInfo {
            name: "searchPopularVersionExclusion",
            default: ParamDefault::String(VERSION),
            meaning: Text {
                ru: "регулярное выражение, которое отличает номера версий от адресов",
                en: "regular expression that tells version numbers from addresses",
            },
        },
        ParamInfo {
            name: "searchWordsExclusion",
            default: ParamDefault::String(EXCLUDED_WORDS),
            meaning: Text {
                ru: "регулярное выражение слов, которые снимают замечания с оператора вокруг адреса",
                en: "regular expression of words that clear the statement around an address",
            },
        },
    ],
    messages: &[Text {
        ru: "Сетевой адрес `{0}` записан в коде",
        en: "The network address `{0}` is written into the code",
    }],
    docs: docs!("using_hardcode_network_address"),
    create: |params: &Params<'_>| {
        Box::new(UsingHardcodeNetworkAddress {
            excluded_words: pattern(&params.string("searchWordsExclusion"), EXCLUDED_WORDS),
            version: pattern(&params.string("searchPopularVersionExclusion"), VERSION),
        })
    },
    ..RuleInfo::DEFAULT
};

const EXCLUDED_WORDS: &str = "Верси|Version|ЗапуститьПриложение|RunApp|Пространств|Namespace|Драйвер|Driver";

const VERSION: &str = r"^(1|2|3|8\.3|11)\.";

/// Shorter contents are no addresses.
const MIN_LENGTH: usize = 3;

/// Addresses of both protocols, except for those of version 6 that start with `::`.
static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let byte = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    let v4 = format!(r"(?:{byte}\.){{3}}{byte}");
    let group = "[0-9a-f]{1,4}";
    let mut forms =
        vec!["fe80:(?::[0-9a-f]{0,4}){0,4}%[0-9a-z]+".to_owned(), format!("(?:{group}:){{7}}{group}")];
    let shortened = |after| format!("(?:{group}:){{1,{}}}(?::{group}){{1,{after}}}", 7 - after);
    forms.extend((1..=6).rev().map(shortened));
    forms.push(format!("(?:{group}:){{1,7}}:"));
    forms.push(format!("::(?:ffff(?::0{{1,4}})?:)?{v4}"));
    forms.push(format!("(?:{group}:){{1,4}}:{v4}"));
    forms.push(v4);
    Regex::new(&format!("(?i){}", forms.join("|"))).ok()
});

/// The whole of an address that starts with `::`.
static SHORTENED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("(?i)^:(?:(?::[0-9a-f]{1,4}){1,7}|:)").ok());

struct UsingHardcodeNetworkAddress {
    excluded_words: Option<Regex>,
    version: Option<Regex>,
}

impl Rule for UsingHardcodeNetworkAddress {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::String]
    }

    fn node(&self, ctx: &mut Context<'_>, string: NodeId) {
        if !may_hold_address(ctx.source.node_text(string).as_bytes()) {
            return;
        }
        let content = content(ctx.source, string);
        if content.chars().nth(MIN_LENGTH - 1).is_none() || is_url(&content) {
            return;
        }
        let Some(address) = find_address(&content) else { return };
        let is_version = self.version.as_ref().is_some_and(|version| version.is_match(&content));
        if !is_version && !looks_like_number(&content, address) && !self.is_excluded(ctx, string) {
            ctx.report_node(string).arg(address);
        }
    }
}

impl UsingHardcodeNetworkAddress {
    /// The statement around the literal, or the function if it returns it, has one of the words.
    fn is_excluded(&self, ctx: &Context<'_>, string: NodeId) -> bool {
        let Some(words) = &self.excluded_words else { return false };
        let tree = ctx.source.tree;
        let is_around = |kind: NodeKind| kind.is_statement() || kind == NodeKind::Parameter;
        let Some(around) = tree.ancestors(string).find(|node| is_around(tree.kind(*node))) else {
            return false;
        };
        if words.is_match(&code(ctx.source, around)) {
            return true;
        }
        let function = tree.enclosing_method(around).filter(|_| tree.kind(around) == NodeKind::Return);
        function.is_some_and(|function| words.is_match(&code(ctx.source, function)))
    }
}

/// A cheap look at signs before any pattern runs.
fn may_hold_address(text: &[u8]) -> bool {
    let is_digit = |index: usize| text.get(index).is_some_and(u8::is_ascii_digit);
    let mut dots = 0;
    let mut colons = 0;
    let mut has_double_colon = false;
    let mut has_percent = false;
    for (index, byte) in text.iter().enumerate() {
        match byte {
            b'.' if is_digit(index + 1) && is_digit(index.wrapping_sub(1)) => dots += 1,
            b':' => {
                colons += 1;
                has_double_colon |= text.get(index + 1) == Some(&b':');
            }
            b'%' => has_percent = true,
            _ => {}
        }
    }
    dots >= 3 || colons >= 7 || has_double_colon || (colons > 0 && has_percent)
}

fn is_url(content: &str) -> bool {
    let starts =
        |scheme: &str| content.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    ["ftp://", "http://", "https://"].into_iter().any(starts)
}

/// The leftmost address. One that starts with `::` must not follow a letter that is no digit of it.
fn find_address(content: &str) -> Option<&str> {
    let full = ADDRESS.as_ref()?.find(content);
    let shortened = content.match_indices("::").map(|(at, _)| at).find(|at| {
        let previous = content[..*at].chars().next_back().map(|letter| letter.to_lowercase().next());
        !matches!(previous.flatten(), Some('g'..='z' | 'а'..='я' | 'ё'))
    });
    match (full, shortened) {
        (Some(full), Some(at)) if full.start() < at => Some(full.as_str()),
        (_, Some(at)) => SHORTENED.as_ref()?.find(&content[at..]).map(|found| found.as_str()),
        (full, None) => full.map(|full| full.as_str()),
    }
}

/// A dotted match inside something longer, or with letters in it.
fn looks_like_number(content: &str, address: &str) -> bool {
    let has_letter = address.chars().any(char::is_alphabetic);
    address.contains('.') && (has_letter || content.matches('.').count() > 3)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn addresses_of_both_versions() {
        rule("UsingHardcodeNetworkAddress").check(
            "А = \"192.168.0.1\";\nПодключить(\"tcp:10.0.0.5:1541\");\nX = \"2001:db8:0:0:0:0:0:1\";\nX = \"fe80::1%eth0\";\n\
             X = \"2001:db8::8a2e\";\nX = \"::1\";\nX = \"::ffff:10.1.2.3\";\n",
            expect![[r#"
                1:5 `"192.168.0.1"` The network address `192.168.0.1` is written into the code
                2:12 `"tcp:10.0.0.5:1541"` The network address `10.0.0.5` is written into the code
                3:5 `"2001:db8:0:0:0:0:0:1"` The network address `2001:db8:0:0:0:0:0:1` is written into the code
                4:5 `"fe80::1%eth0"` The network address `fe80::1%eth0` is written into the code
                5:5 `"2001:db8::8a2e"` The network address `2001:db8::8a2e` is written into the code
                6:5 `"::1"` The network address `::1` is written into the code
                7:5 `"::ffff:10.1.2.3"` The network address `::ffff:10` is written into the code
            "#]],
        );
    }

    #[test]
    fn versions_and_other_numbers() {
        rule("UsingHardcodeNetworkAddress").check(
            "А = \"8.3.10.25\";\nА = \"10.0.0.1.2\";\nА = \"http://10.0.0.1\";\nНомерВерсии = \"10.2.3.4\";\nА = \"300.1.2\";\n\
             А = \"Общий::Модуль\";\nА = \"12:30:15\";\nА = \"::\";\nА = \"а.б.в.г\";\n",
            expect![[""]],
        );
    }

    #[test]
    fn words_around_the_literal_exclude_it() {
        rule("UsingHardcodeNetworkAddress").check(
            "Функция ВерсияДрайвера()\n\tВозврат \"10.0.0.1\";\nКонецФункции\nФункция Адрес(А = \"10.0.0.2\")\n\tБ = \"10.0.0.3\"; // версия\n\
             \tReturn \"10.0.0.4\";\nКонецФункции\nЕсли Версия > \"10.0.0.5\" Тогда\n\tА = \"10.0.0.6\";\nКонецЕсли;\nПроцедура П(Version = \"10.0.0.7\")\nКонецПроцедуры\n",
            expect![[r#"
                4:19 `"10.0.0.2"` The network address `10.0.0.2` is written into the code
                5:6 `"10.0.0.3"` The network address `10.0.0.3` is written into the code
                6:9 `"10.0.0.4"` The network address `10.0.0.4` is written into the code
                9:6 `"10.0.0.6"` The network address `10.0.0.6` is written into the code
            "#]],
        );
    }

    #[test]
    fn both_exclusions_are_parameters() {
        let test = rule("UsingHardcodeNetworkAddress").string("searchWordsExclusion", "Порт");
        let text = "Порт = \"10.0.0.1\";\nВерсия = \"10.0.0.2\";\nА = \"192.168.1.1\";\n";
        test.string("searchPopularVersionExclusion", "^192").check(
            text,
            expect![[r#"
            2:10 `"10.0.0.2"` The network address `10.0.0.2` is written into the code
        "#]],
        );
    }
}
