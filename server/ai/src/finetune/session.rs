//! A whole training: steps until the budget is used up or the held-out loss rises, checkpoints in between, and the
//! comparison with the base at the end.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use base::CancelToken;

use super::FinetuneError;
use super::adapter::Adapter;
use super::corpus::{Corpus, Encode, Window};
use super::measure::Measure;
use super::storage::{CHECKPOINT, State, replace};
use super::trainer::{StepReport, Trainer};

/// How long is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    Steps(u64),
    Time(Duration),
}

/// What the training goes by.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    pub budget: Budget,
    /// Goes on from the checkpoint of the folder if there is one.
    pub resume: bool,
    /// Where adapter and checkpoint are written.
    pub folder: &'a Path,
    /// Name of the base for the adapter's configuration.
    pub base: &'a str,
    /// How often the held-out loss is looked at during the training.
    pub checks: u32,
    /// After that many looks without a lower loss the training ends.
    pub patience: u32,
    pub checkpoint_every: Duration,
    /// Windows of the looks in between, and of the comparison at the end.
    pub check_windows: usize,
    pub final_windows: usize,
}

impl<'a> Plan<'a> {
    pub fn new(budget: Budget, folder: &'a Path, base: &'a str) -> Self {
        Self {
            budget,
            resume: false,
            folder,
            base,
            checks: 12,
            patience: 3,
            checkpoint_every: Duration::from_secs(60),
            check_windows: 64,
            final_windows: 300,
        }
    }
}

/// What happens during a training, for whoever shows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// The base was measured.
    Base(Measure),
    /// A checkpoint was found: done steps and seconds.
    Resumed {
        steps: u64,
        seconds: f64,
    },
    Step {
        step: u64,
        progress: f64,
        seconds: f64,
        tokens: u64,
        report: StepReport,
    },
    /// The held-out loss, and whether it is the lowest so far.
    Check {
        step: u64,
        loss: f64,
        is_best: bool,
    },
    Saved {
        step: u64,
    },
}

/// Why a training ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The budget is used up.
    Complete,
    /// The held-out loss rose.
    Stopped,
    Cancelled,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub ending: Ending,
    pub before: Measure,
    /// Of a cancelled training this is not measured: who cancels does not want to wait.
    pub after: Option<Measure>,
    pub steps: u64,
    pub passes: u64,
    pub tokens: u64,
    pub seconds: f64,
    /// The adapter with the lowest held-out loss; it was written to the folder.
    pub adapter: Adapter,
}

/// Texts to learn from and texts to measure with.
#[derive(Clone, Copy)]
pub struct Texts<'a> {
    pub train: &'a Corpus,
    pub held_out: &'a Corpus,
    pub encode: &'a dyn Encode,
}

struct Session<'a> {
    trainer: &'a mut Trainer,
    texts: Texts<'a>,
    plan: &'a Plan<'a>,
    checks: Vec<Window>,
    state: State,
    best: Adapter,
    started: Instant,
    saved: Instant,
    /// Of the training before a resume.
    seconds_before: f64,
}

/// Trains, measures and writes the adapter.
pub fn finetune(
    trainer: &mut Trainer,
    texts: Texts<'_>,
    plan: &Plan<'_>,
    cancel: &CancelToken,
    observe: &mut dyn FnMut(Event),
) -> Result<Outcome, FinetuneError> {
    let probes = texts.held_out.probes(1, plan.final_windows);
    if probes.is_empty() {
        return Err(FinetuneError::new("no held-out module has a line to measure with".to_owned()));
    }
    let before = Measure::new(&probes, &trainer.predict_with_base(&probes)?, texts.encode);
    observe(Event::Base(before));
    let best = trainer.adapter().clone();
    let mut session = Session {
        texts,
        plan,
        // Other lines than those of the comparison: the best adapter is chosen by them.
        checks: texts.held_out.probes(2, plan.check_windows),
        state: State { texts: texts.train.fingerprint(), ..State::default() },
        best,
        started: Instant::now(),
        saved: Instant::now(),
        seconds_before: 0.0,
        trainer,
    };
    session.begin(observe)?;
    let ending = session.train(cancel, observe)?;
    session.save(observe)?;
    let (steps, passes) = (session.trainer.steps(), session.trainer.passes());
    let (tokens, seconds, adapter) = (session.state.tokens, session.seconds(), session.best);
    let after = match ending {
        Ending::Cancelled => None,
        _ => Some(Measure::new(&probes, &trainer.predict_with(&adapter, &probes)?, texts.encode)),
    };
    Ok(Outcome { ending, before, after, steps, passes, tokens, seconds, adapter })
}

impl Session<'_> {
    fn begin(&mut self, observe: &mut dyn FnMut(Event)) -> Result<(), FinetuneError> {
        let path = self.plan.folder.join(CHECKPOINT);
        let failed = |error: std::io::Error| FinetuneError::new(format!("{}: {error}", path.display()));
        fs::create_dir_all(self.plan.folder).map_err(failed)?;
        if !path.exists() {
            return self.look(observe).map(|_| ());
        }
        if !self.plan.resume {
            let message = "a training was begun here: go on with --resume or choose another folder";
            return Err(FinetuneError::new(format!("{}: {message}", path.display())));
        }
        let texts = std::mem::take(&mut self.state.texts);
        (self.state, self.best) = self.trainer.restore(&fs::read(&path).map_err(failed)?, &texts)?;
        self.state.texts = texts;
        self.seconds_before = self.state.seconds;
        observe(Event::Resumed { steps: self.trainer.steps(), seconds: self.seconds_before });
        Ok(())
    }

    fn train(
        &mut self,
        cancel: &CancelToken,
        observe: &mut dyn FnMut(Event),
    ) -> Result<Ending, FinetuneError> {
        loop {
            let progress = self.progress();
            let is_due = progress * f64::from(self.plan.checks) >= f64::from(self.state.next_check);
            if is_due && self.trainer.steps() > 0 && self.look(observe)? {
                return Ok(Ending::Stopped);
            }
            if progress >= 1.0 {
                return Ok(Ending::Complete);
            }
            if cancel.is_cancelled() {
                return Ok(Ending::Cancelled);
            }
            let report = self.trainer.step(self.texts.train, progress as f32)?;
            self.state.tokens += report.tokens as u64;
            let (step, seconds, tokens) = (self.trainer.steps(), self.seconds(), self.state.tokens);
            observe(Event::Step { step, progress: self.progress().min(1.0), seconds, tokens, report });
            if self.saved.elapsed() >= self.plan.checkpoint_every {
                self.save(observe)?;
            }
        }
    }

    fn seconds(&self) -> f64 {
        self.seconds_before + self.started.elapsed().as_secs_f64()
    }

    fn progress(&self) -> f64 {
        match self.plan.budget {
            Budget::Steps(steps) => self.trainer.steps() as f64 / steps.max(1) as f64,
            Budget::Time(time) => self.seconds() / time.as_secs_f64().max(1e-3),
        }
    }

    /// Looks at the held-out loss; true if it has not fallen for too long.
    fn look(&mut self, observe: &mut dyn FnMut(Event)) -> Result<bool, FinetuneError> {
        let predictions = self.trainer.predict(&self.checks)?;
        let loss = Measure::new(&self.checks, &predictions, self.texts.encode).mean_loss();
        let is_best = self.state.best.is_none_or(|best| loss < best);
        if is_best {
            self.state.best = Some(loss);
            self.state.misses = 0;
            self.best = self.trainer.adapter().clone();
        } else {
            self.state.misses += 1;
        }
        self.state.next_check = (self.progress() * f64::from(self.plan.checks)) as u32 + 1;
        observe(Event::Check { step: self.trainer.steps(), loss, is_best });
        Ok(self.state.misses >= self.plan.patience)
    }

    fn save(&mut self, observe: &mut dyn FnMut(Event)) -> Result<(), FinetuneError> {
        self.state.seconds = self.seconds();
        let checkpoint = self.trainer.checkpoint(&self.state, &self.best)?;
        replace(&self.plan.folder.join(CHECKPOINT), &checkpoint)?;
        self.best.save(self.plan.folder, self.plan.base)?;
        self.saved = Instant::now();
        observe(Event::Saved { step: self.trainer.steps() });
        Ok(())
    }
}
