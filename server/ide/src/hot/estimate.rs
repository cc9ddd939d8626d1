//! What a change would win, as an estimate: the formula is part of it.

use base::Locale;

use crate::hot::causes::CauseKind;
use crate::hot::numbers::{count, ratio, time};

/// How long the method would take after a change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The method as it was measured.
    pub before_ns: u64,
    pub after_ns: u64,
    /// Executions of the line and the mean time of one.
    pub count: u64,
    pub each_ns: f64,
    pub kind: EstimateKind,
}

/// Which work takes the place of what goes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EstimateKind {
    /// One request for everything is taken for two of the many.
    Batch,
    /// Building the map is taken for two searches; lookups in it for nothing.
    Lookup,
    /// Joining is taken for two of the copies; the parts for nothing.
    Join,
    /// Once instead of every time.
    Once,
}

impl Estimate {
    /// `measured_ns` is the time of all executions; `None` if there is nothing to win or no way to tell.
    pub(super) fn of(kind: CauseKind, before_ns: u64, measured_ns: u64, executions: u64) -> Option<Self> {
        let kind = EstimateKind::of(kind)?;
        if executions < 3 || measured_ns == 0 || before_ns == 0 {
            return None;
        }
        let each_ns = measured_ns as f64 / executions as f64;
        let kept = if kind == EstimateKind::Once { each_ns } else { 2.0 * each_ns };
        let after = (before_ns as f64 - measured_ns as f64).max(0.0) + kept;
        let after_ns = (after.round() as u64).min(before_ns);
        Some(Self { before_ns, after_ns, count: executions, each_ns, kind })
    }

    pub fn times(&self) -> f64 {
        self.before_ns as f64 / self.after_ns.max(1) as f64
    }

    /// «оценка: …» with the formula and what it takes for granted.
    pub fn text(&self, locale: Locale) -> String {
        let each = time(self.each_ns.round() as u64, locale);
        let (before, after) = (time(self.before_ns, locale), time(self.after_ns, locale));
        let (n, times) = (count(self.count, locale), ratio(self.times(), locale));
        let kept = if self.kind == EstimateKind::Once { each.clone() } else { format!("2\u{a0}× {each}") };
        match locale {
            Locale::Ru => format!(
                "Оценка: после замены около {after} вместо {before}, быстрее примерно в {times}\u{a0}раза \
                 ({before} − {n}\u{a0}× {each} + {kept}; {}; не измерено)",
                self.kind.assumption(locale)
            )
            .replace("1\u{a0}раза", "1\u{a0}раз"),
            Locale::En => format!(
                "Estimate: about {after} after the change instead of {before}, {times}× faster \
                 ({before} − {n}\u{a0}× {each} + {kept}; {}; not measured)",
                self.kind.assumption(locale)
            ),
        }
    }
}

impl EstimateKind {
    fn of(kind: CauseKind) -> Option<Self> {
        use CauseKind as K;
        Some(match kind {
            K::QueryInLoop
            | K::QueryBehindCall
            | K::ReferenceFieldInLoop
            | K::ObjectOnlyRead
            | K::SearchByValueInLoop
            | K::ReferenceSearch
            | K::ServerCallInLoop => Self::Batch,
            K::LinearSearchInLoop => Self::Lookup,
            K::GrowingText => Self::Join,
            K::InvariantInLoop | K::RepeatedCall => Self::Once,
            _ => return None,
        })
    }

    fn assumption(self, locale: Locale) -> &'static str {
        match (self, locale) {
            (Self::Batch, Locale::Ru) => "одно обращение за всеми данными принято за два из прежних",
            (Self::Batch, Locale::En) => "one request for everything is taken for two of the many",
            (Self::Lookup, Locale::Ru) => {
                "построение соответствия принято за два поиска, выборка из него не учтена: это верхняя граница выигрыша"
            }
            (Self::Lookup, Locale::En) => {
                "building the map is taken for two searches, lookups are left out: the gain is an upper bound"
            }
            (Self::Join, Locale::Ru) => {
                "соединение принято за два сложения, сбор частей не учтён: это верхняя граница выигрыша"
            }
            (Self::Join, Locale::En) => {
                "joining is taken for two additions, collecting is left out: the gain is an upper bound"
            }
            (Self::Once, Locale::Ru) => "один раз вместо каждого",
            (Self::Once, Locale::En) => "once instead of every time",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formula_of_a_batch() {
        let estimate = Estimate::of(CauseKind::QueryInLoop, 2_500_000_000, 2_250_450_000, 10_000);
        let estimate = estimate.expect("it was measured");
        // 2,500,000 − 2,250,450 + 2 × 225.045 µs
        assert_eq!(estimate.after_ns, 250_000_090);
        assert_eq!(ratio(estimate.times(), Locale::En), "10");
    }

    #[test]
    fn nothing_measured_gives_no_estimate() {
        assert_eq!(Estimate::of(CauseKind::QueryInLoop, 0, 0, 10), None);
        assert_eq!(Estimate::of(CauseKind::QueryInLoop, 100, 100, 1), None);
        assert_eq!(Estimate::of(CauseKind::WriteInLoop, 1000, 100, 10), None);
    }
}
