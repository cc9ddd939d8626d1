//! What people see of a training: a bar on a terminal, lines elsewhere, and the table at its end.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use ai::finetune::{Budget, Ending, Event, Measure, Outcome};
use base::Locale;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::complain;
use crate::cli::model::grouped;

/// Steps of the bar.
const PARTS: u64 = 1000;
const LINE_EVERY: Duration = Duration::from_secs(30);

pub(super) struct Show {
    locale: Locale,
    bar: Option<ProgressBar>,
    line: Instant,
    /// Seconds and tokens at the start of this run: a resumed one counts from there.
    start: Option<(f64, u64)>,
    loss: Option<f64>,
}

impl Show {
    pub(super) fn new(locale: Locale) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{bar:30} {percent}% {elapsed} {msg}");
            let bar = ProgressBar::with_draw_target(Some(PARTS), ProgressDrawTarget::stderr());
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { locale, bar, line: Instant::now(), start: None, loss: None }
    }

    pub(super) fn event(&mut self, event: Event) {
        match event {
            Event::Resumed { steps, seconds } => self.say(&match self.locale {
                Locale::Ru => format!("продолжение с шага {steps}, {:.0} с обучения позади", seconds),
                Locale::En => format!("going on at step {steps} after {:.0} s of training", seconds),
            }),
            Event::Step { step, progress, seconds, tokens, report } => {
                // The first step only starts the clock: before it nothing is known of the speed.
                let (seconds_before, tokens_before) = *self.start.get_or_insert((seconds, tokens));
                let speed = (tokens - tokens_before) as f64 / (seconds - seconds_before).max(1e-3);
                let loss = self.loss.map_or(report.loss, |loss| 0.9 * loss + 0.1 * report.loss);
                self.loss = Some(loss);
                let message = match self.locale {
                    Locale::Ru => format!("шаг {step}, потери {loss:.3}, {speed:.0} токенов/с"),
                    Locale::En => format!("step {step}, loss {loss:.3}, {speed:.0} tokens/s"),
                };
                if let Some(bar) = &self.bar {
                    bar.set_position((progress * PARTS as f64) as u64);
                    bar.set_message(message);
                } else if self.line.elapsed() >= LINE_EVERY {
                    self.line = Instant::now();
                    complain(format_args!("{:3.0} % {message}", 100.0 * progress));
                }
            }
            Event::Check { step, loss, is_best } => self.say(&self.held_out(step, loss, is_best)),
            Event::Base(_) | Event::Saved { .. } => {}
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn held_out(&self, step: u64, loss: f64, is_best: bool) -> String {
        let mark = if is_best { " *" } else { "" };
        match self.locale {
            Locale::Ru => format!("шаг {step}: потери на отложенных модулях {loss:.4}{mark}"),
            Locale::En => format!("step {step}: loss on held-out modules {loss:.4}{mark}"),
        }
    }

    fn say(&self, message: &str) {
        match &self.bar {
            Some(bar) => bar.println(message),
            None => complain(message),
        }
    }
}

/// The table of what the training changed.
pub(super) fn table(outcome: &Outcome, budget: Budget, locale: Locale) -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    let Outcome { ending, before, after, steps, passes, tokens, seconds, .. } = outcome;
    let ended = match (ending, locale) {
        (Ending::Complete, Locale::Ru) => "закончено",
        (Ending::Complete, Locale::En) => "complete",
        (Ending::Stopped, Locale::Ru) => "остановлено: потери на отложенных модулях больше не падают",
        (Ending::Stopped, Locale::En) => "stopped: the loss on held-out modules does not fall any more",
        (Ending::Cancelled, Locale::Ru) => "прервано; продолжить можно с --resume",
        (Ending::Cancelled, Locale::En) => "interrupted; --resume goes on",
    };
    let limit = match budget {
        Budget::Steps(limit) => format!("{steps}/{limit}"),
        Budget::Time(_) => steps.to_string(),
    };
    let (tokens, speed) = (grouped(*tokens), *tokens as f64 / seconds.max(1e-3));
    match locale {
        Locale::Ru => writeln!(
            output,
            "Обучение {ended}. Шагов {limit}, токенов {tokens}, полных проходов {passes}, {seconds:.0} с, {speed:.0} токенов/с"
        )?,
        Locale::En => writeln!(
            output,
            "Training {ended}. {limit} steps, {tokens} tokens, {passes} complete passes, {seconds:.0} s, {speed:.0} tokens/s"
        )?,
    }
    after.as_ref().map_or(Ok(()), |after| rows(&mut output, before, after, locale))
}

fn rows(output: &mut impl Write, before: &Measure, after: &Measure, locale: Locale) -> std::io::Result<()> {
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let decimal = |loss: f64| format!("{loss:.4}");
    let values = |of: &Measure| {
        let losses = [of.mean_loss(), of.mean_gap_loss()].map(decimal);
        let shares = [of.first_share(), of.exact_share()].map(percent);
        losses.into_iter().chain(shares)
    };
    let (names, head) = match locale {
        Locale::Ru => (
            [
                "потери на токен, весь текст",
                "потери на токен, пропуск",
                "первый токен пропуска",
                "остаток строки точно",
            ],
            ["Отложенные модули", "До", "После"],
        ),
        Locale::En => (
            [
                "loss per token, all text",
                "loss per token, gap",
                "first token of the gap",
                "rest of line exact",
            ],
            ["Held-out modules", "Before", "After"],
        ),
    };
    writeln!(output, "| {} (n = {}) | {} | {} |", head[0], after.windows, head[1], head[2])?;
    writeln!(output, "|---|---|---|")?;
    for ((name, before), after) in names.iter().zip(values(before)).zip(values(after)) {
        writeln!(output, "| {name} | {before} | {after} |")?;
    }
    Ok(())
}
