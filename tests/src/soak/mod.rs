//! Servers and clients that live for a long time under load and faults, and what they take meanwhile.
//!
//! * [`sample`] looks at the processes from outside;
//! * [`verdict`] says whether what they take stays flat;
//! * [`run`] plays.

pub mod run;
pub mod sample;
pub mod verdict;
