//! What the processes of a world are told, and how they are brought to rest.

use std::time::Duration;

use super::{GROUP, World};
use crate::chaos::cast::WANDERER;
use crate::chaos::process::Broken;
use crate::wait::within;

/// How long the outboxes may take to drain once the network is good.
const DRAIN: Duration = Duration::from_secs(30);

impl World {
    /// Every client pauses for so many milliseconds at most between two actions, from now on.
    pub async fn set_pace(&mut self, ms: u64) {
        self.setup.pace_ms = ms;
        for seat in &mut self.seats {
            if let Some(process) = &mut seat.process {
                process.tell(&format!("pace {ms}")).await;
            }
        }
    }

    /// Has a client sleep for a while; what it is told meanwhile it does afterwards.
    pub async fn pause(&mut self, device: usize, time: Duration) {
        if let Ok(process) = self.process(device) {
            process.tell(&format!("pause {}", time.as_millis())).await;
        }
    }

    /// Ends every session of the user of this device, on the administrator's word to a node.
    pub async fn kick(&mut self, node: usize, device: usize) {
        let Some(role) = self.setup.cast.get(device) else { return };
        if let Some(server) = self.nodes.get_mut(node).and_then(|node| node.process.as_mut()) {
            server.tell(&format!("kick {}", role.user)).await;
        }
    }

    /// One user leaves the group, or is invited back.
    pub async fn move_the_wanderer(&mut self) {
        let out = self.wanderer_is_out;
        let (user, command) = if out {
            ("bob", format!("invite {GROUP} {WANDERER}"))
        } else {
            (WANDERER, format!("quit {GROUP}"))
        };
        let seat = self.seats.iter_mut().find(|seat| seat.files.user == user);
        if let Some(process) = seat.and_then(|seat| seat.process.as_mut()) {
            process.tell(&command).await;
        }
        // Whether it worked shows at the next judgement only; trying the wrong one is refused and harms nothing.
        self.wanderer_is_out = !out;
    }

    /// Tells everybody to stop. What was said last is still on its way, and they may not have heard it yet.
    pub async fn hush(&mut self) {
        for seat in &mut self.seats {
            if let Some(process) = &mut seat.process {
                process.tell("stop").await;
            }
        }
    }

    /// Every outbox is empty, and every client has caught up by itself and written its last lines.
    ///
    /// # Errors
    ///
    /// When an outbox does not drain, or a client does not catch up.
    pub async fn settle(&mut self) -> Result<(), Broken> {
        self.repair()?;
        self.hush().await;
        for device in 0..self.devices() {
            self.process(device)?.answer("stopped").await?;
        }
        let drained = within(DRAIN, async || self.waiting().is_empty().then_some(())).await;
        if drained.is_none() {
            return Err(Broken(format!("these outboxes do not drain: {}", self.waiting().join(", "))));
        }
        // Of what was changed last, such as a deletion, no head and no mark speaks.
        let heard = within(DRAIN, async || self.behind().is_empty().then_some(())).await;
        if heard.is_none() {
            return Err(Broken(format!("these have not heard of everything: {}", self.behind().join(", "))));
        }
        let marks = self.marks()?;
        for (device, role) in self.setup.cast.iter().enumerate() {
            let own = marks.get(role.user).cloned().unwrap_or_default();
            self.process(device)?.tell(format!("settle {own}").trim_end()).await;
        }
        for device in 0..self.devices() {
            self.process(device)?.answer("settled").await?;
        }
        Ok(())
    }

    /// The talk goes on.
    pub async fn go_on(&mut self) {
        for seat in &mut self.seats {
            if let Some(process) = &mut seat.process {
                process.tell("go").await;
            }
        }
    }
}
