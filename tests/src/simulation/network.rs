//! A simulated device's way to the nodes.

use std::io;
use std::sync::{Arc, Mutex};

use whinchat_core::simulation::Dialled;

use super::node::Switchboard;
use super::pipe::{Direction, Pipe};
use crate::dice::Dice;
use crate::noted::lock;

/// See the module.
pub(super) struct Network {
    online: bool,
    pipes: Vec<Pipe>,
    held: [bool; 2],
    dice: Dice,
    switchboard: Arc<Mutex<Switchboard>>,
}

impl Network {
    pub(super) fn new(switchboard: &Arc<Mutex<Switchboard>>, dice: Dice) -> Self {
        Self { online: true, pipes: Vec::new(), held: [false; 2], dice, switchboard: Arc::clone(switchboard) }
    }

    /// Connects to one of the nodes, if that works now.
    pub(super) fn dial(&mut self) -> Dialled {
        if !self.online {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        let (pipe, client, server) = Pipe::new();
        if !lock(&self.switchboard).connect(&mut self.dice, server) {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        pipe.hold(Direction::Up, self.held[0]);
        pipe.hold(Direction::Down, self.held[1]);
        self.pipes.retain(|pipe| !pipe.is_over());
        self.pipes.push(pipe);
        Ok(Box::new(client))
    }

    /// Ends what stands; with `offline` nothing comes up again either.
    pub(super) fn cut(&mut self, offline: bool) {
        self.online = !offline;
        for pipe in self.pipes.drain(..) {
            pipe.cut();
        }
    }

    /// Holds a direction, of what stands and of what comes up.
    pub(super) fn hold(&mut self, direction: Direction) {
        self.held[usize::from(direction == Direction::Down)] = true;
        for pipe in &self.pipes {
            pipe.hold(direction, true);
        }
    }

    /// Everything flows again.
    pub(super) fn heal(&mut self) {
        self.online = true;
        self.held = [false; 2];
        for pipe in &self.pipes {
            pipe.hold(Direction::Up, false);
            pipe.hold(Direction::Down, false);
        }
    }
}
