//! The host on the command line.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use base::Locale;
use clap::Args;
use infobase::security::{
    AccessEntry, AccessList, AuditLog, Identity, Role, SecretSource, check_listen_address,
};
use infobase::serve::{Guard, GuardOptions, Host, Server, start};
use infobase::transport::Certificates;
use infobase::{ReloadReply, ReloadRequest, Status};
use rdbg::DebugServer;
use resilience::SystemClock;

use crate::cli::Outcome;
use crate::host::{Interpreter, debug};
use crate::live::audit_file;

/// What tells about one run: the host keeps its own limits and clock.
const ONE_RUN: [&str; 12] = [
    "argument",
    "data",
    "time",
    "instructions",
    "memory",
    "depth",
    "virtual_clock",
    "query_cost",
    "statement_cost",
    "measure",
    "allow_read",
    "allow_write",
];

/// Who may replace code, and how they connect.
#[derive(Args, Debug)]
pub(crate) struct HostArguments {
    /// Serve hot reloads of the configuration here, for example on 127.0.0.1:8091; the method of --call is called now and
    /// after every reload.
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ONE_RUN)]
    pub(crate) listen: Option<SocketAddr>,
    /// Let measurements be taken here by the debug protocol, for example on 127.0.0.1:1550.
    #[arg(long, value_name = "ADDRESS", requires = "listen")]
    debug_listen: Option<SocketAddr>,
    /// The name by which a debugger asks for the infobase.
    #[arg(long, value_name = "NAME", default_value = "DefAlias", requires = "debug_listen")]
    infobase: String,
    /// Call the method of --call again and again, with this pause in seconds, so that there is something to measure.
    #[arg(long, value_name = "SECONDS", requires_all = ["listen", "call"], value_parser = clap::value_parser!(u64).range(1..=3600))]
    every: Option<u64>,
    /// Environment variable that holds the token of the developer.
    #[arg(long, value_name = "NAME", default_value = "STRIZH_RELOAD_TOKEN", requires = "listen")]
    token_variable: String,
    /// After so many hours the token is not accepted any more.
    #[arg(long, value_name = "HOURS", default_value_t = 12, requires = "listen")]
    token_hours: u32,
    /// A list of users with digests of their tokens or certificates, instead of the token.
    #[arg(long, value_name = "FILE", requires = "listen")]
    access: Option<PathBuf>,
    /// Authorities of client certificates (PEM); turns encryption on.
    #[arg(long, value_name = "FILE", requires_all = ["certificate", "key", "access"])]
    authorities: Option<PathBuf>,
    /// Certificate of the server (PEM).
    #[arg(long, value_name = "FILE", requires = "authorities")]
    certificate: Option<PathBuf>,
    /// Key of the certificate (PEM).
    #[arg(long, value_name = "FILE", requires = "authorities")]
    key: Option<PathBuf>,
    /// A name or address besides this machine that may be listened on and asked for.
    #[arg(long = "allow-host", value_name = "HOST", requires = "authorities")]
    allowed_hosts: Vec<String>,
    /// Where to write the record of requests.
    #[arg(long, value_name = "FILE", requires = "listen")]
    audit: Option<PathBuf>,
}

/// Serves until the process is ended.
/// `call`: a method whose result is shown now and after every reload.
pub(crate) fn serve(
    configuration: &Path,
    arguments: &HostArguments,
    call: Option<&str>,
    locale: Locale,
) -> anyhow::Result<Outcome> {
    let Listening { address, debug, .. } = &listen(configuration, arguments, call, locale)?;
    let mut output = std::io::stdout();
    writeln!(output, "http{}://{address}", if arguments.authorities.is_some() { "s" } else { "" })?;
    if let Some(debug) = debug {
        writeln!(output, "debug http://{}", debug.address)?;
    }
    output.flush()?;
    loop {
        std::thread::park();
    }
}

fn listen(
    configuration: &Path,
    arguments: &HostArguments,
    call: Option<&str>,
    locale: Locale,
) -> anyhow::Result<Listening> {
    let Some(address) = arguments.listen else { bail!("--listen is missing") };
    // Before the configuration is read: a wrong address is told at once.
    check_listen_address(address, &arguments.allowed_hosts, arguments.authorities.is_some())?;
    let access = access(arguments)?;
    let audit = arguments.audit.clone().or_else(audit_file);
    let audit = audit.context("--audit is missing: there is no folder for the record")?;
    let interpreter = Interpreter::start(configuration, locale)?;
    let mut options = GuardOptions::new(interpreter.root().to_owned(), access, AuditLog::new(audit));
    options.allowed_hosts.clone_from(&arguments.allowed_hosts);
    let certificates = arguments.authorities.as_ref().map(|authorities| Certificates {
        authorities: Some(authorities.clone()),
        certificate: arguments.certificate.clone(),
        key: arguments.key.clone(),
    });
    let listener = TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
    let guard = Guard::new(options, SystemClock::shared());
    let debug = arguments.debug_listen.map(|at| debug::serve(at, &arguments.infobase, interpreter.clone()));
    let debug = debug.transpose()?;
    let host = Watched { interpreter, call: call.map(str::to_owned) };
    host.show();
    if let (Some(seconds), Some(call)) = (arguments.every, call) {
        call_again(host.interpreter.clone(), call.to_owned(), Duration::from_secs(seconds))?;
    }
    let server = start(listener, guard, Box::new(host), certificates.as_ref())?;
    Ok(Listening { address: server.address, _server: server, debug })
}

/// What serves until it is dropped.
struct Listening {
    address: SocketAddr,
    _server: Server,
    debug: Option<DebugServer>,
}

/// Calls a method until the process ends; what it returns is shown after changes only.
fn call_again(interpreter: Interpreter, call: String, pause: Duration) -> anyhow::Result<()> {
    let again = move || {
        loop {
            std::thread::sleep(pause);
            // Errors were shown by the call that anybody waits for.
            let _ = interpreter.call(&call);
        }
    };
    std::thread::Builder::new().name("calls".to_owned()).spawn(again)?;
    Ok(())
}

fn access(arguments: &HostArguments) -> anyhow::Result<AccessList> {
    if let Some(file) = &arguments.access {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        return AccessList::from_json(&text).with_context(|| format!("{}", file.display()));
    }
    let token = SecretSource::Environment(arguments.token_variable.clone()).read()?;
    let expires = SystemClock::shared().unix() + Duration::from_secs(u64::from(arguments.token_hours) * 3600);
    let identity = Identity { user: "developer".to_owned(), role: Role::Developer };
    Ok(AccessList { entries: vec![AccessEntry::with_token(identity, &token, expires)] })
}

/// Shows what a method returns after every change.
struct Watched {
    interpreter: Interpreter,
    call: Option<String>,
}

impl Watched {
    fn show(&self) {
        let Some(call) = &self.call else { return };
        let mut output = std::io::stdout();
        let shown = match self.interpreter.call(call) {
            Ok(called) => {
                let lines = called.output.iter().map(|line| format!("{line}\n"));
                format!("{}{call} = {}\n", lines.collect::<String>(), called.value)
            }
            Err(error) => format!("{call}: {error:#}\n"),
        };
        // Whoever read the output has gone.
        let _ = output.write_all(shown.as_bytes()).and_then(|()| output.flush());
    }
}

impl Host for Watched {
    fn apply(&mut self, request: &ReloadRequest, file: &Path) -> (u16, ReloadReply) {
        let (status, reply) = self.interpreter.apply(request, file);
        if reply.status == Status::Applied && !request.dry_run {
            self.show();
        }
        (status, reply)
    }

    fn applied_digest(&mut self, path: &str) -> Option<String> {
        self.interpreter.applied_digest(path)
    }
}
