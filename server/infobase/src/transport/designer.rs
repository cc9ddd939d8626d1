//! The Designer in batch mode: partial load of one module and a dynamic update in one command line. Written after its
//! documentation.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base::CancelToken;
use serde::Deserialize;

use crate::change::AppliesTo;
use crate::security::Secret;
use crate::transport::output::{decode_output, diagnostics_of, is_locked, needs_exclusive_access, summary};
use crate::transport::process::run;
use crate::transport::staging::stage;
use crate::transport::{
    Applied, CommandLine, Failure, FailureKind, Plan, SourceFiles, Transport, TransportKind, Update,
};

/// Where the infobase is.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum DesignerConnection {
    /// Folder of a file infobase: `/F`.
    File(PathBuf),
    /// `server\base`: `/S`.
    Server(String),
    /// `File="…";`: `/IBConnectionString`.
    ConnectionString(String),
}

pub struct DesignerTransport {
    /// `1cv8` of the version that the infobase wants.
    pub program: String,
    pub connection: DesignerConnection,
    pub user: String,
    pub password: Option<Secret>,
    pub files: SourceFiles,
}

impl DesignerTransport {
    /// `folder` is for the list, the messages and the result.
    fn line(&self, root: &Path, folder: &Path, may_end_sessions: bool) -> CommandLine {
        let mut line = CommandLine::new(&self.program);
        line.add("DESIGNER");
        match &self.connection {
            DesignerConnection::File(folder) => line.add("/F").add_path(folder),
            DesignerConnection::Server(name) => line.add_all(&["/S", name]),
            DesignerConnection::ConnectionString(text) => line.add_all(&["/IBConnectionString", text]),
        };
        if !self.user.is_empty() {
            line.add(format!("/N{}", self.user));
        }
        if let Some(password) = &self.password {
            line.add_secret("/P", password.reveal());
        }
        line.add_all(&["/DisableStartupDialogs", "/DisableStartupMessages"]);
        line.add("/LoadConfigFromFiles").add_path(root);
        self.add_extension(&mut line);
        line.add("-listFile").add_path(&folder.join(LIST)).add("-partial");
        line.add_all(&["/UpdateDBCfg", "-Dynamic+"]);
        self.add_extension(&mut line);
        if may_end_sessions {
            line.add_all(&["-SessionTerminate", "force"]);
        }
        line.add("/Out").add_path(&folder.join(MESSAGES));
        line.add("/DumpResult").add_path(&folder.join(RESULT));
        line
    }

    fn add_extension(&self, line: &mut CommandLine) {
        if !self.files.extension.is_empty() {
            line.add_all(&["-Extension", &self.files.extension]);
        }
    }
}

const LIST: &str = "files.txt";
const MESSAGES: &str = "messages.txt";
const RESULT: &str = "result.txt";

impl Transport for DesignerTransport {
    fn kind(&self) -> TransportKind {
        TransportKind::Designer
    }

    fn plan(&self, update: &Update) -> Plan {
        let temporary = PathBuf::from("<temporary folder>");
        let root = self.files.root.clone().unwrap_or_else(|| temporary.join("src"));
        let line = self.line(&root, &temporary, update.may_end_sessions);
        Plan { steps: vec![line.shown()], files: vec![update.module.designer_path()] }
    }

    fn apply(&mut self, update: &Update, limit: Duration, cancel: &CancelToken) -> Result<Applied, Failure> {
        let staged = stage(&self.files, update)?;
        let folder = staged.folder.path();
        // Relative paths, one a line, with line ends of Windows.
        let list = format!("\u{feff}{}\r\n", staged.path);
        fs::write(folder.join(LIST), list).map_err(|error| {
            Failure::new(FailureKind::Rejected, format!("cannot write the list of files: {error}"))
        })?;
        let line = self.line(&staged.root, folder, update.may_end_sessions);
        let finished = run(&line, limit, cancel)?;
        let messages = fs::read(folder.join(MESSAGES)).unwrap_or_default();
        let messages = decode_output(messages, false) + &finished.output;
        let result = fs::read(folder.join(RESULT)).ok().map(|bytes| decode_output(bytes, false));
        let result = result.and_then(|text| text.trim().parse::<i32>().ok());
        // Both have to agree; a Designer that was killed leaves no result.
        match (finished.code, result) {
            (Some(0), None | Some(0)) => Ok(Applied {
                backend: "dynamic".to_owned(),
                applies_to: AppliesTo::NewSessions,
                diagnostics: diagnostics_of(&messages),
                ..Applied::default()
            }),
            (code, result) => Err(failure(code.filter(|code| *code != 0).or(result), &messages)),
        }
    }
}

/// 1 is any error, 101 errors in data; only the messages tell which.
fn failure(code: Option<i32>, messages: &str) -> Failure {
    let kind = if is_locked(messages) {
        FailureKind::Again
    } else if needs_exclusive_access(messages) {
        FailureKind::SessionsInTheWay
    } else {
        FailureKind::Rejected
    };
    let what = match code {
        Some(101) => "found errors in data (code 101)".to_owned(),
        Some(code) => format!("ended with code {code}"),
        None => "was killed".to_owned(),
    };
    let mut failure = Failure::new(kind, format!("the Designer {what}: {}", summary(messages)));
    failure.diagnostics = diagnostics_of(messages);
    // A Designer that never got hold of the infobase has changed nothing.
    failure.may_have_changed = !is_locked(messages);
    failure
}
