//! What a typed line asks for: a message, or a command that begins with a slash.

use whinchat_proto::id::{ConversationId, GroupId, UserId};

/// A line, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Send this text.
    Send(String),
    /// Show the commands and keys.
    Help,
    /// Open the conversation.
    Open(ConversationId),
    /// Create a group of this name with these members and open it.
    CreateGroup {
        /// Its name.
        name: String,
        /// Whom to take in at once.
        members: Vec<UserId>,
    },
    /// Take users into the open group.
    Invite(Vec<UserId>),
    /// Leave the open group.
    QuitGroup,
    /// Send the last failed message again.
    Retry,
    /// Take back the last message that waits.
    Cancel,
    /// End the program.
    Quit,
}

/// Every command: how it is written, and what it does.
pub const COMMANDS: &[(&str, &str)] = &[
    ("/open USER", "open the chat with a user"),
    ("/group create NAME USER..", "create a group and open it"),
    ("/group open ID", "open a group"),
    ("/invite USER..", "take users into the open group"),
    ("/quit-group", "leave the open group"),
    ("/retry", "send the last failed message again"),
    ("/cancel", "take back the last message that waits"),
    ("/help", "show this"),
    ("/quit", "leave (what waits goes out next time)"),
];

/// Reads a line. Two slashes at the start send the text with one.
///
/// # Errors
///
/// A sentence for the user.
pub fn parse(line: &str) -> Result<Command, String> {
    if let Some(text) = line.strip_prefix("//") {
        return Ok(Command::Send(format!("/{text}")));
    }
    if !line.starts_with('/') {
        return Ok(Command::Send(line.to_owned()));
    }
    let words = split(line)?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["/help" | "/?"] => Ok(Command::Help),
        ["/open", user] => Ok(Command::Open(ConversationId::User(user_id(user)?))),
        ["/open", ..] => Err("Write: /open USER".into()),
        ["/group", "open", id] => {
            Ok(Command::Open(ConversationId::Group(GroupId::new(id).map_err(|e| sentence(&e.message))?)))
        }
        ["/group", "create", name, members @ ..] => {
            Ok(Command::CreateGroup { name: (*name).to_owned(), members: user_ids(members)? })
        }
        ["/group", ..] => Err("Write: /group create NAME USER.. or /group open ID".into()),
        ["/invite", first, rest @ ..] => {
            let mut users = vec![user_id(first)?];
            users.extend(user_ids(rest)?);
            Ok(Command::Invite(users))
        }
        ["/invite"] => Err("Write: /invite USER..".into()),
        ["/quit-group"] => Ok(Command::QuitGroup),
        ["/retry"] => Ok(Command::Retry),
        ["/cancel"] => Ok(Command::Cancel),
        ["/quit" | "/exit" | "/q"] => Ok(Command::Quit),
        ["/retry" | "/cancel" | "/quit" | "/quit-group" | "/help", ..] => {
            Err(format!("{} takes nothing behind it", words.first().copied().unwrap_or_default()))
        }
        [other, ..] => {
            Err(format!("There is no command {other}; /help lists them, // sends a line that starts with /"))
        }
        [] => Err("/help lists the commands".into()),
    }
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn user_id(word: &str) -> Result<UserId, String> {
    UserId::new(word).map_err(|e| sentence(&e.message))
}

fn user_ids(words: &[&str]) -> Result<Vec<UserId>, String> {
    words.iter().map(|word| user_id(word)).collect()
}

/// Splits at spaces; double quotes hold a name with spaces together.
fn split(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            c if c.is_whitespace() && !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    if quoted {
        return Err("A quotation mark is missing".into());
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: &str) -> UserId {
        UserId::new(id).unwrap()
    }

    #[test]
    fn a_line_without_a_slash_is_a_message() {
        assert_eq!(parse("hi /there"), Ok(Command::Send("hi /there".into())));
        assert_eq!(parse("//etc/hosts"), Ok(Command::Send("/etc/hosts".into())));
    }

    #[test]
    fn commands_are_understood() {
        assert_eq!(parse("/open bob"), Ok(Command::Open(ConversationId::User(user("bob")))));
        assert_eq!(
            parse("/group open g1"),
            Ok(Command::Open(ConversationId::Group(GroupId::new("g1").unwrap())))
        );
        assert_eq!(
            parse("/group create \"深圳 team\" bob  carol"),
            Ok(Command::CreateGroup {
                name: "深圳 team".into(), members: vec![user("bob"), user("carol")]
            })
        );
        assert_eq!(parse("/invite dave"), Ok(Command::Invite(vec![user("dave")])));
        assert_eq!(parse("/quit-group"), Ok(Command::QuitGroup));
        assert_eq!(parse("/retry "), Ok(Command::Retry));
        assert_eq!(parse("/quit"), Ok(Command::Quit));
    }

    #[test]
    fn mistakes_are_answered_with_a_sentence() {
        for line in
            ["/", "/nonsense", "/open", "/group", "/group create", "/invite", "/group create \"a", "/retry x"]
        {
            let answer = parse(line).unwrap_err();
            assert!(!answer.is_empty(), "{line}");
        }
        assert_eq!(parse("/open 小明").unwrap_err(), "User id must be 1 to 128 bytes of printable ASCII");
    }

    #[test]
    fn every_listed_command_is_known() {
        for (usage, _) in COMMANDS {
            let line = usage.replace("USER..", "bob carol").replace("USER", "bob").replace("NAME", "n");
            assert!(parse(&line).is_ok(), "{usage}");
        }
    }
}
