//! A file that was picked in a page, on its way to the core.

use std::path::{Path, PathBuf};

use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use hyper::{Request, StatusCode};
use tokio::io::AsyncWriteExt as _;

use super::control;
use super::question::{Query, is_file_name};
use super::reply::{self, Refusal, Reply};
use super::world::World;

/// A folder for one file. Taken away again when the file does not arrive whole.
struct Place(Option<PathBuf>);

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(folder) = self.0.take() {
            // Holds one file at most; what cannot be removed stays until the device is.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// Writes the body to the device's folder and gives the name of the file there.
pub(super) async fn take(world: &World, query: &Query, request: Request<Incoming>) -> Result<Reply, Refusal> {
    let device = control::device(world, query).await?;
    let name = query.get("name").filter(|name| is_file_name(name));
    let name = name.ok_or_else(|| Refusal::bad("name has to be the plain name of a file."))?;
    let most = world.limits.upload_bytes;
    if request.body().size_hint().lower() > most {
        return Err(too_large(most));
    }
    // A folder of its own: two files of one name do not meet, and the name stays as it was picked.
    let folder = device.documents().join("uniapp_temp").join(folder_name()?);
    let mut place = Place(Some(folder.clone()));
    tokio::fs::create_dir_all(&folder).await.map_err(|error| unwritable(&error))?;
    let file = folder.join(name);
    write(&file, request.into_body(), most).await?;
    place.0 = None;
    Ok(reply::json(&serde_json::json!({ "path": file.to_string_lossy() })))
}

async fn write(path: &Path, mut body: Incoming, most: u64) -> Result<(), Refusal> {
    let mut file = tokio::fs::File::create_new(path).await.map_err(|error| unwritable(&error))?;
    let mut taken: u64 = 0;
    while let Some(frame) = body.frame().await {
        let cut = |error: hyper::Error| Refusal::bad(format!("The file did not arrive whole: {error}."));
        let Ok(bytes) = frame.map_err(cut)?.into_data() else { continue };
        taken = taken.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if taken > most {
            return Err(too_large(most));
        }
        file.write_all(&bytes).await.map_err(|error| unwritable(&error))?;
    }
    file.flush().await.map_err(|error| unwritable(&error))
}

fn too_large(most: u64) -> Refusal {
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, format!("A file may have {most} bytes here."))
}

fn unwritable(error: &std::io::Error) -> Refusal {
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, format!("The file cannot be written: {error}."))
}

fn folder_name() -> Result<String, Refusal> {
    let random = getrandom::u64().map_err(|error| {
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, format!("The system gave no random bytes: {error}."))
    })?;
    Ok(format!("{random:016x}"))
}
