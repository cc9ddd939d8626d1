//! The way of a submission against a transport that answers as a test says.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use base::{CancelToken, Locale};
use expect_test::{Expect, expect};
use parking_lot::Mutex;
use resilience::{RetryPreset, SystemClock, VirtualClock};

use crate::change::AppliesTo;
use crate::manager::{Consent, Manager, Options, Session, State, Submission};
use crate::module::ModuleReference;
use crate::security::{AuditLog, Identity, Role, verify};
use crate::transport::{Applied, Failure, FailureKind, Plan, Transport, TransportKind, Update};

const PATH: &str = "CommonModules/Цены/Ext/Module.bsl";

fn code(version: u32) -> String {
    format!("Функция Версия() Экспорт\n\tВозврат {version};\nКонецФункции\n")
}

type Answers = Arc<Mutex<VecDeque<Result<Applied, Failure>>>>;

/// Remembers what it got; without an answer it applies.
#[derive(Clone, Default)]
struct Fake {
    answers: Answers,
    sent: Arc<Mutex<Vec<Update>>>,
    digest: Option<String>,
    kind: Option<TransportKind>,
    delay: Duration,
}

impl Fake {
    fn then(self, kind: FailureKind, may_have_changed: bool) -> Self {
        let failure = Failure { may_have_changed, ..Failure::new(kind, format!("{kind:?}")) };
        self.answers.lock().push_back(Err(failure));
        self
    }

    fn well(self) -> Self {
        self.answers.lock().push_back(Ok(Applied::default()));
        self
    }

    fn texts(&self) -> Vec<String> {
        self.sent.lock().iter().map(|update| update.request.code.clone()).collect()
    }
}

impl Transport for Fake {
    fn kind(&self) -> TransportKind {
        self.kind.unwrap_or(TransportKind::Http)
    }

    fn plan(&self, update: &Update) -> Plan {
        Plan { steps: vec![format!("send {}", update.module.path)], files: Vec::new() }
    }

    fn apply(
        &mut self,
        update: &Update,
        _limit: Duration,
        _cancel: &CancelToken,
    ) -> Result<Applied, Failure> {
        std::thread::sleep(self.delay);
        self.sent.lock().push(update.clone());
        let applied = Applied { applies_to: AppliesTo::Immediately, ..Applied::default() };
        self.answers.lock().pop_front().unwrap_or(Ok(applied))
    }

    fn applied_digest(&mut self, _module: &ModuleReference) -> Option<String> {
        self.digest.clone()
    }
}

struct Stage {
    folder: tempfile::TempDir,
    clock: Arc<VirtualClock>,
    session: Session,
    waits: Arc<Mutex<Vec<u64>>>,
}

fn options(folder: &tempfile::TempDir, role: Role) -> Options {
    Options {
        identity: Identity { user: "anna".to_owned(), role },
        is_production: false,
        extension: String::new(),
        audit: AuditLog::new(folder.path().join("audit.jsonl")),
        locale: Locale::En,
        retry: RetryPreset::B,
        attempt_limit: Duration::from_secs(2),
        total_limit: Duration::from_secs(10),
        root: folder.path().to_owned(),
    }
}

fn stage_with(change: impl FnOnce(&mut Options), transports: Vec<Fake>) -> Stage {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = VirtualClock::new();
    let mut options = options(&folder, Role::Developer);
    change(&mut options);
    let waits: Arc<Mutex<Vec<u64>>> = Arc::default();
    let (noted, moved) = (Arc::clone(&waits), Arc::clone(&clock));
    let transports = transports.into_iter().map(|it| Box::new(it) as Box<dyn Transport>).collect();
    let session = Session::new(options, transports, clock.clone()).with_sleep(Box::new(move |wait, _| {
        noted.lock().push(wait.as_secs());
        moved.advance(wait);
    }));
    Stage { folder, clock, session, waits }
}

fn stage(transport: &Fake) -> Stage {
    stage_with(|_| (), vec![transport.clone()])
}

impl Stage {
    fn submit(&mut self, submission: Submission) -> crate::manager::Event {
        self.session.process(submission, &CancelToken::new(), &mut |_| ())
    }

    fn send(&mut self, text: &str) -> State {
        self.submit(submission(text)).state
    }

    fn audit(&self) -> String {
        let path = self.folder.path().join("audit.jsonl");
        assert_eq!(verify(&path).map(|report| report.problems).ok(), Some(Vec::new()));
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let rows = text.lines().map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).expect("a row");
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            format!("{} {} {} {}\n", text("user_id"), text("action"), row["allowed"], text("reason"))
        });
        rows.collect()
    }
}

fn submission(text: &str) -> Submission {
    Submission::new(ModuleReference::from_path(PATH), text.to_owned())
}

#[track_caller]
fn check_audit(stage: &Stage, expected: Expect) {
    expected.assert_eq(&stage.audit());
}

#[test]
fn broken_text_makes_no_request() {
    let fake = Fake { digest: Some("00".to_owned()), ..Fake::default() };
    let mut stage = stage(&fake);
    for text in ["Процедура А()\n", "Если\n", "А = ;", "function f() return 1"] {
        let event = stage.submit(submission(text));
        assert_eq!(event.state, State::Rejected, "{text}");
        assert!(!event.diagnostics.is_empty());
    }
    assert_eq!(fake.sent.lock().len(), 0);
}

#[test]
fn applied_changes_are_recorded_and_equal_code_is_not_sent() {
    let fake = Fake::default();
    let mut stage = stage(&fake);
    assert_eq!(stage.send(&code(1)), State::Applied);
    let event = stage.submit(submission(&code(2)));
    assert_eq!(
        (event.state, event.message.as_str()),
        (State::Applied, "applied; only new sessions run the new code")
    );
    assert_eq!(stage.send(&format!("// то же\n{}", code(2))), State::Unchanged);
    assert_eq!(fake.texts(), [code(1), code(2)]);
    let sent = fake.sent.lock();
    assert_eq!(sent[0].request.base_sha256, "");
    assert_eq!(sent[1].request.base_sha256, sent[0].request.sha256);
    assert_eq!(sent[1].request.changes[0].name, "Версия");
    let history: Vec<_> = stage.session.history().entries().map(|it| it.changes.clone()).collect();
    assert_eq!(history, ["", "Версия: body changed"]);
    check_audit(
        &stage,
        expect![[r#"
            anna reload true requested
            anna reload true applied
            anna reload true requested
            anna reload true applied
        "#]],
    );
}

#[test]
fn the_other_side_may_know_what_is_applied() {
    let digest = crate::digest::hex(&crate::digest::sha256(code(1).as_bytes()));
    let fake = Fake { digest: Some(digest), ..Fake::default() };
    assert_eq!(stage(&fake).send(&code(1)), State::Unchanged);
    let mut with_base = submission(&code(2));
    with_base.base = Some(code(1));
    let event = stage(&fake).submit(with_base);
    assert_eq!((event.state, event.changes.len()), (State::Applied, 1));
}

#[test]
fn attempts_are_repeated_with_growing_waits() {
    let fake = Fake::default().then(FailureKind::Again, false).then(FailureKind::Again, false);
    let mut stage = stage(&fake);
    let event = stage.submit(submission(&code(1)));
    assert_eq!((event.state, event.attempt), (State::Applied, 3));
    assert_eq!(*stage.waits.lock(), [1, 2]);
    let fake = Fake::default().then(FailureKind::Rejected, false);
    let mut stage = self::stage(&fake);
    assert_eq!(stage.send(&code(1)), State::Rejected);
    assert_eq!(fake.sent.lock().len(), 1, "a refusal is not argued with");
}

#[test]
fn after_five_failures_nobody_is_bothered_for_a_minute() {
    let mut fake = Fake::default();
    for _ in 0..15 {
        fake = fake.then(FailureKind::Again, false);
    }
    let mut stage = stage(&fake);
    for version in 0..5 {
        assert_eq!(stage.send(&code(version)), State::Unavailable);
    }
    assert_eq!(fake.sent.lock().len(), 15);
    let event = stage.submit(submission(&code(6)));
    assert_eq!(event.state, State::Unavailable);
    assert!(event.message.contains("in a row"), "{}", event.message);
    assert_eq!(fake.sent.lock().len(), 15);
    stage.clock.advance(Duration::from_secs(60));
    assert_eq!(stage.send(&code(6)), State::Applied);
}

#[test]
fn what_failed_half_way_is_rolled_back() {
    let fake = Fake::default().well().then(FailureKind::Rejected, true).well();
    let mut stage = stage(&fake);
    assert_eq!(stage.send(&code(1)), State::Applied);
    let event = stage.submit(submission(&code(2)));
    assert_eq!(event.state, State::RolledBack);
    assert_eq!(fake.texts(), [code(1), code(2), code(1)]);
    assert_eq!(stage.send(&code(1)), State::Unchanged);
    check_audit(
        &stage,
        expect![[r#"
            anna reload true requested
            anna reload true applied
            anna reload true requested
            anna reload true Rejected
            anna rollback true rolled back
        "#]],
    );
    let fake = Fake::default().well().then(FailureKind::Rejected, true).then(FailureKind::Again, true);
    let mut stage = self::stage(&fake);
    stage.send(&code(1));
    assert_eq!(stage.send(&code(2)), State::Stale);
    assert_eq!(stage.send(&code(1)), State::Applied, "nothing is taken for applied any more");
}

#[test]
fn the_last_change_can_be_taken_back() {
    let fake = Fake::default();
    let mut stage = stage(&fake);
    let back = || Submission { is_rollback: true, ..submission("") };
    assert_eq!(stage.submit(back()).state, State::Refused);
    stage.send(&code(1));
    stage.send(&code(2));
    assert_eq!(stage.submit(back()).state, State::Applied);
    assert_eq!(fake.texts(), [code(1), code(2), code(1)]);
}

#[test]
fn another_applied_text_makes_ours_stale() {
    let fake = Fake::default().well().then(FailureKind::Conflict, false);
    let mut stage = stage(&fake);
    stage.send(&code(1));
    assert_eq!(stage.send(&code(2)), State::Stale);
    assert_eq!(stage.send(&code(2)), State::Applied);
    assert_eq!(fake.sent.lock()[2].request.base_sha256, "");
}

#[test]
fn unsafe_changes_wait_for_consent() {
    let fake = Fake::default();
    let mut stage = stage(&fake);
    stage.send(&code(1));
    let other = code(1).replace("Версия()", "Версия(Номер)");
    let event = stage.submit(submission(&other));
    assert_eq!(event.state, State::NeedsConsent);
    assert_eq!(event.message, "the changes may disturb living sessions: Версия: parameters changed");
    assert_eq!(fake.sent.lock().len(), 1);
    let consent = Consent { unsafe_changes: true, ..Consent::default() };
    assert_eq!(stage.submit(Submission { consent, ..submission(&other) }).state, State::Applied);
}

#[test]
fn sessions_are_ended_only_after_a_yes_and_by_an_admin() {
    let fake = Fake::default().well().then(FailureKind::SessionsInTheWay, false);
    let mut stage = stage_with(|options| options.identity.role = Role::Admin, vec![fake.clone()]);
    stage.send(&code(1));
    let event = stage.submit(submission(&code(2)));
    assert_eq!(event.state, State::NeedsConsent);
    assert!(fake.sent.lock().iter().all(|update| !update.may_end_sessions));
    let consent = Consent { end_sessions: true, ..Consent::default() };
    let agreed = Submission { consent, ..submission(&code(2)) };
    assert_eq!(stage.submit(agreed.clone()).state, State::Applied);
    assert!(fake.sent.lock()[2].may_end_sessions);
    let mut stage = self::stage(&fake);
    let event = stage.submit(agreed);
    assert_eq!((event.state, event.message.as_str()), (State::Refused, "Insufficient permissions"));
}

#[test]
fn roles_are_respected_and_production_asks() {
    let fake = Fake::default();
    let mut viewer = stage_with(|options| options.identity.role = Role::Viewer, vec![fake.clone()]);
    assert_eq!(viewer.send(&code(1)), State::Refused);
    let event = viewer.submit(Submission { is_dry_run: true, ..submission(&code(1)) });
    assert_eq!((event.state, event.steps), (State::Planned, vec![format!("send {PATH}")]));
    check_audit(
        &viewer,
        expect![[r#"
        anna reload false Insufficient permissions
    "#]],
    );
    let production = |role: Role| {
        let change = move |options: &mut Options| {
            options.is_production = true;
            options.identity.role = role;
        };
        stage_with(change, vec![fake.clone()])
    };
    assert_eq!(production(Role::Developer).send(&code(1)), State::Refused);
    let mut admin = production(Role::Admin);
    assert_eq!(admin.send(&code(1)), State::NeedsConsent);
    let consent = Consent { production: true, ..Consent::default() };
    assert_eq!(admin.submit(Submission { consent, ..submission(&code(1)) }).state, State::Applied);
}

#[test]
fn another_way_is_taken_if_the_first_one_does_not_know_how() {
    let first = Fake::default().then(FailureKind::Unsupported, false);
    let second = Fake { kind: Some(TransportKind::Ibcmd), ..Fake::default() };
    let mut stage = stage_with(|_| (), vec![first.clone(), second.clone()]);
    let event = stage.submit(submission(&code(1)));
    assert_eq!((event.state, event.attempt), (State::Applied, 1));
    assert_eq!(event.message, "applied by the fallback ibcmd; only new sessions run the new code");
    assert_eq!((first.sent.lock().len(), second.sent.lock().len()), (1, 1));
}

#[test]
fn what_cannot_be_recorded_is_not_done() {
    let fake = Fake::default();
    let mut stage =
        stage_with(|options| options.audit = AuditLog::new("/dev/null/audit"), vec![fake.clone()]);
    let event = stage.submit(submission(&code(1)));
    assert_eq!(event.state, State::Refused);
    assert!(event.message.starts_with("cannot write the audit"), "{}", event.message);
    assert_eq!(fake.sent.lock().len(), 0);
}

/// Waits for the last events of so many submissions.
fn wait_for_finals(events: &Mutex<Vec<(u64, State)>>, count: usize) -> Vec<(u64, State)> {
    for _ in 0..2000 {
        let finals: Vec<_> = events.lock().iter().filter(|(_, state)| state.is_final()).copied().collect();
        if finals.len() >= count {
            return finals;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("some submissions have no end: {:?}", events.lock());
}

#[test]
fn fifty_saves_in_a_burst_all_end_and_the_last_text_wins() {
    let folder = tempfile::tempdir().expect("a folder");
    let fake = Fake { delay: Duration::from_millis(3), ..Fake::default() };
    let clock = SystemClock::shared();
    let session = Session::new(options(&folder, Role::Developer), vec![Box::new(fake.clone())], clock);
    let events: Arc<Mutex<Vec<(u64, State)>>> = Arc::default();
    let heard = Arc::clone(&events);
    let listener =
        Box::new(move |event: crate::manager::Event| heard.lock().push((event.number, event.state)));
    let manager = Manager::start(session, Duration::from_millis(5), listener).expect("a thread");
    for version in 1..=50 {
        manager.submit(submission(&code(version)));
    }
    let mut finals = wait_for_finals(&events, 50);
    finals.sort_by_key(|(number, _)| *number);
    let numbers: Vec<u64> = finals.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=50).collect::<Vec<_>>(), "each has one end");
    assert!(finals.iter().all(|(_, state)| matches!(state, State::Applied | State::Coalesced)));
    assert_eq!(finals.last(), Some(&(50, State::Applied)));
    assert_eq!(fake.texts().last(), Some(&code(50)));
    assert_eq!(manager.history().entries().count(), fake.sent.lock().len());
}
