//! Whether what a process takes stays flat.

use std::collections::BTreeMap;
use std::fmt;

use super::sample::Sample;

/// Memory may grow by this share of the first quarter, in percent, and by no less than [`LEAST_KIB`], to count as flat.
const SHARE: u64 = 8;
/// See [`SHARE`].
const LEAST_KIB: u64 = 1_536;
/// Open files and threads may grow by so many: connections come and go.
const FEW: u64 = 4;

/// How one process did: the medians of each quarter of its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// What it is called.
    pub name: String,
    /// Memory, in KiB.
    pub resident_kib: [u64; 4],
    /// Memory that is no file, in KiB.
    pub anonymous_kib: [u64; 4],
    /// What the program has allocated, in KiB.
    pub heap_kib: [u64; 4],
    /// What SQLite has, in KiB.
    pub sqlite_kib: [u64; 4],
    /// Open files and sockets.
    pub descriptors: [u64; 4],
    /// Threads.
    pub threads: [u64; 4],
    /// What lies in its folder, in KiB; it grows with every message and is not judged.
    pub files_kib: [u64; 4],
}

/// The courses of the processes that were there in all samples, the first ones (`warm_up` of a hundred) left out.
#[must_use]
pub fn courses(samples: &[Sample], warm_up: u64) -> Vec<Course> {
    let mut lives: BTreeMap<(&str, u32), Vec<&Sample>> = BTreeMap::new();
    for sample in samples {
        lives.entry((&sample.name, sample.id)).or_default().push(sample);
    }
    let longest = lives.values().map(Vec::len).max().unwrap_or(0);
    let cold = longest * usize::try_from(warm_up).unwrap_or(0) / 100;
    let whole = lives.iter().filter(|(_, life)| life.len() == longest && longest >= cold + 4);
    whole.map(|((name, _), life)| course(name, life.get(cold..).unwrap_or_default())).collect()
}

fn course(name: &str, life: &[&Sample]) -> Course {
    let quarters = |value: fn(&Sample) -> u64| {
        std::array::from_fn(|quarter| {
            let (from, to) = (life.len() * quarter / 4, life.len() * (quarter + 1) / 4);
            median(life.get(from..to).unwrap_or_default().iter().map(|sample| value(sample)).collect())
        })
    };
    Course {
        name: name.to_owned(),
        resident_kib: quarters(|sample| sample.resident_kib),
        anonymous_kib: quarters(|sample| sample.anonymous_kib),
        heap_kib: quarters(|sample| sample.heap_kib),
        sqlite_kib: quarters(|sample| sample.sqlite_kib),
        descriptors: quarters(|sample| sample.descriptors),
        threads: quarters(|sample| sample.threads),
        files_kib: quarters(|sample| sample.files_kib),
    }
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

/// How much the last quarter may be above the first.
fn bound(first: u64) -> u64 {
    (first * SHARE / 100).max(LEAST_KIB)
}

fn grows([first, second, third, last]: [u64; 4]) -> bool {
    let growth = last.saturating_sub(first);
    // What climbs from quarter to quarter would pass any bound in time.
    let climbs = first < second && second < third && third < last;
    growth > if climbs { bound(first) / 2 } else { bound(first) }
}

impl Course {
    /// What grows; nothing when all is flat.
    #[must_use]
    pub fn complaints(&self) -> Vec<&'static str> {
        let mut found = Vec::new();
        if grows(self.resident_kib) || grows(self.anonymous_kib) {
            found.push("memory grows");
        }
        if grows(self.heap_kib) {
            found.push("what the program holds grows");
        }
        if self.descriptors[3] > self.descriptors[0] + FEW {
            found.push("open files grow");
        }
        if self.threads[3] > self.threads[0] + FEW {
            found.push("threads grow");
        }
        found
    }
}

impl fmt::Display for Course {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = |kib: u64| format!("{}.{}", kib / 1_024, kib % 1_024 * 10 / 1_024);
        let quarters = |values: [u64; 4]| values.map(mib).join(" ");
        let complaints = self.complaints();
        let verdict = if complaints.is_empty() { "flat".to_owned() } else { complaints.join(", ") };
        write!(
            f,
            "{:<14} RSS {} MiB, of it anonymous {}, heap {}, SQLite {}; files open {} then {}, threads {} then {}, on disk {} then {} MiB: {}",
            self.name,
            quarters(self.resident_kib),
            quarters(self.anonymous_kib),
            quarters(self.heap_kib),
            quarters(self.sqlite_kib),
            self.descriptors[0],
            self.descriptors[3],
            self.threads[0],
            self.threads[3],
            mib(self.files_kib[0]),
            mib(self.files_kib[3]),
            verdict
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A life of 100 samples with this much memory, in KiB, at each.
    fn life(name: &str, id: u32, memory: impl Fn(u64) -> u64) -> Vec<Sample> {
        let sample = |n: u64| Sample {
            at: Duration::from_secs(n),
            name: name.into(),
            id,
            resident_kib: memory(n),
            anonymous_kib: memory(n),
            heap_kib: 900,
            sqlite_kib: 900,
            descriptors: 10,
            threads: 5,
            files_kib: n,
        };
        (0..100).map(sample).collect()
    }

    fn complaints(memory: impl Fn(u64) -> u64) -> Vec<&'static str> {
        let courses = courses(&life("one", 1, memory), 10);
        assert_eq!(courses.len(), 1);
        courses[0].complaints()
    }

    #[test]
    fn a_climb_is_no_plateau() {
        assert!(complaints(|n| 30_000 + n % 7 * 100).is_empty());
        assert!(complaints(|n| if n < 10 { 5_000 } else { 30_000 }).is_empty(), "warming up");
        assert_eq!(complaints(|n| 30_000 + n * 100), ["memory grows"]);
        assert_eq!(complaints(|n| if n < 80 { 30_000 } else { 33_000 }), ["memory grows"]);
        // Within the bound, but from quarter to quarter.
        assert_eq!(complaints(|n| 30_000 + n * 30), ["memory grows"]);
        assert!(complaints(|n| if n < 80 { 30_000 } else { 31_000 }).is_empty());
    }

    #[test]
    fn who_was_started_again_is_not_judged() {
        let mut samples = life("one", 1, |_| 1_000);
        samples.extend(life("two", 2, |_| 1_000).into_iter().take(60));
        samples.extend(life("two", 3, |_| 1_000).into_iter().take(40));
        assert_eq!(courses(&samples, 10).iter().map(|course| &course.name).collect::<Vec<_>>(), ["one"]);
        assert!(courses(&samples[..3], 0).is_empty(), "too short to say");
    }
}
