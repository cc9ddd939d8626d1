//! Tests against a real Redis, started for the test and reachable by nobody else.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use expect_test::expect;
use tempfile::TempDir;

use super::*;
use crate::cache::{DEFAULT_TTL, LayeredCache};
use resilience::{BreakerState, Clock, SystemClock, VirtualClock};

struct RedisServer {
    process: Child,
    folder: TempDir,
}

impl RedisServer {
    fn start(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Self { process: Self::spawn(folder.path(), options), folder };
        server.wait();
        server
    }

    fn spawn(folder: &Path, options: &[&str]) -> Child {
        Command::new("redis-server")
            .args(["--port", "0", "--unixsocket"])
            .arg(folder.join("redis.sock"))
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(folder)
            .args(options)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("redis-server is needed for this test; `cargo xtask test` installs it")
    }

    fn wait(&self) {
        for _ in 0..1000 {
            // One that asks for a password is there too.
            if std::os::unix::net::UnixStream::connect(self.folder.path().join("redis.sock")).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("redis-server does not answer");
    }

    fn url(&self) -> String {
        format!("unix://{}", self.folder.path().join("redis.sock").display())
    }

    fn stop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    fn connection(&self) -> redis::Connection {
        redis::Client::open(self.url()).and_then(|client| client.get_connection()).expect("it runs")
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn config(url: &str) -> SharedCacheConfig {
    serde_json::from_value(serde_json::json!({ "url": url })).expect("valid settings")
}

/// A busy machine may take its time here.
fn patient(config: &SharedCacheConfig, clock: SharedClock) -> SharedCache {
    let mut cache = SharedCache::new(config, clock).expect("valid settings");
    cache.get_patience = Duration::from_secs(20);
    cache
}

#[test]
fn two_members_of_a_team_share_entries() {
    let server = RedisServer::start(&[]);
    let clock = SystemClock::shared();
    let writer = patient(&config(&server.url()), SharedClock::clone(&clock));
    let reader = patient(&config(&server.url()), SharedClock::clone(&clock));
    assert_eq!(reader.get("product:1"), None);
    let entry = |value: &str, tags: &[&str]| {
        let now = Duration::from_millis(clock.unix().as_millis() as u64);
        Entry::new(value.as_bytes().into(), now, DEFAULT_TTL, tags)
    };
    writer.set("product:1", &entry("болт", &["products", "product:1"]));
    writer.set("product:2", &entry("гайка", &["products", "product:2"]));
    writer.set("tag:products", &entry("a trap", &[]));
    assert!(writer.flush());
    assert_eq!(reader.get("product:1").map(|entry| entry.value), Some("болт".as_bytes().into()));
    assert_eq!(
        reader.get("product:1").map(|entry| entry.tags.to_vec()),
        Some(vec!["products".to_owned(), "product:1".to_owned()])
    );

    let mut connection = server.connection();
    let mut keys: Vec<String> = redis::cmd("KEYS").arg("*").query(&mut connection).expect("it runs");
    keys.sort();
    expect![[r#"
        [
            "strizh:1:product:1",
            "strizh:1:product:2",
            "strizh:1:tag:product:1",
            "strizh:1:tag:product:2",
            "strizh:1:tag:products",
        ]
    "#]]
    .assert_debug_eq(&keys);
    let ttl: i64 = redis::cmd("TTL").arg("strizh:1:product:1").query(&mut connection).expect("it runs");
    assert!((3500..=3600).contains(&ttl), "{ttl}");

    assert_eq!(reader.invalidate_by_tag("product:1"), 1);
    assert_eq!(writer.get("product:1"), None);
    assert_eq!(reader.invalidate_by_tag("products"), 1, "the other one is gone already");
    assert_eq!(reader.invalidate_by_tag("products"), 0);
    assert_eq!(writer.get("product:2"), None);
}

#[test]
fn what_others_wrote_there_is_a_miss() {
    let server = RedisServer::start(&[]);
    let clock = SystemClock::shared();
    let cache = patient(&config(&server.url()), SharedClock::clone(&clock));
    let mut connection = server.connection();
    let old = Entry::new((*b"old").into(), Duration::from_secs(1), DEFAULT_TTL, &[]).encode("old");
    for (key, value) in [("garbage", b"\xff\x00".to_vec()), ("large", vec![b'x'; 3 << 20]), ("old", old)] {
        let () = redis::cmd("SET")
            .arg(format!("strizh:1:{key}"))
            .arg(value)
            .query(&mut connection)
            .expect("it runs");
        assert_eq!(cache.get(key), None, "{key}");
    }
    let () = redis::cmd("SADD").arg("strizh:1:set").arg("a").query(&mut connection).expect("it runs");
    assert_eq!(cache.get("set"), None, "a value of another type is a failure and no more");
    assert_eq!(cache.stats().failures, 1);
}

#[test]
fn a_dead_server_is_left_alone_and_found_again() {
    let mut server = RedisServer::start(&[]);
    let clock = VirtualClock::new();
    let cache = patient(&config(&server.url()), clock.clone());
    assert_eq!(cache.get("key"), None);
    server.stop();
    for _ in 0..3 {
        assert_eq!(cache.get("key"), None);
    }
    assert!(matches!(cache.breaker().state(), BreakerState::Open(_)));
    let failures = cache.stats().failures;
    assert_eq!(cache.get("key"), None);
    cache.set("key", &Entry::new((*b"1").into(), clock.unix(), DEFAULT_TTL, &["tag"]));
    assert_eq!(cache.invalidate_by_tag("tag"), 0);
    assert_eq!(cache.stats().failures, failures, "nobody asks the server");

    server.process = RedisServer::spawn(server.folder.path(), &[]);
    server.wait();
    for _ in 0..100 {
        clock.advance(Duration::from_secs(30));
        let _ = cache.get("key");
        if cache.breaker().state() == BreakerState::Closed {
            return;
        }
    }
    panic!("the server is never asked again");
}

#[test]
fn the_password_comes_from_the_environment() {
    // Cargo sets this variable for tests, so none has to be set here.
    let password = std::env::var("CARGO_PKG_NAME").expect("tests run under cargo");
    let server = RedisServer::start(&["--requirepass", &password]);
    let mut right = config(&server.url());
    right.password_environment = Some("CARGO_PKG_NAME".to_owned());
    let clock = VirtualClock::new();
    let cache = patient(&right, clock.clone());
    assert_eq!((cache.get("key"), cache.stats().failures), (None, 0));
    for variable in [None, Some("CARGO_PKG_VERSION"), Some("STRIZH_NO_SUCH_VARIABLE")] {
        let mut wrong = config(&server.url());
        wrong.password_environment = variable.map(str::to_owned);
        let cache = patient(&wrong, clock.clone());
        assert_eq!(cache.get("key"), None);
        assert_eq!(cache.stats().failures, 1);
    }
}

#[test]
fn layers_work_together() {
    let server = RedisServer::start(&[]);
    let clock = SystemClock::shared();
    let member = || {
        let shared = patient(&config(&server.url()), SharedClock::clone(&clock));
        let shared = std::sync::Arc::new(shared);
        (LayeredCache::new(1 << 20, vec![shared.clone()], SharedClock::clone(&clock)), shared)
    };
    let (first, first_shared) = member();
    let (second, second_shared) = member();
    let value = first.get_or_compute("sum", DEFAULT_TTL, &["m"], || Ok::<_, ()>(b"42".to_vec()));
    assert_eq!(value.as_deref(), Ok(&b"42"[..]));
    assert!(first_shared.flush());
    assert!(second_shared.get("sum").is_some());
    let value = second.get_or_compute("sum", DEFAULT_TTL, &["m"], || Err::<Vec<u8>, _>("computed twice"));
    assert_eq!(value.as_deref(), Ok(&b"42"[..]));
    assert_eq!(second.invalidate_by_tag("m"), 1);
    assert!(first.get("sum").is_some(), "a member may show what it has until it expires");
    assert!(second.get("sum").is_none());
}

#[test]
fn addresses_are_checked() {
    let check = |url: &str, allowed: &[&str]| {
        let mut config = config(url);
        config.allowed_hosts = allowed.iter().map(|host| (*host).to_owned()).collect();
        SharedCache::new(&config, VirtualClock::new())
            .err()
            .map_or("allowed".to_owned(), |error| error.to_string())
    };
    let results: Vec<String> = [
        check("redis://127.0.0.1:6379/0", &[]),
        check("redis://[::1]:6379", &[]),
        check("redis://localhost", &[]),
        check("unix:///tmp/redis.sock", &[]),
        check("rediss://cache.example", &["cache.example"]),
        check("rediss://cache.example", &["other.example"]),
        check("rediss://cache.example#insecure", &["cache.example"]),
        check("redis://cache.example", &["cache.example"]),
        check("redis://10.0.0.1", &[]),
        check("redis://:invented@127.0.0.1", &[]),
        check("http://127.0.0.1", &[]),
    ]
    .into();
    expect![[r#"
        [
            "allowed",
            "allowed",
            "allowed",
            "allowed",
            "allowed",
            "the host cache.example of the shared cache is not among the allowed hosts",
            "the shared cache on cache.example needs an encrypted connection: rediss://",
            "the shared cache on cache.example needs an encrypted connection: rediss://",
            "the host 10.0.0.1 of the shared cache is not among the allowed hosts",
            "the address of the shared cache holds a password; name an environment variable instead",
            "the address of the shared cache is wrong: InvalidClientConfig",
        ]
    "#]]
    .assert_debug_eq(&results);
}
