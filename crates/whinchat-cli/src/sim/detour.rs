//! The way to the server leads through the device's network, also for a page that names the server itself.

use serde_json::Value;

/// From the server's own address to the one that the device reaches it at.
pub(super) struct Detour<'a> {
    /// The server's own address.
    pub(super) around: &'a str,
    /// The same server through the device's network.
    pub(super) through: &'a str,
}

impl Detour<'_> {
    /// The parameters of an `init` that would go around the network, changed; none when they are good as they are.
    pub(super) fn lead(&self, params: &str) -> Option<String> {
        let mut params: Value = serde_json::from_str(params).ok()?;
        let server = params.get_mut("server")?;
        if server.as_str()?.trim_end_matches('/') != self.around.trim_end_matches('/') {
            return None;
        }
        *server = self.through.into();
        Some(params.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_that_goes_around_the_network_is_changed() {
        let detour = Detour { around: "ws://127.0.0.1:1", through: "ws://127.0.0.1:2" };
        let led = detour.lead(r#"{"sdkAppId":1,"server":"ws://127.0.0.1:1/"}"#).unwrap();
        let led: Value = serde_json::from_str(&led).unwrap();
        assert_eq!(led, serde_json::json!({ "sdkAppId": 1, "server": "ws://127.0.0.1:2" }));
        for other in ["", "null", "[]", "{}", r#"{"server":7}"#, r#"{"server":"ws://elsewhere"}"#] {
            assert_eq!(detour.lead(other), None, "{other}");
        }
    }
}
