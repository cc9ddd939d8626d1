//! Code that really runs, on the interpreter, is measured over a connection by the client.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

use testhost::{Clock, Limits, Machine};

use super::{module, target};
use crate::*;

const CODE: &str = "\
Процедура Рассчитать() Экспорт
	Сумма = 0;
	Для Номер = 1 По 10 Цикл
		Сумма = Сумма + Цена(Номер);
	КонецЦикла;
КонецПроцедуры

Функция Цена(Номер)
	Возврат Номер * 2;
КонецФункции
";

enum Work {
    Start,
    Stop(SyncSender<Vec<LineCost>>),
    Run(SyncSender<()>),
}

/// The interpreter lives in a thread of its own.
fn interpreter() -> Sender<Work> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut machine = Machine::new(Limits::default());
        machine.clock = Clock::Virtual { now_ns: 0, statement_ns: 100, query_ns: 1_000 };
        let instance = machine.load("ОбщийМодуль.Цены.Модуль", CODE).expect("the module runs");
        while let Ok(work) = receiver.recv() {
            match work {
                Work::Start => machine.start_measurement(),
                Work::Run(done) => {
                    machine.call(&instance, "Рассчитать", Vec::new()).expect("the method runs");
                    done.send(()).expect("somebody waits");
                }
                Work::Stop(answer) => {
                    let measured = machine.stop_measurement().unwrap_or_default();
                    let cost = |((_, line), cost): (&(_, u32), &testhost::LineMeasure)| LineCost {
                        line: *line,
                        count: cost.count,
                        total: cost.total_ns.max(cost.own_ns) as f64,
                        own: cost.own_ns as f64,
                        server_calls: 0,
                    };
                    answer.send(measured.lines.iter().map(cost).collect()).expect("somebody waits");
                }
            }
        }
    });
    sender
}

struct Host(Sender<Work>);

impl MeasuredHost for Host {
    fn targets(&mut self) -> Vec<Target> {
        vec![target(1, "Server")]
    }

    fn start(&mut self) {
        self.0.send(Work::Start).expect("the interpreter lives");
    }

    fn stop(&mut self) -> Vec<MeasureResult> {
        let (sender, receiver) = sync_channel(1);
        self.0.send(Work::Stop(sender)).expect("the interpreter lives");
        let lines = receiver.recv().expect("the interpreter answers");
        let total = lines.iter().map(|line| line.own).sum();
        let modules = vec![ModuleResult { module: module(), lines }];
        vec![MeasureResult {
            target: target(1, "Server"),
            total,
            frequency: 1e9,
            modules,
            ..MeasureResult::default()
        }]
    }
}

#[test]
fn a_run_of_the_interpreter_becomes_a_profile() {
    let interpreter = interpreter();
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let host = Box::new(Host(interpreter.clone()));
    let server = serve(listener, Service::new("DefAlias", host)).expect("a server");
    let options = DebugOptions {
        address: format!("http://{}", server.address),
        pause: Duration::from_millis(1),
        ..DebugOptions::default()
    };
    let mut debugger = Debugger::attach(options).expect("attached");
    let measurement = debugger.measure(|| {
        let (sender, receiver) = sync_channel(1);
        interpreter.send(Work::Run(sender)).expect("the interpreter lives");
        receiver.recv().expect("the method ends");
        true
    });
    let measurement = measurement.expect("a measurement");
    debugger.detach().expect("detached");
    let mut names = ModuleNames::default();
    names.add_dump_info(
        "<ConfigDumpInfo><Metadata name=\"CommonModule.Цены\" id=\"55555555-5555-4555-8555-555555555555\"/>\
         </ConfigDumpInfo>"
            .to_owned(),
    );
    let profile = measurement.to_profile(&names, "Рассчитать");
    let [module] = profile.modules.as_slice() else { panic!("{profile:?}") };
    assert_eq!(module.name, "ОбщийМодуль.Цены.Модуль");
    let counts: BTreeMap<u32, u64> =
        module.lines.iter().map(|line| (line.line, line.measure.count)).collect();
    assert_eq!(counts.get(&4), Some(&10));
    assert_eq!(counts.get(&9), Some(&10));
    let line = |number: u32| module.lines.iter().find(|line| line.line == number).map(|line| line.measure);
    let (call, called) = (line(4).unwrap_or_default(), line(9).unwrap_or_default());
    assert!(call.total_ns >= call.own_ns + called.own_ns, "{call:?} {called:?}");
}
