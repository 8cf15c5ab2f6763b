//! What each face of the JavaScript API allows: one table. The server's ceilings hold besides (`whinchat_proto::limits`); no
//! profile reaches beyond them.
//!
//! An app names its face's profile in `init`. The limits are those of the system that the app comes from, so that what was
//! refused there is refused here, before anything is asked of the server.

use std::time::Duration;

use whinchat_core::{Element, Error, ErrorCode, Result, UserId};

use crate::session::{Draft, Rates};

const KB: usize = 1_024;
const SECOND: Duration = Duration::from_secs(1);

/// The limits of a face.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Profile {
    /// What `init` calls it; the first one has no name.
    pub(crate) name: &'static str,
    /// Most bytes of a user's id, and of a name.
    name_bytes: usize,
    /// What ids and names hold beside letters and digits of ASCII; none where any printable ASCII will do, and any name.
    punctuation: Option<&'static str>,
    /// Most bytes of a message, all elements together, encoded.
    message_bytes: usize,
    /// Most bytes of a text.
    text_bytes: usize,
    /// Most bytes of custom data.
    custom_bytes: usize,
    /// Most texts a second.
    texts_a_second: Option<usize>,
    /// Most custom messages a second.
    customs_a_second: Option<usize>,
    /// How long before the end of the signature the app is told.
    pub(crate) expiry_lead: Duration,
    /// Whether each heartbeat is told.
    pub(crate) heartbeats: bool,
}

/// The compatible API itself (spec 11).
const OWN: Profile = Profile {
    name: "",
    name_bytes: 32,
    punctuation: None,
    message_bytes: 12 * KB,
    text_bytes: 12 * KB,
    custom_bytes: 12 * KB,
    texts_a_second: None,
    customs_a_second: None,
    expiry_lead: Duration::from_secs(300),
    heartbeats: false,
};

/// Every profile; the first is that of an `init` which names none.
static PROFILES: &[Profile] = &[
    OWN,
    Profile {
        name: "zim",
        punctuation: Some("!#$%&()+-:;<=.>?@[]^_{}|~"),
        message_bytes: 32 * KB,
        text_bytes: 32 * KB,
        custom_bytes: 5 * KB,
        texts_a_second: Some(10),
        customs_a_second: Some(20),
        expiry_lead: Duration::from_secs(30),
        ..OWN
    },
    Profile { name: "mobileimsdk", message_bytes: 32 * KB, text_bytes: 32 * KB, heartbeats: true, ..OWN },
    Profile { name: "lanying", message_bytes: 32 * KB, text_bytes: 32 * KB, custom_bytes: 32 * KB, ..OWN },
];

impl Default for &Profile {
    fn default() -> Self {
        &OWN
    }
}

impl Profile {
    /// The one that `init` names; 6017 for a name that there is not.
    pub(crate) fn of(name: Option<&str>) -> Result<&'static Self> {
        let name = name.unwrap_or_default();
        PROFILES.iter().find(|profile| profile.name == name).ok_or_else(|| {
            let names: Vec<_> = PROFILES.iter().skip(1).map(|profile| profile.name).collect();
            Error::new(
                ErrorCode::BadParameter,
                format!("`profile` is one of {}, or left out", names.join(", ")),
            )
        })
    }

    /// A user, given as `parameter`; 7003 when malformed.
    pub(crate) fn user(&self, parameter: &str, text: &str) -> Result<UserId> {
        self.check(ErrorCode::UserIdInvalid, parameter, text)?;
        UserId::new(text)
    }

    /// A name to show, given as `parameter`; 6017 where the face restricts names and this is none.
    pub(crate) fn display_name(&self, parameter: &str, text: &str) -> Result<()> {
        if self.punctuation.is_some() { self.check(ErrorCode::BadParameter, parameter, text) } else { Ok(()) }
    }

    fn check(&self, code: ErrorCode, parameter: &str, text: &str) -> Result<()> {
        let bytes = self.name_bytes;
        if text.len() > bytes {
            return Err(Error::new(code, format!("`{parameter}` has at most {bytes} bytes")));
        }
        match self.punctuation {
            Some(punctuation)
                if !text.chars().all(|c| c.is_ascii_alphanumeric() || punctuation.contains(c)) =>
            {
                let what =
                    format!("`{parameter}` is made of letters and digits of ASCII and of {punctuation}");
                Err(Error::new(code, what))
            }
            _ => Ok(()),
        }
    }

    /// Refuses a message that is too large: 8001.
    pub(crate) fn fits(&self, draft: &Draft) -> Result<()> {
        let allowed = |what: &str, size: usize, most: usize| {
            if size <= most {
                return Ok(());
            }
            let sentence = format!("the {what} has {size} bytes; {most} are allowed");
            Err(Error::new(ErrorCode::MessageTooLarge, sentence))
        };
        for element in &draft.elements {
            match element {
                Element::Text { text } => allowed("text", text.len(), self.text_bytes)?,
                Element::Custom { data, .. } => allowed("custom data", data.len(), self.custom_bytes)?,
                _ => {}
            }
        }
        allowed("message", draft.to_message(true).size(), self.message_bytes)
    }

    /// Counts a message that is sent; 7008 when it is one too many. What kind it is its first element says.
    pub(crate) fn count(&self, draft: &Draft, rates: &mut Rates) -> Result<()> {
        let (what, most) = match draft.elements.first() {
            Some(Element::Text { .. }) => ("texts", self.texts_a_second),
            _ => ("custom messages", self.customs_a_second),
        };
        most.map_or(Ok(()), |most| rates.call(what, most, SECOND))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zim() -> &'static Profile {
        Profile::of(Some("zim")).unwrap()
    }

    #[test]
    fn a_profile_is_found_by_its_name_and_reaches_beyond_no_ceiling() {
        assert_eq!(Profile::of(None).unwrap(), &OWN);
        assert_eq!(Profile::of(Some("")).unwrap(), &OWN);
        let error = Profile::of(Some("other")).unwrap_err();
        assert!(error.is(ErrorCode::BadParameter) && error.message.contains("zim"), "{error}");
        // The ceilings of `whinchat_proto::limits`, which the bridge does not know.
        assert!(PROFILES.iter().all(|profile| profile.message_bytes <= 32_768 && profile.name_bytes <= 128));
    }

    #[test]
    fn names_are_refused_by_their_parameter() {
        let at_most = "a".repeat(32);
        for good in ["alice", "A-1", "!#$%&()+-:;<=.>?@[]^_{}|~", at_most.as_str()] {
            zim().user("userId", good).unwrap();
            zim().display_name("userName", good).unwrap();
        }
        let over = "a".repeat(33);
        for bad in ["a b", "爱丽丝", "a,b", "a\"b", "a\u{0}b", over.as_str()] {
            let error = zim().user("userId", bad).unwrap_err();
            assert!(error.is(ErrorCode::UserIdInvalid) && error.message.starts_with("`userId`"), "{error}");
            let error = zim().display_name("userName", bad).unwrap_err();
            assert!(error.is(ErrorCode::BadParameter) && error.message.starts_with("`userName`"), "{error}");
        }
        assert!(zim().user("userId", "").is_err());
        OWN.user("userId", "a b").unwrap();
        OWN.display_name("userName", "爱丽丝").unwrap();
    }

    #[test]
    fn sizes_and_rates_are_those_of_the_table() {
        let text = |bytes| Draft::of(vec![Element::Text { text: "x".repeat(bytes) }]);
        let custom = |bytes| {
            let (description, extension) = (String::new(), String::new());
            Draft::of(vec![Element::Custom { data: vec![0; bytes], description, extension }])
        };
        zim().fits(&text(32 * KB - 16)).unwrap();
        assert!(zim().fits(&text(32 * KB + 1)).unwrap_err().is(ErrorCode::MessageTooLarge));
        zim().fits(&custom(5 * KB)).unwrap();
        assert!(zim().fits(&custom(5 * KB + 1)).unwrap_err().is(ErrorCode::MessageTooLarge));
        OWN.fits(&custom(12 * KB - 16)).unwrap();
        assert!(OWN.fits(&text(12 * KB)).unwrap_err().is(ErrorCode::MessageTooLarge));

        let mut rates = Rates::default();
        for _ in 0..10 {
            zim().count(&text(1), &mut rates).unwrap();
        }
        for _ in 0..20 {
            zim().count(&custom(1), &mut rates).unwrap();
        }
        assert!(zim().count(&text(1), &mut rates).unwrap_err().is(ErrorCode::TooOften));
        assert!(zim().count(&custom(1), &mut rates).unwrap_err().is(ErrorCode::TooOften));
        for _ in 0..100 {
            OWN.count(&text(1), &mut rates).unwrap();
        }
    }
}
