//! Clients talk while processes are killed and networks break; the ledger judges what arrived.
//!
//! * [`agent`] is what a client process does until it is killed;
//! * [`process`] starts and kills the processes;
//! * [`fault`] is what happens to them, chosen by a seed;
//! * [`cast`] is who plays;
//! * [`world`] is the server and the clients together;
//! * [`run`] plays the rounds.

pub mod agent;
pub mod cast;
pub mod fault;
pub mod process;
pub mod run;
pub mod strike;
pub mod world;
