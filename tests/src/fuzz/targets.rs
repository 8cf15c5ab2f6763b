//! Who reads what.

use bytes::Bytes;
use prost::Message as _;
use whinchat_proto::codec;
use whinchat_proto::error::ProtoError;
use whinchat_proto::id::{ConversationId, DeviceId, GroupId, UserId};
use whinchat_proto::user_sig::{UserSig, UserSigClaims, sign};
use whinchat_proto::wire;
use whinchat_server::ServerConfig;

use super::{bridge, client, corpus, inbox, mutate, server};
use crate::account::{APP_ID, KEY, user_sig};
use crate::dice::Dice;

/// One reader of input.
#[derive(Debug)]
pub struct Target {
    /// What it is called on the command line.
    pub name: &'static str,
    /// Gives it one input, or one conversation's worth of them.
    pub run: fn(&mut Dice),
}

/// All of them. The last three are whole lives or connections, a thousand times as slow as the others.
pub const TARGETS: &[Target] = &[
    Target { name: "user_sig", run: user_sigs },
    Target { name: "config", run: configs },
    Target { name: "ids", run: ids },
    Target { name: "frames", run: frames },
    Target { name: "inbox", run: inbox::starts },
    Target { name: "server", run: server::connection },
    Target { name: "client", run: client::life },
    Target { name: "bridge", run: bridge::life },
];

/// A refusal says something, and has a number that the table knows.
fn has_a_code(error: &ProtoError) {
    assert!(error.code != 0 && !error.name.is_empty() && !error.message.is_empty(), "{error:?}");
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn user_sigs(dice: &mut Dice) {
    let user = (*dice.pick(&["alice", "张三", "a"]).unwrap_or(&"alice")).to_owned();
    let claims = UserSigClaims {
        user_id: user.clone(),
        app_id: APP_ID,
        issued_s: 1_780_000_000,
        lifetime_s: 86_400,
        user_buf: dice.chance(30).then(|| vec![7; 20]),
    };
    let good = sign(&claims, KEY.as_bytes()).expect("claims that can be packed");
    let now_ms = claims.issued_s * 1_000 + 1;
    let read = UserSig::parse(&good).expect("what was signed can be read");
    assert_eq!(read.claims(), &claims);
    read.verify(KEY.as_bytes(), APP_ID, &user, now_ms).expect("what was signed is good");
    let bad =
        text(&mutate::bytes(dice, good.as_bytes(), b"eJyrVkrOz8lJTS4pVrKqVkoqyk-vyi9SsjI0MDDQUQqpLEhVsjI0A"));
    match UserSig::parse(&bad) {
        Err(error) => has_a_code(&error),
        Ok(read) => match read.verify(KEY.as_bytes(), APP_ID, &user, now_ms) {
            Err(error) => has_a_code(&error),
            // The signature covers what is claimed: other claims cannot pass.
            Ok(passed) => assert_eq!((&passed.user_id, passed.app_id), (&user, APP_ID), "{bad:?}"),
        },
    }
}

fn configs(dice: &mut Dice) {
    let changed = text(&mutate::bytes(
        dice,
        corpus::CONFIG.as_bytes(),
        b"= [ { } ] -1 1e400 \"\"\" ''' 9999999999999999999",
    ));
    match ServerConfig::from_toml(&changed) {
        Err(error) => {
            let said = error.to_string();
            assert!(!said.is_empty() && !said.contains("a key"), "an error that shows a key: {said}");
        }
        Ok(config) => {
            if let Err(error) = config.validate() {
                assert!(!error.to_string().is_empty());
            }
        }
    }
}

fn ids(dice: &mut Dice) {
    let first = dice.pick(corpus::IDS).copied().unwrap_or_default();
    let other = dice.pick(corpus::IDS).copied().unwrap_or_default();
    let changed = text(&mutate::bytes(dice, first.as_bytes(), other.as_bytes()));
    match ConversationId::parse(&changed) {
        Err(error) => has_a_code(&error),
        Ok(id) => {
            assert_eq!(ConversationId::parse(&id.to_string()).ok().as_ref(), Some(&id), "{changed:?}");
            assert_eq!(ConversationId::from_wire(Some(&id.to_wire())).ok().as_ref(), Some(&id));
        }
    }
    let refused = [UserId::new(&changed).err(), GroupId::new(&changed).err(), DeviceId::new(&changed).err()];
    refused.iter().flatten().for_each(has_a_code);
}

/// What decodes encodes again, to the same.
fn frames(dice: &mut Dice) {
    fn round<M: prost::Message + Default + PartialEq + std::fmt::Debug>(input: Vec<u8>) {
        match codec::decode::<M>(Bytes::from(input)) {
            Err(error) => has_a_code(&error),
            Ok(frame) => {
                let again = codec::decode::<M>(Bytes::from(frame.encode_to_vec()));
                // What is over the limit once it is written out in full is refused as such.
                if let Ok(again) = again {
                    assert!(again == frame, "{frame:?}");
                }
            }
        }
    }
    let change = |dice: &mut Dice, input: Vec<u8>| {
        if dice.chance(50) { mutate::protobuf(dice, &input) } else { mutate::bytes(dice, &input, &input) }
    };
    let client = corpus::client_frames("signature", 1);
    let server = corpus::server_frames(1);
    let input = dice.pick(&client).expect("a corpus").encode_to_vec();
    round::<wire::ClientFrame>(change(dice, input));
    let input = dice.pick(&server).expect("a corpus").encode_to_vec();
    round::<wire::ServerFrame>(change(dice, input));
}

/// A signature that is good for the targets' users.
pub(super) fn signature(user: &str) -> String {
    user_sig(user)
}

/// A folder for databases, in memory where the machine has that.
pub(super) fn folder() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a temporary folder")
}
