//! The terminal client.
//!
//! [`model`] holds what is on the screen and decides what a key or a piece of news means; [`draw`] paints it and decides
//! nothing; the session carries out what the model asks for.

pub mod command;
pub mod draw;
pub mod input;
pub mod keys;
pub mod layout;
mod line_state;
pub mod lines;
pub mod model;
pub mod rows;
pub mod screen;
#[cfg(test)]
mod screen_tests;
pub mod session;
pub mod start;
pub mod text;
pub mod translate;
