//! HTTP/1.1 as far as this protocol uses it: plain connections, whole bodies. Every size and every wait has a bound.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use crate::body::MAX_BODY;

const MAX_HEAD: u64 = 16 << 10;

/// The first line and the fields of a message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    pub(crate) line: String,
    fields: Vec<(String, String)>,
}

impl Head {
    pub(crate) fn field(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.as_str())
    }

    pub(crate) fn keeps_alive(&self) -> bool {
        !self.field("connection").eq_ignore_ascii_case("close")
    }
}

/// `None`: the other side has closed the connection.
pub(crate) fn read_head(stream: &mut BufReader<TcpStream>) -> Result<Option<Head>, String> {
    let mut limited = stream.take(MAX_HEAD);
    let mut head = Head::default();
    loop {
        let mut line = Vec::new();
        let length = limited.read_until(b'\n', &mut line).map_err(|error| error.to_string())?;
        if length == 0 {
            return match (limited.limit(), head.line.is_empty()) {
                (0, _) => Err("the head is too long".to_owned()),
                (_, true) => Ok(None),
                (_, false) => Err("the connection was closed inside the head".to_owned()),
            };
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        match line.split_once(':') {
            _ if line.is_empty() && head.line.is_empty() => {}
            _ if line.is_empty() => return Ok(Some(head)),
            _ if head.line.is_empty() => head.line = line,
            Some((name, value)) => head.fields.push((name.trim().to_owned(), value.trim().to_owned())),
            None => return Err(format!("a field without a colon: {line:?}")),
        }
    }
}

/// The body that a head announces, up to a limit.
pub(crate) fn read_body(
    stream: &mut BufReader<TcpStream>,
    head: &Head,
    limit: usize,
) -> Result<Vec<u8>, String> {
    let limit = limit.min(MAX_BODY);
    let is_chunked = head.field("transfer-encoding").to_ascii_lowercase().contains("chunked");
    if is_chunked {
        return read_chunks(stream, limit);
    }
    let length = head.field("content-length");
    let length: usize = if length.is_empty() { 0 } else { length.parse().map_err(|_| "a wrong length")? };
    if length > limit {
        return Err(format!("a body of {length} bytes, at most {limit} are read"));
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).map_err(|error| format!("the body ended early: {error}"))?;
    Ok(body)
}

fn read_chunks(stream: &mut BufReader<TcpStream>, limit: usize) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    loop {
        let size = line(stream)?;
        let size = size.split(';').next().unwrap_or_default().trim();
        let size =
            usize::from_str_radix(size, 16).map_err(|_| format!("a wrong size of a chunk: {size:?}"))?;
        if body.len().saturating_add(size) > limit {
            return Err(format!("the body is longer than {limit} bytes"));
        }
        if size == 0 {
            // Fields behind the body are of no use here.
            while !line(stream)?.is_empty() {}
            return Ok(body);
        }
        let start = body.len();
        body.resize(start + size, 0);
        let chunk = body.get_mut(start..).unwrap_or_default();
        stream.read_exact(chunk).map_err(|error| format!("the body ended early: {error}"))?;
        line(stream)?;
    }
}

fn line(stream: &mut BufReader<TcpStream>) -> Result<String, String> {
    let mut line = Vec::new();
    let length = stream.take(MAX_HEAD).read_until(b'\n', &mut line).map_err(|error| error.to_string())?;
    if length == 0 {
        return Err("the body ended early".to_owned());
    }
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}

pub(crate) fn write_message(
    stream: &mut TcpStream,
    line: &str,
    fields: &[(&str, &str)],
    body: &[u8],
) -> std::io::Result<()> {
    let mut message = format!("{line}\r\n");
    for (name, value) in fields {
        message += &format!("{name}: {value}\r\n");
    }
    message += &format!("Content-Length: {}\r\n\r\n", body.len());
    let mut bytes = message.into_bytes();
    bytes.extend_from_slice(body);
    stream.write_all(&bytes)?;
    stream.flush()
}
