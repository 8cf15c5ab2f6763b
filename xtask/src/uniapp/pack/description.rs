//! package.json as it is packed: under the plugin's own id, or under the name that an app asks for.

use super::json::Json;

/// The plugin's own id.
pub(super) const OWN: &str = "Whinchat-IM";

/// Whether a plugin or a module can be called so.
pub(super) fn is_name(name: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(good)
}

/// Under which id a package is made that has a module of this name. A module is called like its plugin or begins with its id,
/// so a name of another plugin needs a package that takes that plugin's place.
pub(super) fn id(module: &str) -> &str {
    if module.starts_with(OWN) { OWN } else { module }
}

/// The description with a module of this name: in place of our own in another plugin's package, beside it in our own.
pub(super) fn with_module(description: &str, module: &str) -> Result<String, String> {
    if module == OWN {
        return Ok(description.to_owned());
    }
    let mut description = Json::read(description)?;
    let id = id(module);
    if let Some(name) = description.get_mut("id") {
        *name = Json::Text(id.to_owned());
    }
    for platform in ["android", "ios"] {
        let native = description.get_mut("_dp_nativeplugin").and_then(|native| native.get_mut(platform));
        let Some(Json::List(plugins)) = native.and_then(|platform| platform.get_mut("plugins")) else {
            return Err(format!("package.json has no plugins for {platform}"));
        };
        let mut renamed = plugins.clone();
        for name in renamed.iter_mut().filter_map(|plugin| plugin.get_mut("name")) {
            *name = Json::Text(module.to_owned());
        }
        if id == OWN {
            plugins.extend(renamed);
        } else {
            *plugins = renamed;
        }
    }
    Ok(format!("{description}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"name": "Whinchat IM", "id": "Whinchat-IM", "_dp_nativeplugin": {
        "android": {"plugins": [{"type": "module", "name": "Whinchat-IM", "class": "im.Module"}], "hooksClass": "im.Hook"},
        "ios": {"plugins": [{"type": "module", "name": "Whinchat-IM", "class": "Module"}]}}}"#;

    fn modules(text: &str, platform: &str) -> Vec<(String, String)> {
        let text_of = |plugin: &Json, key: &str| plugin.get(key).and_then(Json::text).unwrap().to_owned();
        let description = Json::read(text).unwrap();
        let plugins = description.at(&["_dp_nativeplugin", platform, "plugins"]).unwrap();
        plugins.items().iter().map(|plugin| (text_of(plugin, "name"), text_of(plugin, "class"))).collect()
    }

    #[test]
    fn another_plugins_name_is_the_id_and_the_only_module() {
        let text = with_module(TEXT, "RY-TencentIM").unwrap();
        assert_eq!(Json::read(&text).unwrap().get("id"), Some(&Json::Text("RY-TencentIM".into())));
        assert_eq!(modules(&text, "android"), [("RY-TencentIM".into(), "im.Module".into())]);
        assert_eq!(modules(&text, "ios"), [("RY-TencentIM".into(), "Module".into())]);
    }

    #[test]
    fn a_name_that_begins_with_ours_stands_beside_it() {
        let text = with_module(TEXT, "Whinchat-IM-Second").unwrap();
        assert_eq!(Json::read(&text).unwrap().get("id"), Some(&Json::Text(OWN.into())));
        let both =
            [(OWN.to_owned(), "Module".to_owned()), ("Whinchat-IM-Second".to_owned(), "Module".to_owned())];
        assert_eq!(modules(&text, "ios"), both);
    }

    #[test]
    fn our_own_name_changes_nothing() {
        assert_eq!(with_module(TEXT, OWN).unwrap(), TEXT);
    }
}
