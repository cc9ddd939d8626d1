//! Hot reload from end to end on this machine: client, connection, server, interpreter.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base::{CancelToken, Locale};
use infobase::manager::{Event, Manager, Options, Session, State, Submission};
use infobase::module::ModuleReference;
use infobase::security::{AccessEntry, AccessList, AuditLog, Identity, Role, Secret, verify};
use infobase::serve::{Guard, GuardOptions, Server, start};
use infobase::transport::{HttpOptions, HttpTransport};
use parking_lot::Mutex;
use resilience::{RetryPreset, SystemClock, Timeouts};

use crate::host::Interpreter;

const PATH: &str = "CommonModules/Версии/Ext/Module.bsl";
const TOKEN: &str = "invented-token";

fn code(version: u32) -> String {
    format!("Перем Счетчик;\n\nФункция Версия() Экспорт\n\tВозврат {version};\nКонецФункции\n")
}

struct Stand {
    folder: tempfile::TempDir,
    interpreter: Interpreter,
    server: Server,
}

/// A configuration of one common module.
fn configuration(folder: &Path) -> PathBuf {
    let root = folder.join("cf");
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, text).expect("a file");
    };
    let head = r#"<?xml version="1.0" encoding="UTF-8"?>
<MetaDataObject xmlns="http://v8.1c.ru/8.3/MDClasses" version="2.17">"#;
    write(
        "Configuration.xml",
        &format!(
            "{head}<Configuration uuid=\"11111111-1111-4111-8111-111111111111\"><Properties><Name>Проба</Name>\
             <ScriptVariant>Russian</ScriptVariant></Properties><ChildObjects><CommonModule>Версии</CommonModule>\
             </ChildObjects></Configuration></MetaDataObject>"
        ),
    );
    write(
        "CommonModules/Версии.xml",
        &format!(
            "{head}<CommonModule uuid=\"22222222-2222-4222-8222-222222222222\"><Properties><Name>Версии</Name>\
             <Server>true</Server></Properties></CommonModule></MetaDataObject>"
        ),
    );
    write(PATH, &code(0));
    root
}

fn stand() -> Stand {
    let folder = tempfile::tempdir().expect("a folder");
    let interpreter = Interpreter::start(&configuration(folder.path()), Locale::En).expect("an interpreter");
    let clock = SystemClock::shared();
    let identity = Identity { user: "anna".to_owned(), role: Role::Developer };
    let expires = clock.unix() + Duration::from_secs(600);
    let access =
        AccessList { entries: vec![AccessEntry::with_token(identity, &Secret::new(TOKEN), expires)] };
    let audit = AuditLog::new(folder.path().join("server.jsonl"));
    let guard = Guard::new(GuardOptions::new(interpreter.root().to_owned(), access, audit), clock);
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let server = start(listener, guard, Box::new(interpreter.clone()), None).expect("a server");
    Stand { folder, interpreter, server }
}

impl Stand {
    fn session(&self) -> Session {
        let options = HttpOptions {
            server: format!("http://{}", self.server.address),
            token: Some(Secret::new(TOKEN)),
            ..HttpOptions::default()
        };
        let clock = SystemClock::shared();
        let transport = HttpTransport::new(options, Arc::clone(&clock)).expect("a transport");
        let options = Options {
            identity: Identity { user: "anna".to_owned(), role: Role::Developer },
            is_production: false,
            extension: String::new(),
            audit: AuditLog::new(self.folder.path().join("client.jsonl")),
            locale: Locale::En,
            retry: RetryPreset::B,
            // Machines that build are slow at times; nothing here is about speed.
            attempt_limit: Timeouts::HTTP.attempt * 10,
            total_limit: Timeouts::HTTP.total * 10,
            root: self.interpreter.root().to_owned(),
        };
        Session::new(options, vec![Box::new(transport)], clock)
    }

    fn version(&self) -> String {
        self.interpreter.call("Версии.Версия").map_or_else(|error| error.to_string(), |called| called.value)
    }
}

fn submission(text: &str) -> Submission {
    Submission::new(ModuleReference::from_path(PATH), text.to_owned())
}

#[test]
fn fifty_changes_in_a_row_are_all_seen() {
    let stand = stand();
    assert_eq!(stand.version(), "0");
    let mut session = stand.session();
    for version in 1..=50 {
        let event = session.process(submission(&code(version)), &CancelToken::new(), &mut |_| ());
        assert_eq!((event.state, event.message.as_str()), (State::Applied, "applied"));
        assert_eq!(stand.version(), version.to_string());
    }
    for log in ["server.jsonl", "client.jsonl"] {
        let report = verify(&stand.folder.path().join(log)).expect("readable");
        assert_eq!(report.problems, []);
        assert!(report.records >= 100, "{log}: {} records", report.records);
    }
}

#[test]
fn fifty_saves_in_a_burst_end_with_the_last_text() {
    let stand = stand();
    let events: Arc<Mutex<Vec<Event>>> = Arc::default();
    let heard = Arc::clone(&events);
    let listener = Box::new(move |event| heard.lock().push(event));
    let manager = Manager::start(stand.session(), Duration::from_millis(2), listener).expect("a thread");
    for version in 1..=50 {
        manager.submit(submission(&code(version)));
    }
    let finals = || events.lock().iter().filter(|event| event.state.is_final()).count();
    for _ in 0..4000 {
        if finals() == 50 {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let events = events.lock();
    let mut ended: Vec<_> = events.iter().filter(|event| event.state.is_final()).collect();
    ended.sort_by_key(|event| event.number);
    assert_eq!(ended.len(), 50, "every save has an end");
    assert!(ended.iter().all(|event| event.state.is_success()));
    assert_eq!(ended.last().map(|event| event.state), Some(State::Applied));
    assert_eq!(stand.version(), "50");
}

#[test]
fn errors_of_code_are_told_in_the_language_of_the_host() {
    let fails = "Функция Версия() Экспорт\n\tВозврат 1 / 0;\nКонецФункции\n";
    let told = |locale| {
        let folder = tempfile::tempdir().expect("a folder");
        let root = configuration(folder.path());
        std::fs::write(root.join(PATH), fails).expect("a file");
        let interpreter = Interpreter::start(&root, locale).expect("an interpreter");
        interpreter.call("Версии.Версия").expect_err("an error").to_string()
    };
    assert!(told(Locale::Ru).contains("Деление на 0"));
    assert!(told(Locale::En).contains("Division by zero"));
}

#[test]
fn what_the_host_does_not_understand_is_not_run() {
    let stand = stand();
    let mut session = stand.session();
    let mut send = |text: &str| session.process(submission(text), &CancelToken::new(), &mut |_| ());
    assert_eq!(send(&code(1)).state, State::Applied);
    let broken = send(&code(2).replace("Возврат 2", "Возврат НетТакого"));
    assert_eq!(broken.state, State::Rejected);
    assert_eq!((broken.diagnostics.len(), broken.diagnostics[0].line), (1, 4));
    assert_eq!(stand.version(), "1");
    // Another client has been here.
    let mut other = stand.session();
    assert_eq!(other.process(submission(&code(7)), &CancelToken::new(), &mut |_| ()).state, State::Applied);
    assert_eq!(send(&code(3)).state, State::Stale);
    assert_eq!(stand.version(), "7");
    assert_eq!(send(&code(3)).state, State::Applied);
    assert_eq!(stand.version(), "3");
    assert_eq!(
        stand
            .session()
            .process(
                Submission { is_dry_run: true, ..submission(&code(4)) },
                &CancelToken::new(),
                &mut |_| ()
            )
            .state,
        State::Planned
    );
    assert_eq!(stand.version(), "3");
}

#[test]
fn what_is_saved_on_the_disk_waits_until_it_is_accepted() {
    let stand = stand();
    std::fs::write(stand.interpreter.root().join(PATH), code(9)).expect("written");
    assert_eq!(stand.version(), "0");
}

#[test]
fn lines_of_the_host_are_measured_by_the_debug_protocol() {
    let stand = stand();
    let loopback = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let server = crate::host::debug::serve(loopback, "Demo", stand.interpreter.clone()).expect("a server");
    let options = rdbg::DebugOptions {
        address: format!("http://{}", server.address),
        infobase: "Demo".to_owned(),
        pause: Duration::from_millis(1),
        ..rdbg::DebugOptions::default()
    };
    let mut debugger = rdbg::Debugger::attach(options).expect("attached");
    let mut calls = 0;
    let measurement = debugger.measure(|| {
        stand.version();
        calls += 1;
        calls == 3
    });
    debugger.detach().expect("detached");
    let (metadata, _) = metadata::load(&crate::files::Disk, stand.interpreter.root());
    let names = rdbg::ModuleNames::of_metadata(&metadata);
    let profile = measurement.expect("a measurement").to_profile(&names, "Demo");
    let [module] = profile.modules.as_slice() else { panic!("{profile:?}") };
    let lines: Vec<(u32, u64)> = module.lines.iter().map(|line| (line.line, line.measure.count)).collect();
    assert_eq!((module.name.as_str(), lines), ("ОбщийМодуль.Версии.Модуль", vec![(4, 3)]));
}
