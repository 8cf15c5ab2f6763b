//! Servers and clients that live for a long time under load and faults, and what they take meanwhile.
//!
//! * [`heap`] counts inside of a process what it has allocated;
//! * [`sample`] looks at the processes from outside;
//! * [`verdict`] says whether what they take stays flat;
//! * [`run`] plays.

pub mod heap;
pub mod run;
pub mod sample;
pub mod verdict;
