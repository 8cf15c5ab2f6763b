//! Users, their sessions, and who is connected.

use rusqlite::{Connection, OptionalExtension as _, params};
use whinchat_proto::id::{SessionId, UserId};

use super::fault::{DbError, DbResult};
use super::rows::user_number;
use super::work::random_epoch;
use crate::storage::{OpenSession, SessionOpened};

/// Opens or goes on with a session and counts the user as connected.
pub(super) fn open(conn: &Connection, now_ms: i64, request: &OpenSession) -> DbResult<SessionOpened> {
    let user = if request.resume {
        let mut statement = conn.prepare_cached(
            "SELECT s.user, s.displaced FROM session s JOIN user u ON u.id = s.user \
             WHERE s.id = ?1 AND u.name = ?2 AND s.device = ?3 AND s.platform = ?4",
        )?;
        let key =
            params![request.session.0, request.user.as_str(), request.device.as_str(), request.platform];
        let found: Option<(i64, bool)> =
            statement.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        match found {
            None => return Ok(SessionOpened::Unknown),
            Some((_, true)) => return Ok(SessionOpened::Displaced),
            Some((user, false)) => {
                conn.prepare_cached("UPDATE session SET opened_ms = ?2 WHERE id = ?1")?
                    .execute(params![request.session.0, now_ms])?;
                user
            }
        }
    } else {
        exist(conn, now_ms, &request.user)?
    };
    let mut displaced = Vec::new();
    if !request.resume {
        let mut statement = conn.prepare_cached(
            "UPDATE session SET displaced = 1 WHERE user = ?1 AND platform = ?2 AND device <> ?3 AND displaced = 0 \
             RETURNING id",
        )?;
        let mut rows = statement.query(params![user, request.platform, request.device.as_str()])?;
        while let Some(row) = rows.next()? {
            let id = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
            displaced.push(SessionId::from_slice(id).map_err(|_| DbError::damaged("a session's id"))?);
        }
        let mut statement = conn.prepare_cached(
            "INSERT INTO session (id, user, platform, device, opened_ms) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (user, platform, device) DO UPDATE SET id = ?1, displaced = 0, opened_ms = ?5",
        )?;
        let device = request.device.as_str();
        statement.execute(params![request.session.0, user, request.platform, device, now_ms])?;
    }
    conn.prepare_cached("UPDATE user SET live = live + 1 WHERE id = ?1")?.execute([user])?;
    Ok(SessionOpened::Opened { displaced })
}

/// Creates the user if he is new.
pub(super) fn exist(conn: &Connection, now_ms: i64, user: &UserId) -> DbResult<i64> {
    if let Some(number) = user_number(conn, user)? {
        return Ok(number);
    }
    let mut statement =
        conn.prepare_cached("INSERT INTO user (name, epoch, created_ms) VALUES (?1, ?2, ?3) RETURNING id")?;
    Ok(statement.query_row(params![user.as_str(), random_epoch(), now_ms], |row| row.get(0))?)
}

/// A connection of the user is gone. With the last one his marks count as served: what comes from now on is new.
pub(super) fn close(conn: &Connection, user: &UserId, session: SessionId, forget: bool) -> DbResult<()> {
    conn.prepare_cached(
        "UPDATE user SET served = CASE WHEN live <= 1 THEN version ELSE served END, live = MAX(live - 1, 0) \
         WHERE name = ?1",
    )?
    .execute([user.as_str()])?;
    if forget {
        conn.prepare_cached("DELETE FROM session WHERE id = ?1")?.execute([session.0])?;
    }
    Ok(())
}

/// Forgets sessions that nobody has come back to, a few at a time.
pub(super) fn prune(conn: &Connection, before_ms: i64, limit: u32) -> DbResult<u64> {
    let mut statement = conn.prepare_cached(
        "DELETE FROM session WHERE id IN \
         (SELECT id FROM session WHERE opened_ms < ?1 ORDER BY opened_ms LIMIT ?2)",
    )?;
    let pruned = statement.execute(params![before_ms, limit])?;
    Ok(u64::try_from(pruned).unwrap_or(0))
}

/// At start nobody is connected, whatever a killed process left behind.
pub(super) fn nobody_is_live(conn: &Connection) -> DbResult<()> {
    conn.execute("UPDATE user SET served = version, live = 0 WHERE live > 0", [])?;
    Ok(())
}
