//! Measures the product beside its floors, alternating in one run, and prints a table of ratios.
//!
//! A ratio is cost over floor: at least 1, lower is better. The floor shares PRAGMAs, indexes and batch sizes with the product.
// A tool for developers: a surprise ends the run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

mod bridge;
mod combined;
mod crowd;
mod disk;
mod echo;
mod idle;
mod latency;
mod load;
mod local;
mod memory;
mod missed;
mod phone;
mod pipelined;
mod processor;
mod raw;
mod resume;
mod row;
mod stock;

use clap::Parser;

use row::Row;

/// Runs the benchmark and writes target/bench.json.
#[derive(Parser)]
struct Args {
    /// Only rows whose name holds this text.
    #[arg(default_value = "")]
    only: String,
    /// Alternating runs; the median counts.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Serves as the child of a measurement does, until its input ends.
    #[arg(long, hide = true)]
    serve: Option<idle::Serve>,
    /// The child's folder.
    #[arg(long, hide = true, default_value = ".")]
    folder: std::path::PathBuf,
    /// A phone that the bench of the plugin's hosts leads.
    #[arg(long, hide = true)]
    phone: bool,
    /// One run: to see whether it works, not for figures.
    #[arg(long)]
    quick: bool,
}

#[tokio::main]
async fn main() {
    if memory::is_child().await {
        return;
    }
    let args = Args::parse();
    if let Some(kind) = args.serve {
        return idle::serve(kind, &args.folder).await;
    }
    if args.phone {
        return phone::serve().await;
    }
    let mut rows: Vec<Row> = Vec::new();
    for (name, measure) in row::suite() {
        if name.contains(&args.only) {
            eprint_progress(name);
            rows.extend(measure(if args.quick { 1 } else { args.runs }).await);
        }
    }
    print!("{}", row::table(&rows));
    let folder = std::path::Path::new("target");
    std::fs::create_dir_all(folder).expect("the target folder");
    std::fs::write(folder.join("bench.json"), row::json(&rows)).expect("target/bench.json");
}

#[allow(clippy::print_stderr, reason = "progress, beside the table")]
fn eprint_progress(name: &str) {
    eprintln!("measuring {name} …");
}
