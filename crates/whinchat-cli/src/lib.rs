//! The `whinchat` command: what its binary is made of, and the fault proxy and ledger that the scenarios share.

pub mod args;
pub mod chat;
pub mod development;
pub mod failure;
pub mod fault;
pub mod key;
pub mod ledger;
pub mod sig;
pub mod signals;
pub mod span;
