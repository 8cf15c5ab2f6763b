//! The end of a simulated world: everybody comes to rest, and the judge looks.

use std::collections::BTreeMap;

use whinchat_cli::ledger::{DeviceFiles, Evidence, Line, Report, judge};
use whinchat_core::ConversationId;

use super::world::World;

/// Rounds within which a healed world has to come to rest: over a minute of its time.
const PATIENCE: u32 = 450;

/// By user: his conversations with the heads and read marks that the server has, and the head of his change log.
type Marks = BTreeMap<String, (Vec<(ConversationId, u64, u64)>, u64)>;

impl World {
    /// Heals the world, waits until it is at rest, and judges.
    pub(super) fn judgement(&mut self) -> Result<Report, String> {
        self.heal();
        self.until("everybody is online", PATIENCE, |world| {
            world.seats.iter().filter(|s| !s.is_online()).map(|s| s.role.0.to_owned()).collect()
        })?;
        self.until("the outboxes drain", PATIENCE, |world| {
            let waiting = world.seats.iter().filter(|seat| seat.waiting() > 0);
            waiting.map(|seat| format!("{} has {}", seat.role.0, seat.waiting())).collect()
        })?;
        self.until("everybody shows what the server has", PATIENCE, |world| world.behind())?;
        let mut reading: Vec<_> =
            self.seats.iter().map(|seat| (seat.role.0, seat.read_everything())).collect();
        let mut failed = Vec::new();
        self.until("everybody has read everything", PATIENCE, |_| {
            reading.retain_mut(|(name, told)| match told.try_recv() {
                Ok(Ok(())) => false,
                Ok(Err(error)) => {
                    failed.push(format!("{name}: {error}"));
                    false
                }
                Err(_) => true,
            });
            reading.iter().map(|(name, _)| (*name).to_owned()).collect()
        })?;
        if !failed.is_empty() {
            return Err(format!("the history cannot be read: {}", failed.join("; ")));
        }
        // Events that are on their way when everything is stored come now.
        self.go_on(std::time::Duration::from_millis(200));
        for seat in &self.seats {
            seat.finish(self.now_ms()).map_err(|error| format!("{}: {error}", seat.role.0))?;
        }
        for seat in &mut self.seats {
            seat.kill(false);
        }
        let files: Vec<DeviceFiles> = self.seats.iter().map(|seat| seat.files.clone()).collect();
        let mut evidence =
            Evidence::collect(&self.nodes.database, &files).map_err(|error| error.to_string())?;
        evidence.announced = !self.lost_cache;
        evidence.restored = self.restored;
        evidence.cache_was_lost = self.lost_cache;
        for device in &evidence.devices {
            if !device.lines.contains(&Line::Finished) {
                return Err(format!("{} wrote no last line", device.name));
            }
        }
        let report = judge(&evidence);
        if report.is_clean() {
            Ok(report)
        } else {
            Err(format!("{report}\n  {}", report.findings.join("\n  ")))
        }
    }

    /// What the devices do not show yet of what the server has.
    pub(super) fn behind(&mut self) -> Vec<String> {
        let marks = match self.marks() {
            Ok(marks) => marks,
            Err(error) => return vec![error.to_string()],
        };
        let mut missing = Vec::new();
        for seat in &self.seats {
            let Some((conversations, version)) = marks.get(seat.role.1) else { continue };
            let behind = seat.behind(self.now_ms(), conversations);
            missing.extend(behind.iter().map(|what| format!("{}: {what}", seat.role.0)));
            match seat.position() {
                Ok((top, false)) if top == *version => {}
                found => missing.push(format!("{}: position {found:?} of {version}", seat.role.0)),
            }
        }
        missing
    }

    /// What each user's devices have to show, as the server's database says.
    fn marks(&self) -> rusqlite::Result<Marks> {
        let mut query = self.server().prepare_cached(
            "SELECT user.name, conversation.name, coalesce(left_at, head_seq), read_seq, user.version FROM member \
             JOIN user ON user.id = member.user JOIN conversation ON conversation.id = member.conversation",
        )?;
        let mut rows = query.query([])?;
        let mut marks = Marks::new();
        while let Some(row) = rows.next()? {
            let (user, name): (String, String) = (row.get(0)?, row.get(1)?);
            let (head, read, version): (i64, i64, i64) = (row.get(2)?, row.get(3)?, row.get(4)?);
            let parts: Vec<&str> = name.split('\u{1}').collect();
            let text = match parts.as_slice() {
                ["c", one, other] => format!("c2c_{}", if *one == user { other } else { one }),
                ["g", group] => format!("group_{group}"),
                _ => continue,
            };
            let Ok(id) = ConversationId::parse(&text) else { continue };
            let own = marks.entry(user).or_default();
            own.0.push((id, head.unsigned_abs(), read.unsigned_abs()));
            own.1 = version.unsigned_abs();
        }
        Ok(marks)
    }
}
