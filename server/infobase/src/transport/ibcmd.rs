//! `ibcmd`: partial import of one module, then a dynamic update. Written after its documentation.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use base::CancelToken;
use serde::Deserialize;

use crate::change::AppliesTo;
use crate::security::Secret;
use crate::transport::output::{diagnostics_of, is_locked, needs_exclusive_access, summary};
use crate::transport::process::{Finished, run};
use crate::transport::staging::stage;
use crate::transport::{
    Applied, CommandLine, Failure, FailureKind, Plan, SourceFiles, Transport, TransportKind, Update,
};

/// Where the infobase is.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum IbcmdDatabase {
    /// Folder of a file infobase.
    File(PathBuf),
    Server {
        /// `PostgreSQL`, `MSSQLServer`
        dbms: String,
        server: String,
        name: String,
        user: String,
    },
}

pub struct IbcmdTransport {
    pub program: String,
    pub database: IbcmdDatabase,
    pub database_password: Option<Secret>,
    pub user: String,
    pub password: Option<Secret>,
    pub files: SourceFiles,
}

impl IbcmdTransport {
    fn infobase(&self) -> CommandLine {
        let mut line = CommandLine::new(&self.program);
        line.add("infobase");
        // 8.3.20 knows only the short name of the folder, and wants it before the nested commands.
        match &self.database {
            IbcmdDatabase::File(folder) => line.add("--db-path").add_path(folder),
            IbcmdDatabase::Server { dbms, server, name, user } => line
                .add_all(&["--dbms", dbms, "--database-server", server, "--database-name", name])
                .add_all(&["--database-user", user]),
        };
        if let Some(password) = &self.database_password {
            line.add("--database-password").add_secret("", password.reveal());
        }
        line.add("config");
        line
    }

    fn add_extension(&self, line: &mut CommandLine) {
        if !self.files.extension.is_empty() {
            line.add_all(&["--extension", &self.files.extension]);
        }
    }

    fn add_user(&self, line: &mut CommandLine) {
        if !self.user.is_empty() {
            line.add_all(&["--user", &self.user]);
        }
        if let Some(password) = &self.password {
            line.add("--password").add_secret("", password.reveal());
        }
    }

    fn import(&self, root: &std::path::Path, path: &str) -> CommandLine {
        let mut line = self.infobase();
        line.add_all(&["import", "files"]);
        self.add_extension(&mut line);
        line.add_all(&["--partial", "--base-dir"]).add_path(root).add(path);
        self.add_user(&mut line);
        line
    }

    fn update(&self, may_end_sessions: bool) -> CommandLine {
        let mut line = self.infobase();
        line.add("apply");
        self.add_extension(&mut line);
        let sessions = if may_end_sessions { "force" } else { "disable" };
        line.add_all(&["--force", "--dynamic=auto"]).add(format!("--session-terminate={sessions}"));
        self.add_user(&mut line);
        line
    }
}

impl Transport for IbcmdTransport {
    fn kind(&self) -> TransportKind {
        TransportKind::Ibcmd
    }

    fn plan(&self, update: &Update) -> Plan {
        let path = update.module.designer_path();
        let root = self.files.root.clone().unwrap_or_else(|| PathBuf::from("<temporary folder>"));
        let steps = [self.import(&root, &path), self.update(update.may_end_sessions)];
        Plan { steps: steps.iter().map(CommandLine::shown).collect(), files: vec![path] }
    }

    fn apply(&mut self, update: &Update, limit: Duration, cancel: &CancelToken) -> Result<Applied, Failure> {
        let started = Instant::now();
        let staged = stage(&self.files, update)?;
        let imported = run(&self.import(&staged.root, &staged.path), limit, cancel)?;
        check(&imported)?;
        let left = limit.saturating_sub(started.elapsed());
        let applied = run(&self.update(update.may_end_sessions), left, cancel);
        // From here on the configuration has the new text, whatever the sessions run.
        let applied = applied.map_err(Failure::after_a_change)?;
        check(&applied).map_err(Failure::after_a_change)?;
        Ok(Applied {
            backend: TransportKind::Ibcmd.name().to_owned(),
            applies_to: AppliesTo::NewSessions,
            diagnostics: diagnostics_of(&applied.output),
            ..Applied::default()
        })
    }
}

/// Exit codes are 0 or something else; messages tell the rest.
fn check(finished: &Finished) -> Result<(), Failure> {
    if finished.code == Some(0) {
        return Ok(());
    }
    let output = &finished.output;
    let kind = if is_locked(output) {
        FailureKind::Again
    } else if needs_exclusive_access(output) {
        FailureKind::SessionsInTheWay
    } else {
        FailureKind::Rejected
    };
    let code = finished.code.map_or("a signal".to_owned(), |code| format!("code {code}"));
    let mut failure = Failure::new(kind, format!("ibcmd ended with {code}: {}", summary(output)));
    failure.diagnostics = diagnostics_of(output);
    Err(failure)
}
