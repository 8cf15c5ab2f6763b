//! The two files' tables, as numbered migrations. A migration never drops what waits to be sent.

use rusqlite_migration::{M, Migrations};

const OWN: &[M<'static>] = &[M::up(include_str!("own_1.sql"))];
const CACHE: &[M<'static>] = &[M::up(include_str!("cache_1.sql")), M::up(include_str!("cache_2.sql"))];

/// Tables of the own file.
pub(crate) const OWN_MIGRATIONS: Migrations<'static> = Migrations::from_slice(OWN);
/// Tables of the cache file.
pub(crate) const CACHE_MIGRATIONS: Migrations<'static> = Migrations::from_slice(CACHE);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_is_valid() {
        OWN_MIGRATIONS.validate().unwrap();
        CACHE_MIGRATIONS.validate().unwrap();
    }
}
