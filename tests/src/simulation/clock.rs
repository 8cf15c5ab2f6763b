//! The wall clock and the random source of a simulated world, for a program that replaces the machine's by them.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

static WALL_MS: AtomicI64 = AtomicI64::new(0);
static RANDOM: AtomicU64 = AtomicU64::new(0);

/// When the worlds begin: a day in 2026.
pub const BEGINNING_MS: i64 = 1_780_000_000_000;

/// Sets the wall clock; 0 gives the machine's back.
pub fn set_wall_ms(now_ms: i64) {
    WALL_MS.store(now_ms, Ordering::Relaxed);
}

/// The wall clock in milliseconds since the epoch, if it is simulated.
#[must_use]
pub fn wall_ms() -> Option<i64> {
    Some(WALL_MS.load(Ordering::Relaxed)).filter(|now_ms| *now_ms != 0)
}

/// Begins a sequence of random numbers; 0 gives the machine's back.
pub fn seed_random(seed: u64) {
    RANDOM.store(seed, Ordering::Relaxed);
}

/// The next random number, if they are simulated.
#[must_use]
pub fn random() -> Option<u64> {
    let state = RANDOM.load(Ordering::Relaxed);
    if state == 0 {
        return None;
    }
    let mut dice = crate::dice::Dice::new(state);
    let rolled = dice.roll();
    // Never 0, which would give the machine's source back.
    RANDOM.store(rolled | 1, Ordering::Relaxed);
    Some(dice.roll())
}
