//! The JSON face of Whinchat.
//!
//! One table ([`methods`]) names every method of the compatible JavaScript API with its typed parameters, its typed result
//! and a line of documentation in English and Chinese; dispatch, TypeScript declarations, the method lists of the native
//! shells and the reference page come from it. A host (the simulator, the Android and iOS shells) makes one [`Bridge`] for a
//! device and one [`Context`] for each JavaScript context, hands calls in and takes [`Delivery`]s out.

mod answer;
mod bridge;
pub mod c_abi;
mod context;
mod delivery;
mod embed;
mod event;
pub mod generate;
#[cfg(not(target_vendor = "apple"))]
#[allow(non_snake_case)] // Java's names.
pub mod jni;
mod log;
mod method;
mod params;
mod path;
mod profile;
mod session;
mod table;
mod view;

pub use bridge::{Bridge, Host};
pub use context::Context;
pub use delivery::{Deliveries, Delivery};
pub use table::{later, methods};
