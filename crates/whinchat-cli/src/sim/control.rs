//! What a page may do to the server and to a device's network.

use std::sync::Arc;

use hyper::StatusCode;
use serde_json::json;

use super::device::{Device, Network, NoDevice};
use super::question::Query;
use super::reply::{self, Refusal, Reply};
use super::upstream::OwnServer;
use super::world::World;
use crate::failure::Failure;
use crate::span::Span;

/// The device that a question names.
pub(super) async fn device(world: &World, query: &Query) -> Result<Arc<Device>, Refusal> {
    let name = query.get("device").unwrap_or_default();
    world.devices.get(name, &world.upstream).await.map_err(|none| match none {
        NoDevice::BadName => Refusal::bad("device has to be a name of 1 to 64 letters, digits, - and _."),
        NoDevice::TooMany => Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "There are too many devices; start another simulator.",
        ),
        NoDevice::Fault(fault) => {
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, format!("The device cannot be made: {fault}."))
        }
    })
}

fn in_hand(world: &World) -> Result<&OwnServer, Refusal> {
    let elsewhere = || Refusal::bad("The server was not started here.");
    world.upstream.in_hand().ok_or_else(elsewhere)
}

fn fault(failure: &Failure) -> Refusal {
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, failure.to_string())
}

/// What this simulator is.
pub(super) fn info(world: &World) -> Reply {
    let own = world.upstream.in_hand().is_some();
    reply::json(&json!({
        "server": world.upstream.url(),
        "appId": world.upstream.app_id(),
        "version": env!("CARGO_PKG_VERSION"),
        "canSign": own,
        "canControl": own,
    }))
}

/// A UserSig.
pub(super) fn sign(world: &World, query: &Query) -> Result<Reply, Refusal> {
    let own = in_hand(world)?;
    let user = query.get("user").ok_or_else(|| Refusal::bad("user is missing."))?;
    let seconds = query.get("seconds").unwrap_or("15552000");
    let lifetime: Span = format!("{seconds}s").parse().map_err(Refusal::bad)?;
    let sig = own.sign(user, lifetime).map_err(|failure| Refusal::bad(failure.to_string()))?;
    Ok(reply::json(&json!({ "userSig": sig })))
}

/// Whether the server runs.
pub(super) async fn server_state(world: &World) -> Result<Reply, Refusal> {
    let state = if in_hand(world)?.is_running().await { "start" } else { "stop" };
    Ok(reply::json(&json!({ "state": state })))
}

/// Stops or starts the server; answers when it is done.
pub(super) async fn set_server(world: &World, query: &Query) -> Result<Reply, Refusal> {
    let own = in_hand(world)?;
    match query.get("state") {
        Some("stop") => own.stop().await,
        Some("start") => own.start().await.map_err(|failure| fault(&failure))?,
        _ => return Err(Refusal::bad("state has to be start or stop.")),
    }
    Ok(reply::json(&json!({})))
}

/// Where a device that runs elsewhere, in a host of native code, has its folder and its network.
pub(super) async fn device_elsewhere(world: &World, query: &Query) -> Result<Reply, Refusal> {
    let device = device(world, query).await?;
    let documents = device.documents();
    Ok(reply::json(&json!({
        "device": device.name,
        "server": device.server,
        "documents": documents.to_string_lossy(),
    })))
}

/// What a device's network does.
pub(super) async fn network(world: &World, query: &Query) -> Result<Reply, Refusal> {
    let state = device(world, query).await?.network().name();
    Ok(reply::json(&json!({ "state": state })))
}

/// Changes a device's network.
pub(super) async fn set_network(world: &World, query: &Query) -> Result<Reply, Refusal> {
    let to = query.get("state").and_then(Network::parse);
    let to = to.ok_or_else(|| Refusal::bad("state has to be open, cut or stall."))?;
    if device(world, query).await?.set_network(to) {
        Ok(reply::json(&json!({})))
    } else {
        Err(Refusal::bad("The network to a wss:// server cannot be changed here."))
    }
}
