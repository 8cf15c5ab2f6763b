//! How a fault is brought about.

use whinchat_cli::fault::Direction;

use super::fault::Fault;
use super::process::Broken;
use super::world::World;
use crate::dice::Dice;

/// Brings it about, and starts again what it ended.
///
/// # Errors
///
/// When a process had ended by itself, or does not come up.
pub async fn strike(world: &mut World, fault: Fault, dice: &mut Dice) -> Result<(), Broken> {
    match fault {
        Fault::KillClient { device, down } => {
            world.kill_client(device).await?;
            tokio::time::sleep(down).await;
            world.start_client(device, dice)?;
        }
        Fault::KillServer { node, down, lead_away } => {
            world.kill_server(node).await?;
            if lead_away {
                world.lead_away(node);
            }
            tokio::time::sleep(down).await;
            world.start_server(node).await?;
        }
        Fault::CloseClient { device, down } => {
            world.close_client(device).await?;
            tokio::time::sleep(down).await;
            world.start_client(device, dice)?;
        }
        Fault::StopServer { node, down } => {
            world.stop_server(node).await?;
            tokio::time::sleep(down).await;
            world.start_server(node).await?;
        }
        Fault::KillBoth { device, node, down } => {
            world.kill_client(device).await?;
            world.kill_server(node).await?;
            tokio::time::sleep(down).await;
            world.start_client(device, dice)?;
            world.start_server(node).await?;
        }
        Fault::Pause { device, time } => world.pause(device, time).await,
        Fault::Kick { node, device } => world.kick(node, device).await,
        Fault::Cut { device } => world.proxy(device).cut(),
        Fault::CutAfter { device, bytes } => world.proxy(device).cut_after(bytes),
        Fault::Roam { device, node } => world.roam(device, node),
        Fault::Offline { device } => world.proxy(device).offline(),
        Fault::HalfOpen { device } => world.proxy(device).half_open(),
        Fault::Deaf { device } => world.proxy(device).swallow(Direction::Down),
        Fault::Delay { device, delay } => world.proxy(device).delay(delay, delay),
        Fault::Throttle { device, bytes_per_second } => world.proxy(device).throttle(bytes_per_second),
        Fault::Clock { machine, ahead_ms } => world.set_clock_ms(machine, ahead_ms)?,
        Fault::FullDisk { machine } => world.set_full(machine, true)?,
    }
    Ok(())
}
