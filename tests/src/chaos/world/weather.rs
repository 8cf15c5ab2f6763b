//! The weather over the machines of a world: wrong clocks and full disks.

use std::path::Path;

use super::World;
use crate::chaos::cast::Setup;
use crate::chaos::fault::Machine;
use crate::chaos::process::{Broken, Variable};
#[cfg(target_os = "linux")]
pub(super) use crate::weather::Weather;

/// Stands where there is no weather.
#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
pub(super) enum Weather {}

#[cfg(target_os = "linux")]
pub(super) fn weather(setup: &Setup, folder: &Path, name: &str) -> Result<Option<Weather>, Broken> {
    let make = || Weather::over(&folder.join(name), &folder.join(format!("{name}.weather")));
    setup.weather.then(make).transpose().map_err(|error| Broken(format!("no weather for {name}: {error}")))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn weather(_: &Setup, _: &Path, _: &str) -> Result<Option<Weather>, Broken> {
    Ok(None)
}

pub(super) fn environment(weather: Option<&Weather>) -> Vec<Variable> {
    #[cfg(target_os = "linux")]
    return weather.map(Weather::environment).unwrap_or_default();
    #[cfg(not(target_os = "linux"))]
    return weather.map(|weather| match *weather {}).unwrap_or_default();
}

impl World {
    fn weather_of(&self, machine: Machine) -> Option<&Weather> {
        match machine {
            Machine::Server => self.server_weather.as_ref(),
            Machine::Client(device) => self.seats.get(device).and_then(|seat| seat.weather.as_ref()),
        }
    }

    /// Sets a wall clock so many milliseconds ahead of the true time; behind it when that is negative.
    ///
    /// # Errors
    ///
    /// When the weather cannot be made.
    pub fn set_clock_ms(&self, machine: Machine, ahead: i64) -> Result<(), Broken> {
        #[cfg(target_os = "linux")]
        if let Some(weather) = self.weather_of(machine) {
            return weather.set_clock_ms(ahead).map_err(|error| Broken(format!("no weather: {error}")));
        }
        let _ = (self.weather_of(machine), ahead);
        Ok(())
    }

    /// Makes a disk full, or gives its room back.
    ///
    /// # Errors
    ///
    /// When the weather cannot be made.
    pub fn set_full(&self, machine: Machine, full: bool) -> Result<(), Broken> {
        #[cfg(target_os = "linux")]
        if let Some(weather) = self.weather_of(machine) {
            return weather.set_full(full).map_err(|error| Broken(format!("no weather: {error}")));
        }
        let _ = (self.weather_of(machine), full);
        Ok(())
    }

    /// Everything that runs has a good network and room on its disk again; connections that died stay dead, and clocks stay
    /// wrong.
    ///
    /// # Errors
    ///
    /// When the weather cannot be made.
    pub fn repair(&self) -> Result<(), Broken> {
        for (device, seat) in self.seats.iter().enumerate() {
            seat.proxy.restore();
            self.set_full(Machine::Client(device), false)?;
        }
        self.set_full(Machine::Server, false)
    }
}
