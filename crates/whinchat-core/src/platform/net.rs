//! TCP: finding a host and connecting to it.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
pub(crate) use tokio::net::TcpStream;

use super::sleep;
use crate::error::{Error, ErrorCode, Result};

/// How long one address has before the next is tried beside it (RFC 8305): a network whose IPv6 leads nowhere must not
/// use up the whole time allowed.
const STAGGER: Duration = Duration::from_millis(250);

/// Connects to the first address of `host` that answers.
pub(crate) async fn dial(host: &str, port: u16) -> Result<TcpStream> {
    let found = tokio::net::lookup_host((host, port)).await.map_err(|error| {
        Error::new(ErrorCode::NameLookup, format!("the server's name {host} cannot be found: {error}"))
    })?;
    let mut waiting = interleave(found).into_iter();
    let mut trying = FuturesUnordered::new();
    let mut failure = Error::new(ErrorCode::NameLookup, format!("the server's name {host} has no address"));
    loop {
        if let Some(address) = waiting.next() {
            trying.push(async move { (address, TcpStream::connect(address).await) });
        }
        if trying.is_empty() {
            return Err(failure);
        }
        tokio::select! {
            Some((address, connected)) = trying.next() => match connected {
                Ok(stream) => {
                    // Frames are flushed whole; waiting for more to fill a packet only adds delay.
                    if let Err(error) = stream.set_nodelay(true) {
                        tracing::debug!(%error, "no TCP_NODELAY");
                    }
                    return Ok(stream);
                }
                Err(error) => failure = broken(&error, &format!("connecting to {address}")),
            },
            () = sleep(STAGGER), if waiting.len() > 0 => {}
        }
    }
}

/// Families in turn, in the system's order otherwise, so that a dead family costs one [`STAGGER`].
fn interleave(addresses: impl Iterator<Item = SocketAddr>) -> Vec<SocketAddr> {
    let mut addresses = addresses.peekable();
    let six_first = addresses.peek().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) = addresses.partition(|address| address.is_ipv6() == six_first);
    let mut second = second.into_iter();
    let mut all: Vec<_> =
        first.into_iter().flat_map(|address| [Some(address), second.next()]).flatten().collect();
    all.extend(second);
    all
}

/// What an error of the system means for a connection.
pub(crate) fn broken(error: &io::Error, during: &str) -> Error {
    use io::ErrorKind as Kind;
    let code = match error.kind() {
        Kind::ConnectionRefused => ErrorCode::ConnectRefused,
        Kind::TimedOut => ErrorCode::ConnectTimeout,
        // Systems without the right to use the network say PermissionDenied.
        Kind::HostUnreachable
        | Kind::NetworkUnreachable
        | Kind::NetworkDown
        | Kind::AddrNotAvailable
        | Kind::PermissionDenied => ErrorCode::Unreachable,
        _ => ErrorCode::ConnectionReset,
    };
    Error::new(code, format!("{during}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_take_turns() {
        let addresses =
            ["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "1.1.1.2:1"].map(|text| text.parse().unwrap());
        let order: Vec<String> = interleave(addresses.into_iter()).iter().map(ToString::to_string).collect();
        assert_eq!(order, ["[::1]:1", "1.1.1.1:1", "[::2]:1", "1.1.1.2:1", "[::3]:1"]);
        let order = interleave(addresses.into_iter().rev());
        assert_eq!(order.len(), 5);
        assert!(order[0].is_ipv4() && order[1].is_ipv6());
    }

    #[tokio::test]
    async fn a_port_where_nobody_listens_refuses() {
        let port = {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        };
        let error = dial("127.0.0.1", port).await.unwrap_err();
        assert!(error.is(ErrorCode::ConnectRefused), "{error}");
    }

    #[tokio::test]
    async fn a_name_that_does_not_exist_is_told_apart() {
        let error = dial("no-such-host.invalid", 80).await.unwrap_err();
        assert!(error.is(ErrorCode::NameLookup), "{error}");
    }
}
