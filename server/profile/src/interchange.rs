//! Profiles as JSON, described in `docs/profile-format.md`. Sums are computed anew on reading, so a writer need not
//! give them; whatever a file says, reading ends with a profile or with a place and a reason.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::builder::ProfileBuilder;
use crate::model::{Frame, ModuleProfile, Profile};

/// Value of the member `format`.
pub const FORMAT: &str = "strizh-profile";
/// Grows whenever old readers would misunderstand a file.
pub const VERSION: u32 = 1;

/// No module has more lines.
const MAX_LINE: u32 = 10_000_000;
const MAX_STACK_FRAMES: usize = 10_000;

/// Why a file is no profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// Line and column in the file, counted from one, if the JSON itself is wrong.
    pub position: Option<(usize, usize)>,
    /// What is wrong, with the member it is about.
    pub message: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some((line, column)) => write!(f, "{line}:{column}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for ReadError {}

#[derive(Deserialize)]
struct Header {
    #[serde(default)]
    format: String,
    #[serde(default)]
    version: u32,
}

#[derive(Serialize)]
struct Envelope<'a> {
    format: &'static str,
    version: u32,
    #[serde(flatten)]
    profile: &'a Profile,
}

/// The profile as readable JSON with a line end.
pub fn write_profile(profile: &Profile) -> String {
    let envelope = Envelope { format: FORMAT, version: VERSION, profile };
    // Strings, numbers and lists always have a JSON form.
    let mut text = serde_json::to_string_pretty(&envelope).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads what `write_profile` or another program wrote. Unknown members are ignored.
pub fn read_profile(bytes: &[u8]) -> Result<Profile, ReadError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let header: Header = serde_json::from_slice(bytes).map_err(|error| json_error(&error))?;
    if header.format != FORMAT {
        return Err(invalid(format!("format: {:?} is not {FORMAT:?}", header.format)));
    }
    if header.version != VERSION {
        return Err(invalid(format!("version: {} is not {VERSION}", header.version)));
    }
    let profile: Profile = serde_json::from_slice(bytes).map_err(|error| json_error(&error))?;
    validate(&profile)?;
    let mut builder = ProfileBuilder::new();
    builder.add_profile(&profile);
    Ok(builder.finish(profile.source))
}

pub(crate) fn json_error(error: &serde_json::Error) -> ReadError {
    let message = error.to_string();
    let end = message.rfind(" at line ").unwrap_or(message.len());
    let position = (error.line() > 0).then(|| (error.line(), error.column()));
    ReadError { position, message: message[..end].to_owned() }
}

fn invalid(message: String) -> ReadError {
    ReadError { position: None, message }
}

/// What the shape of the JSON does not say.
fn validate(profile: &Profile) -> Result<(), ReadError> {
    for (index, module) in profile.modules.iter().enumerate() {
        validate_module(module).map_err(|message| invalid(format!("modules[{index}].{message}")))?;
    }
    for (index, frame) in profile.frames.iter().enumerate() {
        validate_frame(frame, profile).map_err(|message| invalid(format!("frames[{index}].{message}")))?;
    }
    for (index, stack) in profile.stacks.iter().enumerate() {
        let wrong = stack.frames.iter().find(|frame| **frame as usize >= profile.frames.len());
        if let Some(frame) = wrong {
            return Err(invalid(format!("stacks[{index}].frames: there is no frame {frame}")));
        }
        if stack.frames.is_empty() || stack.frames.len() > MAX_STACK_FRAMES {
            return Err(invalid(format!(
                "stacks[{index}].frames: between 1 and {MAX_STACK_FRAMES} are allowed"
            )));
        }
    }
    Ok(())
}

fn validate_module(module: &ModuleProfile) -> Result<(), String> {
    if module.name.trim().is_empty() {
        return Err("name: a module needs a name".to_owned());
    }
    for (index, line) in module.lines.iter().enumerate() {
        if line.line == 0 || line.line > MAX_LINE {
            return Err(format!("lines[{index}].line: {} is not between 1 and {MAX_LINE}", line.line));
        }
    }
    for (index, method) in module.methods.iter().enumerate() {
        if method.first_line == 0 || method.last_line < method.first_line {
            let (first, last) = (method.first_line, method.last_line);
            return Err(format!("methods[{index}]: {first} to {last} is no range of lines"));
        }
    }
    Ok(())
}

fn validate_frame(frame: &Frame, profile: &Profile) -> Result<(), String> {
    if frame.module as usize >= profile.modules.len() {
        return Err(format!("module: there is no module {}", frame.module));
    }
    if frame.line > MAX_LINE {
        return Err(format!("line: {} is not between 1 and {MAX_LINE}", frame.line));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
