//! Users, their sessions, and who is connected.

use rusqlite::{Connection, OptionalExtension as _, params};
use whinchat_proto::id::{SessionId, UserId};

use super::fault::{DbError, DbResult};
use super::large;
use super::rows::user_number;
use super::work::random_epoch;
use crate::storage::{Ending, OpenSession, SessionOpened, SessionState, Standing};

/// Numbers of `session.displaced`.
const DISPLACED: i64 = 1;
const ENDED: i64 = 2;

fn ending(number: i64) -> Option<Ending> {
    match number {
        0 => None,
        DISPLACED => Some(Ending::Displaced),
        _ => Some(Ending::Administrator),
    }
}

fn session_id(row: &rusqlite::Row<'_>) -> DbResult<SessionId> {
    let id = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
    SessionId::from_slice(id).map_err(|_| DbError::damaged("a session's id"))
}

fn is_revoked(conn: &Connection, request: &OpenSession) -> DbResult<bool> {
    let mut statement = conn.prepare_cached("SELECT revoked_ms FROM user WHERE name = ?1")?;
    let revoked: Option<i64> = statement.query_row([request.user.as_str()], |row| row.get(0)).optional()?;
    Ok(revoked.is_some_and(|revoked_ms| request.issued_ms <= revoked_ms))
}

/// Opens or goes on with a session and counts the user as connected to `node`.
pub(super) fn open(
    conn: &Connection,
    now_ms: i64,
    node: &str,
    request: &OpenSession,
) -> DbResult<SessionOpened> {
    if is_revoked(conn, request)? {
        return Ok(SessionOpened::Revoked);
    }
    let (user, displaced, ghost) = if request.resume {
        match resume(conn, now_ms, request)? {
            Ok(user) => (user, Vec::new(), None),
            Err(refused) => return Ok(refused),
        }
    } else {
        let user = exist(conn, now_ms, &request.user)?;
        let displaced = displace(conn, user, request)?;
        (user, displaced, register(conn, now_ms, user, request)?)
    };
    conn.prepare_cached("UPDATE user SET live = live + 1 WHERE id = ?1")?.execute([user])?;
    conn.prepare_cached(
        "INSERT INTO presence (node, user, connections) VALUES (?1, ?2, 1) \
         ON CONFLICT (node, user) DO UPDATE SET connections = connections + 1",
    )?
    .execute(params![node, user])?;
    let (groups, version) = large::mark(conn, user, &request.cursor)?;
    Ok(SessionOpened::Opened { displaced, ghost, groups, version })
}

fn resume(conn: &Connection, now_ms: i64, request: &OpenSession) -> DbResult<Result<i64, SessionOpened>> {
    let mut statement = conn.prepare_cached(
        "SELECT s.user, s.displaced FROM session s JOIN user u ON u.id = s.user \
         WHERE s.id = ?1 AND u.name = ?2 AND s.device = ?3 AND s.platform = ?4",
    )?;
    let key = params![request.session.0, request.user.as_str(), request.device.as_str(), request.platform];
    let found: Option<(i64, i64)> =
        statement.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((user, displaced)) = found else { return Ok(Err(SessionOpened::Unknown)) };
    if let Some(ending) = ending(displaced) {
        return Ok(Err(SessionOpened::Ended(ending)));
    }
    conn.prepare_cached("UPDATE session SET opened_ms = ?2 WHERE id = ?1")?
        .execute(params![request.session.0, now_ms])?;
    Ok(Ok(user))
}

/// Ends the sessions of other devices of the class.
fn displace(conn: &Connection, user: i64, request: &OpenSession) -> DbResult<Vec<SessionId>> {
    let mut statement = conn.prepare_cached(
        "UPDATE session SET displaced = 1 WHERE user = ?1 AND platform = ?2 AND device <> ?3 AND displaced = 0 \
         RETURNING id",
    )?;
    let mut rows = statement.query(params![user, request.platform, request.device.as_str()])?;
    let mut displaced = Vec::new();
    while let Some(row) = rows.next()? {
        displaced.push(session_id(row)?);
    }
    Ok(displaced)
}

/// Writes the session in the place of the one that this installation had; gives that one.
fn register(conn: &Connection, now_ms: i64, user: i64, request: &OpenSession) -> DbResult<Option<SessionId>> {
    let device = request.device.as_str();
    let mut statement =
        conn.prepare_cached("SELECT id FROM session WHERE user = ?1 AND platform = ?2 AND device = ?3")?;
    let former = statement
        .query_row(params![user, request.platform, device], |row| Ok(session_id(row)))
        .optional()?
        .transpose()?;
    let mut statement = conn.prepare_cached(
        "INSERT INTO session (id, user, platform, device, opened_ms) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (user, platform, device) DO UPDATE SET id = ?1, displaced = 0, opened_ms = ?5",
    )?;
    statement.execute(params![request.session.0, user, request.platform, device, now_ms])?;
    Ok(former)
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

/// A connection of the user to `node` is gone. With the last one his marks count as served: what comes from now on is new.
pub(super) fn close(
    conn: &Connection,
    node: &str,
    user: &UserId,
    session: SessionId,
    forget: bool,
) -> DbResult<()> {
    if let Some(number) = user_number(conn, user)? {
        let mut statement = conn.prepare_cached(
            "UPDATE presence SET connections = connections - 1 WHERE node = ?1 AND user = ?2 RETURNING connections",
        )?;
        let left: Option<i64> = statement.query_row(params![node, number], |row| row.get(0)).optional()?;
        if left.is_some_and(|left| left <= 0) {
            conn.prepare_cached("DELETE FROM presence WHERE node = ?1 AND user = ?2")?
                .execute(params![node, number])?;
        }
        if left.is_some() {
            less_live(conn, number, 1)?;
        }
    }
    if forget {
        conn.prepare_cached("DELETE FROM session WHERE id = ?1")?.execute([session.0])?;
    }
    Ok(())
}

fn less_live(conn: &Connection, user: i64, connections: i64) -> DbResult<()> {
    conn.prepare_cached(
        "UPDATE user SET served = CASE WHEN live <= ?2 THEN version ELSE served END, live = MAX(live - ?2, 0) \
         WHERE id = ?1",
    )?
    .execute(params![user, connections])?;
    Ok(())
}

/// Nobody is connected to this node, whatever a killed process left behind.
pub(super) fn nobody_is_on(conn: &Connection, node: &str) -> DbResult<()> {
    let mut statement =
        conn.prepare_cached("DELETE FROM presence WHERE node = ?1 RETURNING user, connections")?;
    let gone = statement.query_map([node], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for left in gone.collect::<rusqlite::Result<Vec<(i64, i64)>>>()? {
        less_live(conn, left.0, left.1)?;
    }
    Ok(())
}

/// Nobody is connected at all; also of those whom an older version counted without naming a node.
pub(super) fn nobody_is_live(conn: &Connection) -> DbResult<()> {
    conn.execute("DELETE FROM presence", [])?;
    conn.execute("UPDATE user SET served = version, live = 0 WHERE live > 0", [])?;
    Ok(())
}

/// The nodes that somebody is counted as connected to. They are few, and the rows many: from one to the next.
pub(super) fn nodes(conn: &Connection) -> DbResult<Vec<String>> {
    let mut statement = conn.prepare_cached("SELECT MIN(node) FROM presence WHERE node > ?1")?;
    let mut nodes: Vec<String> = Vec::new();
    while let Some(next) = statement
        .query_row([nodes.last().map_or("", String::as_str)], |row| row.get::<_, Option<String>>(0))?
    {
        nodes.push(next);
    }
    Ok(nodes)
}

/// How these sessions stand, in the order asked.
pub(super) fn standings(conn: &Connection, of: &[(UserId, SessionId)]) -> DbResult<Vec<Standing>> {
    let mut statement = conn.prepare_cached(
        "SELECT u.version, u.revoked_ms, s.displaced FROM user u LEFT JOIN session s ON s.id = ?2 AND s.user = u.id \
         WHERE u.name = ?1",
    )?;
    let mut standings = Vec::with_capacity(of.len());
    for (user, session) in of {
        let found = statement.query_row(params![user.as_str(), session.0], |row| {
            Ok(Standing {
                version: row.get(0)?,
                revoked_ms: row.get(1)?,
                state: match row.get::<_, Option<i64>>(2)? {
                    None => SessionState::Gone,
                    Some(number) => ending(number).map_or(SessionState::Stands, SessionState::Ended),
                },
            })
        });
        let gone = Standing { version: 0, revoked_ms: 0, state: SessionState::Gone };
        standings.push(found.optional()?.unwrap_or(gone));
    }
    Ok(standings)
}

/// Ends the user's sessions, of one class or of all; gives those that stood. Nothing when there is no such user.
pub(super) fn end(
    conn: &Connection,
    user: &UserId,
    platform: Option<i32>,
) -> DbResult<Option<Vec<SessionId>>> {
    let Some(number) = user_number(conn, user)? else { return Ok(None) };
    let mut statement = conn.prepare_cached(
        "UPDATE session SET displaced = ?3 WHERE user = ?1 AND (?2 IS NULL OR platform = ?2) AND displaced = 0 \
         RETURNING id",
    )?;
    let mut rows = statement.query(params![number, platform, ENDED])?;
    let mut ended = Vec::new();
    while let Some(row) = rows.next()? {
        ended.push(session_id(row)?);
    }
    Ok(Some(ended))
}

/// Refuses the user's signatures made up to now and ends all his sessions.
pub(super) fn revoke(conn: &Connection, now_ms: i64, user: &UserId) -> DbResult<Option<Vec<SessionId>>> {
    conn.prepare_cached("UPDATE user SET revoked_ms = MAX(revoked_ms, ?2) WHERE name = ?1")?
        .execute(params![user.as_str(), now_ms])?;
    end(conn, user, None)
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
