//! Where installations of the platform keep their help files.

/// Syntax help in Russian and in English.
pub const RUSSIAN_BOOK: &str = "shcntx_ru.hbk";
pub const ENGLISH_BOOK: &str = "shcntx_root.hbk";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatingSystem {
    Windows,
    Linux,
    MacOs,
}

/// A folder whose subfolders are versions of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HelpFolder {
    /// Variable of the environment that `path` is relative to; empty if the path is absolute.
    pub variable: &'static str,
    /// One component may be a pattern with `*`.
    pub path: &'static str,
    /// Below the folder of the version; may be empty.
    pub inner: &'static str,
}

/// Version of an installation by the name of its folder; the greatest is the newest.
pub type HelpVersion = [u32; 4];

const WINDOWS: &[HelpFolder] = &[
    HelpFolder { variable: "ProgramFiles", path: "1cv8", inner: "bin" },
    HelpFolder { variable: "ProgramFiles(x86)", path: "1cv8", inner: "bin" },
    HelpFolder { variable: "LOCALAPPDATA", path: "Programs/1cv8", inner: "bin" },
    HelpFolder { variable: "ProgramFiles", path: "1cv8t", inner: "bin" },
    HelpFolder { variable: "ProgramFiles", path: "1cv82", inner: "bin" },
    HelpFolder { variable: "ProgramFiles(x86)", path: "1cv82", inner: "bin" },
];
const LINUX: &[HelpFolder] = &[
    HelpFolder { variable: "", path: "/opt/1cv8/x86_64", inner: "" },
    HelpFolder { variable: "", path: "/opt/1cv8/i386", inner: "" },
    HelpFolder { variable: "", path: "/opt/1C/v8*/x86_64", inner: "" },
    HelpFolder { variable: "", path: "/opt/1C/v8*/i386", inner: "" },
];
const MAC_OS: &[HelpFolder] = &[HelpFolder { variable: "", path: "/opt/1cv8", inner: "" }];

/// Folders to look into, the most likely first. `InstalledLocation` of `1CEStart.cfg` may name more.
pub fn help_file_candidates(system: OperatingSystem) -> &'static [HelpFolder] {
    match system {
        OperatingSystem::Windows => WINDOWS,
        OperatingSystem::Linux => LINUX,
        OperatingSystem::MacOs => MAC_OS,
    }
}

/// `8.3.27.1508`; `None` for other folders.
pub fn help_version(folder: &str) -> Option<HelpVersion> {
    let mut parts = folder.split('.').map(|part| part.parse::<u32>().ok());
    let version = [parts.next()??, parts.next()??, parts.next()??, parts.next()??];
    (parts.next().is_none() && version[0] == 8).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(help_version("8.3.27.1508") > help_version("8.3.9.2033"));
        for other in ["8.3", "8.3.27.x", "common", "8.3.27.1508.1", "7.7.0.1", ""] {
            assert_eq!(help_version(other), None, "{other}");
        }
    }
}
