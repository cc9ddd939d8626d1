//! What running code cost: measurements by line, method and module with the stacks they came from, read from logs of
//! the platform, hosts and debuggers, joined with today's text and told as reports. Bytes come through readers that
//! the caller opens; nothing here looks at a disk or a clock.

mod aggregate;
mod builder;
pub mod debugger;
mod difference;
mod identifiers;
mod interchange;
mod line_digest;
mod measure;
mod methods;
mod model;
mod module_key;
mod placement;
pub mod report;
mod sources;
pub mod techlog;

pub use builder::{FrameName, ProfileBuilder};
pub use difference::{Change, Difference, Threshold, growth};
pub use interchange::{FORMAT, ReadError, VERSION, read_profile, write_profile};
pub use line_digest::{LineAnchor, SourceLines, line_digest};
pub use measure::Measure;
pub use methods::method_spans;
pub use model::{
    CountMeaning, Frame, LineProfile, MethodProfile, MethodSpan, ModuleProfile, Period, Profile, QueryRepeat,
    Source, SourceKind, Stack,
};
pub use module_key::{canonical_name, module_key};
pub use placement::{Freshness, PlacedLine};
pub use sources::{Resolution, Sources};
