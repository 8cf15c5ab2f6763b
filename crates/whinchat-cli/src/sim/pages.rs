//! Pages: those that come with the program, and those of a folder.

use std::path::{Path, PathBuf};

use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, HeaderValue, LOCATION};
use hyper::{Method, Request, StatusCode};

use super::files;
use super::question::segments;
use super::reply::{self, Refusal, Reply};
use crate::failure::Failure;

/// What is at `/` when nobody brought pages.
const WELCOME: BuiltIn =
    BuiltIn { path: "", kind: "text/html; charset=utf-8", text: include_str!("pages/welcome.html") };

/// A page that comes with the program.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// Without a slash in front; empty for the first page.
    pub path: &'static str,
    /// Its media type.
    pub kind: &'static str,
    /// What it holds.
    pub text: &'static str,
}

/// All pages.
pub(super) struct Pages {
    folder: Option<PathBuf>,
    built_in: Vec<BuiltIn>,
}

impl Pages {
    pub(super) async fn open(folder: Option<&Path>, mut built_in: Vec<BuiltIn>) -> Result<Self, Failure> {
        let folder = match folder {
            Some(folder) => {
                let found = tokio::fs::canonicalize(folder).await.map_err(|error| {
                    Failure::usage(format!("The pages in {} cannot be read: {error}.", folder.display()))
                })?;
                Some(found)
            }
            None => {
                built_in.push(WELCOME);
                None
            }
        };
        Ok(Self { folder, built_in })
    }

    /// Where they are, for an app that reads its own files.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Answers a request for a page.
    pub(super) async fn serve(&self, request: Request<Incoming>) -> Result<Reply, Refusal> {
        let path = request.uri().path();
        let parts = segments(path).ok_or_else(Refusal::not_found)?;
        let asked = parts.join("/");
        if let Some(page) = self.built_in.iter().find(|page| page.path == asked) {
            if request.method() != Method::GET {
                return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "Pages are read here."));
            }
            return Ok(fresh(reply::typed(page.kind, page.text)));
        }
        let root = self.folder.as_deref().ok_or_else(Refusal::not_found)?;
        let mut file = files::resolve(root, &root.join(&asked)).await.ok_or_else(Refusal::not_found)?;
        if file.is_dir() {
            // What a page names relatively would be sought one folder too high.
            if !path.ends_with('/') {
                return moved(path, request.uri().query());
            }
            file = files::resolve(root, &file.join("index.html")).await.ok_or_else(Refusal::not_found)?;
        }
        files::serve(&file, &request).await.map(fresh)
    }
}

/// A build is replaced under a page that is open: it has to ask each time.
fn fresh(mut reply: Reply) -> Reply {
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    reply
}

fn moved(path: &str, query: Option<&str>) -> Result<Reply, Refusal> {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    // One slash in front: two would name a host.
    let to = format!("/{}/{query}", path.trim_matches('/'));
    let mut reply = reply::empty(StatusCode::TEMPORARY_REDIRECT);
    let to = HeaderValue::from_str(&to).map_err(|_| Refusal::not_found())?;
    reply.headers_mut().insert(LOCATION, to);
    Ok(reply)
}
