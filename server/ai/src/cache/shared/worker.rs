//! The thread that speaks to Redis.

use std::sync::mpsc::{Receiver, SyncSender};
use std::time::{Duration, Instant};

use base::is_loopback;
use redis::{
    Client, Connection, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisResult, Script,
    TlsCertificates,
};

use crate::cache::entry::VERSION;
use crate::cache::{Entry, SharedCacheConfig, SharedCacheError};
use resilience::Permit;

const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);
const IO_TIMEOUT: Duration = Duration::from_millis(500);
/// Longer values are not read: nobody knows who has written them.
const MAX_VALUE_BYTES: usize = 1 << 20;
/// Sets of keys outlive every entry.
const TAG_TTL_SECONDS: i64 = 7 * 86_400;
const MAX_TTL: Duration = Duration::from_secs(6 * 86_400);

const INVALIDATE: &str = "
local keys = redis.call('SMEMBERS', KEYS[1])
local count = 0
for _, key in ipairs(keys) do count = count + redis.call('DEL', key) end
redis.call('DEL', KEYS[1])
return count";

type Reply<T> = SyncSender<Result<T, String>>;

pub(super) enum Job {
    Get { key: String, until: Instant, reply: Reply<Option<Entry>> },
    Set { key: String, entry: Entry, ttl: Duration, permit: Permit },
    Invalidate { tag: String, reply: Reply<usize> },
    Flush { reply: SyncSender<()> },
}

pub(super) struct Worker {
    info: ConnectionInfo,
    /// Only where the connection is encrypted.
    root_certificate: Option<Vec<u8>>,
    user: Option<String>,
    password_environment: Option<String>,
    prefix: String,
    connection: Option<Connection>,
}

impl Worker {
    pub(super) fn new(config: &SharedCacheConfig) -> Result<Self, SharedCacheError> {
        let info = config.url.as_str().into_connection_info().map_err(|error| {
            // Its message may repeat the address.
            SharedCacheError::Url(format!("{:?}", error.kind()))
        })?;
        check_address(&info, config)?;
        let root_certificate = match &config.ca_file {
            Some(path) => Some(
                std::fs::read(path)
                    .map_err(|error| SharedCacheError::CaFile(path.clone(), error.to_string()))?,
            ),
            None => None,
        };
        Ok(Self {
            info,
            root_certificate,
            user: config.user.clone(),
            password_environment: config.password_environment.clone(),
            prefix: format!("{}:{VERSION}:", config.prefix),
            connection: None,
        })
    }

    /// Works until nobody can send any more.
    pub(super) fn run(mut self, queue: &Receiver<Job>) {
        while let Ok(job) = queue.recv() {
            match job {
                Job::Get { until, .. } if Instant::now() > until => {}
                Job::Get { key, reply, .. } => {
                    let _ = reply.send(self.call(|worker, connection| worker.get(connection, &key)));
                }
                Job::Set { key, entry, ttl, permit } => {
                    match self.call(|worker, connection| worker.set(connection, &key, &entry, ttl)) {
                        Ok(()) => permit.success(),
                        Err(_) => permit.failure(),
                    }
                }
                Job::Invalidate { tag, reply } => {
                    let _ = reply.send(self.call(|worker, connection| worker.invalidate(connection, &tag)));
                }
                Job::Flush { reply } => {
                    let _ = reply.send(());
                }
            }
        }
    }

    /// After an error the state of a connection is unknown, so the next call gets a new one.
    fn call<T>(
        &mut self,
        operation: impl FnOnce(&Self, &mut Connection) -> RedisResult<T>,
    ) -> Result<T, String> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let result = operation(self, &mut connection).map_err(|error| error.to_string());
        if result.is_ok() {
            self.connection = Some(connection);
        }
        result
    }

    fn connect(&self) -> Result<Connection, String> {
        let mut settings = self.info.redis_settings().clone();
        if let Some(user) = &self.user {
            settings = settings.set_username(user);
        }
        if let Some(variable) = &self.password_environment {
            let password = std::env::var(variable)
                .map_err(|_| format!("the environment variable {variable} is not set"))?;
            settings = settings.set_password(password);
        }
        let info = self.info.clone().set_redis_settings(settings.set_skip_set_lib_name());
        let client = match &self.root_certificate {
            Some(root) => Client::build_with_tls(
                info,
                TlsCertificates { client_tls: None, root_cert: Some(root.clone()) },
            ),
            None => Client::open(info),
        };
        let open = |client: Client| -> RedisResult<Connection> {
            let connection = client.get_connection_with_timeout(CONNECT_TIMEOUT)?;
            connection.set_read_timeout(Some(IO_TIMEOUT))?;
            connection.set_write_timeout(Some(IO_TIMEOUT))?;
            Ok(connection)
        };
        client.and_then(open).map_err(|error| format!("cannot connect: {error}"))
    }

    fn get(&self, connection: &mut Connection, key: &str) -> RedisResult<Option<Entry>> {
        let bytes: Vec<u8> = redis::cmd("GETRANGE")
            .arg(format!("{}{key}", self.prefix))
            .arg(0)
            .arg(MAX_VALUE_BYTES)
            .query(connection)?;
        Ok(Entry::decode(&bytes, key))
    }

    fn set(&self, connection: &mut Connection, key: &str, entry: &Entry, ttl: Duration) -> RedisResult<()> {
        let bytes = entry.encode(key);
        let milliseconds = u64::try_from(ttl.min(MAX_TTL).as_millis()).unwrap_or(u64::MAX);
        // A key that looks like a set of keys would mix both up.
        if bytes.len() > MAX_VALUE_BYTES || milliseconds == 0 || key.starts_with("tag:") {
            return Ok(());
        }
        let key = format!("{}{key}", self.prefix);
        let mut pipe = redis::pipe();
        pipe.atomic().cmd("SET").arg(&key).arg(bytes).arg("PX").arg(milliseconds).ignore();
        for tag in entry.tags.iter() {
            let tag = self.tag_key(tag);
            pipe.cmd("SADD").arg(&tag).arg(&key).ignore();
            pipe.cmd("EXPIRE").arg(&tag).arg(TAG_TTL_SECONDS).ignore();
        }
        pipe.query(connection)
    }

    fn invalidate(&self, connection: &mut Connection, tag: &str) -> RedisResult<usize> {
        Script::new(INVALIDATE).key(self.tag_key(tag)).invoke(connection)
    }

    fn tag_key(&self, tag: &str) -> String {
        format!("{}tag:{tag}", self.prefix)
    }
}

/// This machine may be spoken to as it is; others by name and encrypted.
fn check_address(info: &ConnectionInfo, config: &SharedCacheConfig) -> Result<(), SharedCacheError> {
    if info.redis_settings().password().is_some() {
        return Err(SharedCacheError::PasswordInUrl);
    }
    let is_allowed =
        |host: &str| config.allowed_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host));
    match info.addr() {
        ConnectionAddr::Unix(_) => Ok(()),
        ConnectionAddr::Tcp(host, _) if is_loopback(host) => Ok(()),
        ConnectionAddr::TcpTls { host, insecure: false, .. } if is_loopback(host) || is_allowed(host) => {
            Ok(())
        }
        ConnectionAddr::Tcp(host, _) if is_allowed(host) => Err(SharedCacheError::NotEncrypted(host.clone())),
        ConnectionAddr::TcpTls { host, insecure: true, .. } => {
            Err(SharedCacheError::NotEncrypted(host.clone()))
        }
        ConnectionAddr::Tcp(host, _) | ConnectionAddr::TcpTls { host, .. } => {
            Err(SharedCacheError::HostNotAllowed(host.clone()))
        }
        _ => Err(SharedCacheError::Url("unknown kind of address".to_owned())),
    }
}
