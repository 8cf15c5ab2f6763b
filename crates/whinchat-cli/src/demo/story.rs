//! What happens in the demo.

use whinchat_core::{ConversationId, GroupId, GroupKind, NewGroup, UserId};

use super::stage::Stage;
use super::voice::Voice;
use crate::failure::Failure;

/// How often carol's line breaks.
const CUTS: u64 = 4;
/// Messages that she sends each time.
const BURST: u64 = 10;
/// The line breaks before this many bytes have passed; a burst has more.
const MOST_BEFORE_CUT: u64 = 800;

fn user(id: &str) -> Result<UserId, Failure> {
    Ok(UserId::new(id)?)
}

/// A few steps of splitmix64: the same story for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n.max(1)
    }
}

/// Plays it from beginning to end.
pub(super) async fn tell(stage: &mut Stage, voice: &Voice, seed: u64) -> Result<(), Failure> {
    let mut dice = Dice(seed);
    let group = ConversationId::Group(GroupId::new("trip")?);
    voice.scene("A server, and three people who log in").await;
    stage.log_in().await?;
    voice.aside("alice, bob and carol are connected, each over a network of their own").await;
    one_to_one(stage, voice).await?;
    in_a_group(stage, voice, &group).await?;
    bob_loses_his_network(stage, voice, &group).await?;
    a_line_breaks_in_the_middle(stage, voice, &group, &mut dice).await?;
    the_server_goes_away(stage, voice, &group).await?;
    everybody_reads(stage, voice, &group).await
}

/// Says something and waits until all who should see it do.
async fn say(
    stage: &mut Stage,
    voice: &Voice,
    who: &str,
    to: &ConversationId,
    readers: &[&str],
    text: &str,
) -> Result<(), Failure> {
    stage.say(who, to, text).await?;
    for reader in readers {
        stage.caught_up(reader).await?;
    }
    voice.said(who, text, &format!("✓ {}", readers.join(", "))).await;
    Ok(())
}

async fn one_to_one(stage: &mut Stage, voice: &Voice) -> Result<(), Failure> {
    voice.scene("alice and bob chat").await;
    let (alice, bob) = (ConversationId::User(user("alice")?), ConversationId::User(user("bob")?));
    say(stage, voice, "alice", &bob, &["bob"], "Are you on the train already?").await?;
    say(stage, voice, "bob", &alice, &["alice"], "Just sat down. 昆明见!").await?;
    say(stage, voice, "alice", &bob, &["bob"], "I will make us a group with carol.").await
}

async fn in_a_group(stage: &mut Stage, voice: &Voice, group: &ConversationId) -> Result<(), Failure> {
    voice.scene("alice makes a group").await;
    let ConversationId::Group(id) = group else { return Ok(()) };
    let new = NewGroup {
        id: Some(id.clone()),
        kind: GroupKind::Work,
        name: "Trip to Kunming".to_owned(),
        members: vec![user("bob")?, user("carol")?],
    };
    let created = stage.alice.client.groups().create(new).await?;
    for (who, outcome) in created.members {
        // Everybody but alice is shown that she invited them.
        stage.notices += 1;
        outcome.map_err(|error| Failure::new(format!("{who} is not in the group: {error}.")))?;
    }
    voice.aside("\"Trip to Kunming\": alice, bob and carol").await;
    say(stage, voice, "carol", group, &["alice", "bob"], "Hi both! Who brings the map?").await?;
    say(stage, voice, "bob", group, &["alice", "carol"], "I do.").await
}

async fn bob_loses_his_network(
    stage: &mut Stage,
    voice: &Voice,
    group: &ConversationId,
) -> Result<(), Failure> {
    voice.scene("bob's train goes into a tunnel").await;
    stage.bob.proxy.offline();
    stage.bob.offline().await?;
    let reason = stage.bob.offline_reason().filter(|reason| !reason.is_empty());
    voice.aside(&format!("bob is offline: {}", reason.as_deref().unwrap_or("connecting in vain"))).await;
    stage.write_offline("bob", group, "No signal in here.").await?;
    voice.said("bob", "No signal in here.", "… on bob's disk").await;
    for (who, other, text) in [
        ("alice", "carol", "I have booked the hotel for three."),
        ("carol", "alice", "Great, near the lake?"),
        ("alice", "carol", "Right beside it."),
    ] {
        say(stage, voice, who, group, &[other], text).await?;
    }
    stage.write_offline("bob", group, "Can you hear me now?").await?;
    voice.said("bob", "Can you hear me now?", "… on bob's disk").await;

    voice.scene("The train is out of the tunnel").await;
    stage.bob.proxy.restore();
    stage.back_online();
    stage.all_caught_up().await?;
    let unread = stage.bob.unread(group).await;
    voice.aside(&format!("bob has {unread} unread, the others have his two: each once, in order")).await;
    Ok(())
}

async fn a_line_breaks_in_the_middle(
    stage: &mut Stage,
    voice: &Voice,
    group: &ConversationId,
    dice: &mut Dice,
) -> Result<(), Failure> {
    voice.scene("carol sends many messages while her line breaks again and again").await;
    let first = stage.carol.proxy.accepted();
    for cut in 0..CUTS {
        let before = stage.carol.proxy.accepted();
        // Often in the middle of a frame, and as often between storing a message and saying so.
        stage.carol.proxy.cut_after(1 + dice.below(MOST_BEFORE_CUT));
        for n in 1..=BURST {
            stage.say("carol", group, &format!("Packing list, item {}", cut * BURST + n)).await?;
        }
        stage.carol.connected_anew(before).await?;
    }
    stage.all_caught_up().await?;
    let connections = stage.carol.proxy.accepted() - first + 1;
    let count = CUTS * BURST;
    voice.aside(&format!("{count} messages over {connections} connections: all there, none twice")).await;
    Ok(())
}

async fn the_server_goes_away(
    stage: &mut Stage,
    voice: &Voice,
    group: &ConversationId,
) -> Result<(), Failure> {
    voice.scene("The server is stopped").await;
    stage.stop_server().await;
    for person in stage.people() {
        person.offline().await?;
    }
    let to_alice = ConversationId::User(user("alice")?);
    stage.write_offline("bob", &to_alice, "Is it only me, or is the server away?").await?;
    voice.said("bob", "Is it only me, or is the server away?", "… on bob's disk").await;
    stage.write_offline("alice", group, "I arrive at eight.").await?;
    voice.said("alice", "I arrive at eight.", "… on alice's disk").await;
    stage.write_offline("carol", group, "Then I cook!").await?;
    voice.said("carol", "Then I cook!", "… on carol's disk").await;

    voice.scene("The server is started again").await;
    stage.start_server().await?;
    stage.back_online();
    stage.all_caught_up().await?;
    voice.aside("everything that waited has arrived").await;
    say(stage, voice, "bob", group, &["alice", "carol"], "See you tonight!").await
}

async fn everybody_reads(stage: &mut Stage, voice: &Voice, group: &ConversationId) -> Result<(), Failure> {
    let (alice, bob) = (ConversationId::User(user("alice")?), ConversationId::User(user("bob")?));
    stage.alice.read(group).await?;
    stage.alice.read(&bob).await?;
    stage.bob.read(&alice).await?;
    // carol leaves the group unread: her count is checked too.
    let unread = stage.carol.unread(group).await;
    voice
        .aside(&format!("alice and bob have read their chats; carol has {unread} unread in the group"))
        .await;
    Ok(())
}
