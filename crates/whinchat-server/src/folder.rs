//! The data folder, made so that a power loss leaves it where it is.

use std::io;
use std::path::Path;

/// Makes a folder and those above it, for this user of the machine alone, and puts their names on the disk.
pub(crate) fn create(path: &Path) -> io::Result<()> {
    let mut missing: Vec<&Path> = path.ancestors().take_while(|folder| is_missing(folder)).collect();
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    // People's messages: nobody else on the machine reads them.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    // From the top: a name counts only when those above it do.
    while let Some(made) = missing.pop() {
        made.parent().map_or(Ok(()), sync)?;
    }
    Ok(())
}

fn is_missing(folder: &Path) -> bool {
    !folder.as_os_str().is_empty() && !folder.exists()
}

/// A name is on the disk only when its folder is.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        std::fs::File::open(folder)?.sync_all()
    }
    #[cfg(not(unix))]
    {
        // Other systems do not open folders as files, and keep names in order by themselves.
        let _ = folder;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_made_with_those_above_it_and_may_be_there_already() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b/c");
        create(&inner).unwrap();
        create(&inner).unwrap();
        assert!(inner.is_dir());
        std::fs::write(inner.join("file"), "").unwrap();
        assert!(create(&inner.join("file/no")).is_err());
    }
}
