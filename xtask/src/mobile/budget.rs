//! How large the library may be (ADR 0015).

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use super::tools::Tools;

/// Bytes that one ABI may have in an app's package, which compresses it as a zip archive does.
pub(super) const COMPRESSED: u64 = 1_700_000;
/// Over a library of the same parts that does nothing.
pub(super) const RATIO: f64 = 1.3;

/// Heads the lines.
pub(super) const HEAD: &str = "library                stripped   compressed   budget";

/// How large a library is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) stripped: u64,
    pub(super) compressed: u64,
}

impl Size {
    /// Measures a file with gzip, which compresses as zip does.
    pub(super) fn of(tools: &Tools, file: &Path) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("{} cannot be measured: {error}", file.display());
        let bytes = std::fs::read(file).map_err(failed)?;
        let mut command = tools.command("gzip");
        command.args(["-9", "-n", "-c"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut gzip = command.spawn().map_err(|_| "no gzip, to measure with: install gzip".to_owned())?;
        let (input, stripped) = (gzip.stdin.take(), bytes.len());
        // Beside the reading: both pipes fill up otherwise.
        let writer = std::thread::spawn(move || input.map_or(Ok(()), |mut input| input.write_all(&bytes)));
        let output = gzip.wait_with_output().map_err(failed)?;
        if !output.status.success() || !matches!(writer.join(), Ok(Ok(()))) {
            return Err(format!("{} cannot be measured: gzip failed", file.display()));
        }
        let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        Ok(Self { stripped: count(stripped), compressed: count(output.stdout.len()) })
    }

    pub(super) fn line(self, name: &str) -> String {
        format!("{name:<18} {:>12} {:>12} {COMPRESSED:>8}", self.stripped, self.compressed)
    }

    /// What is wrong with it.
    pub(super) fn fault(self, name: &str) -> Option<String> {
        let Self { compressed, .. } = self;
        (compressed > COMPRESSED).then(|| {
            format!("{name}: {compressed} bytes compressed, and {COMPRESSED} are allowed: see what grew with `cargo xtask size`")
        })
    }

    /// What is wrong with it beside the least that it can be.
    pub(super) fn fault_beside(self, least: Self) -> Option<String> {
        // Lengths of files are far below what a float counts exactly.
        #[allow(clippy::cast_precision_loss)]
        let ratio = self.compressed as f64 / least.compressed.max(1) as f64;
        println!("ratio {ratio:.2}, and {RATIO} is allowed");
        (ratio > RATIO)
            .then(|| format!("it is {ratio:.2} times the size of its parts, and {RATIO} is allowed"))
    }
}
