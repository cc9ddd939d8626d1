//! Hot reload: from a save to the acknowledgement, over loopback, into the interpreter.

use std::net::TcpListener;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use base::Locale;
use infobase::manager::{Event, Manager, Options, Session, State, Submission};
use infobase::module::ModuleReference;
use infobase::security::{AccessEntry, AccessList, AuditLog, Identity, Role, Secret};
use infobase::serve::{Guard, GuardOptions, Server, start};
use infobase::transport::{HttpOptions, HttpTransport};
use resilience::{RetryPreset, SystemClock, Timeouts};

use crate::host::Interpreter;
use crate::settings::InfobaseSettings;

const CHANGES: usize = 200;
const METHODS: usize = 100;
const PATH: &str = "CommonModules/Прогон/Ext/Module.bsl";
const TOKEN: &str = "bench-token";
const PATIENCE: Duration = Duration::from_secs(20);

/// Rows of the table.
pub(super) fn measure() -> anyhow::Result<Vec<(String, String)>> {
    let folder = tempfile::tempdir().context("no temporary folder")?;
    write_configuration(folder.path())?;
    let interpreter = Interpreter::start(folder.path(), Locale::En)?;
    let server = serve(folder.path(), &interpreter)?;
    let pause = InfobaseSettings::default().debounce;
    let mut rows = Vec::new();
    for (name, pause, first) in
        [("without a pause", Duration::ZERO, 1), ("with the pause of the editor", pause, 1 + CHANGES)]
    {
        let numbers = first..first + CHANGES;
        let times = run(folder.path(), &server, &interpreter, pause, &OWN, numbers)?;
        let milliseconds = |index: usize| times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1e3);
        let result = format!(
            "p50 {:.1} ms, p95 {:.1} ms, max {:.1} ms ({CHANGES} changes, none lost)",
            milliseconds(CHANGES / 2),
            milliseconds(CHANGES * 95 / 100),
            milliseconds(CHANGES - 1)
        );
        rows.push((format!("save to acknowledgement, {name}"), result));
    }
    Ok(rows)
}

/// A method that returns the number of the change.
pub(crate) struct Changed<'a> {
    /// Of the module, below the root.
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    /// The text of the module, by the number.
    pub(crate) code: &'a dyn Fn(usize) -> String,
}

const OWN: Changed<'static> = Changed { path: PATH, method: "Прогон.Версия", code: &code };

/// Changes a method of a running configuration again and again; how long each change took. The folder is written to.
pub(crate) fn demonstrate(
    folder: &Path,
    changed: &Changed<'_>,
    numbers: Range<usize>,
) -> anyhow::Result<Vec<Duration>> {
    let interpreter = Interpreter::start(folder, Locale::En)?;
    let server = serve(folder, &interpreter)?;
    run(folder, &server, &interpreter, Duration::ZERO, changed, numbers)
}

fn run(
    folder: &Path,
    server: &Server,
    interpreter: &Interpreter,
    pause: Duration,
    changed: &Changed<'_>,
    numbers: Range<usize>,
) -> anyhow::Result<Vec<Duration>> {
    let (sender, events) = channel();
    let listener = Box::new(move |event| drop(sender.send(event)));
    let manager = Manager::start(session(folder, server)?, pause, listener)?;
    let mut times = Vec::with_capacity(numbers.len());
    for version in numbers {
        let started = Instant::now();
        let submission = Submission::new(ModuleReference::from_path(changed.path), (changed.code)(version));
        let number = manager.submit(submission);
        let event = last(&events, number)?;
        times.push(started.elapsed());
        let called = interpreter.call(changed.method)?;
        // The interpreter groups digits as the platform does.
        let digits: String = called.value.chars().filter(char::is_ascii_digit).collect();
        if event.state != State::Applied || digits != version.to_string() {
            bail!("change {version} is lost: {}", event.message);
        }
    }
    times.sort();
    Ok(times)
}

fn last(events: &Receiver<Event>, number: u64) -> anyhow::Result<Event> {
    loop {
        let event = events.recv_timeout(PATIENCE).context("no acknowledgement")?;
        if event.number == number && event.state.is_final() {
            return Ok(event);
        }
    }
}

fn session(folder: &Path, server: &Server) -> anyhow::Result<Session> {
    let options = HttpOptions {
        server: format!("http://{}", server.address),
        token: Some(Secret::new(TOKEN)),
        ..HttpOptions::default()
    };
    let clock = SystemClock::shared();
    let transport =
        HttpTransport::new(options, Arc::clone(&clock)).map_err(|error| anyhow::anyhow!(error))?;
    let options = Options {
        identity: identity(),
        is_production: false,
        extension: String::new(),
        audit: AuditLog::new(folder.join("client.jsonl")),
        locale: Locale::En,
        retry: RetryPreset::B,
        attempt_limit: Timeouts::HTTP.attempt,
        total_limit: Timeouts::HTTP.total,
        root: folder.to_owned(),
    };
    Ok(Session::new(options, vec![Box::new(transport)], clock))
}

fn serve(folder: &Path, interpreter: &Interpreter) -> anyhow::Result<Server> {
    let clock = SystemClock::shared();
    let expires = clock.unix() + Duration::from_secs(3600);
    let entries = vec![AccessEntry::with_token(identity(), &Secret::new(TOKEN), expires)];
    let audit = AuditLog::new(folder.join("server.jsonl"));
    let options = GuardOptions::new(interpreter.root().to_owned(), AccessList { entries }, audit);
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    let host = Box::new(interpreter.clone());
    Ok(start(listener, Guard::new(options, clock), host, None)?)
}

fn identity() -> Identity {
    Identity { user: "bench".to_owned(), role: Role::Developer }
}

/// A module of a thousand lines in which one method changes.
fn code(version: usize) -> String {
    let mut text = format!("Функция Версия() Экспорт\n\tВозврат {version};\nКонецФункции\n");
    for number in 0..METHODS {
        text.push_str(&format!(
            "\n// Сумма {number}.\nФункция Сумма{number}(Знач Цена, Количество = 1) Экспорт\n\tИтог = Цена * Количество;\n\
             \tЕсли Итог > 100 Тогда\n\t\tИтог = Итог - 10;\n\tКонецЕсли;\n\n\tВозврат Итог;\nКонецФункции\n"
        ));
    }
    text
}

fn write_configuration(root: &Path) -> anyhow::Result<()> {
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                <MetaDataObject xmlns=\"http://v8.1c.ru/8.3/MDClasses\" version=\"2.17\">";
    let files = [
        (
            "Configuration.xml",
            format!(
                "{head}<Configuration uuid=\"11111111-1111-4111-8111-111111111111\"><Properties><Name>Прогон</Name>\
                 <ScriptVariant>Russian</ScriptVariant></Properties><ChildObjects>\
                 <CommonModule>Прогон</CommonModule></ChildObjects></Configuration></MetaDataObject>"
            ),
        ),
        (
            "CommonModules/Прогон.xml",
            format!(
                "{head}<CommonModule uuid=\"22222222-2222-4222-8222-222222222222\"><Properties><Name>Прогон</Name>\
                 <Server>true</Server></Properties></CommonModule></MetaDataObject>"
            ),
        ),
        (PATH, code(0)),
    ];
    for (path, text) in files {
        let path = root.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
        }
        std::fs::write(&path, text).with_context(|| format!("{}", path.display()))?;
    }
    Ok(())
}
