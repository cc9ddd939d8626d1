//! Requests as XML, elements in the order of the schema.

use crate::body::escaped;
use crate::message::Target;

const HEAD: &str = "<request xmlns=\"http://v8.1c.ru/8.3/debugger/debugBaseData\" \
    xmlns:r=\"http://v8.1c.ru/8.3/debugger/debugRDBGRequestResponse\" \
    xmlns:aa=\"http://v8.1c.ru/8.3/debugger/debugAutoAttach\">";

/// Kinds of targets whose code is measured.
pub(crate) const MEASURED_KINDS: [&str; 6] =
    ["ManagedClient", "Client", "Server", "ServerEmulation", "JOB", "JobFileMode"];

/// Who speaks, and about which infobase.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    pub(crate) alias: String,
    pub(crate) debugger: String,
}

impl Sender {
    fn request(&self, content: &str) -> String {
        format!(
            "{HEAD}<r:infoBaseAlias>{}</r:infoBaseAlias><r:idOfDebuggerUI>{}</r:idOfDebuggerUI>{content}</request>",
            escaped(&self.alias),
            escaped(&self.debugger),
        )
    }

    pub(crate) fn attach(&self, user: &str, credentials: &str) -> String {
        self.request(&format!(
            "<r:userName>{}</r:userName><r:credentials>{}</r:credentials>\
             <r:options><r:foregroundAbility>false</r:foregroundAbility></r:options>",
            escaped(user),
            escaped(credentials),
        ))
    }

    /// Commands that say nothing more.
    pub(crate) fn plain(&self) -> String {
        self.request("")
    }

    pub(crate) fn auto_attach(&self) -> String {
        let kinds = MEASURED_KINDS.map(|kind| format!("<aa:targetType>{kind}</aa:targetType>")).concat();
        self.request(&format!("<r:autoAttachSettings>{kinds}</r:autoAttachSettings>"))
    }

    pub(crate) fn attach_targets(&self, targets: &[Target], is_attached: bool) -> String {
        let ids: Vec<String> =
            targets.iter().map(|target| format!("<r:id><id>{}</id></r:id>", escaped(&target.id))).collect();
        self.request(&format!("<r:attach>{is_attached}</r:attach>{}", ids.concat()))
    }

    /// Starts a measurement, or stops all: then the element is left out.
    pub(crate) fn measure_mode(&self, session: Option<&str>) -> String {
        let mode = session.map(|session| format!("<r:measureModeSeanceID>{session}</r:measureModeSeanceID>"));
        self.request(&mode.unwrap_or_default())
    }
}
