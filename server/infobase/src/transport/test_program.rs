//! Programs that a test writes: they record their arguments and answer like those of the platform.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::message::ReloadRequest;
use crate::module::ModuleReference;
use crate::transport::Update;

/// A folder with a program in it.
pub(crate) struct TestProgram {
    pub folder: tempfile::TempDir,
    pub program: String,
}

impl TestProgram {
    /// `script`: lines of a shell; `$HERE` is the folder, arguments go to `calls` before.
    pub(crate) fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("программа");
        let here = folder.path().display();
        let text = format!(
            "#!/bin/sh\nHERE='{here}'\n{{ for word in \"$@\"; do printf '%s\\n' \"$word\"; done; echo; }} >> \"$HERE/calls\"\n{script}\n"
        );
        // Written and closed by a child: a thread that starts another program at this moment would keep the file open.
        let path = program.display().to_string();
        let mut child = std::process::Command::new("/bin/sh")
            .args(["-c", "cat > \"$0\" && chmod 700 \"$0\"", &path])
            .stdin(std::process::Stdio::piped())
            .spawn()
            .expect("a shell");
        std::io::Write::write_all(&mut child.stdin.take().expect("its input"), text.as_bytes())
            .expect("written");
        assert!(child.wait().expect("ended").success());
        assert!(fs::metadata(&program).expect("the program").permissions().mode() & 0o100 != 0);
        Self { folder, program: path }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).expect("written");
    }

    /// One line for every call; what changes from run to run is replaced.
    pub(crate) fn calls(&self) -> String {
        let text = fs::read_to_string(self.path("calls")).unwrap_or_default();
        let text = text.replace(&self.folder.path().display().to_string(), "HERE");
        let calls = text.split("\n\n").filter(|call| !call.is_empty());
        calls.map(|call| format!("{}\n", without_temporary(&call.replace('\n', " ")))).collect()
    }
}

/// Temporary folders have random names.
fn without_temporary(line: &str) -> String {
    let mut result = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("/strizh-") {
        let (before, behind) = rest.split_at(at);
        let keep = before.rfind(' ').map_or(0, |space| space + 1);
        result.push_str(&before[..keep]);
        result.push_str("TEMP");
        let name_end = behind[1..].find(['/', ' ']).map_or(behind.len(), |end| end + 1);
        rest = &behind[name_end..];
    }
    result + rest
}

pub(crate) fn update(path: &str, code: &str) -> Update {
    let module = ModuleReference::from_path(path);
    let request = ReloadRequest {
        module: module.stem().to_owned(),
        code: code.to_owned(),
        path: path.to_owned(),
        sha256: crate::digest::hex(&crate::digest::sha256(code.as_bytes())),
        ..ReloadRequest::default()
    };
    Update { module, request, may_end_sessions: false }
}

pub(crate) fn read(path: &Path) -> Vec<u8> {
    fs::read(path).expect("the file")
}
