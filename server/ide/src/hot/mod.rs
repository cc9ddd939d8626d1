//! What a measurement says about the lines of a module, and why they are slow: measured lines are found in today's text,
//! joined with code that is known to be slow, and told as hints, lenses, hovers and findings. What would be won is an
//! estimate with its formula; without a measurement there is none.

mod causes;
mod estimate;
mod findings;
mod hints;
mod lines;
mod numbers;
mod wording;

pub use causes::{Cause, CauseKind, LoopPlace, slow_code};
pub use estimate::Estimate;
pub use findings::{HotFinding, hot_findings};
pub use hints::{HotHint, HotLens, hot_hints, hot_hover, hot_lenses};
pub use lines::{HotLine, HotLines, HotOptions};
