//! Figures of turns, beside those of the floor's turns.

use std::fmt::Write as _;

pub(crate) fn median(figures: Vec<f64>) -> f64 {
    quantile(figures, 0.5)
}

fn quantile(mut figures: Vec<f64>, part: f64) -> f64 {
    figures.sort_by(f64::total_cmp);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let place = ((figures.len() - 1) as f64 * part).round() as usize;
    figures[place]
}

/// What each turn took, in microseconds, and the floor's beside it.
#[derive(Default)]
pub(crate) struct Pairs(Vec<(f64, f64)>);

impl Pairs {
    pub(crate) fn push(&mut self, ours: f64, floor: f64) {
        self.0.push((ours, floor));
    }

    pub(crate) fn floor(&self) -> f64 {
        median(self.each(|_, floor| floor))
    }

    fn each(&self, of: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        self.0.iter().map(|(ours, floor)| of(*ours, *floor)).collect()
    }
}

/// The middle, and what half of the turns lie between.
#[derive(Clone, Copy)]
struct Spread {
    low: f64,
    middle: f64,
    high: f64,
}

impl Spread {
    fn of(figures: &[f64]) -> Self {
        let at = |part| quantile(figures.to_vec(), part);
        Self { low: at(0.25), middle: at(0.5), high: at(0.75) }
    }

    fn text(self) -> String {
        let digits = if self.middle.abs() < 10.0 { 2 } else { 0 };
        format!("{:.digits$} ({:.digits$}-{:.digits$})", self.middle, self.low, self.high)
    }
}

/// One line of the table.
pub(crate) struct Row {
    name: String,
    unit: &'static str,
    ours: Spread,
    floor: Spread,
    ratio: Spread,
    more: Spread,
    /// The ratio to reach, if one is set.
    aim: Option<f64>,
}

impl Row {
    /// Ratio and difference are those of each turn and the one beside it.
    pub(crate) fn of(name: String, unit: &'static str, pairs: &Pairs, aim: Option<f64>) -> Self {
        let spread = |of: fn(f64, f64) -> f64| Spread::of(&pairs.each(of));
        Self {
            name,
            unit,
            ours: spread(|ours, _| ours),
            floor: spread(|_, floor| floor),
            ratio: spread(|ours, floor| ours / floor),
            more: spread(|ours, floor| ours - floor),
            aim,
        }
    }

    /// A figure that is looked at once.
    pub(crate) fn once(name: String, unit: &'static str, ours: f64, floor: f64, aim: Option<f64>) -> Self {
        let mut pairs = Pairs::default();
        pairs.push(ours, floor);
        Self::of(name, unit, &pairs, aim)
    }
}

/// The table as text: medians, in brackets what half of the turns lie between.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut text =
        format!("{:<56} {:>22} {:>22} {:>22} {:>22} {:>6}\n", "", "ours", "floor", "ratio", "more", "aim");
    for row in rows {
        let aim = row.aim.map_or(String::from("-"), |aim| format!("{aim:.2}"));
        let missed = if row.aim.is_some_and(|aim| row.ratio.middle > aim) { " missed" } else { "" };
        let [ours, floor, ratio, more] = [row.ours, row.floor, row.ratio, row.more].map(Spread::text);
        let unit = row.unit;
        let _ = writeln!(
            text,
            "{:<56} {ours:>18} {unit:<3} {floor:>18} {unit:<3} {ratio:>22} {more:>22} {aim:>6}{missed}",
            row.name
        );
    }
    text
}

/// The same for programs.
pub(crate) fn json(rows: &[Row]) -> String {
    let line = |row: &Row| {
        format!(
            "  {{\"name\": \"{}\", \"unit\": \"{}\", \"ours\": {:.3}, \"floor\": {:.3}, \"ratio\": {:.3}, \"ratios\": [{:.3}, {:.3}], \
             \"more\": {:.3}, \"aim\": {}}}",
            row.name,
            row.unit,
            row.ours.middle,
            row.floor.middle,
            row.ratio.middle,
            row.ratio.low,
            row.ratio.high,
            row.more.middle,
            row.aim.map_or("null".to_owned(), |aim| format!("{aim:.3}"))
        )
    };
    let lines: Vec<String> = rows.iter().map(line).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}
