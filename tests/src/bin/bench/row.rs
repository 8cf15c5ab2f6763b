//! One line of the table.

use std::fmt::Write as _;
use std::future::Future;
use std::pin::Pin;

use crate::{bridge, crowd, idle, latency, local, missed, pipelined, resume};

/// One figure beside its floor.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) ours: f64,
    pub(crate) floor: f64,
    /// The ratio to reach, if one is set.
    pub(crate) aim: Option<f64>,
}

impl Row {
    fn ratio(&self) -> f64 {
        self.ours / self.floor
    }
}

/// Measures some rows in so many alternating runs.
type Measure = fn(usize) -> Pin<Box<dyn Future<Output = Vec<Row>>>>;

/// Everything that is measured, in order.
pub(crate) fn suite() -> [(&'static str, Measure); 8] {
    [
        ("latency", |runs| Box::pin(latency::measure(runs))),
        ("pipelined", |runs| Box::pin(pipelined::measure(runs))),
        ("missed", |runs| Box::pin(missed::measure(runs))),
        ("resume", |runs| Box::pin(resume::measure(runs))),
        ("crowd", |runs| Box::pin(crowd::measure(runs))),
        ("local", |runs| Box::pin(local::measure(runs))),
        ("idle", |runs| Box::pin(idle::measure(runs))),
        ("bridge", |runs| Box::pin(bridge::measure(runs))),
    ]
}

/// The middle one.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// The table as text.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut text = format!("{:<58} {:>12} {:>12} {:>7} {:>6}\n", "", "ours", "floor", "ratio", "aim");
    for row in rows {
        let aim = row.aim.map_or(String::from("-"), |aim| format!("{aim:.1}"));
        let missed = if row.aim.is_some_and(|aim| row.ratio() > aim) { " missed" } else { "" };
        let _ = writeln!(
            text,
            "{:<58} {:>9.1} {:<2} {:>9.1} {:<2} {:>7.2} {:>6}{missed}",
            row.name,
            row.ours,
            row.unit,
            row.floor,
            row.unit,
            row.ratio(),
            aim
        );
    }
    text
}

/// The same for programs.
pub(crate) fn json(rows: &[Row]) -> String {
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            format!(
                "  {{\"name\": \"{}\", \"unit\": \"{}\", \"ours\": {:.3}, \"floor\": {:.3}, \"ratio\": {:.3}, \"aim\": {}}}",
                row.name,
                row.unit,
                row.ours,
                row.floor,
                row.ratio(),
                row.aim.map_or("null".to_owned(), |aim| aim.to_string())
            )
        })
        .collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}
