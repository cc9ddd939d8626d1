//! Results that `check` keeps between runs.

use std::path::{Path, PathBuf};

use crate::command::{EMPTY_BLOCK, command, listed, project};

/// Runs `check --format json` with a cache of its own; stdout and stderr.
fn check(folder: &Path, cache: &Path, more: &[&str]) -> (String, String) {
    let mut command = command(folder, &[&["check", "--format", "json"], more].concat());
    command.env("XDG_CACHE_HOME", cache).env("LOCALAPPDATA", cache).env("SOURCE_DATE_EPOCH", "0");
    let output = command.output().expect("strizh runs");
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    (text(output.stdout), text(output.stderr))
}

/// The demo, long enough on the disk that its files count as unchanged.
fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/demo/designer")
}

#[test]
fn kept_results_are_the_same_as_new_ones() {
    let cache = tempfile::tempdir().expect("a folder");
    let fresh = check(&demo(), cache.path(), &["--no-cache"]);
    assert_eq!(fresh.1, "");
    assert_eq!(std::fs::read_dir(cache.path()).expect("a folder").count(), 0);
    for _ in 0..3 {
        assert!(check(&demo(), cache.path(), &[]) == fresh);
    }
    assert!(std::fs::read_dir(cache.path().join("strizh")).expect("a cache").count() > 0);
    let other = check(&demo(), cache.path(), &["--select", "MagicNumber"]);
    assert!(
        other != fresh && other == check(&demo(), cache.path(), &["--select", "MagicNumber", "--no-cache"])
    );
}

#[test]
fn damage_and_changes_are_noticed() {
    let cache = tempfile::tempdir().expect("a folder");
    let folder = project(&format!("//- /a.bsl\n{EMPTY_BLOCK}//- /b.bsl\n{EMPTY_BLOCK}"));
    let select = ["--select", "EmptyCodeBlock"];
    let both = ["a.bsl EmptyCodeBlock 0:0-0:12", "b.bsl EmptyCodeBlock 0:0-0:12"];
    assert_eq!(listed(&check(folder.path(), cache.path(), &select).0), both);
    let mut stack = vec![cache.path().to_owned()];
    while let Some(path) = stack.pop() {
        if path.is_dir() {
            stack.extend(
                std::fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()),
            );
        } else {
            let bytes = std::fs::read(&path).expect("a file");
            std::fs::write(&path, bytes.iter().map(|byte| byte ^ 0x5A).collect::<Vec<u8>>()).expect("a file");
        }
    }
    assert_eq!(listed(&check(folder.path(), cache.path(), &select).0), both);
    std::fs::write(folder.path().join("a.bsl"), format!("А = 1;\n{EMPTY_BLOCK}")).expect("a file");
    std::fs::write(folder.path().join("b.bsl"), "А = 1;\n").expect("a file");
    assert_eq!(listed(&check(folder.path(), cache.path(), &select).0), ["a.bsl EmptyCodeBlock 1:0-1:12"]);
}

#[test]
fn two_runs_at_once_do_not_disturb_each_other() {
    let cache = tempfile::tempdir().expect("a folder");
    let fresh = check(&demo(), cache.path(), &["--no-cache"]);
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..3).map(|_| scope.spawn(|| check(&demo(), cache.path(), &[]))).collect();
        for run in runs {
            assert!(run.join().expect("strizh runs") == fresh);
        }
    });
    assert!(check(&demo(), cache.path(), &[]) == fresh);
}
