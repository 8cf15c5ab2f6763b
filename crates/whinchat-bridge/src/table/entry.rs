//! An entry of the table, and how a call of it runs.

use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use whinchat_core::{Error, ErrorCode, Result};

use super::{Field, Shapes};
use crate::answer;
use crate::context::Call;
use crate::event::Listener;
use crate::params::{Given, Params};
use crate::view::View;

/// A method of the JavaScript API.
pub(crate) struct Entry {
    /// The chapter that it belongs to.
    pub(crate) chapter: &'static str,
    /// Its name.
    pub(crate) name: &'static str,
    /// Other names that are accepted.
    pub(crate) aliases: &'static [&'static str],
    /// When it may be called.
    pub(crate) need: Need,
    /// What it does when called.
    pub(crate) kind: Kind,
    /// It begins while messages that were sent before it are not durable yet: it sends as well, and they share a commit, or
    /// has nothing to do with what is stored.
    pub(crate) burst: bool,
    /// Name and fields of its parameters.
    pub(crate) params: fn() -> (&'static str, Vec<Field>),
    /// Name and fields of its result.
    pub(crate) result: fn() -> (&'static str, Vec<Field>),
    /// Adds what its result is made of.
    pub(crate) shapes: fn(&mut Shapes),
    /// The failure of a call that could not begin.
    pub(crate) failure: fn(&Error) -> String,
    /// What it does, in English.
    pub(crate) en: &'static str,
    /// What it does, in Chinese.
    pub(crate) zh: &'static str,
}

/// When a method may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Always.
    Nothing,
    /// After `init`; 6013 otherwise.
    Init,
    /// From `login` on; 6014 otherwise.
    Login,
}

/// What calling a method does.
pub(crate) enum Kind {
    /// Answers once.
    Call(fn(Call, Given) -> BoxFuture<'static, Started>),
    /// Keeps the callback for these events.
    Listen(Listener),
    /// Lets the callback for these events go, and answers.
    Unlisten(Listener),
}

/// A call that has begun, in its place among the calls of its context.
pub(crate) enum Started {
    /// It is done.
    Done(String),
    /// The rest does not hold up the calls behind it.
    Later(BoxFuture<'static, String>),
}

/// What a method's function gives once its place in the order is taken: the result, or what is still to be waited for.
pub(crate) enum Reply<R> {
    /// The result.
    Now(R),
    /// Waits for the server, while later calls begin.
    Later(BoxFuture<'static, Result<R>>),
}

impl<R> Reply<R> {
    /// What is still to be waited for.
    pub(crate) fn later(rest: impl Future<Output = Result<R>> + Send + 'static) -> Self {
        Self::Later(rest.boxed())
    }
}

impl<R> From<R> for Reply<R> {
    fn from(result: R) -> Self {
        Self::Now(result)
    }
}

/// Reads the parameters and runs a method's function; whatever happens, there is an answer.
pub(crate) fn begin<P, R, F>(
    serve: impl FnOnce(Call, P) -> F + Send + 'static,
    call: Call,
    given: &Given,
) -> BoxFuture<'static, Started>
where
    P: Params,
    R: View,
    F: Future<Output = Result<Reply<R>>> + Send + 'static,
{
    let params = P::read(given);
    let serving = async move {
        Ok(match serve(call, params?).await? {
            Reply::Now(result) => Reply::Now(answer::result(&Ok(result))),
            Reply::Later(rest) => Reply::later(async move { Ok(answer::result(&Ok(rest.await?))) }),
        })
    };
    // From here on a call is one of a kind: what follows is compiled once and not for each method.
    started(serving.boxed(), |error| answer::result::<R>(&Err(error.clone()))).boxed()
}

async fn started(
    serving: BoxFuture<'static, Result<Reply<String>>>,
    failure: fn(&Error) -> String,
) -> Started {
    match caught(serving).await {
        Ok(Reply::Later(rest)) => {
            Started::Later(async move { caught(rest).await.unwrap_or_else(|error| failure(&error)) }.boxed())
        }
        Ok(Reply::Now(answer)) => Started::Done(answer),
        Err(error) => Started::Done(failure(&error)),
    }
}

/// A panic is a fault of ours; the app gets an answer all the same.
async fn caught<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
        Err(Error::new(ErrorCode::Internal, "the call ended in a fault; please report it with the log"))
    })
}
