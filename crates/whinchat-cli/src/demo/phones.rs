//! Two phones side by side in a browser: an app's pages on two simulated devices, and a page around them.

use std::io::Write as _;
use std::path::Path;

use crate::failure::Failure;
use crate::signals::Signals;
use crate::sim::{BuiltIn, Settings, Sim};

const PHONES: BuiltIn = BuiltIn {
    path: "phones.html",
    kind: "text/html; charset=utf-8",
    text: include_str!("pages/phones.html"),
};
const STYLE: BuiltIn =
    BuiltIn { path: "phones.css", kind: "text/css; charset=utf-8", text: include_str!("pages/phones.css") };
const SCRIPT: BuiltIn = BuiltIn {
    path: "phones.js",
    kind: "text/javascript; charset=utf-8",
    text: include_str!("pages/phones.js"),
};

/// Serves them until a signal asks it to stop. Everything that was said in it goes with it.
pub(super) async fn run(pages: &Path) -> Result<(), Failure> {
    let mut signals = Signals::new()?;
    let folder = tempfile::tempdir()
        .map_err(|error| Failure::new(format!("No temporary folder can be had: {error}.")))?;
    let mut settings = Settings::new(folder.path());
    settings.pages = Some(pages.to_owned());
    settings.built_in = vec![PHONES, STYLE, SCRIPT];
    let sim = Sim::start(settings).await?;
    let mut out = std::io::stdout();
    // Whoever closed stdout does not want to read it; the phones go on.
    let _ =
        writeln!(out, "Two phones are ready at {}\n\nCtrl-C stops them.", sim.address_of_page(PHONES.path));
    let _ = out.flush();
    signals.next().await;
    tokio::select! {
        () = sim.stop() => {}
        () = signals.next() => {}
    }
    Ok(())
}
