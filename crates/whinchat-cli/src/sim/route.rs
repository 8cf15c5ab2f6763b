//! What is asked for.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, HeaderValue};
use hyper::{Method, Request, StatusCode};

use super::question::Query;
use super::reply::{self, Refusal, Reply};
use super::world::World;
use super::{control, files, gate, socket, upload};

/// Answers a request. Whatever is wrong with it is in the answer.
pub(super) async fn answer(world: &Arc<World>, request: Request<Incoming>) -> Reply {
    let origin = match gate::enter(request.headers()) {
        Ok(origin) => origin,
        Err(refusal) => return refusal.reply(),
    };
    let mut reply = match route(world, request).await {
        Ok(reply) => reply,
        Err(refusal) => refusal.reply(),
    };
    gate::seal(origin.as_ref(), &mut reply);
    reply
}

async fn route(world: &Arc<World>, request: Request<Incoming>) -> Result<Reply, Refusal> {
    let query = Query::parse(request.uri().query());
    let path = request.uri().path().to_owned();
    let of_sim = path.starts_with("/sim/") || path.starts_with("/control/");
    if !of_sim {
        gate::key_for_pages(world, &query, request.headers())?;
        let mut reply = world.pages.serve(request).await?;
        gate::seal_page(world, &query, &mut reply);
        return Ok(reply);
    }
    // A browser asks for leave without the query's key being looked at.
    if request.method() == Method::OPTIONS {
        return Ok(reply::empty(StatusCode::NO_CONTENT));
    }
    gate::key_in_query(world, &query)?;
    let method = request.method().clone();
    let mut reply = match (&method, path.as_str()) {
        (&Method::GET, "/sim/socket") => socket::open(world, &query, request).await,
        (&Method::POST, "/sim/file") => upload::take(world, &query, request).await,
        (&Method::GET, "/sim/file") => files::give(world, &query, request).await,
        (&Method::GET, "/sim/info") => Ok(control::info(world)),
        (&Method::GET, "/control/sig") => control::sign(world, &query),
        (&Method::GET, "/control/server") => control::server_state(world).await,
        (&Method::POST, "/control/server") => control::set_server(world, &query).await,
        (&Method::GET, "/control/device") => control::device_elsewhere(world, &query).await,
        (&Method::GET, "/control/network") => control::network(world, &query).await,
        (&Method::POST, "/control/network") => control::set_network(world, &query).await,
        (
            _,
            "/sim/socket" | "/sim/file" | "/sim/info" | "/control/sig" | "/control/server"
            | "/control/device" | "/control/network",
        ) => Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not served here."))),
        _ => Err(Refusal::not_found()),
    }?;
    reply.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    Ok(reply)
}
