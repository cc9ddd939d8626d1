//! Work with files of the machine that the code runs on.

use syntax::{NodeId, NodeKind};

use crate::argument_list::global_callee;
use crate::constructors::constructed_name;
use crate::context::Context;
use crate::name_pattern::NamePattern;
use crate::rule::{ParamDefault, ParamInfo, Rule, RuleInfo, RuleKind, RuleSeverity, Scope, Text, docs};

pub(crate) static RULE: RuleInfo = RuleInfo {
    key: "FileSystemAccess",
    kind: RuleKind::Vulnerability,
    severity: RuleSeverity::Major,
    minutes: 3,
    is_on_by_default: false,
    scope: Scope::Bsl,
    tags: &["suspicious"],
    params: &[
        ParamInfo {
            name: "globalMethods",
            default: ParamDefault::String(METHODS),
            meaning: Text {
                ru: "имена глобальных методов через `|`",
                en: "names of global methods, separated by `|`",
            },
        },
        ParamInfo {
            name: "newExpression",
            default: ParamDefault::String(TYPES),
            meaning: Text {
                ru: "имена типов через `|`", en: "names of types, separated by `|`"
            },
        },
    ],
    messages: &[Text {
        ru: "`{0}` обращается к файловой системе: проверьте, какие файлы доступны коду",
        en: "`{0}` works with the file system: check which files the code can reach",
    }],
    docs: docs!("file_system_access"),
    create: |params| {
        Box::new(FileSystemAccess {
            methods: NamePattern::new(&params.string("globalMethods"), METHODS),
            types: NamePattern::new(&params.string("newExpression"), TYPES),
        })
    },
    ..RuleInfo::DEFAULT
};

const METHODS: &str = "ЗначениеВФайл|ValueToFile|КопироватьФайл|FileCopy|ОбъединитьФайлы|MergeFiles|ПереместитьФайл|\
    MoveFile|РазделитьФайл|SplitFile|СоздатьКаталог|CreateDirectory|УдалитьФайлы|DeleteFiles|\
    КаталогПрограммы|BinDir|КаталогВременныхФайлов|TempFilesDir|КаталогДокументов|DocumentsDir|\
    РабочийКаталогДанныхПользователя|UserDataWorkDir|НачатьПодключениеРасширенияРаботыСФайлами|\
    BeginAttachingFileSystemExtension|НачатьУстановкуРасширенияРаботыСФайлами|\
    BeginInstallFileSystemExtension|УстановитьРасширениеРаботыСФайлами|InstallFileSystemExtension|\
    УстановитьРасширениеРаботыСФайламиАсинх|InstallFileSystemExtensionAsync|\
    ПодключитьРасширениеРаботыСФайламиАсинх|AttachFileSystemExtensionAsync|\
    КаталогВременныхФайловАсинх|TempFilesDirAsync|КаталогДокументовАсинх|DocumentsDirAsync|\
    НачатьПолучениеКаталогаВременныхФайлов|BeginGettingTempFilesDir|\
    НачатьПолучениеКаталогаДокументов|BeginGettingDocumentsDir|\
    НачатьПолучениеРабочегоКаталогаДанныхПользователя|BeginGettingUserDataWorkDir|\
    РабочийКаталогДанныхПользователяАсинх|UserDataWorkDirAsync|КопироватьФайлАсинх|CopyFileAsync|\
    НайтиФайлыАсинх|FindFilesAsync|НачатьКопированиеФайла|BeginCopyingFile|НачатьПеремещениеФайла|\
    BeginMovingFile|НачатьПоискФайлов|BeginFindingFiles|НачатьСозданиеДвоичныхДанныхИзФайла|\
    BeginCreateBinaryDataFromFile|НачатьСозданиеКаталога|BeginCreatingDirectory|\
    НачатьУдалениеФайлов|BeginDeletingFiles|ПереместитьФайлАсинх|MoveFileAsync|\
    СоздатьДвоичныеДанныеИзФайлаАсинх|CreateBinaryDataFromFileAsync|СоздатьКаталогАсинх|\
    CreateDirectoryAsync|УдалитьФайлыАсинх|DeleteFilesAsync";

const TYPES: &str = "File|Файл|xBase|HTMLWriter|ЗаписьHTML|HTMLReader|ЧтениеHTML|FastInfosetReader|ЧтениеFastInfoset|\
    FastInfosetWriter|ЗаписьFastInfoset|XSLTransform|ПреобразованиеXSL|ZipFileWriter|ЗаписьZipФайла|\
    ZipFileReader|ЧтениеZipФайла|TextReader|ЧтениеТекста|TextWriter|ЗаписьТекста|TextExtraction|\
    ИзвлечениеТекста|BinaryData|ДвоичныеДанные|FileStream|ФайловыйПоток|FileStreamsManager|\
    МенеджерФайловыхПотоков|DataWriter|ЗаписьДанных|DataReader|ЧтениеДанных";

struct FileSystemAccess {
    methods: NamePattern,
    types: NamePattern,
}

impl Rule for FileSystemAccess {
    fn node_kinds(&self) -> &'static [NodeKind] {
        &[NodeKind::Call, NodeKind::New]
    }

    fn node(&self, ctx: &mut Context<'_>, node: NodeId) {
        let source = ctx.source;
        if source.tree.kind(node) == NodeKind::New {
            let name = constructed_name(source, node).filter(|name| self.types.is_match(name));
            if let Some(name) = name {
                ctx.report_node(node).arg(name);
            }
        } else if let Some(callee) = global_callee(source.tree, node) {
            let name = source.node_text(callee);
            if self.methods.is_match(name) {
                ctx.report_node(callee).arg(name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::rule;

    const TEXT: &str = "УдалитьФайлы(Имя);\nФайлы.УдалитьФайлы(Имя);\nА = новый файл(Имя);\nА = Новый(\"ЧтениеТекста\", П);\n\
        Х = BinDir() + \"1\";\nА = Новый ЧтениеТекстаХ;\nА = Новый Массив;\nА = Файл;\n";

    #[test]
    fn global_calls_and_constructors() {
        rule("FileSystemAccess").check(TEXT, expect![[r#"
            1:1 `УдалитьФайлы` `УдалитьФайлы` works with the file system: check which files the code can reach
            3:5 `новый файл(Имя)` `файл` works with the file system: check which files the code can reach
            4:5 `Новый("ЧтениеТекста", П)` `ЧтениеТекста` works with the file system: check which files the code can reach
            5:5 `BinDir` `BinDir` works with the file system: check which files the code can reach
        "#]]);
    }

    #[test]
    fn other_names_of_the_settings() {
        rule("FileSystemAccess")
            .string("globalMethods", "Файл")
            .string("newExpression", ".+Х")
            .check(TEXT, expect![[r#"
                6:5 `Новый ЧтениеТекстаХ` `ЧтениеТекстаХ` works with the file system: check which files the code can reach
            "#]]);
    }
}
