//! Puts a vector on.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::matching::matches;
use super::phone::{Ended, Page, Phone};
use super::process::Program;
use super::values::Values;
use super::vector::{Answer, Call, Event, Step, Vector, World};
use crate::stage::Stage;
use crate::wait::PATIENCE;

/// Between two calls of a step with `until`.
const AGAIN: Duration = Duration::from_millis(20);

/// What one play has on its stage.
struct Play {
    stage: Stage,
    phones: BTreeMap<String, Phone>,
    values: Values,
    begun: HashMap<String, (String, u64)>,
}

/// Plays a vector over a real server, with real bridges or, where a program is given, with processes of a host.
///
/// # Errors
///
/// Which step went wrong, and how.
pub async fn play(name: &str, vector: &Vector, program: Option<&Program>) -> Result<(), String> {
    let stage = Stage::with(|config| config.automatic_signatures = vector.automatic_signatures, None).await;
    let mut phones = BTreeMap::new();
    for (phone, platform) in &vector.phones {
        let folder = stage.folder().join(format!("phone-{phone}"));
        phones.insert(phone.clone(), Phone::new(program, platform, &folder, stage.addr()).await);
    }
    let mut play = Play { stage, phones, values: Values::default(), begun: HashMap::new() };
    let mut outcome = Ok(());
    for (n, step) in vector.all_steps().iter().enumerate() {
        outcome = play.step(step).await.map_err(|wrong| {
            // Logins that the vector does not write out stand before its first step.
            let n = (n + 1).saturating_sub(2 * vector.logged_in.len());
            format!("{name}, step {n}: {wrong}\n{step:?}")
        });
        if outcome.is_err() {
            break;
        }
    }
    for phone in play.phones.values_mut() {
        if let Some(late) = phone.told_too_late().first() {
            outcome = outcome.and(Err(format!("{name}: a listener was told after its end: {late}")));
        }
        phone.close().await;
        if let Some(fault) = phone.faults().first() {
            outcome = outcome.and(Err(format!("{name}: a rule was broken: {fault}")));
        }
    }
    play.stage.stop_server().await;
    outcome
}

impl Play {
    async fn step(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Call(call) => self.call(call).await,
            Step::Event(event) => self.event(event).await,
            Step::Answer(answer) => self.answer(answer).await,
            Step::World(world) => self.world(world).await,
        }
    }

    fn page(&mut self, phone: &str, page: &str) -> Result<&mut Page, String> {
        Ok(self.phones.get_mut(phone).ok_or_else(|| format!("there is no phone {phone}"))?.page(page))
    }

    async fn call(&mut self, step: &Call) -> Result<(), String> {
        let params = step.params.as_ref().map(|params| self.values.fill(params));
        if is_setter(&step.call) {
            let setter = canonical(&step.call);
            self.page(&step.phone, &step.page)?.listen(&step.call, setter, params.as_ref());
            return Ok(());
        }
        let ended = ended_by(&step.call);
        let began = Instant::now();
        loop {
            let page = self.page(&step.phone, &step.page)?;
            let call = page.end(ended, &step.call, params.as_ref());
            if let Some(name) = &step.begin {
                self.begun.insert(name.clone(), (step.page.clone(), call));
                return Ok(());
            }
            let answer = page.answer(call).await.ok_or("there is no answer")?;
            if let Some(twice) = page.answered_twice().first() {
                return Err(format!("call {twice} was answered twice"));
            }
            match self.right(&answer, step.expect.as_ref(), step.fails) {
                Err(_) if step.until && began.elapsed() < PATIENCE => tokio::time::sleep(AGAIN).await,
                looked => return looked,
            }
        }
    }

    async fn answer(&mut self, step: &Answer) -> Result<(), String> {
        let (page, call) =
            self.begun.get(&step.answer).cloned().ok_or("nothing was begun under this name")?;
        let answer = self.page(&step.phone, &page)?.answer(call).await.ok_or("there is no answer")?;
        self.right(&answer, step.expect.as_ref(), step.fails)
    }

    async fn event(&mut self, step: &Event) -> Result<(), String> {
        let known = self.values.clone();
        let page = self.page(&step.phone, &step.page)?;
        let before = step.without.as_ref().map(|without| (without, page.taken(&step.on, &without.event)));
        let found = page
            .event(&step.on, &step.event, |event| {
                is(event, &step.event, step.expect.as_ref(), &mut known.clone()).is_ok()
            })
            .await;
        if let (Some((without, from)), Ok(_)) = (before, &found) {
            let to = page.taken(&step.on, &step.event).saturating_sub(1);
            let passed = page.events(&step.on, from, to);
            let unwanted = |event: &&Value| {
                is(event, &without.event, without.expect.as_ref(), &mut known.clone()).is_ok()
            };
            if let Some(event) = passed.iter().find(unwanted) {
                return Err(format!("it came before: {event}"));
            }
        }
        match found {
            Ok(event) if event.get("status").is_some() => Err(format!("an event with a status: {event}")),
            Ok(event) => is(&event, &step.event, step.expect.as_ref(), &mut self.values),
            Err(instead) => Err(format!("no such event; instead {}", Value::from(instead))),
        }
    }

    async fn world(&mut self, step: &World) -> Result<(), String> {
        match step.server.as_deref() {
            Some("stop") => self.stage.stop_server().await,
            Some("start") => {
                self.stage.start_server(&[]).await;
                let addr = self.stage.addr();
                self.phones.values().for_each(|phone| phone.proxy.set_upstream(addr));
            }
            None => {}
            Some(other) => return Err(format!("a server cannot {other}")),
        }
        let named = |phones: &Option<Vec<String>>| phones.clone().unwrap_or_default();
        for phone in named(&step.cut) {
            self.phones.get(&phone).ok_or("no such phone")?.proxy.offline();
        }
        for phone in named(&step.mend) {
            self.phones.get(&phone).ok_or("no such phone")?.proxy.restore();
        }
        for phone in named(&step.restart) {
            self.phones.get_mut(&phone).ok_or("no such phone")?.restart().await;
        }
        Ok(())
    }

    /// What holds for every answer, and what this one has to be.
    fn right(&mut self, answer: &Value, expect: Option<&Value>, fails: Option<i64>) -> Result<(), String> {
        let form = match answer.get("status") {
            Some(Value::Bool(true)) => json!({"code": 0, "msg": "", "desc": ""}),
            Some(Value::Bool(false)) => {
                json!({"code": {"$min": 1}, "msg": {"$any": "string", "$not": ""}, "desc": answer.get("msg")})
            }
            _ => return Err(format!("an answer without a status: {answer}")),
        };
        matches(&form, answer, &mut self.values).map_err(|wrong| format!("{wrong} in {answer}"))?;
        if answer.get("eventType").is_some() {
            return Err(format!("an answer with an event's type: {answer}"));
        }
        let outcome =
            fails.map_or_else(|| json!({"status": true}), |code| json!({"status": false, "code": code}));
        if fails.is_some() || expect.is_none_or(|expect| expect.get("status").is_none()) {
            matches(&outcome, answer, &mut self.values).map_err(|wrong| format!("{wrong} in {answer}"))?;
        }
        let expect = expect.cloned().unwrap_or_else(|| json!({}));
        matches(&expect, answer, &mut self.values).map_err(|wrong| format!("{wrong} in {answer}"))
    }
}

fn is_setter(method: &str) -> bool {
    let method = canonical(method);
    method.starts_with("set") && method.ends_with("Listener")
}

/// The setters whose listeners a method ends.
fn ended_by(method: &str) -> Ended<'_> {
    let listener = method.strip_prefix("remove").or_else(|| method.strip_prefix("del"));
    match listener.filter(|listener| listener.ends_with("Listener")) {
        Some(listener) => Ended::One(listener),
        None if ["unInit", "unInitSDK", "destroy"].contains(&method) => Ended::All,
        None => Ended::None,
    }
}

/// The name under which later steps know a setter that has another spelling.
fn canonical(method: &str) -> &str {
    if method == "setSimpleMsgListender" { "setSimpleMsgListener" } else { method }
}

fn is(event: &Value, kind: &str, expect: Option<&Value>, values: &mut Values) -> Result<(), String> {
    if event.get("eventType").and_then(Value::as_str) != Some(kind) {
        return Err("another event".to_owned());
    }
    expect.map_or(Ok(()), |expect| matches(expect, event, values))
}
