//! The `whinchat` command: what its binary is made of, and the fault proxy and ledger that the scenarios share.

pub mod chat;
pub mod failure;
pub mod fault;
pub mod ledger;
