//! Who may ask: whoever has the key, from a page of this machine.

use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, COOKIE, HOST,
    HeaderMap, HeaderValue, ORIGIN, REFERRER_POLICY, SET_COOKIE, VARY, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{StatusCode, Uri};

use super::question::Query;
use super::reply::{Refusal, Reply};
use super::world::World;

/// Refuses a request that did not address this machine: a foreign name that leads here would make a page of that name ours.
/// Gives the origin of the page that asks, when there is one.
pub(super) fn enter(headers: &HeaderMap) -> Result<Option<HeaderValue>, Refusal> {
    let foreign = |what| Refusal::new(StatusCode::FORBIDDEN, format!("{what} is not this machine."));
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if headers.get_all(HOST).iter().count() != 1 || !is_here(host) {
        return Err(foreign("Host"));
    }
    let Some(origin) = headers.get(ORIGIN) else { return Ok(None) };
    let text = origin.to_str().unwrap_or_default();
    let authority = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    if authority.is_some_and(is_here) { Ok(Some(origin.clone())) } else { Err(foreign("Origin")) }
}

/// `localhost`, or an address of the loopback, with or without a port.
fn is_here(authority: &str) -> bool {
    let Ok(uri) = Uri::builder().scheme("http").authority(authority).path_and_query("/").build() else {
        return false;
    };
    if authority.contains('@') {
        return false;
    }
    let host = uri.host().unwrap_or_default();
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Refuses a question without the key.
pub(super) fn key_in_query(world: &World, query: &Query) -> Result<(), Refusal> {
    if query.get("key") == Some(world.key.as_str()) {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::FORBIDDEN,
        "The key is missing or wrong; it is in the address that was printed.",
    ))
}

/// The same for pages, whose parts are asked for without a query: the page's cookie will do there. Ports of one host share
/// cookies, so this one's name holds the port, and it opens pages only.
pub(super) fn key_for_pages(world: &World, query: &Query, headers: &HeaderMap) -> Result<(), Refusal> {
    let held = format!("{}={}", cookie_name(world), world.key);
    let cookies = headers.get_all(COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    if cookies.flat_map(|cookie| cookie.split(';')).any(|cookie| cookie.trim() == held) {
        return Ok(());
    }
    key_in_query(world, query)
}

fn cookie_name(world: &World) -> String {
    format!("whinchat-sim-{}", world.port)
}

/// What the answer to a page carries besides.
pub(super) fn seal_page(world: &World, query: &Query, reply: &mut Reply) {
    if query.get("key") == Some(world.key.as_str()) {
        let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Strict", cookie_name(world), world.key);
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            reply.headers_mut().append(SET_COOKIE, cookie);
        }
    }
}

/// What every answer carries: leave for the page that asked, and no key in a Referer.
pub(super) fn seal(origin: Option<&HeaderValue>, reply: &mut Reply) {
    let headers = reply.headers_mut();
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type, range"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_here() {
        for here in ["127.0.0.1", "127.0.0.1:80", "localhost:5173", "LOCALHOST", "[::1]:8080", "127.1.2.3"] {
            assert!(is_here(here), "{here}");
        }
        for foreign in [
            "",
            "example.com",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "10.0.0.1",
            "a@127.0.0.1",
            "127.0.0.1/x",
            "null",
            "[::]",
            "0.0.0.0",
        ] {
            assert!(!is_here(foreign), "{foreign}");
        }
    }

    #[test]
    fn a_page_of_another_machine_is_kept_out() {
        let asked = |host: &str, origin: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_str(host).unwrap());
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_str(origin).unwrap());
            }
            enter(&headers).map_err(|refusal| refusal.status)
        };
        assert_eq!(asked("127.0.0.1:1", None), Ok(None));
        let vite = "http://localhost:5173";
        assert_eq!(asked("127.0.0.1:1", Some(vite)), Ok(Some(HeaderValue::from_static(vite))));
        for origin in ["https://example.com", "null", "file://", "http://localhost.example.com"] {
            assert_eq!(asked("127.0.0.1:1", Some(origin)), Err(StatusCode::FORBIDDEN), "{origin}");
        }
        assert_eq!(asked("example.com", None), Err(StatusCode::FORBIDDEN));
        assert_eq!(enter(&HeaderMap::new()).unwrap_err().status, StatusCode::FORBIDDEN);
    }
}
