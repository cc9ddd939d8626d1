//! `check --fix`: what changes, and what stays.

use std::path::Path;

use crate::command::{project, run};

const TEXT: &str = "Процедура П()\r\n    А = 1;;\r\n    Если Не Б Тогда\r\n        В=1;\r\n    КонецЕсли;\r\nКонецПроцедуры\r\n";

type Encode = dyn Fn(&str) -> Vec<u8>;

fn read(folder: &Path) -> Vec<u8> {
    std::fs::read(folder.join("Модуль.bsl")).expect("the module")
}

/// A folder with one module of these bytes.
fn module(bytes: &[u8]) -> tempfile::TempDir {
    let folder = project("");
    std::fs::write(folder.path().join("Модуль.bsl"), bytes).expect("a file");
    folder
}

const FIX: [&str; 5] = ["check", "--language", "en", "--select", "EmptyStatement,MissingSpace"];

#[test]
fn encodings_and_line_ends_survive() {
    let fixed = TEXT.replace(";;", ";").replace("В=1", "В = 1");
    let wide =
        |text: &str| [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let marked = |text: &str| [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    let cyrillic: fn(&str) -> Vec<u8> = |text| {
        let byte = |letter: char| match letter as u32 {
            code @ 0x410..=0x44F => (code - 0x410 + 0xC0) as u8,
            code => code as u8,
        };
        text.chars().map(byte).collect()
    };
    let encodings: [&Encode; 4] = [&|text| text.into(), &wide, &marked, &cyrillic];
    for encode in encodings {
        let folder = module(&encode(TEXT));
        let (code, output, errors) = run(folder.path(), &[&FIX[..], &["--fix"]].concat());
        assert_eq!((code, output.as_str()), (0, "Checked 1 modules. No findings.\n"), "{errors}");
        assert!(errors.starts_with("strizh: fixed 2 findings in 1 modules\n"), "{errors}");
        assert_eq!(read(folder.path()), encode(&fixed));
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
        let (_, _, errors) = run(folder.path(), &[&FIX[..], &["--fix"]].concat());
        assert!(errors.starts_with("strizh: fixed 0 findings"), "{errors}");
    }
}

#[test]
fn a_dry_run_shows_the_changes_and_makes_none() {
    let text = TEXT.replace("\r\n", "\n");
    let folder = module(text.as_bytes());
    let (code, output, _) = run(folder.path(), &[&FIX[..], &["--fix", "--dry-run"]].concat());
    let expected = "--- a/Модуль.bsl\n+++ b/Модуль.bsl\n@@ -1,6 +1,6 @@\n Процедура П()\n-    А = 1;;\n+    А = 1;\n     \
                    Если Не Б Тогда\n-        В=1;\n+        В = 1;\n     КонецЕсли;\n КонецПроцедуры\n";
    assert_eq!((code, output.as_str()), (1, expected));
    assert_eq!(read(folder.path()), text.as_bytes());
}

#[test]
fn risky_repairs_have_to_be_asked_for() {
    let text = "#Область Пустая\n#КонецОбласти\nА = 1;\n";
    let folder = module(text.as_bytes());
    let (code, _, errors) = run(folder.path(), &["check", "--select", "EmptyRegion", "--fix"]);
    assert_eq!((code, read(folder.path())), (1, text.into()), "{errors}");
    let (code, _, errors) = run(folder.path(), &["check", "--select", "EmptyRegion", "--fix", "--unsafe"]);
    assert_eq!((code, read(folder.path())), (0, "\nА = 1;\n".into()), "{errors}");
    assert_eq!(run(folder.path(), &["check", "--unsafe"]).0, 2);
}
