//! Names of files as JavaScript programmers write them.

use std::path::{Component, Path, PathBuf};

use whinchat_core::{Error, ErrorCode, Result};

use crate::bridge::Host;

impl Host {
    /// The file that `text` names in parameter `name`: absolute, with or without `file://`, or below `_doc/` or `_www/`.
    pub(crate) fn path(&self, name: &str, text: &str) -> Result<PathBuf> {
        let bad = || {
            Error::new(
                ErrorCode::BadParameter,
                format!("`{name}` is no full path, nor one below _doc/ or _www/"),
            )
        };
        let text = text.strip_prefix("file://").unwrap_or(text);
        let below = |root: &str| {
            let rest = text.strip_prefix(root)?;
            (rest.is_empty() || rest.starts_with('/')).then(|| Path::new(rest.trim_start_matches('/')))
        };
        let (root, rest) = if let Some(rest) = below("_doc") {
            (self.documents.as_path(), rest)
        } else if let Some(rest) = below("_www") {
            (self.app_root.as_deref().ok_or_else(bad)?, rest)
        } else if Path::new(text).is_absolute() {
            return Ok(PathBuf::from(text));
        } else {
            return Err(bad());
        };
        // Whoever writes `_doc/` means what is below it.
        if rest.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
            Ok(root.join(rest))
        } else {
            Err(bad())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_path_is_read_and_what_leads_nowhere_is_refused() {
        let host = Host {
            documents: "/data/doc".into(),
            platform: whinchat_core::Platform::Android,
            device_id: None,
            server: None,
            app_root: Some("/app".into()),
        };
        for (text, path) in [
            ("_doc/whinchat", "/data/doc/whinchat"),
            ("_doc", "/data/doc"),
            ("_doc/", "/data/doc"),
            ("_www/static/a.png", "/app/static/a.png"),
            ("file:///tmp/a", "/tmp/a"),
            ("/tmp/a", "/tmp/a"),
        ] {
            assert_eq!(host.path("path", text).unwrap(), PathBuf::from(path), "{text}");
        }
        for bad in ["whinchat", "_docs/a", "_doc/../../etc", "", "http://a", "file://a"] {
            assert_eq!(host.path("path", bad).unwrap_err().code, 6017, "{bad}");
        }
        let bare = Host { app_root: None, ..host };
        assert!(bare.path("path", "_www/a").is_err());
    }
}
