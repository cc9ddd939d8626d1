//! Paths of files written into the code.

use regex::Regex;
use std::sync::LazyLock;
use syntax::{NodeId, NodeKind};

use crate::context::Context;
use crate::literals::{content, pattern};
use crate::options::Params;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "UsingHardcodePath",
    kind: RuleKind::Error,
    severity: RuleSeverity::Critical,
    minutes: 15,
    scope: Scope::Bsl,
    tags: &["standard"],
    params: &[ParamInfo {
        name: "searchWordsStdPathsUnix",
        default: ParamDefault::String(UNIX_ROOTS),
        meaning: Text {
            ru: "каталоги, с которых начинаются абсолютные пути Unix, через `|`",
            en: "folders that absolute Unix paths start with, separated by `|`",
        },
    }],
    messages: &[Text {
        ru: "Путь к файлу записан в коде",
        en: "The path of a file is written into the code",
    }],
    docs: docs!("using_hardcode_path"),
    create: |params: &Params<'_>| Box::new(UsingHardcodePath::new(&params.string("searchWordsStdPathsUnix"))),
    ..RuleInfo::DEFAULT
};

const UNIX_ROOTS: &str =
    r"bin|boot|dev|etc|home|lib|lost\+found|misc|mnt|media|opt|proc|root|run|sbin|tmp|usr|var";

/// Shorter contents are no paths.
const MIN_LENGTH: usize = 3;

/// A drive, a home directory or an environment variable, or a server; then folders.
static PATH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let separator = r"(?://|[\\/])";
    let segment = r#"[^\x00-\x1f<>:"/\\|?*]+"#;
    let folder = format!("{separator}{segment}");
    let drive = format!("[A-Za-z]:(?:{folder})*");
    let variable = format!("(?:%.*%|~)(?:{folder})+");
    let server = format!(r"\\[\\/]{segment}(?:{folder})+");
    Regex::new(&format!("^(?:{drive}|{variable}|{server}){separator}?$")).ok()
});

struct UsingHardcodePath {
    unix_path: Option<Regex>,
}

impl UsingHardcodePath {
    fn new(roots: &str) -> Self {
        let unix_path = pattern(&format!("^/(?:{roots})"), &format!("^/(?:{UNIX_ROOTS})"));
        Self { unix_path }
    }
}

impl Rule for UsingHardcodePath {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::String]
    }

    fn node(&self, ctx: &mut Context<'_>, string: NodeId) {
        let pattern = match ctx.source.node_text(string).as_bytes() {
            [b'"', b'/', ..] => &self.unix_path,
            [b'"', b'%' | b'~' | b'\\', ..] => &*PATH,
            [b'"', letter, b':', ..] if letter.is_ascii_alphabetic() => &*PATH,
            _ => return,
        };
        let Some(pattern) = pattern else { return };
        let content = content(ctx.source, string);
        if content.chars().nth(MIN_LENGTH - 1).is_some() && pattern.is_match(&content) {
            ctx.report_node(string);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    #[test]
    fn absolute_paths() {
        rule("UsingHardcodePath").check(
            "А = \"C:\\\";\nА = \"d:\\Данные\\Обмен.xml\";\nА = \"\\\\server\\share\\file\";\nА = \"%TEMP%\\a.txt\";\n\
             А = \"~/work\";\nА = \"/home/user/\";\nА = \"/Variant\";\nА = \"C:/a//b/\";\n",
            expect![[r#"
                1:5 `"C:\"` The path of a file is written into the code
                2:5 `"d:\Данные\Обмен.xml"` The path of a file is written into the code
                3:5 `"\\server\share\file"` The path of a file is written into the code
                4:5 `"%TEMP%\a.txt"` The path of a file is written into the code
                5:5 `"~/work"` The path of a file is written into the code
                6:5 `"/home/user/"` The path of a file is written into the code
                7:5 `"/Variant"` The path of a file is written into the code
                8:5 `"C:/a//b/"` The path of a file is written into the code
            "#]],
        );
    }

    #[test]
    fn other_strings() {
        rule("UsingHardcodePath").check(
            "А = \"C:\";\nА = \".\\dir\\file\";\nА = \"dir/file\";\nА = \"https://site.ru/home\";\nА = \"/hs/orders\";\n\
             А = \"\\\\server\";\nА = \"C:\\а*б\";\nА = \"%1 %2\";\nА = \"~\";\nА = \"C: да\";\nА = \"\\n\";\nА = \"C:\\а\n|б\";\n",
            expect![[""]],
        );
    }

    #[test]
    fn first_parts_are_a_parameter() {
        let text = "А = \"/srv/data\";\nА = \"/home/user\";\n";
        rule("UsingHardcodePath").string("searchWordsStdPathsUnix", "srv|data").check(
            text,
            expect![[r#"
            1:5 `"/srv/data"` The path of a file is written into the code
        "#]],
        );
        rule("UsingHardcodePath").string("searchWordsStdPathsUnix", "(").check(
            text,
            expect![[r#"
            2:5 `"/home/user"` The path of a file is written into the code
        "#]],
        );
    }
}
