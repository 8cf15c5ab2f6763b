//! Groups (spec 5), as far as the core has them.

use whinchat_core::{Error, ErrorCode, GroupKind, NewGroup, Result};

use super::Served;
use crate::context::Call;
use crate::params::{ids, params};
use crate::table::Reply;
use crate::view::{Nothing, view};

params! {
    /// Of `createGroup`.
    CreateGroup {
        group_type "groupType": String, "Work, Public or Meeting.", "Work、Public 或 Meeting。";
        group_name "groupName": String, "Its name, 1 to 100 bytes.", "群名称，1 到 100 字节。";
        group_id "groupId": Option<String>, "Its id; the server gives one if there is none.", "群组 ID；为空时由服务器分配。";
    }
}

params! {
    /// Of `inviteUserToGroup`.
    Invite {
        group_id "groupId": String, "The group.", "群组 ID。";
        user_id_list "userIdList" | "userList" | "memberList": Vec<String>, "Who is invited, at most 20.", "被邀请的用户，最多 20 个。";
    }
}

params! {
    /// Of `quitGroup`.
    Quit { group_id "groupId": String, "The group.", "群组 ID。"; }
}

view! {
    /// Of `createGroup`.
    CreatedGroup { group_id "groupId": String, "The group's id.", "群组 ID。"; }
}

view! {
    /// The outcome for one user.
    MemberResult {
        user_id "userId": String, "Who.", "用户 ID。";
        result "result": i32, "0 failed, 1 done, 2 nothing to do.", "0 失败，1 成功，2 无需操作。";
        result_code "resultCode": i32, "0, or why it failed.", "0 或失败错误码。";
        result_info "resultInfo": String, "Why, in a sentence.", "失败说明。";
    }
}

view! {
    /// Of `inviteUserToGroup`.
    Invited { result_list "resultList": Vec<MemberResult>, "The outcome for each.", "每个用户的结果。"; }
}

pub(crate) async fn create(call: Call, params: CreateGroup) -> Served<CreatedGroup> {
    let group = NewGroup {
        id: params.group_id.map(|id| own_id(&id)).transpose()?,
        kind: kind(&params.group_type)?,
        name: params.group_name,
        members: Vec::new(),
    };
    let groups = call.client()?.groups();
    Ok(Reply::later(async move { Ok(CreatedGroup { group_id: groups.create(group).await?.id.to_string() }) }))
}

pub(crate) async fn invite(call: Call, params: Invite) -> Served<Invited> {
    let (group, users) = (ids::group(&params.group_id)?, ids::users(call.profile(), &params.user_id_list)?);
    if users.is_empty() {
        return Err(ErrorCode::NobodyToInvite.into());
    }
    let groups = call.client()?.groups();
    Ok(Reply::later(async move {
        let outcomes = groups.invite(&group, &users).await?;
        let result_list = outcomes.into_iter().map(|(user, outcome)| {
            let (result, result_code, result_info) = match outcome {
                Ok(()) => (1, 0, String::new()),
                Err(error) if error.is(ErrorCode::AlreadyMember) => (2, 0, String::new()),
                Err(error) => (0, error.code, error.message),
            };
            MemberResult { user_id: user.to_string(), result, result_code, result_info }
        });
        Ok(Invited { result_list: result_list.collect() })
    }))
}

pub(crate) async fn quit(call: Call, params: Quit) -> Served<Nothing> {
    let group = ids::group(&params.group_id)?;
    let groups = call.client()?.groups();
    Ok(Reply::later(async move {
        groups.quit(&group).await?;
        Ok(Nothing {})
    }))
}

/// An id that the app chose: 8501 when malformed.
fn own_id(text: &str) -> Result<whinchat_core::GroupId> {
    ids::group(text).map_err(|error| Error::new(ErrorCode::GroupIdInvalid, error.message))
}

fn kind(text: &str) -> Result<GroupKind> {
    match text.to_ascii_lowercase().as_str() {
        "work" | "private" => Ok(GroupKind::Work),
        "public" => Ok(GroupKind::Public),
        "meeting" | "chatroom" => Ok(GroupKind::Meeting),
        "avchatroom" | "community" => {
            Err(Error::new(ErrorCode::Unsupported, format!("groups of the kind {text} are not served yet")))
        }
        _ => Err(Error::new(ErrorCode::BadParameter, "`groupType` is Work, Public or Meeting")),
    }
}
