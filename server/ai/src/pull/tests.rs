//! A mirror on this machine with good and bad manners.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::remote::test_server::{Received, Reply, TestServer, raw};

const FILE: &str = "tiny-q8_0.gguf";

fn contents() -> Vec<u8> {
    (0..300_000_u32).flat_map(|number| number.to_le_bytes()).collect()
}

fn sha256(bytes: &[u8]) -> String {
    hex(Sha256::new_with_prefix(bytes))
}

fn request(server: &TestServer, folder: &TempDir, name: &str) -> PullRequest {
    PullRequest {
        mirror: format!("{}/models", server.url()),
        name: name.to_owned(),
        folder: folder.path().join("models"),
        sha256: None,
        max_bytes: 10 << 20,
        ca_file: None,
        proxy: None,
    }
}

fn run(request: &PullRequest) -> Result<Pulled, PullError> {
    pull_with(request, &mut |_| (), &CancelToken::new(), &mut |_| ())
}

fn index() -> Reply {
    Reply::Json(
        200,
        json!({ "files": [{ "name": "tiny", "file": FILE, "sha256": sha256(&contents()), "bytes": 1_200_000, "title": "Tiny" }] }),
    )
}

/// Where a request wants to begin.
fn start_of(request: &Received) -> Option<usize> {
    request.header("range")?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

/// A well-mannered answer, cut after so many bytes of the body.
fn answer(request: &Received, version: &str, cut: usize) -> Reply {
    let contents = contents();
    let total = contents.len();
    let is_same = request.header("if-range").is_none_or(|wanted| wanted == version);
    let start = start_of(request).filter(|_| is_same);
    let (head, body) = match start {
        Some(start) if start >= total => {
            (format!("HTTP/1.1 416 Range\nContent-Range: bytes */{total}\nContent-Length: 0"), &[][..])
        }
        Some(start) => {
            let range = format!("Content-Range: bytes {start}-{}/{total}", total - 1);
            (format!("HTTP/1.1 206 Partial\n{range}\nContent-Length: {}", total - start), &contents[start..])
        }
        None => (format!("HTTP/1.1 200 OK\nContent-Length: {total}"), &contents[..]),
    };
    let head = format!("{head}\nETag: {version}\nConnection: close");
    raw(&head, &body[..cut.min(body.len())])
}

fn mirror(cut: impl Fn(usize) -> usize + Send + Sync + 'static) -> TestServer {
    let count = AtomicUsize::new(0);
    TestServer::start(move |request| match request.path.as_str() {
        "/models/index.json" => index(),
        path if path.ends_with(FILE) => answer(request, "\"v1\"", cut(count.fetch_add(1, Ordering::Relaxed))),
        _ => Reply::Json(404, json!({})),
    })
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .map(|entries| {
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
        })
        .unwrap_or_default();
    names.sort();
    names
}

#[test]
fn a_named_file_comes_whole_and_once() {
    let (server, folder) = (mirror(|_| usize::MAX), tempfile::tempdir().expect("a folder"));
    let request = request(&server, &folder, "tiny");
    let mut told = Vec::new();
    let pulled = pull(&request, &mut |progress| told.push(progress), &CancelToken::new()).expect("comes");
    assert_eq!((pulled.bytes, pulled.resumed_from, pulled.is_verified), (1_200_000, 0, true));
    assert_eq!(pulled.sha256, sha256(&contents()));
    assert_eq!(fs::read(&pulled.path).expect("is there"), contents());
    assert_eq!(names(&request.folder), [FILE]);
    assert!(told.is_sorted_by_key(|progress| progress.bytes) && told.len() > 2);
    assert_eq!(told.last(), Some(&Progress { bytes: 1_200_000, total: Some(1_200_000) }));

    let requests = server.received().len();
    let again = run(&request).expect("is there");
    assert!(again.was_there);
    assert_eq!(server.received().len(), requests + 1, "only the list is read again");
    let listed = list(&request, &CancelToken::new()).expect("a list");
    assert_eq!((listed[0].name.as_str(), listed[0].title.as_str()), ("tiny", "Tiny"));
}

#[test]
fn a_broken_download_goes_on_where_it_broke() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = mirror(|count| if count < 2 { 500_000 } else { usize::MAX });
    let pulled = run(&request(&server, &folder, "tiny")).expect("comes in three parts");
    assert_eq!((pulled.bytes, pulled.resumed_from), (1_200_000, 1_000_000));
    let starts: Vec<_> = server.received().iter().map(start_of).collect();
    assert_eq!(starts, [None, None, Some(500_000), Some(1_000_000)]);
    assert_eq!(fs::read(&pulled.path).expect("is there"), contents());
    assert_eq!(names(&folder.path().join("models")), [FILE]);
}

#[test]
fn what_is_left_of_one_run_is_used_by_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = mirror(|count| if count < 3 { 300_000 } else { usize::MAX });
    let request = request(&server, &folder, FILE);
    let error = run(&request).expect_err("breaks three times");
    assert!(matches!(error, PullError::Broken { .. }), "{error}");
    assert!(names(&request.folder).contains(&format!("{FILE}.part")));
    let pulled = run(&request).expect("comes");
    assert_eq!((pulled.bytes, pulled.resumed_from), (1_200_000, 900_000));

    // A part that is already whole: only the last answer is missing.
    fs::rename(&pulled.path, request.folder.join(format!("{FILE}.part"))).expect("own file");
    let note = json!({ "url": format!("{}/models/{FILE}", server.url()), "version": "\"v1\"", "sha256": sha256(&contents()) });
    let note_path = request.folder.join(format!("{FILE}.part-note"));
    fs::write(&note_path, note.to_string()).expect("own folder");
    assert_eq!(run(&request).expect("is whole").resumed_from, 1_200_000);
    assert_eq!(names(&request.folder), [FILE]);
}

#[test]
fn another_version_starts_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let count = AtomicUsize::new(0);
    let server = TestServer::start(move |request| {
        if request.path.ends_with("index.json") {
            return Reply::Json(404, json!({}));
        }
        match count.fetch_add(1, Ordering::Relaxed) {
            0 => answer(request, "\"v1\"", 100_000),
            _ => answer(request, "\"v2\"", usize::MAX),
        }
    });
    let pulled = run(&request(&server, &folder, FILE)).expect("comes");
    assert_eq!((pulled.resumed_from, pulled.is_verified), (0, false));
    assert_eq!(fs::read(&pulled.path).expect("is there"), contents());
    let error = run(&request(&server, &folder, FILE)).expect_err("nothing tells whether it is right");
    assert!(matches!(error, PullError::Exists(_)), "{error}");
    let pinned =
        PullRequest { sha256: Some(sha256(&contents()).to_uppercase()), ..request(&server, &folder, FILE) };
    assert!(run(&pinned).expect("is right").was_there);
}

#[test]
fn wrong_files_are_not_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = mirror(|_| usize::MAX);
    let wrong = PullRequest { sha256: Some("ab".repeat(32)), ..request(&server, &folder, "tiny") };
    let error = run(&wrong).expect_err("another hash");
    assert!(matches!(error, PullError::WrongHash { .. }), "{error}");
    assert!(names(&wrong.folder).is_empty());
    let large = PullRequest { max_bytes: 1000, ..request(&server, &folder, "tiny") };
    assert!(matches!(run(&large), Err(PullError::TooLarge { bytes: 1_200_000, .. })));

    // A mirror that does not say how much it sends.
    let server = TestServer::start(|request| {
        if request.path.ends_with("index.json") {
            return Reply::Json(404, json!({}));
        }
        raw("HTTP/1.1 200 OK\nConnection: close", &contents())
    });
    let large = PullRequest { max_bytes: 1000, ..request(&server, &folder, FILE) };
    assert!(matches!(run(&large), Err(PullError::TooLarge { .. })));
    assert!(names(&large.folder).is_empty());
}

#[test]
fn refusals_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = TestServer::start(|request| match request.path.as_str() {
        "/models/index.json" => index(),
        "/models/moved.gguf" => raw(
            "HTTP/1.1 302 Found\nLocation: /models/tiny-q8_0.gguf\nContent-Length: 0\nConnection: close",
            b"",
        ),
        "/models/broken.gguf" => Reply::Json(500, json!({})),
        "/bad/index.json" => Reply::Json(200, json!({ "files": [{ "name": "x", "file": "../x.gguf" }] })),
        "/worse/index.json" => Reply::Json(200, json!([1])),
        _ => Reply::Json(404, json!({})),
    });
    let told = |mirror: &str, name: &str| {
        let mut request = request(&server, &folder, name);
        if !mirror.is_empty() {
            request.mirror = mirror.replace("{server}", &server.url());
        }
        run(&request).expect_err(name).to_string().replace(&server.url(), "{server}")
    };
    let texts = [
        told("", "absent.gguf"),
        told("", "huge"),
        told("", "../../etc/passwd.json"),
        told("", "weights.bin"),
        told("", ".gguf"),
        told("", "moved.gguf"),
        told("", "broken.gguf"),
        told("{server}/bad", "x"),
        told("{server}/worse", "x"),
        told("{server}/none", "x"),
        told("http://mirror.example", "tiny"),
        told("https://me:invented@mirror.example", "tiny"),
        told("ftp://127.0.0.1", "tiny"),
    ];
    expect_test::expect![[r#"
        {server}/models/absent.gguf does not exist
        the mirror knows no huge; it has tiny
        "../../etc/passwd.json" is not the plain name of a .gguf, .safetensors or .json file
        "weights.bin" is not the plain name of a .gguf, .safetensors or .json file
        ".gguf" is not the plain name of a .gguf, .safetensors or .json file
        {server}/models/moved.gguf redirects to another address, which is not followed
        {server}/models/broken.gguf was answered with 500
        "../x.gguf" is not the plain name of a .gguf, .safetensors or .json file
        the list of the mirror is malformed: invalid type: integer `1`, expected a sequence at line 1 column 2
        the mirror knows no x and has no list of names
        the mirror cannot be used: the host mirror.example needs an encrypted address: https://
        the mirror cannot be used: the address holds a password; name an environment variable instead
        the mirror cannot be used: the address is malformed: it has to begin with http:// or https://"#]]
    .assert_eq(&texts.join("\n"));
    assert!(names(&folder.path().join("models")).is_empty());
    let bad_hash = PullRequest { sha256: Some("xyz".to_owned()), ..request(&server, &folder, "tiny") };
    assert!(matches!(run(&bad_hash), Err(PullError::Settings(_))));
    let attempts = server.received().iter().filter(|request| request.path.ends_with("broken.gguf")).count();
    assert_eq!(attempts, 3, "a server in trouble is asked again");
}

#[test]
fn without_a_network_it_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut request = request(&mirror(|_| 0), &folder, "tiny");
    // Nobody listens there.
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port").local_addr().expect("a port");
    request.mirror = format!("http://{free}/");
    let error = run(&request).expect_err("nobody is there");
    assert!(matches!(error, PullError::Offline { .. }), "{error}");
    assert!(error.to_string().contains("copy the file into"), "{error}");
}

#[test]
fn a_download_can_be_cancelled_and_taken_up_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = mirror(|_| usize::MAX);
    let request = request(&server, &folder, "tiny");
    let cancel = CancelToken::new();
    let result = pull(
        &request,
        &mut |progress| {
            if progress.bytes > 0 {
                cancel.cancel()
            }
        },
        &cancel,
    );
    assert_eq!(result, Err(PullError::Cancelled));
    assert!(run(&request).expect("comes").resumed_from > 0);
}

#[test]
fn two_programs_do_not_write_one_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = mirror(|_| usize::MAX);
    let request = request(&server, &folder, "tiny");
    fs::create_dir_all(&request.folder).expect("own folder");
    let other = File::create(request.folder.join(format!("{FILE}.part"))).expect("own folder");
    other.lock().expect("can be locked");
    assert!(matches!(run(&request), Err(PullError::Busy(_))));
    drop(other);
    assert!(run(&request).is_ok());
}
