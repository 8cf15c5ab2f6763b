//! The `whinchat` command: what its binary is made of, and the fault proxy and ledger that the scenarios share.

pub mod admin;
pub mod args;
pub mod chat;
pub mod demo;
pub mod development;
pub mod failure;
pub mod fault;
pub mod key;
pub mod ledger;
pub mod logging;
pub mod run;
pub mod serve;
pub mod sig;
pub mod signals;
pub mod sim;
pub mod span;
