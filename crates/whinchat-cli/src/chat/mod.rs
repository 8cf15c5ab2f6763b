//! The terminal client.
//!
//! [`model`] holds what is on the screen and decides what a key or a piece of news means; [`draw`] paints it and decides
//! nothing; the session carries out what the model asks for.

pub mod command;
pub mod input;
pub mod text;
