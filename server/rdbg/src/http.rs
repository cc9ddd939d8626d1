//! A service behind a socket of this machine.

use std::io::{self, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::service::{Reply, Service};
use crate::wire::{read_body, read_head, write_message};

const MAX_CONNECTIONS: usize = 16;
const MAX_REQUEST: usize = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server; it ends when this is dropped.
pub struct DebugServer {
    pub address: SocketAddr,
    is_ending: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Serves on a listener, which has to be one of the loopback.
pub fn serve(listener: TcpListener, service: Service) -> io::Result<DebugServer> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        return Err(io::Error::other(format!("{address} is no address of this machine alone")));
    }
    let is_ending = Arc::new(AtomicBool::new(false));
    let ending = Arc::clone(&is_ending);
    let service = Arc::new(Mutex::new(service));
    let thread = std::thread::Builder::new().name("debug server".to_owned()).spawn(move || {
        accept(&listener, &service, &ending);
    })?;
    Ok(DebugServer { address, is_ending, thread: Some(thread) })
}

impl Drop for DebugServer {
    fn drop(&mut self) {
        self.is_ending.store(true, Ordering::Release);
        // Wakes up the thread that waits for connections.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn accept(listener: &TcpListener, service: &Arc<Mutex<Service>>, ending: &Arc<AtomicBool>) {
    let open = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    for stream in listener.incoming() {
        if ending.load(Ordering::Acquire) {
            return;
        }
        let Ok(stream) = stream else { continue };
        if open.load(Ordering::Acquire) >= MAX_CONNECTIONS {
            continue;
        }
        open.fetch_add(1, Ordering::AcqRel);
        let (service, ending, count) = (Arc::clone(service), Arc::clone(ending), Arc::clone(&open));
        let spawned = std::thread::Builder::new().name("debug connection".to_owned()).spawn(move || {
            // A connection that breaks is nobody's problem.
            let _ = converse(stream, &service, &ending, started);
            count.fetch_sub(1, Ordering::AcqRel);
        });
        if spawned.is_err() {
            open.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

fn converse(
    stream: TcpStream,
    service: &Mutex<Service>,
    ending: &AtomicBool,
    started: Instant,
) -> Result<(), String> {
    let broken = |error: io::Error| error.to_string();
    stream.set_read_timeout(Some(PATIENCE)).map_err(broken)?;
    stream.set_write_timeout(Some(PATIENCE)).map_err(broken)?;
    let mut writer = stream.try_clone().map_err(broken)?;
    let mut reader = BufReader::new(stream);
    while !ending.load(Ordering::Acquire) {
        let Some(head) = read_head(&mut reader)? else { return Ok(()) };
        let (reply, is_over) = match read_body(&mut reader, &head, MAX_REQUEST) {
            Ok(body) => {
                let mut words = head.line.split(' ');
                let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
                let now = started.elapsed().as_millis() as u64;
                (service.lock().handle(method, target, &body, now), !head.keeps_alive())
            }
            Err(error) => (Reply { status: 413, body: error }, true),
        };
        let line = format!("HTTP/1.1 {} {}", reply.status, reason(reply.status));
        let kind =
            if reply.body.starts_with("<html") { "text/html" } else { "application/xml; charset=utf-8" };
        let connection = if is_over { "close" } else { "keep-alive" };
        let fields = [("Content-Type", kind), ("Connection", connection)];
        write_message(&mut writer, &line, &fields, reply.body.as_bytes()).map_err(broken)?;
        if is_over {
            return Ok(());
        }
    }
    Ok(())
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        501 => "Not Implemented",
        _ => "Error",
    }
}
