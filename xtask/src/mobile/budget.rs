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
pub(super) const HEAD: &str = "bytes                  stripped   compressed      aim";

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

    /// A line of the table. An aim that is missed is said, as in the table of benchmarks: it stops nobody from building.
    pub(super) fn line(self, name: &str) -> String {
        let Self { stripped, compressed } = self;
        let missed = if compressed > COMPRESSED { " missed" } else { "" };
        format!("{name:<18} {stripped:>12} {compressed:>12} {COMPRESSED:>8}{missed}")
    }

    /// The same beside the least that its parts take.
    pub(super) fn line_beside(self, least: Self, name: &str) -> String {
        // Lengths of files are far below what a float counts exactly.
        #[allow(clippy::cast_precision_loss)]
        let ratio = self.compressed as f64 / least.compressed.max(1) as f64;
        let missed = if ratio > RATIO { ", missed" } else { "" };
        format!("{}; {ratio:.2} of its parts, aim {RATIO}{missed}", self.line(name))
    }
}
