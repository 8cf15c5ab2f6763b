//! What listeners are called with.

mod conversation;
mod gather;
mod message;
mod pump;
mod sdk;

use crate::view::View;

pub(crate) use message::{advanced, sending, simple};
pub(crate) use pump::run;

/// A set of events: one setter, one callback a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Listener {
    /// `setSDKListener`.
    Sdk,
    /// `setSimpleMsgListener`.
    SimpleMessage,
    /// `setAdvancedMsgListener`.
    AdvancedMessage,
    /// `setSendMessageListener`.
    SendMessage,
    /// `setConversationListener`.
    Conversation,
    /// `setGroupListener`; groups tell no events yet.
    #[allow(dead_code)]
    Group,
}

/// An event's payload.
pub(crate) trait Event: View {
    /// `eventType`.
    const TYPE: &'static str;
    /// Whose callback gets it.
    const LISTENER: Listener;
}

/// Declares events of one listener: each a view with its `eventType` and documentation.
macro_rules! events {
    ($listener:ident: $($name:ident $type:literal $en:literal $zh:literal { $($fields:tt)* })*) => {
        $(
            $crate::view::view! {
                #[doc = $en]
                $name { $($fields)* }
            }
            impl $crate::event::Event for $name {
                const TYPE: &'static str = $type;
                const LISTENER: $crate::event::Listener = $crate::event::Listener::$listener;
            }
        )*

        /// Every one of them.
        pub(crate) const EVENTS: &[$crate::event::Row] = &[$($crate::event::Row {
            event_type: $type,
            listener: $crate::event::Listener::$listener,
            payload: <$name as $crate::view::View>::fields,
            shapes: <$name as $crate::view::View>::collect,
            en: $en,
            zh: $zh,
        }),*];
    };
}
pub(crate) use events;

/// An event as the table knows it.
pub(crate) struct Row {
    /// `eventType`.
    pub(crate) event_type: &'static str,
    /// Whose callback gets it.
    pub(crate) listener: Listener,
    /// The fields beside `eventType`.
    pub(crate) payload: fn() -> Vec<crate::table::Field>,
    /// Adds what they are made of.
    pub(crate) shapes: fn(&mut crate::table::Shapes),
    /// When it comes.
    pub(crate) en: &'static str,
    /// The same in Chinese.
    pub(crate) zh: &'static str,
}

/// Every event, by listener.
pub(crate) fn all() -> impl Iterator<Item = &'static Row> {
    sdk::EVENTS
        .iter()
        .chain(simple::EVENTS)
        .chain(advanced::EVENTS)
        .chain(sending::EVENTS)
        .chain(conversation::EVENTS)
}
