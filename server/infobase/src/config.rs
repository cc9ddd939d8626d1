//! What a user says about the infobases of their workspaces. The file is the user's own: a repository can neither hold it
//! nor choose what it says.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base::Locale;
use resilience::{RetryPreset, SharedClock, Timeouts};
use serde::Deserialize;

use crate::manager::{Options, Session};
use crate::security::{AuditLog, Identity, Refusal, Role, Secret, SecretSource};
use crate::transport::{
    Certificates, CommandTransport, DesignerConnection, DesignerTransport, HttpOptions, HttpTransport,
    IbcmdDatabase, IbcmdTransport, SourceFiles, Transport, TransportKind,
};

/// Loads take minutes on large configurations.
const PROGRAM_LIMIT_SECONDS: u64 = 600;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigError {
    Unreadable(PathBuf, String),
    /// A file that others may change says nothing about what the user wants.
    Shared(PathBuf),
    InWorkspace(PathBuf),
    NotConfigured(PathBuf),
    Wrong(String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(path, why) => write!(formatter, "{}: {why}", path.display()),
            Self::Shared(path) => {
                write!(formatter, "{}: other users may change the file, so it is not used", path.display())
            }
            Self::InWorkspace(path) => {
                write!(formatter, "{}: the file lies in the workspace, so it is not used", path.display())
            }
            Self::NotConfigured(path) => {
                write!(formatter, "{} ({})", Refusal::NotConfigured, path.display())
            }
            Self::Wrong(why) => formatter.write_str(why),
        }
    }
}

impl std::error::Error for ConfigError {}

/// The file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ConfigFile {
    /// By the folder of the workspace.
    workspaces: BTreeMap<PathBuf, InfobaseConfig>,
}

/// One workspace.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InfobaseConfig {
    pub user: String,
    pub role: Role,
    pub transport: TransportKind,
    /// Asked if the first one does not know how.
    #[serde(default)]
    pub fallback: Option<TransportKind>,
    /// Every change needs a confirmation.
    #[serde(default)]
    pub production: bool,
    /// A copy of the configuration as the Designer writes it, for loading; texts are written to it.
    #[serde(default)]
    pub export_folder: Option<PathBuf>,
    /// Name of the configuration extension.
    #[serde(default)]
    pub extension: String,
    #[serde(default)]
    pub http: Option<HttpConfig>,
    #[serde(default)]
    pub ibcmd: Option<IbcmdConfig>,
    #[serde(default)]
    pub designer: Option<DesignerConfig>,
    #[serde(default)]
    pub command: Option<CommandConfig>,
    /// For one run of a program.
    #[serde(default = "program_limit")]
    pub limit_seconds: u64,
    #[serde(default)]
    pub audit: Option<PathBuf>,
}

fn program_limit() -> u64 {
    PROGRAM_LIMIT_SECONDS
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HttpConfig {
    pub server: String,
    #[serde(default)]
    pub allowed_hosts: Vec<String>,
    #[serde(default)]
    pub token: Option<SecretSource>,
    #[serde(default)]
    pub certificates: Certificates,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IbcmdConfig {
    pub program: String,
    pub database: IbcmdDatabase,
    #[serde(default)]
    pub database_password: Option<SecretSource>,
    #[serde(default)]
    pub user: String,
    #[serde(default)]
    pub password: Option<SecretSource>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DesignerConfig {
    pub program: String,
    pub connection: DesignerConnection,
    #[serde(default)]
    pub user: String,
    #[serde(default)]
    pub password: Option<SecretSource>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommandConfig {
    pub program: String,
    #[serde(default)]
    pub arguments: Vec<String>,
}

impl InfobaseConfig {
    /// The workspace that a folder belongs to by what the file says, with what it says.
    pub fn load(file: &Path, folder: &Path) -> Result<(PathBuf, Self), ConfigError> {
        let unreadable = |error: std::io::Error| ConfigError::Unreadable(file.to_owned(), error.to_string());
        let here = fs::canonicalize(folder).map_err(unreadable)?;
        if !file.exists() {
            return Err(ConfigError::NotConfigured(here));
        }
        let real = fs::canonicalize(file).map_err(unreadable)?;
        check_owner(&real)?;
        let text = fs::read_to_string(&real).map_err(unreadable)?;
        let parsed: ConfigFile = serde_json::from_str(&text)
            .map_err(|error| ConfigError::Unreadable(file.to_owned(), error.to_string()))?;
        let found = parsed.workspaces.into_iter().filter_map(|(folder, config)| {
            let folder = fs::canonicalize(folder).ok()?;
            here.starts_with(&folder).then_some((folder, config))
        });
        let nearest = found.max_by_key(|(folder, _)| folder.components().count());
        let (workspace, config) = nearest.ok_or(ConfigError::NotConfigured(here))?;
        if real.starts_with(&workspace) {
            return Err(ConfigError::InWorkspace(file.to_owned()));
        }
        Ok((workspace, config))
    }

    /// Everything that is needed to apply changes. `root`: folder of the configuration; `audit`: where the record is kept
    /// unless the file says otherwise.
    pub fn session(
        &self,
        root: &Path,
        audit: PathBuf,
        locale: Locale,
        clock: SharedClock,
    ) -> Result<Session, ConfigError> {
        let mut transports = Vec::new();
        for kind in [Some(self.transport), self.fallback].into_iter().flatten() {
            transports.push(self.transport(kind, root, locale, &clock)?);
        }
        let is_http = self.transport == TransportKind::Http && self.fallback.is_none();
        let limit = Duration::from_secs(self.limit_seconds);
        let options = Options {
            identity: Identity { user: self.user.clone(), role: self.role },
            is_production: self.production,
            extension: self.extension.clone(),
            audit: AuditLog::new(self.audit.clone().unwrap_or(audit)),
            locale,
            retry: RetryPreset::B,
            attempt_limit: if is_http { Timeouts::HTTP.attempt } else { limit },
            total_limit: if is_http { Timeouts::HTTP.total } else { limit.saturating_mul(3) },
            root: root.to_owned(),
        };
        Ok(Session::new(options, transports, clock))
    }

    fn transport(
        &self,
        kind: TransportKind,
        root: &Path,
        locale: Locale,
        clock: &SharedClock,
    ) -> Result<Box<dyn Transport>, ConfigError> {
        let missing =
            || ConfigError::Wrong(format!("the section {:?} of the configuration is missing", kind.name()));
        let files = SourceFiles {
            root: Some(self.export_folder.clone().unwrap_or_else(|| root.to_owned())),
            is_export: self.export_folder.is_some(),
            extension: self.extension.clone(),
        };
        Ok(match kind {
            TransportKind::Http => {
                let http = self.http.as_ref().ok_or_else(missing)?;
                let options = HttpOptions {
                    server: http.server.clone(),
                    allowed_hosts: http.allowed_hosts.clone(),
                    token: read(http.token.as_ref(), locale)?,
                    certificates: http.certificates.clone(),
                };
                Box::new(HttpTransport::new(options, SharedClock::clone(clock)).map_err(ConfigError::Wrong)?)
            }
            TransportKind::Ibcmd => {
                let ibcmd = self.ibcmd.as_ref().ok_or_else(missing)?;
                Box::new(IbcmdTransport {
                    program: ibcmd.program.clone(),
                    database: ibcmd.database.clone(),
                    database_password: read(ibcmd.database_password.as_ref(), locale)?,
                    user: ibcmd.user.clone(),
                    password: read(ibcmd.password.as_ref(), locale)?,
                    files,
                })
            }
            TransportKind::Designer => {
                let designer = self.designer.as_ref().ok_or_else(missing)?;
                Box::new(DesignerTransport {
                    program: designer.program.clone(),
                    connection: designer.connection.clone(),
                    user: designer.user.clone(),
                    password: read(designer.password.as_ref(), locale)?,
                    files,
                })
            }
            TransportKind::Command => {
                let command = self.command.as_ref().ok_or_else(missing)?;
                let (program, arguments) = (command.program.clone(), command.arguments.clone());
                Box::new(CommandTransport { program, arguments, files })
            }
        })
    }
}

fn read(source: Option<&SecretSource>, locale: Locale) -> Result<Option<Secret>, ConfigError> {
    source.map(SecretSource::read).transpose().map_err(|error| ConfigError::Wrong(error.text(locale)))
}

#[cfg(unix)]
fn check_owner(file: &Path) -> Result<(), ConfigError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata =
        fs::metadata(file).map_err(|error| ConfigError::Unreadable(file.to_owned(), error.to_string()))?;
    let others_may_write = metadata.permissions().mode() & 0o022 != 0;
    if others_may_write { Err(ConfigError::Shared(file.to_owned())) } else { Ok(()) }
}

#[cfg(not(unix))]
fn check_owner(_file: &Path) -> Result<(), ConfigError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Place {
        folder: tempfile::TempDir,
        file: PathBuf,
    }

    fn place(text: &str) -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join("work/demo/src")).expect("folders");
        fs::create_dir_all(folder.path().join("work/other")).expect("folders");
        let file = folder.path().join("infobase.json");
        let root = folder.path().join("work");
        fs::write(&file, text.replace("ROOT", &root.to_string_lossy().replace('\\', "/"))).expect("written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("permissions");
        }
        Place { folder, file }
    }

    const TEXT: &str = r#"{"workspaces": {"ROOT/demo": {"user": "anna", "role": "developer", "transport": "http",
        "http": {"server": "http://127.0.0.1:8091", "token": {"environment": "STRIZH_RELOAD_TOKEN"}}}}}"#;

    #[test]
    fn workspaces_are_off_until_they_are_named() {
        let place = place(TEXT);
        let work = place.folder.path().join("work");
        let (workspace, config) =
            InfobaseConfig::load(&place.file, &work.join("demo/src")).expect("configured");
        assert!(workspace.ends_with("work/demo"));
        assert_eq!((config.user.as_str(), config.transport), ("anna", TransportKind::Http));
        let error = InfobaseConfig::load(&place.file, &work.join("other")).expect_err("not configured");
        assert!(error.to_string().contains("not configured"), "{error}");
        let missing = place.folder.path().join("no.json");
        let error = InfobaseConfig::load(&missing, &work.join("demo")).expect_err("no file");
        assert!(matches!(error, ConfigError::NotConfigured(_)));
    }

    #[test]
    fn a_repository_cannot_hold_the_file() {
        let place = place(TEXT);
        let work = place.folder.path().join("work");
        let inside = work.join("demo/infobase.json");
        fs::copy(&place.file, &inside).expect("copied");
        let error = InfobaseConfig::load(&inside, &work.join("demo")).expect_err("inside");
        assert!(matches!(error, ConfigError::InWorkspace(_)), "{error}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&place.file, fs::Permissions::from_mode(0o666)).expect("permissions");
            let error = InfobaseConfig::load(&place.file, &work.join("demo")).expect_err("open to all");
            assert!(matches!(error, ConfigError::Shared(_)), "{error}");
        }
    }

    #[test]
    fn secrets_addresses_and_sections_are_checked() {
        let session = |change: (&str, &str)| {
            let place = place(&TEXT.replace(change.0, change.1));
            let work = place.folder.path().join("work/demo");
            let (_, config) = InfobaseConfig::load(&place.file, &work)?;
            let clock = resilience::VirtualClock::new();
            config.session(&work, work.join("audit.jsonl"), Locale::En, clock).map(drop)
        };
        let token = r#", "token": {"environment": "STRIZH_RELOAD_TOKEN"}"#;
        assert_eq!(session((token, "")), Ok(()));
        for (from, to, why) in [
            (token, r#", "token": "invented""#, "never written"),
            ("STRIZH_RELOAD_TOKEN", "STRIZH_NO_SUCH_VARIABLE", "is not set"),
            (token, r#", "password": "invented""#, "unknown field"),
            ("\"developer\"", "\"root\"", "unknown variant"),
            ("\"transport\": \"http\"", "\"transport\": \"ibcmd\"", "is missing"),
        ] {
            let error = session((from, to)).expect_err(why).to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
