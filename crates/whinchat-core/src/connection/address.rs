//! Where the server is, as the app writes it.

use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;

use rustls_pki_types::ServerName;

use crate::error::{Error, ErrorCode, Result};

/// A checked `ws://` or `wss://` address.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    /// Without the brackets of an IPv6 address.
    host: String,
    port: u16,
    /// The name that the certificate has to be for; `None` without TLS.
    tls_name: Option<ServerName<'static>>,
    url: String,
    #[cfg(feature = "simulation")]
    dial: Option<crate::simulation::Dial>,
}

impl Address {
    /// Reads an address such as `wss://chat.example.com` or `ws://127.0.0.1:7200`.
    ///
    /// # Errors
    ///
    /// 6017 with a sentence that says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let wrong = |why: &str| {
            Error::new(ErrorCode::BadParameter, format!("the server's address {text:?} is not usable: {why}"))
        };
        let example = "write it as wss://host, wss://host:port or, without encryption, ws://host:port";
        if text.bytes().any(|byte| !(0x21..=0x7e).contains(&byte)) {
            return Err(wrong(
                "it has a space or a character outside ASCII; write such names in their xn-- form",
            ));
        }
        let (scheme, rest) = text.split_once("://").ok_or_else(|| wrong(example))?;
        let tls = match scheme.to_ascii_lowercase().as_str() {
            "wss" => true,
            "ws" => false,
            "https" => return Err(wrong("it begins with wss://, not https://")),
            "http" => return Err(wrong("it begins with ws://, not http://")),
            _ => return Err(wrong(example)),
        };
        if rest.contains('#') {
            return Err(wrong("it has a # in it"));
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err(wrong("it has a user name in it; the login says who comes"));
        }
        let (host, port) = split_port(authority).ok_or_else(|| wrong(example))?;
        if host.is_empty() {
            return Err(wrong("it names no host"));
        }
        let name =
            ServerName::try_from(host).map_err(|_| wrong("its host is neither a name nor an IP address"))?;
        let port = match port {
            None if tls => 443,
            None => 80,
            Some(digits) => digits
                .parse()
                .ok()
                .filter(|port| *port != 0 && digits.bytes().all(|byte| byte.is_ascii_digit()))
                .ok_or_else(|| wrong("its port is not a number from 1 to 65535"))?,
        };
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let url = format!("{}://{authority}{path}", if tls { "wss" } else { "ws" });
        let address = Self {
            port,
            tls_name: tls.then(|| name.to_owned()),
            host: host.to_owned(),
            url,
            #[cfg(feature = "simulation")]
            dial: None,
        };
        // The handshake's own view of an address is the last word on it.
        address.request().map_err(|_| wrong(example))?;
        Ok(address)
    }

    /// The same, reached without a socket.
    #[cfg(feature = "simulation")]
    pub(crate) fn dialled_by(mut self, dial: Option<crate::simulation::Dial>) -> Self {
        self.dial = dial;
        self
    }

    /// How it is reached without a socket.
    #[cfg(feature = "simulation")]
    pub(crate) fn dial(&self) -> Option<&crate::simulation::Dial> {
        self.dial.as_ref()
    }

    /// The host to look up.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The TCP port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The name that the server's certificate has to be for; `None` without TLS.
    pub(crate) fn tls_name(&self) -> Option<&ServerName<'static>> {
        self.tls_name.as_ref()
    }

    /// The request that opens the WebSocket.
    pub(crate) fn request(&self) -> Result<Request> {
        self.url.as_str().into_client_request().map_err(|error| {
            Error::new(
                ErrorCode::BadParameter,
                format!("the server's address {:?} is not usable: {error}", self.url),
            )
        })
    }
}

/// Host without brackets, and what follows its colon. `None` when brackets do not pair.
fn split_port(authority: &str) -> Option<(&str, Option<&str>)> {
    if let Some(bracketed) = authority.strip_prefix('[') {
        let (host, rest) = bracketed.split_once(']')?;
        // Only an IPv6 address may stand in brackets.
        host.parse::<std::net::Ipv6Addr>().ok()?;
        return match rest {
            "" => Some((host, None)),
            _ => rest.strip_prefix(':').map(|port| (host, Some(port))),
        };
    }
    match authority.split_once(':') {
        Some((host, port)) => Some((host, Some(port))),
        None => Some((authority, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_addresses_are_read() {
        for (text, host, port, tls, url) in [
            ("ws://127.0.0.1:7200", "127.0.0.1", 7200, false, "ws://127.0.0.1:7200/"),
            ("wss://chat.example.com", "chat.example.com", 443, true, "wss://chat.example.com/"),
            ("ws://localhost", "localhost", 80, false, "ws://localhost/"),
            (
                "WSS://chat.example.com:8443/im?v=1",
                "chat.example.com",
                8443,
                true,
                "wss://chat.example.com:8443/im?v=1",
            ),
            ("ws://host?v=1", "host", 80, false, "ws://host/?v=1"),
            ("wss://[2001:db8::1]:9000/", "2001:db8::1", 9000, true, "wss://[2001:db8::1]:9000/"),
            ("ws://[::1]", "::1", 80, false, "ws://[::1]/"),
            ("ws://my_service:80", "my_service", 80, false, "ws://my_service:80/"),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!((address.host(), address.port()), (host, port), "{text}");
            assert_eq!(address.tls_name().is_some(), tls, "{text}");
            assert_eq!(address.url, url);
        }
    }

    #[test]
    fn unusable_addresses_are_explained() {
        for (text, hint) in [
            ("", "wss://host"),
            ("127.0.0.1:7200", "wss://host"),
            ("chat.example.com", "wss://host"),
            ("ftp://host", "wss://host"),
            ("http://host", "ws://, not http://"),
            ("https://host", "wss://, not https://"),
            ("ws://", "no host"),
            ("ws://:80", "no host"),
            ("ws:///path", "no host"),
            ("ws://host:", "port"),
            ("ws://host:0", "port"),
            ("ws://host:+80", "port"),
            ("ws://host:65536", "port"),
            ("ws://host:80:90", "port"),
            ("ws://::1", "host"),
            ("ws://[::1", "wss://host"),
            ("ws://[host]", "wss://host"),
            ("ws://[::1]x", "wss://host"),
            ("ws://alice@host", "user name"),
            ("ws://host/#a", "#"),
            ("ws://ho st", "space"),
            ("ws://h\u{f6}st", "xn--"),
            ("ws://host\r\nx: y", "space"),
            ("ws://ho%73t", "host"),
            ("ws://-host-", "host"),
        ] {
            let error = Address::parse(text).unwrap_err();
            assert!(error.is(ErrorCode::BadParameter), "{text}");
            assert!(error.message.contains(hint), "{text}: {}", error.message);
        }
    }
}
