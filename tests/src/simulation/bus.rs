//! The bus of a simulated world: what is for the own node arrives at once, what is for others when the world lets it; both
//! may be lost, and what waits arrives in any order.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use whinchat_proto::id::UserId;
use whinchat_server::bus::{Bus, Hint, Listener, LocalBus, Subject, Subscription};

use crate::dice::Dice;

/// A word on its way.
#[derive(Clone)]
enum Word {
    Wake(Subject, u64, Option<Hint>),
    Deliver(Subject, Bytes),
}

/// What all nodes share.
pub struct Air {
    /// By the node that it is for.
    waiting: Vec<(usize, Word)>,
    nodes: usize,
    dice: Dice,
    /// Of a hundred words, so many are lost.
    pub loss: u64,
}

impl Air {
    /// Between so many nodes.
    #[must_use]
    pub fn new(nodes: usize, seed: u64) -> Arc<Mutex<Self>> {
        Arc::new(Mutex::new(Self { waiting: Vec::new(), nodes, dice: Dice::new(seed), loss: 0 }))
    }
}

/// One node's bus.
pub struct AirBus {
    own: LocalBus,
    node: usize,
    air: Arc<Mutex<Air>>,
}

impl AirBus {
    /// The bus of node number `node`.
    #[must_use]
    pub fn new(air: &Arc<Mutex<Air>>, node: usize) -> Self {
        Self { own: LocalBus::default(), node, air: Arc::clone(air) }
    }

    fn air(&self) -> MutexGuard<'_, Air> {
        self.air.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear(&self, word: Word) {
        match word {
            Word::Wake(subject, version, hint) => self.own.wake(&subject, version, hint),
            Word::Deliver(subject, frame) => self.own.deliver(&subject, frame, Duration::from_secs(1)),
        }
    }

    fn say(&self, word: Word) {
        let heard = {
            let mut air = self.air();
            for node in (0..air.nodes).filter(|node| *node != self.node) {
                let loss = air.loss;
                if !air.dice.chance(loss) {
                    air.waiting.push((node, word.clone()));
                }
            }
            let loss = air.loss;
            !air.dice.chance(loss)
        };
        if heard {
            self.hear(word);
        }
    }

    /// Hears some of what waits for this node, in any order; what was for a node that is gone meanwhile is lost with it.
    pub fn arrive(&self) {
        let mut words = Vec::new();
        {
            let mut air = self.air();
            let (mine, others): (Vec<_>, Vec<_>) =
                std::mem::take(&mut air.waiting).into_iter().partition(|(node, _)| *node == self.node);
            air.waiting = others;
            for (node, word) in mine {
                if air.dice.chance(30) {
                    air.waiting.push((node, word));
                } else {
                    let at = air.dice.below(words.len() as u64 + 1);
                    words.insert(usize::try_from(at).unwrap_or(0), word);
                }
            }
        }
        for word in words {
            self.hear(word);
        }
    }
}

impl Bus for AirBus {
    fn wake(&self, subject: &Subject, version: u64, hint: Option<Hint>) {
        self.say(Word::Wake(subject.clone(), version, hint));
    }

    fn deliver(&self, subject: &Subject, frame: Bytes, _ttl: Duration) {
        self.say(Word::Deliver(subject.clone(), frame));
    }

    fn subscribe(&self, user: UserId, listener: Arc<dyn Listener>) -> Subscription {
        self.own.subscribe(user, listener)
    }

    fn join(&self, node: Arc<dyn Listener>) -> Subscription {
        self.own.join(node)
    }
}
