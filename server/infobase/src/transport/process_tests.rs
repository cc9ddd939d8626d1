//! Command lines, exit codes and encodings of the ways that start programs, against programs of the test's own.

use std::path::PathBuf;
use std::time::Duration;

use base::CancelToken;
use expect_test::{Expect, expect};

use crate::security::Secret;
use crate::transport::test_program::{TestProgram, read, update};
use crate::transport::{
    Applied, CommandTransport, DesignerConnection, DesignerTransport, Failure, FailureKind, IbcmdDatabase,
    IbcmdTransport, SourceFiles, Transport, Update,
};

const MODULE: &str = "CommonModules/Цены/Module.bsl";
const CODE: &str = "Функция Версия() Экспорт\n\tВозврат 2;\nКонецФункции\n";
const PLENTY: Duration = Duration::from_secs(60);

fn files() -> SourceFiles {
    SourceFiles { root: None, is_export: false, extension: String::new() }
}

fn apply(transport: &mut dyn Transport, update: &Update) -> Result<Applied, Failure> {
    transport.apply(update, PLENTY, &CancelToken::new())
}

fn ibcmd(program: &TestProgram) -> IbcmdTransport {
    IbcmdTransport {
        program: program.program.clone(),
        database: IbcmdDatabase::File(PathBuf::from("/база")),
        database_password: None,
        user: String::new(),
        password: None,
        files: files(),
    }
}

fn designer(program: &TestProgram) -> DesignerTransport {
    DesignerTransport {
        program: program.program.clone(),
        connection: DesignerConnection::File(PathBuf::from("/база")),
        user: "Админ".to_owned(),
        password: Some(Secret::new("invented")),
        files: files(),
    }
}

/// Answers like the Designer: `$HERE/out` goes to `/Out`, `$HERE/code` to `/DumpResult` and to whoever started it.
const DESIGNER: &str = r#"
while [ $# -gt 0 ]; do
  case "$1" in
    /Out) OUT="$2"; shift;;
    /DumpResult) RESULT="$2"; shift;;
    /LoadConfigFromFiles) ROOT="$2"; shift;;
    -listFile) LIST="$2"; shift;;
  esac
  shift
done
cp "$LIST" "$HERE/list"
cp -r "$ROOT" "$HERE/loaded"
[ -f "$HERE/out" ] && cp "$HERE/out" "$OUT"
CODE=$(cat "$HERE/code" 2>/dev/null || echo 0)
printf "$CODE" > "$RESULT"
exit "$CODE""#;

#[test]
fn ibcmd_imports_one_module_and_updates() {
    let program = TestProgram::new("exit 0");
    let mut transport = ibcmd(&program);
    let applied = apply(&mut transport, &update(MODULE, CODE)).expect("applied");
    assert_eq!(applied.backend, "ibcmd");
    transport.files.extension = "Доработки".to_owned();
    transport.user = "Админ".to_owned();
    transport.password = Some(Secret::new("invented"));
    transport.database = IbcmdDatabase::Server {
        dbms: "PostgreSQL".to_owned(),
        server: "stand".to_owned(),
        name: "demo".to_owned(),
        user: "postgres".to_owned(),
    };
    transport.database_password = Some(Secret::new("hidden"));
    let with_consent = Update { may_end_sessions: true, ..update(MODULE, CODE) };
    apply(&mut transport, &with_consent).expect("applied");
    expect![[r#"
        infobase --db-path /база config import files --partial --base-dir TEMP/src CommonModules/Цены/Ext/Module.bsl
        infobase --db-path /база config apply --force --dynamic=auto --session-terminate=disable
        infobase --dbms PostgreSQL --database-server stand --database-name demo --database-user postgres --database-password hidden config import files --extension Доработки --partial --base-dir TEMP/src CommonModules/Цены/Ext/Module.bsl --user Админ --password invented
        infobase --dbms PostgreSQL --database-server stand --database-name demo --database-user postgres --database-password hidden config apply --extension Доработки --force --dynamic=auto --session-terminate=force --user Админ --password invented
    "#]]
    .assert_eq(&program.calls());
    let plan = transport.plan(&with_consent).steps.join("\n");
    assert!(
        plan.contains("--password ***") && !plan.contains("invented") && !plan.contains("hidden"),
        "{plan}"
    );
}

#[test]
fn what_ibcmd_says_is_understood() {
    #[track_caller]
    fn check(script: &str, kind: FailureKind, may_have_changed: bool, expected: Expect) {
        let program = TestProgram::new(script);
        let failure = apply(&mut ibcmd(&program), &update(MODULE, CODE)).expect_err("failed");
        assert_eq!((failure.kind, failure.may_have_changed), (kind, may_have_changed), "{failure}");
        expected.assert_eq(&failure.message);
    }
    check(
        "echo 'Ошибка блокировки информационной базы для конфигурирования' >&2; exit 1",
        FailureKind::Again,
        false,
        expect!["ibcmd ended with code 1: Ошибка блокировки информационной базы для конфигурирования"],
    );
    check(
        "[ \"$5\" = import ] || [ \"$5\" = files ] || { echo '{ОбщийМодуль.Цены.Модуль(2,3)}: Плохо'; exit 2; }",
        FailureKind::Rejected,
        true,
        expect!["ibcmd ended with code 2: {ОбщийМодуль.Цены.Модуль(2,3)}: Плохо"],
    );
    check(
        "case \"$*\" in *import*) exit 0;; esac; echo 'Требуется монопольный доступ'; exit 1",
        FailureKind::SessionsInTheWay,
        true,
        expect!["ibcmd ended with code 1: Требуется монопольный доступ"],
    );
}

#[test]
fn the_designer_loads_a_list_of_one_file() {
    let program = TestProgram::new(DESIGNER);
    let mut transport = designer(&program);
    let applied = apply(&mut transport, &update(MODULE, CODE)).expect("applied");
    assert_eq!(applied.backend, "dynamic");
    assert_eq!(read(&program.path("list")), "\u{feff}CommonModules/Цены/Ext/Module.bsl\r\n".as_bytes());
    let loaded = program.path("loaded/CommonModules/Цены/Ext/Module.bsl");
    assert_eq!(read(&loaded), format!("\u{feff}{}", CODE.replace('\n', "\r\n")).as_bytes());

    transport.connection = DesignerConnection::ConnectionString("File=\"/база\";".to_owned());
    transport.files.extension = "Доработки".to_owned();
    std::fs::remove_dir_all(program.path("loaded")).expect("removed");
    apply(&mut transport, &Update { may_end_sessions: true, ..update(MODULE, CODE) }).expect("applied");
    expect![[r#"
        DESIGNER /F /база /NАдмин /Pinvented /DisableStartupDialogs /DisableStartupMessages /LoadConfigFromFiles TEMP/src -listFile TEMP/files.txt -partial /UpdateDBCfg -Dynamic+ /Out TEMP/messages.txt /DumpResult TEMP/result.txt
        DESIGNER /IBConnectionString File="/база"; /NАдмин /Pinvented /DisableStartupDialogs /DisableStartupMessages /LoadConfigFromFiles TEMP/src -Extension Доработки -listFile TEMP/files.txt -partial /UpdateDBCfg -Dynamic+ -Extension Доработки -SessionTerminate force /Out TEMP/messages.txt /DumpResult TEMP/result.txt
    "#]]
    .assert_eq(&program.calls());
    let plan = transport.plan(&update(MODULE, CODE)).steps.join("\n");
    assert!(plan.contains("/P***") && !plan.contains("invented"), "{plan}");
}

#[test]
fn codes_and_messages_of_the_designer_are_understood() {
    let bytes_of = |text: &str| encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
    let check = |code: &str, out: Vec<u8>, kind: FailureKind, may_have_changed: bool, message: &str| {
        let program = TestProgram::new(DESIGNER);
        program.write("code", code.as_bytes());
        program.write("out", &out);
        let failure = apply(&mut designer(&program), &update(MODULE, CODE)).expect_err("failed");
        assert_eq!((failure.kind, failure.may_have_changed), (kind, may_have_changed), "{failure}");
        assert_eq!(failure.message, message);
        failure.diagnostics
    };
    let text = "{ОбщийМодуль.Цены.Модуль(30,13)}: Переменная не определена (Документы)";
    let expected = format!("the Designer ended with code 1: {text}");
    for out in [text.as_bytes().to_vec(), format!("\u{feff}{text}").into_bytes(), bytes_of(text)] {
        let diagnostics = check("1", out, FailureKind::Rejected, true, &expected);
        assert_eq!((diagnostics[0].line, diagnostics[0].column), (30, 13));
    }
    let data = bytes_of("Ошибки в данных");
    check(
        "101",
        data,
        FailureKind::Rejected,
        true,
        "the Designer found errors in data (code 101): Ошибки в данных",
    );
    let lock = "Ошибка блокировки информационной базы для конфигурирования";
    check("1", bytes_of(lock), FailureKind::Again, false, &format!("the Designer ended with code 1: {lock}"));
    let sessions = "Для обновления нужен монопольный режим";
    let message = format!("the Designer ended with code 1: {sessions}");
    check("1", bytes_of(sessions), FailureKind::SessionsInTheWay, true, &message);
}

#[test]
fn any_program_gets_what_it_asks_for() {
    let program =
        TestProgram::new("cat \"$1\" > \"$HERE/seen\"; exit $(cat \"$HERE/code\" 2>/dev/null || echo 0)");
    let words = ["{file}", "{metadata}", "{module}:{path}", "--end={endSessions}", "$(touch x); `id`"];
    let mut transport = CommandTransport {
        program: program.program.clone(),
        arguments: words.map(str::to_owned).to_vec(),
        files: files(),
    };
    apply(&mut transport, &update(MODULE, CODE)).expect("applied");
    expect![[r#"
        TEMP/src/CommonModules/Цены/Ext/Module.bsl ОбщийМодуль.Цены.Модуль Module:CommonModules/Цены/Module.bsl --end=no $(touch x); `id`
    "#]]
    .assert_eq(&program.calls());
    assert!(read(&program.path("seen")).starts_with("\u{feff}Функция".as_bytes()));
    for (code, kind) in [("75", FailureKind::Again), ("3", FailureKind::Rejected)] {
        program.write("code", code.as_bytes());
        let failure = apply(&mut transport, &update(MODULE, CODE)).expect_err("failed");
        assert_eq!(failure.kind, kind);
        assert!(failure.message.ends_with(&format!("ended with code {code}: ")), "{failure}");
    }
}

#[test]
fn programs_that_hang_are_stopped() {
    let program = TestProgram::new("exec sleep 600");
    let mut transport = ibcmd(&program);
    let update = update(MODULE, CODE);
    let failure =
        transport.apply(&update, Duration::from_millis(100), &CancelToken::new()).expect_err("late");
    assert_eq!((failure.kind, failure.may_have_changed), (FailureKind::Again, true));
    let cancel = CancelToken::new();
    cancel.cancel();
    let failure = transport.apply(&update, PLENTY, &cancel).expect_err("cancelled");
    assert_eq!(failure.kind, FailureKind::Cancelled);
    transport.program = "/no/such/program".to_owned();
    let failure = apply(&mut transport, &update).expect_err("missing");
    assert_eq!((failure.kind, failure.may_have_changed), (FailureKind::Rejected, false));
}

#[test]
fn sources_that_somebody_edits_are_never_written_to() {
    let program = TestProgram::new(DESIGNER);
    let mut transport = designer(&program);
    let root = program.path("src");
    let file = root.join("CommonModules/Цены/Ext/Module.bsl");
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
    std::fs::write(&file, CODE).expect("written");
    transport.files.root = Some(root);
    apply(&mut transport, &update(MODULE, CODE)).expect("applied");
    std::fs::remove_dir_all(program.path("loaded")).expect("removed");
    apply(&mut transport, &update(MODULE, "// прежний\n")).expect("applied");
    assert_eq!(read(&file), CODE.as_bytes());
    std::fs::remove_dir_all(program.path("loaded")).expect("removed");
    transport.files.is_export = true;
    apply(&mut transport, &update(MODULE, "// прежний\n")).expect("applied");
    assert_eq!(read(&file), "\u{feff}// прежний\r\n".as_bytes());
    let roots: Vec<_> =
        program.calls().lines().map(|line| line.split(' ').nth(8).map(str::to_owned)).collect();
    assert_eq!(roots, [Some("HERE/src"), Some("TEMP/src"), Some("HERE/src")].map(|it| it.map(str::to_owned)));
}
