//! What the files of a running world say.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::{Seat, World};
use crate::chaos::process::Broken;

impl World {
    /// Devices whose outbox is not empty, looked up in their files.
    pub(super) fn waiting(&self) -> Vec<String> {
        let count = |seat: &Seat| -> rusqlite::Result<i64> {
            let db = open(&seat.files.folder.join("own.db"))?;
            db.query_row("SELECT count(*) FROM outbox WHERE state <> 1", [], |row| row.get(0))
        };
        self.seats
            .iter()
            .filter_map(|seat| match count(seat) {
                Ok(0) => None,
                Ok(count) => Some(format!("{} has {count}", seat.files.name)),
                Err(error) => Some(format!("{} cannot be read: {error}", seat.files.name)),
            })
            .collect()
    }

    /// Devices that have not heard of everything that the server told their user, looked up in the files of both.
    pub(super) fn behind(&self) -> Vec<String> {
        let versions = |seat: &Seat, user: &str| -> rusqlite::Result<(i64, i64)> {
            let server = open(&self.server_database())?;
            let told =
                server.query_row("SELECT version FROM user WHERE name = ?1", [user], |row| row.get(0))?;
            let cache = open(&seat.files.folder.join("cache.db"))?;
            Ok((told, cache.query_row("SELECT top FROM position", [], |row| row.get(0))?))
        };
        let seats = self.seats.iter().zip(self.setup.cast.iter());
        seats
            .filter_map(|(seat, role)| match versions(seat, role.user) {
                Ok((told, heard)) if heard >= told => None,
                Ok((told, heard)) => Some(format!("{} is at {heard} of {told}", seat.files.name)),
                Err(error) => Some(format!("{} cannot be read: {error}", seat.files.name)),
            })
            .collect()
    }

    /// What each user's clients have to show, as the server's database says: `conversation=head:read`.
    pub(super) fn marks(&self) -> Result<BTreeMap<String, String>, Broken> {
        let look = || -> rusqlite::Result<BTreeMap<String, String>> {
            let db = open(&self.server_database())?;
            let mut query = db.prepare(
                "SELECT user.name, conversation.name, coalesce(left_at, head_seq), read_seq FROM member \
                 JOIN user ON user.id = member.user JOIN conversation ON conversation.id = member.conversation",
            )?;
            let mut rows = query.query([])?;
            let mut marks: BTreeMap<String, String> = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let (user, name): (String, String) = (row.get(0)?, row.get(1)?);
                let (head, read): (i64, i64) = (row.get(2)?, row.get(3)?);
                let parts: Vec<&str> = name.split('\u{1}').collect();
                let conversation = match parts.as_slice() {
                    ["c", one, other] => format!("c2c_{}", if *one == user { other } else { one }),
                    ["g", group] => format!("group_{group}"),
                    _ => continue,
                };
                let own = marks.entry(user).or_default();
                own.push_str(&format!("{conversation}={head}:{read} "));
            }
            Ok(marks)
        };
        look().map_err(|error| Broken(format!("the server's database cannot be read: {error}")))
    }
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    db.busy_timeout(Duration::from_secs(2))?;
    Ok(db)
}
