//! Its flags.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

const SIM_HELP: &str = "\
A page in an ordinary browser reaches the real core through it, as an app reaches the native plugin: one device a name, \
each with a folder, a platform and a network of its own. It starts a development server unless --server names another one.

It listens on this machine only, and whoever has the key in the printed address may use every device in it.

Examples:
  whinchat sim
  whinchat sim --pages examples/uniapp-chat/dist/build/h5
  whinchat sim --server ws://127.0.0.1:7200 --app-id 1400000001";

/// Serve the bridge to pages in a browser.
#[derive(Debug, Default, Args)]
#[command(after_help = SIM_HELP)]
pub struct SimArgs {
    /// Loopback address to listen at [default: 127.0.0.1 with a free port].
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Folder of the devices, and of the server if it is started here [default: ./whinchat-sim].
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
    /// Address of a server that runs elsewhere, ws:// or wss:// [default: one is started here].
    #[arg(long, value_name = "URL", requires = "app_id")]
    pub server: Option<String>,
    /// The app of that server.
    #[arg(long, value_name = "NUMBER", requires = "server")]
    pub app_id: Option<u64>,
    /// Folder of pages to serve beside it, such as the H5 build of an app.
    #[arg(long, value_name = "FOLDER")]
    pub pages: Option<PathBuf>,
}
