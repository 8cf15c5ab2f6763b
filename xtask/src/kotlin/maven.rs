//! Maven: run in a folder of the workspace, its output passed on, its tests counted.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::step::Tally;

/// What apps name.
const PACKAGES: &str = "im.whinchat:whinchat-jvm,im.whinchat:whinchat-android";

pub(super) struct Maven {
    root: PathBuf,
}

impl Maven {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    fn command(&self, project: &str) -> Command {
        let mut command = Command::new("mvn");
        command.args(["--batch-mode", "--no-transfer-progress", "-f"]).arg(self.root.join(project));
        command.arg(format!("-Dwhinchat.root={}", self.root.display()));
        // Nothing of this is for the machine's own repository.
        command.arg("-Dmaven.install.skip=true");
        // The compiler's daemon would stay for two hours with half a gigabyte.
        command.arg("-Dkotlin.compiler.daemon=false");
        command
    }

    /// Runs goals, and adds up what the tests in them say.
    pub(super) fn run(
        &self,
        name: &str,
        project: &str,
        goals: &[&str],
        tally: &mut Tally,
    ) -> Result<(), String> {
        println!("== {name}: mvn {} in {project}", goals.join(" "));
        let start = Instant::now();
        let failed_before = tally.failed;
        let mut command = self.command(project);
        let mut child = command
            .args(goals)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("mvn did not start: {error}"))?;
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).lines() {
                let line = line.map_err(|error| format!("{name}: its output cannot be read: {error}"))?;
                read(&line, tally);
                // What Maven tells about itself fills screens.
                if line.contains("Tests run:") || line.starts_with("[ERROR]") || line.starts_with("[WARNING]")
                {
                    println!("{line}");
                }
            }
        }
        let status = child.wait().map_err(|error| format!("{name} was lost: {error}"))?;
        if !status.success() && tally.failed == failed_before {
            tally.failed += 1;
        }
        let seconds = start.elapsed().as_secs_f64();
        println!("== {name}: {} after {seconds:.1} s", if status.success() { "good" } else { "FAILED" });
        if status.success() { Ok(()) } else { Err(name.to_owned()) }
    }

    /// Makes Maven look at the packages anew: one that it has seen in this version it takes for the same for ever.
    pub(super) fn forget_packages(&self, project: &str) -> Result<(), String> {
        let mut command = self.command(project);
        command.args(["--quiet", "-DreResolve=false", "-DactTransitively=false"]);
        command.arg(format!("-DmanualInclude={PACKAGES}"));
        let purge = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:purge-local-repository";
        let status = command.arg(purge).status().map_err(|error| format!("mvn did not start: {error}"))?;
        if status.success() { Ok(()) } else { Err("an older package could not be forgotten".into()) }
    }

    /// Runs the bench: the program that asks, and a virtual machine that answers.
    pub(super) fn bench(&self, project: &str) -> Result<(), String> {
        let release = self.root.join("target/release");
        let (release, root) = (release.display(), self.root.display());
        // The heap does not grow, so that memory which does is seen.
        let arguments = format!(
            "{root}/target/bench-kotlin.json kotlin java -Xms256m -Xmx256m -XX:+AlwaysPreTouch -classpath %classpath \
             -Djna.library.path={release} -Dwhinchat.binary={release}/whinchat im.whinchat.bench.BenchKt"
        );
        let mut command = self.command(project);
        command.args([
            "--quiet",
            "-pl",
            "sdk",
            "test-compile",
            "org.codehaus.mojo:exec-maven-plugin:3.6.3:exec",
            "-Dexec.classpathScope=test",
        ]);
        command
            .arg(format!("-Dexec.executable={release}/examples/border"))
            .arg(format!("-Dexec.args={arguments}"));
        let status = command.status().map_err(|error| format!("mvn did not start: {error}"))?;
        if status.success() { Ok(()) } else { Err(format!("the bench ended with {status}")) }
    }
}

/// Takes the sum of one run of tests into account; the lines of single classes end with their time.
fn read(line: &str, tally: &mut Tally) {
    let Some((_, counts)) = line.split_once("Tests run: ") else { return };
    if line.contains("Time elapsed") {
        return;
    }
    let numbers: Vec<u64> = counts
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map_while(|part| part.parse().ok())
        .collect();
    if let [run, failures, errors, skipped] = numbers[..] {
        tally.failed += failures + errors;
        tally.passed += run.saturating_sub(failures + errors + skipped);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_counted_and_single_classes_are_not() {
        let mut tally = Tally::default();
        read(
            "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1.2 s -- in im.A",
            &mut tally,
        );
        read("[ERROR] Tests run: 12, Failures: 1, Errors: 2, Skipped: 1", &mut tally);
        read("[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 0", &mut tally);
        read("[INFO] Tests are compiled", &mut tally);
        assert_eq!(tally, Tally { passed: 13, failed: 3 });
    }
}
