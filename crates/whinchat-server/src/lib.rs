//! The Whinchat server as a library: gateway, rules, storage and bus.

mod clock;
pub mod storage;
