//! The step of the tour that changes a module of the demo while the demo runs: on the interpreter of Strizh, through the same
//! way that a save takes.

use std::ops::Range;

use crate::bench::{Changed, demonstrate_reload};
use crate::files::read_module;
use crate::tour::Tour;
use crate::tour::measured::copy;

const MODULE: &str = "Catalogs/Номенклатура/Ext/ManagerModule.bsl";
const METHOD: &str = "Справочники.Номенклатура.СтавкаНДСПоУмолчанию";
const RETURN: &str = "Возврат 20;";
/// What the method returns, change by change.
const RATES: Range<usize> = 21..71;

pub(super) fn has_example(tour: &Tour) -> bool {
    tour.root.join(MODULE).is_file()
}

pub(super) fn hot_reload(tour: &mut Tour) -> anyhow::Result<String> {
    let folder = tempfile::tempdir()?;
    let root = folder.path().canonicalize()?.join("demo");
    copy(&tour.root, &root)?;
    let text = read_module(&root.join(MODULE)).map_err(|error| anyhow::anyhow!(error))?.text;
    let code = |rate: usize| text.replacen(RETURN, &format!("Возврат {rate};"), 1);
    let times = demonstrate_reload(&root, &Changed { path: MODULE, method: METHOD, code: &code }, RATES)?;
    let milliseconds =
        |part: usize| times.get(times.len() * part / 100).map_or(0.0, |time| time.as_secs_f64() * 1e3);
    Ok(format!(
        "{METHOD}: 20 → {}, {} {}, {:.0} ms (p95 {:.0} ms)",
        RATES.end - 1,
        times.len(),
        tour.say("правок подряд, ни одна не потеряна", "changes in a row, none lost"),
        milliseconds(50),
        milliseconds(95)
    ))
}
