//! `whinchat demo`.
use crate::args::DemoArgs;
use crate::failure::Failure;
/// Runs it.
///
/// # Errors
///
/// A sentence.
pub async fn run(_args: &DemoArgs) -> Result<(), Failure> {
    Ok(())
}
