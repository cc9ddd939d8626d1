//! The interpreter as a debug server sees it: one target whose lines can be measured.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use anyhow::Context;
use metadata::ModuleName;
use rdbg::{DebugServer, LineCost, MeasureResult, MeasuredHost, ModuleNames, ModuleResult, Service, Target};

use crate::files::Disk;
use crate::host::Interpreter;

const TARGET: &str = "7d1f7a3e-3a5f-4d0e-9a44-0d2b8f1c6e01";
const NANOSECONDS: f64 = 1e9;

/// Serves measurements on an address of this machine.
pub(crate) fn serve(
    address: SocketAddr,
    infobase: &str,
    interpreter: Interpreter,
) -> anyhow::Result<DebugServer> {
    let listener = TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
    let names = names(interpreter.root());
    let host = Measured { interpreter, names, infobase: infobase.to_owned() };
    rdbg::serve(listener, Service::new(infobase, Box::new(host))).context("cannot serve measurements")
}

fn names(root: &Path) -> ModuleNames {
    let (metadata, _) = metadata::load(&Disk, root);
    ModuleNames::of_metadata(&metadata)
}

struct Measured {
    interpreter: Interpreter,
    names: ModuleNames,
    infobase: String,
}

impl Measured {
    fn target(&self) -> Target {
        Target {
            id: TARGET.to_owned(),
            session: TARGET.to_owned(),
            session_number: 1,
            infobase: self.infobase.clone(),
            kind: "Server".to_owned(),
            ..Target::default()
        }
    }
}

impl MeasuredHost for Measured {
    fn targets(&mut self) -> Vec<Target> {
        vec![self.target()]
    }

    fn start(&mut self) {
        self.interpreter.start_measurement();
    }

    fn stop(&mut self) -> Vec<MeasureResult> {
        let mut modules: Vec<(String, ModuleResult)> = Vec::new();
        let mut total = 0.0;
        for (name, line, measure) in self.interpreter.stop_measurement() {
            let Some(id) = ModuleName::parse(&name).and_then(|name| self.names.id(&name.name_en())) else {
                continue;
            };
            let own = measure.own_ns as f64;
            let cost = LineCost {
                line,
                count: measure.count,
                total: measure.total_ns.max(measure.own_ns) as f64,
                own,
                server_calls: 0,
            };
            total += own;
            match modules.last_mut().filter(|(last, _)| *last == name) {
                Some((_, module)) => module.lines.push(cost),
                None => modules.push((name, ModuleResult { module: id, lines: vec![cost] })),
            }
        }
        vec![MeasureResult {
            target: self.target(),
            total,
            frequency: NANOSECONDS,
            modules: modules.into_iter().map(|(_, module)| module).collect(),
            ..MeasureResult::default()
        }]
    }
}
