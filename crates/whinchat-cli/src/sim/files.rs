//! Files of a device, and files at all.

use std::path::{Path, PathBuf};

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Incoming;
use hyper::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use hyper::{Method, Request, StatusCode};
use tower_http::services::ServeFile;

use super::control;
use super::question::Query;
use super::reply::{Refusal, Reply};
use super::world::World;

/// The real name of a file or folder, if it lies below `root`, wherever links in between lead.
pub(super) async fn resolve(root: &Path, path: &Path) -> Option<PathBuf> {
    let found = tokio::fs::canonicalize(path).await.ok()?;
    found.starts_with(root).then_some(found)
}

/// Serves a file whose name was resolved: ranges, type, date.
pub(super) async fn serve(file: &Path, request: &Request<Incoming>) -> Result<Reply, Refusal> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "Files are read here."));
    }
    let mut asked = Request::new(Empty::<bytes::Bytes>::new());
    *asked.method_mut() = request.method().clone();
    asked.headers_mut().clone_from(request.headers());
    let unreadable = |error: std::io::Error| {
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, format!("The file cannot be read: {error}."))
    };
    let reply = ServeFile::new(file).try_call(asked).await.map_err(unreadable)?;
    Ok(reply.map(|body| body.boxed_unsync()))
}

/// A file of a device: only what lies in its folder.
pub(super) async fn give(world: &World, query: &Query, request: Request<Incoming>) -> Result<Reply, Refusal> {
    let device = control::device(world, query).await?;
    let path = query.get("path").map(Path::new).filter(|path| path.is_absolute());
    let path = path.ok_or_else(|| Refusal::bad("path has to be the full name of a file."))?;
    let file = resolve(&device.folder, path).await.ok_or_else(Refusal::not_found)?;
    if !tokio::fs::metadata(&file).await.is_ok_and(|file| file.is_file()) {
        return Err(Refusal::not_found());
    }
    let mut reply = serve(&file, &request).await?;
    // Whoever sent it: it must not act as a page of ours.
    reply.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
    Ok(reply)
}
