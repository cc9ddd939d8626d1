//! Samples written after public descriptions, and both sides of the protocol against each other.

mod attacks;
mod executed;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use miniz_oxide::deflate::{compress_to_vec, compress_to_vec_zlib};
use parking_lot::Mutex;

use crate::body::{from_base64, read_body};
use crate::*;

const SAMPLE: &str = include_str!("testdata/poll.xml");
const SAMPLE_JSON: &str = include_str!("testdata/poll.json");

fn target(id: u32, kind: &str) -> Target {
    Target {
        id: format!("22222222-2222-4222-8222-{id:012}"),
        session_number: id,
        infobase: "DefAlias".to_owned(),
        user: "Анна <1>".to_owned(),
        kind: kind.to_owned(),
        ..Target::default()
    }
}

fn module() -> ModuleId {
    ModuleId {
        kind: "ConfigModule".to_owned(),
        object: "55555555-5555-4555-8555-555555555555".to_owned(),
        property: "d5963243-262e-4398-b4d7-fb16d06484f6".to_owned(),
        ..ModuleId::default()
    }
}

/// A client and a server side that both measure the same module.
#[derive(Clone, Default)]
struct Recorder {
    calls: Arc<Mutex<Vec<&'static str>>>,
}

impl MeasuredHost for Recorder {
    fn targets(&mut self) -> Vec<Target> {
        vec![target(1, "ManagedClient"), target(2, "ServerEmulation"), target(3, "OData")]
    }

    fn start(&mut self) {
        self.calls.lock().push("start");
    }

    fn stop(&mut self) -> Vec<MeasureResult> {
        self.calls.lock().push("stop");
        let result = |target, count, own: f64| MeasureResult {
            target,
            total: own,
            frequency: 1e6,
            modules: vec![ModuleResult {
                module: module(),
                lines: vec![LineCost { line: 20, count, total: own + 1.0, own, server_calls: 0 }],
            }],
            ..MeasureResult::default()
        };
        vec![
            result(target(1, "ManagedClient"), 1, 5.0),
            result(target(2, "ServerEmulation"), 3, 512.0),
            result(target(3, "OData"), 9, 9.0),
        ]
    }
}

fn served() -> (DebugServer, Recorder, DebugOptions) {
    let host = Recorder::default();
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let server = serve(listener, Service::new("DefAlias", Box::new(host.clone()))).expect("a server");
    let options = DebugOptions {
        address: format!("http://{}", server.address),
        pause: Duration::from_millis(1),
        timeout: Duration::from_secs(5),
        patience: Duration::from_secs(5),
        ..DebugOptions::default()
    };
    (server, host, options)
}

#[test]
fn both_sides_of_a_measurement_are_merged() {
    let (_server, host, options) = served();
    let mut debugger = Debugger::attach(options).expect("attached");
    let mut polls = 0;
    let measurement = debugger.measure(|| {
        polls += 1;
        polls > 2
    });
    let measurement = measurement.expect("a measurement");
    assert_eq!(*host.calls.lock(), ["start", "stop"]);
    let kinds: Vec<&str> = measurement.targets.iter().map(|target| target.kind.as_str()).collect();
    assert_eq!(kinds, ["ManagedClient", "ServerEmulation"]);
    assert_eq!(measurement.targets[0].user, "Анна <1>");
    let [measured] = measurement.modules.as_slice() else { panic!("{measurement:?}") };
    assert_eq!(measured.module, module());
    let line = MeasuredLine { line: 20, count: 4, total_ns: 519_000, own_ns: 517_000, server_calls: 0 };
    assert_eq!(measured.lines, [line]);
    assert_eq!(measurement.total_ns, 517_000);
    debugger.detach().expect("detached");
}

#[test]
fn one_debugger_at_a_time_and_it_leaves_when_dropped() {
    let (_server, host, options) = served();
    let first = Debugger::attach(options.clone()).expect("attached");
    assert_eq!(Debugger::attach(options.clone()).err(), Some(DebugError::InfobaseInDebug));
    drop(first);
    let second = Debugger::attach(options.clone()).expect("attached again");
    drop(second);
    let mut third = Debugger::attach(options).expect("attached again");
    // What fails in the middle of a measurement leaves nothing behind.
    let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = third.measure(|| std::panic::resume_unwind(Box::new("stop")));
    }));
    assert!(failed.is_err());
    drop(third);
    assert_eq!(*host.calls.lock(), ["start", "stop"]);
}

/// A host whose sessions are given.
struct Sessions(Vec<Target>);

impl MeasuredHost for Sessions {
    fn targets(&mut self) -> Vec<Target> {
        self.0.clone()
    }

    fn start(&mut self) {}

    fn stop(&mut self) -> Vec<MeasureResult> {
        Vec::new()
    }
}

#[test]
fn measurements_without_an_end_say_why() {
    let measure = |targets: Vec<Target>, change: fn(&mut DebugOptions)| {
        let (_server, _, mut options) = served();
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let server =
            serve(listener, Service::new("DefAlias", Box::new(Sessions(targets)))).expect("a server");
        options.address = format!("http://{}", server.address);
        change(&mut options);
        let mut debugger = Debugger::attach(options.clone()).expect("attached");
        let result = debugger.measure(|| true).map(drop);
        drop(debugger);
        Debugger::attach(options).expect("the first one has left");
        result
    };
    assert_eq!(measure(Vec::new(), |_| ()), Err(DebugError::NoTargets));
    let silent = vec![target(1, "Server")];
    let impatient = |options: &mut DebugOptions| options.patience = Duration::from_millis(10);
    assert_eq!(measure(silent.clone(), impatient), Err(DebugError::NoResults));
    assert_eq!(measure(silent, |options| options.cancel.cancel()), Err(DebugError::Cancelled));
}

#[test]
fn errors_have_two_languages() {
    use base::Locale::{En, Ru};
    let address = "http://10.0.0.1".to_owned();
    let (command, message) = ("setMeasureMode".to_owned(), "why".to_owned());
    for error in [
        DebugError::Address { address: address.clone(), problem: AddressProblem::Foreign },
        DebugError::Unreachable { address, message: message.clone() },
        DebugError::InfobaseInDebug,
        DebugError::Refused("notRegistered".to_owned()),
        DebugError::Server { command: command.clone(), status: 500, message: message.clone() },
        DebugError::Broken { command, message },
        DebugError::NoTargets,
        DebugError::NoResults,
        DebugError::Cancelled,
    ] {
        let (ru, en) = (error.text(Ru), error.text(En));
        assert!(ru.chars().any(|letter| ('а'..='я').contains(&letter)), "{ru}");
        assert!(en.is_ascii() && en == error.to_string(), "{en}");
    }
}

#[test]
fn addresses_and_aliases_are_checked() {
    let (_server, _, options) = served();
    let attach = |address: &str| {
        let options = DebugOptions { address: address.to_owned(), ..options.clone() };
        Debugger::attach(options).err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert!(attach("https://127.0.0.1:1550").contains("begins with http://"));
    for foreign in ["http://debug.example.org:1550", "http://localhost.example.org", "http://10.0.0.1"] {
        assert!(attach(foreign).contains("only this machine"), "{foreign}");
    }
    for wrong in ["http://user@127.0.0.1", "http://127.0.0.1?x=1", "http://", "", "http://a b", "http:/x"] {
        let error = attach(wrong);
        assert!(
            error.contains("a host and a port are expected") || error.contains("begins with"),
            "{wrong}: {error}"
        );
    }
    let nobody = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    let error = attach(&format!("http://{}", nobody.expect("an address")));
    assert!(error.contains(": no debug server answers: "), "{error}");
    let stranger = DebugOptions { infobase: "Other".to_owned(), ..options };
    assert_eq!(Debugger::attach(stranger).err(), Some(DebugError::Refused("notRegistered".to_owned())));
}

#[test]
fn a_service_says_what_it_does_not_know() {
    let mut service = Service::new("DefAlias", Box::new(Recorder::default()));
    let mut ask = |method: &str, target: &str, body: &str| {
        let reply = service.handle(method, target, body.as_bytes(), 0);
        (reply.status, reply.body)
    };
    assert_eq!(ask("GET", "/", "").0, 200);
    assert_eq!(ask("POST", "/e1crdbg/rdbgTest?cmd=test", ""), (200, String::new()));
    assert_eq!(ask("POST", "/hotReload", "").0, 404);
    assert_eq!(ask("GET", "/e1crdbg/rdbg?cmd=getDbgTargets", "").0, 405);
    assert_eq!(ask("POST", "/e1crdbg/rdbg?cmd=getDbgTargets", "").0, 400);
    assert_eq!(ask("POST", "/e1crdbg/rdbg?cmd=pingDebugUIParams&dbgui=1", "").0, 400);
    let request = |content: &str| {
        format!(
            "<request><infoBaseAlias>DefAlias</infoBaseAlias><idOfDebuggerUI>A1</idOfDebuggerUI>{content}</request>"
        )
    };
    assert!(ask("POST", "/e1crdbg/rdbg?cmd=getRDbgAPIVer", "").1.contains("8.3.17"));
    assert!(ask("POST", "/e1crdbg/rdbg?cmd=attachDebugUI", &request("")).1.contains("registered"));
    assert_eq!(ask("POST", "/e1crdbg/rdbg?cmd=evalExpr", &request("")).0, 501);
    // Every event is told once.
    let poll = "/e1crdbg/rdbg?cmd=pingDebugUIParams&dbgui=a1";
    assert!(ask("POST", poll, "").1.contains("targetStarted"));
    assert_eq!(ask("POST", poll, ""), (204, String::new()));
}

#[test]
fn a_silent_debugger_is_forgotten() {
    let mut service = Service::new("DefAlias", Box::new(Recorder::default()));
    let mut attach = |id: &str, now| {
        let body = format!(
            "<request><infoBaseAlias>defalias</infoBaseAlias><idOfDebuggerUI>{id}</idOfDebuggerUI></request>"
        );
        service.handle("POST", "/e1crdbg/rdbg?cmd=attachDebugUI", body.as_bytes(), now).body
    };
    assert!(attach("a", 0).contains(">registered<"));
    assert!(attach("b", 59_000).contains("ibInDebug"));
    assert!(attach("b", 61_000).contains(">registered<"));
}

#[track_caller]
fn check_events(events: &[Event]) {
    let [Event::Other(stop), Event::Error { message, stack, .. }, Event::Measure(measure)] = events else {
        panic!("{events:?}")
    };
    assert_eq!(stop, "callStackFormed");
    assert_eq!(message, "Деление на 0");
    assert_eq!(stack.as_slice(), [("ОбщийМодуль.Цены.Модуль".to_owned(), 45)]);
    assert_eq!(measure.session, "66666666-6666-4666-8666-666666666666");
    assert_eq!(measure.modules[0].module.object, "55555555-5555-4555-8555-555555555555");
    assert_eq!(measure.modules[0].lines[0].own, 512.0);
}

#[test]
fn polls_are_read_whatever_their_packing() {
    let read = |bytes: &[u8], encoding: &str| {
        let answer = read_body(bytes, encoding).expect("readable").expect("not empty");
        Event::read_all(&answer)
    };
    let plain = SAMPLE.as_bytes();
    check_events(&read(plain, ""));
    let noisy = ["\u{feff}".as_bytes(), plain, b"\0\0garbage"].concat();
    check_events(&read(&noisy, ""));
    check_events(&read(&[plain, b"<more"].concat(), ""));
    check_events(&read(&compress_to_vec(plain, 6), "deflate"));
    check_events(&read(&compress_to_vec_zlib(plain, 6), "deflate"));
    let header = [0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0, b'a', 0];
    check_events(&read(&[&header[..], &compress_to_vec(plain, 6)].concat(), "gzip"));
    let [Event::Measure(measure)] = &read(SAMPLE_JSON.as_bytes(), "")[..] else { panic!("no measurement") };
    assert_eq!(measure.modules[0].lines[0].line, 222);
    assert_eq!(measure.modules[0].module.kind, "ConfigModule");
    assert_eq!(read_body(b" \r\n", ""), Ok(None));
    assert!(read_body(b"plain words", "").is_err());
    assert!(read_body(b"\x00\x01\x02", "deflate").is_err());
}

#[test]
fn damaged_answers_do_no_harm() {
    for length in (0..SAMPLE.len()).step_by(97) {
        let _ =
            read_body(&SAMPLE.as_bytes()[..length], "").map(|answer| answer.map(|it| Event::read_all(&it)));
    }
    for text in
        ["<a>".repeat(10_000), "{\"a\":".repeat(10_000), "<r:result xsi:type=\"c:Measure\"/>".to_owned()]
    {
        let _ = read_body(text.as_bytes(), "");
    }
}

#[test]
fn a_server_that_breaks_off_is_an_error() {
    for answer in ["", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n<response", "nonsense\r\n\r\n"] {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let serving = std::thread::spawn(move || {
            // One for the attachment and one for the detachment that follows.
            for stream in listener.incoming().take(2) {
                let mut stream = stream.expect("a connection");
                let mut buffer = [0; 4096];
                let _ = stream.read(&mut buffer);
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        let options = DebugOptions { address, timeout: Duration::from_secs(5), ..DebugOptions::default() };
        assert!(matches!(Debugger::attach(options), Err(DebugError::Broken { .. })), "{answer}");
        serving.join().expect("the server ends");
    }
}

#[test]
fn texts_in_base64() {
    assert_eq!(from_base64("0KbQtdC90Ys="), "Цены");
    assert_eq!(from_base64(" YQ== "), "a");
    assert_eq!(from_base64(""), "");
    assert_eq!(from_base64("no base64!"), "no base64!");
}

#[test]
fn modules_have_names() {
    let mut names = ModuleNames::default();
    names.add_dump_info(
        "<ConfigDumpInfo><ConfigVersions>\
         <Metadata name=\"CommonModule.Цены\" id=\"55555555-5555-4555-8555-555555555555\"/>\
         <Metadata name=\"CommonModule.Цены.Module\" id=\"55555555-5555-4555-8555-555555555555.0\"/>\
         <Metadata name=\"Catalog.Товары.Form.Список\" id=\"77777777-7777-4777-8777-777777777777\"/>\
         <Metadata name=\"Catalog.Товары.Form.Список.Form\" id=\"77777777-7777-4777-8777-777777777777.0\"/>\
         </ConfigVersions></ConfigDumpInfo>"
            .to_owned(),
    );
    assert_eq!(names.name(&module()).as_deref(), Some("CommonModule.Цены.Module"));
    let property = ModuleNames::property_of("Catalog.Товары.Form.Список.Form").unwrap_or_default().to_owned();
    let object = "77777777-7777-4777-8777-777777777777".to_owned();
    let form =
        ModuleId { object, property, extension: "Расширение".to_owned(), ..ModuleId::default() };
    assert_eq!(names.name(&form).as_deref(), Some("Расширение Catalog.Товары.Form.Список.Form"));
    assert_eq!(names.name(&ModuleId::default()), None);
}
