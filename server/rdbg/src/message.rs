//! What the protocol speaks of: targets, modules, costs of lines, events.

use crate::body::from_base64;
use crate::node::Node;

/// A session or a server call that can be debugged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    pub id: String,
    pub session: String,
    pub session_number: u32,
    pub infobase: String,
    pub user: String,
    /// Of the configuration that runs.
    pub configuration_version: String,
    /// `ManagedClient`, `Server`, …
    pub kind: String,
}

/// A module as the platform identifies it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleId {
    /// `ConfigModule` unless told otherwise.
    pub kind: String,
    pub url: String,
    pub extension: String,
    pub object: String,
    pub property: String,
    pub version: String,
}

/// What a line cost in one target.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LineCost {
    /// Counted from one.
    pub line: u32,
    pub count: u64,
    /// With what it called, in ticks.
    pub total: f64,
    /// Without what it called.
    pub own: f64,
    pub server_calls: u64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModuleResult {
    pub module: ModuleId,
    pub lines: Vec<LineCost>,
}

/// The measurement of one target.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeasureResult {
    pub target: Target,
    pub session: String,
    /// In ticks.
    pub total: f64,
    /// Ticks in a second.
    pub frequency: f64,
    pub modules: Vec<ModuleResult>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Started(Target),
    Quit(Target),
    Measure(Box<MeasureResult>),
    /// An error at run time: the message and the stack, the outermost call first.
    Error {
        target: Target,
        message: String,
        stack: Vec<(String, u32)>,
    },
    /// Anything else, by its name.
    Other(String),
}

impl Target {
    pub(crate) fn read(node: &Node) -> Self {
        Self {
            id: node.text_of("id").to_ascii_lowercase(),
            session: node.text_of("seanceId").to_owned(),
            session_number: node.number("seanceNo") as u32,
            infobase: node.text_of("infoBaseAlias").to_owned(),
            user: node.text_of("userName").to_owned(),
            configuration_version: node.text_of("configVersion").to_owned(),
            kind: node.text_of("targetType").to_owned(),
        }
    }
}

impl ModuleId {
    pub(crate) fn read(node: &Node) -> Self {
        let extension = node.text_of("extensionName").to_owned();
        let kind = match (node.text_of("type"), extension.is_empty()) {
            ("", true) => "ConfigModule",
            ("", false) => "ExtensionModule",
            (kind, _) => kind,
        };
        // `extId` differs between targets for one module, so it is not read.
        Self {
            kind: kind.to_owned(),
            url: node.text_of("URL").to_owned(),
            object: node.text_of("objectID").to_ascii_lowercase(),
            property: node.text_of("propertyID").to_ascii_lowercase(),
            version: node.text_of("version").to_owned(),
            extension,
        }
    }
}

impl MeasureResult {
    fn read(node: &Node) -> Self {
        let line = |node: &Node| LineCost {
            line: node.number("lineNo") as u32,
            count: node.number("frequency") as u64,
            total: node.number("durability"),
            own: node.number("pureDurability"),
            server_calls: node.number("serverCallSignal") as u64,
        };
        let module = |node: &Node| ModuleResult {
            module: node.child("moduleID").map(ModuleId::read).unwrap_or_default(),
            lines: node.all("lineInfo").map(line).filter(|line| line.line > 0).collect(),
        };
        Self {
            target: node.child("targetID").map(Target::read).unwrap_or_default(),
            session: node.text_of("sessionID").to_ascii_lowercase(),
            total: node.number("totalDurability"),
            frequency: node.number("performanceFrequency"),
            modules: node.all("moduleData").map(module).collect(),
        }
    }
}

impl Event {
    /// Events of a poll, in order.
    pub(crate) fn read_all(answer: &Node) -> Vec<Self> {
        answer.all("result").map(Self::read).collect()
    }

    fn read(node: &Node) -> Self {
        let target = || node.child("targetID").map(Target::read).unwrap_or_default();
        // The number, the name and the type say the same; any of them may be missing.
        let name = match (node.text_of("cmdID"), node.kind.as_str()) {
            ("", kind) => kind.trim_start_matches("DBGUIExtCmdInfo").to_owned(),
            (name, _) => name.to_owned(),
        };
        match name.as_str() {
            "targetStarted" | "Started" => Self::Started(target()),
            "targetQuit" | "Quit" => Self::Quit(target()),
            "measureResultProcessing" | "Measure" => {
                let mut result = node.child("measure").map(MeasureResult::read).unwrap_or_default();
                if result.target.id.is_empty() {
                    result.target = target();
                }
                Self::Measure(Box::new(result))
            }
            "rteProcessing" | "Rte" => Self::Error {
                target: target(),
                message: node.child("exception").map(|it| it.text_of("descr")).unwrap_or_default().to_owned(),
                stack: node
                    .all("callStack")
                    .map(|frame| (from_base64(frame.text_of("presentation")), frame.number("lineNo") as u32))
                    .collect(),
            },
            _ => Self::Other(name),
        }
    }
}
