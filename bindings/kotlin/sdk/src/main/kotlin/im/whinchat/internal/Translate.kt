package im.whinchat.internal

import im.whinchat.Bytes
import im.whinchat.ConnectionState
import im.whinchat.Conversation
import im.whinchat.ConversationCursor
import im.whinchat.ConversationId
import im.whinchat.ConversationPage
import im.whinchat.CreatedGroup
import im.whinchat.DeviceKind
import im.whinchat.Element
import im.whinchat.ErrorKind
import im.whinchat.Event
import im.whinchat.GroupId
import im.whinchat.GroupKind
import im.whinchat.GroupSummary
import im.whinchat.GroupTipKind
import im.whinchat.HistoryFrom
import im.whinchat.HistoryPage
import im.whinchat.ListStep
import im.whinchat.ListUpdate
import im.whinchat.LogLevel
import im.whinchat.LogLine
import im.whinchat.MemberResult
import im.whinchat.Message
import im.whinchat.MessageId
import im.whinchat.MessageState
import im.whinchat.NewMessage
import im.whinchat.Priority
import im.whinchat.TimelineStart
import im.whinchat.TimelineStatus
import im.whinchat.UserId
import im.whinchat.WhinchatConfig
import im.whinchat.WhinchatError
import im.whinchat.ffi.ClientConfig
import im.whinchat.ffi.ConversationDiff
import im.whinchat.ffi.ConversationUpdate
import im.whinchat.ffi.MemberOutcome
import im.whinchat.ffi.MessageDiff
import im.whinchat.ffi.OutgoingMessage
import im.whinchat.ffi.TimelineUpdate
import im.whinchat.ffi.core.ErrorClass
import im.whinchat.ffi.core.Failure
import im.whinchat.ffi.core.Platform
import im.whinchat.ffi.core.ConnectionState as RawState
import im.whinchat.ffi.core.Conversation as RawConversation
import im.whinchat.ffi.core.ConversationCursor as RawCursor
import im.whinchat.ffi.core.ConversationPage as RawConversationPage
import im.whinchat.ffi.core.Element as RawElement
import im.whinchat.ffi.core.Event as RawEvent
import im.whinchat.ffi.core.GroupKind as RawGroupKind
import im.whinchat.ffi.core.GroupTipKind as RawGroupTipKind
import im.whinchat.ffi.core.HistoryPage as RawHistoryPage
import im.whinchat.ffi.core.Message as RawMessage
import im.whinchat.ffi.core.MessageState as RawMessageState
import im.whinchat.ffi.core.NewGroup as RawNewGroup
import im.whinchat.ffi.core.Priority as RawPriority
import im.whinchat.ffi.core.TimelineStatus as RawTimelineStatus
import im.whinchat.ffi.CreatedGroup as RawCreatedGroup
import im.whinchat.ffi.HistoryFrom as RawHistoryFrom
import im.whinchat.ffi.LogLevel as RawLogLevel
import im.whinchat.ffi.LogLine as RawLogLine
import im.whinchat.ffi.TimelineStart as RawTimelineStart

// The core's models as this package shows them, and the other way round. Nothing is decided here.

internal fun Failure.toError(): WhinchatError = WhinchatError(code, name, `class`.toKind(), message)

private fun ErrorClass.toKind(): ErrorKind = when (this) {
    ErrorClass.RetryNow -> ErrorKind.RetryNow
    ErrorClass.AfterReconnect -> ErrorKind.AfterReconnect
    is ErrorClass.After -> ErrorKind.RetryAfter(v1.toLong())
    ErrorClass.Reauthenticate -> ErrorKind.Reauthenticate
    ErrorClass.Final -> ErrorKind.Final
}

internal fun RawMessage.toMessage(): Message = Message(
    id = MessageId(id),
    conversation = ConversationId(conversation),
    sender = UserId(sender),
    seq = seq.toLong(),
    timeMillis = timeMs,
    state = when (val state = state) {
        RawMessageState.Pending -> MessageState.Pending
        RawMessageState.Sent -> MessageState.Sent
        is RawMessageState.Failed -> MessageState.Failed(state.v1.toError())
    },
    isOwn = isOwn,
    elements = content.elements.map { it.toElement() },
    customData = content.customData.toBytes(),
    isExcludedFromUnread = excludedFromUnread,
    isExcludedFromLastMessage = excludedFromLastMessage,
    mentions = mentions.toUsers(),
    mentionsAll = mentionAll,
    audience = audience.toUsers(),
    priority = when (priority) {
        RawPriority.UNSET -> Priority.UNSET
        RawPriority.HIGH -> Priority.HIGH
        RawPriority.NORMAL -> Priority.NORMAL
        RawPriority.LOW -> Priority.LOW
    },
    isOnlineOnly = isOnlineOnly,
    isReadByPeer = isReadByPeer,
)

private fun ByteArray.toBytes(): Bytes = if (isEmpty()) Bytes.EMPTY else Bytes(this)

private fun List<String>.toUsers(): List<UserId> = if (isEmpty()) emptyList() else map(::UserId)

private fun RawElement.toElement(): Element = when (this) {
    is RawElement.Text -> Element.Text(text)
    is RawElement.Custom -> Element.Custom(data.toBytes(), description, extension)
    is RawElement.GroupTip -> Element.GroupTip(kind.toKind(), UserId(operator), members.toUsers(), memberCount.toInt())
    RawElement.Unknown -> Element.Unknown
}

private fun RawGroupTipKind.toKind(): GroupTipKind = when (this) {
    RawGroupTipKind.JOINED -> GroupTipKind.JOINED
    RawGroupTipKind.INVITED -> GroupTipKind.INVITED
    RawGroupTipKind.QUIT -> GroupTipKind.QUIT
    RawGroupTipKind.KICKED -> GroupTipKind.KICKED
    RawGroupTipKind.UNKNOWN -> GroupTipKind.UNKNOWN
}

private fun Element.raw(): RawElement = when (this) {
    is Element.Text -> RawElement.Text(text)
    is Element.Custom -> RawElement.Custom(data.array, description, extension)
    is Element.GroupTip -> RawElement.GroupTip(
        RawGroupTipKind.valueOf(kind.name),
        operator.value,
        members.map(UserId::value),
        memberCount.coerceAtLeast(0).toUInt(),
    )
    Element.Unknown -> RawElement.Unknown
}

internal fun NewMessage.raw(): OutgoingMessage = OutgoingMessage(
    elements = elements.map { it.raw() },
    customData = customData.array,
    excludedFromUnread = excludedFromUnread,
    excludedFromLastMessage = excludedFromLastMessage,
    mentions = mentions.map(UserId::value),
    mentionAll = mentionAll,
    audience = audience.map(UserId::value),
    onlineOnly = onlineOnly,
    timeoutMs = timeout?.raw(),
    priority = when (priority) {
        Priority.UNSET -> RawPriority.UNSET
        Priority.HIGH -> RawPriority.HIGH
        Priority.NORMAL -> RawPriority.NORMAL
        Priority.LOW -> RawPriority.LOW
    },
)

internal fun HistoryFrom.raw(): RawHistoryFrom = when (this) {
    HistoryFrom.Newest -> RawHistoryFrom.Newest
    is HistoryFrom.Before -> RawHistoryFrom.Older(message.value)
    is HistoryFrom.After -> RawHistoryFrom.Newer(message.value)
}

internal fun RawHistoryPage.toPage(): HistoryPage = HistoryPage(messages.map { it.toMessage() }, complete, missingNewer)

internal fun TimelineStart.raw(): RawTimelineStart = when (this) {
    is TimelineStart.Newest -> RawTimelineStart.Newest(count(limit))
    is TimelineStart.Around -> RawTimelineStart.Around(message.value, count(older), count(newer))
}

private fun RawTimelineStatus.toStatus() = TimelineStatus(hasOlder, hasNewer, atLiveEnd, complete)

internal fun TimelineUpdate.toUpdate(): ListUpdate<Message, TimelineStatus> = when (this) {
    is TimelineUpdate.Snapshot -> ListUpdate.Snapshot(items.map { it.toMessage() }, status.toStatus())
    is TimelineUpdate.Changes -> ListUpdate.Changes(diffs.map { it.toStep() }, status.toStatus())
    TimelineUpdate.Reset -> ListUpdate.Over
}

private fun MessageDiff.toStep(): ListStep<Message> = when (this) {
    is MessageDiff.Insert -> ListStep.Insert(index.toInt(), item.toMessage())
    is MessageDiff.Remove -> ListStep.Remove(index.toInt())
    is MessageDiff.Update -> ListStep.Update(index.toInt(), item.toMessage())
    is MessageDiff.Move -> ListStep.Move(from.toInt(), to.toInt(), item.toMessage())
}

internal fun RawConversation.toConversation(): Conversation = Conversation(
    id = ConversationId(id),
    lastMessage = lastMessage?.toMessage(),
    unreadCount = unread.toLong(),
    readSeq = readSeq.toLong(),
    peerReadSeq = peerReadSeq.toLong(),
    headSeq = headSeq.toLong(),
    activeMillis = activeMs,
    group = group?.let { GroupSummary(it.kind, it.name, UserId(it.owner), it.memberCount.toInt()) },
    hasLeft = left,
)

internal fun ConversationCursor.raw(): RawCursor = RawCursor(sort, row)

internal fun RawConversationPage.toPage(): ConversationPage =
    ConversationPage(items.map { it.toConversation() }, next?.let { ConversationCursor(it.sortMs, it.row) })

internal fun ConversationUpdate.toUpdate(): ListUpdate<Conversation, Boolean> = when (this) {
    is ConversationUpdate.Snapshot -> ListUpdate.Snapshot(items.map { it.toConversation() }, hasMore)
    is ConversationUpdate.Changes -> ListUpdate.Changes(diffs.map { it.toStep() }, hasMore)
    ConversationUpdate.Reset -> ListUpdate.Over
}

private fun ConversationDiff.toStep(): ListStep<Conversation> = when (this) {
    is ConversationDiff.Insert -> ListStep.Insert(index.toInt(), item.toConversation())
    is ConversationDiff.Remove -> ListStep.Remove(index.toInt())
    is ConversationDiff.Update -> ListStep.Update(index.toInt(), item.toConversation())
    is ConversationDiff.Move -> ListStep.Move(from.toInt(), to.toInt(), item.toConversation())
}

internal fun newGroup(name: String, members: List<UserId>, kind: GroupKind, id: GroupId?): RawNewGroup {
    val rawKind = when (kind) {
        GroupKind.WORK -> RawGroupKind.WORK
        GroupKind.PUBLIC -> RawGroupKind.PUBLIC
        GroupKind.MEETING -> RawGroupKind.MEETING
    }
    return RawNewGroup(id?.value, rawKind, name, members.map(UserId::value))
}

internal fun RawCreatedGroup.toCreatedGroup(): CreatedGroup = CreatedGroup(GroupId(id), members.map { it.toResult() })

internal fun MemberOutcome.toResult(): MemberResult = MemberResult(UserId(user), error?.toError())

internal fun RawState.toState(): ConnectionState = when (this) {
    RawState.LoggedOut -> ConnectionState.LoggedOut
    RawState.Connecting -> ConnectionState.Connecting
    RawState.Connected -> ConnectionState.Connected
    is RawState.Waiting -> ConnectionState.Waiting(retryInMs.toLong(), error.toError())
    RawState.Paused -> ConnectionState.Paused
}

internal fun RawEvent.toEvent(): Event = when (this) {
    is RawEvent.ConnectionChanged -> Event.ConnectionChanged(v1.toState())
    RawEvent.SyncStarted -> Event.SyncStarted
    RawEvent.SyncFinished -> Event.SyncFinished
    is RawEvent.SyncFailed -> Event.SyncFailed(v1.toError())
    is RawEvent.MessageReceived -> Event.MessageReceived(v1.toMessage())
    is RawEvent.EphemeralReceived -> Event.EphemeralReceived(v1.toMessage())
    is RawEvent.MessageChanged -> Event.MessageChanged(v1.toMessage())
    is RawEvent.ConversationAdded -> Event.ConversationAdded(v1.toConversation())
    is RawEvent.ConversationChanged -> Event.ConversationChanged(v1.toConversation())
    is RawEvent.ReceiptReceived -> Event.ReceiptReceived(ConversationId(conversation), seq.toLong(), timeMs)
    is RawEvent.MessagesDeleted -> Event.MessagesDeleted(ConversationId(conversation), ids.map(::MessageId))
    is RawEvent.Typing -> Event.Typing(ConversationId(conversation), UserId(user), active)
    is RawEvent.ConversationRemoved -> Event.ConversationRemoved(ConversationId(v1))
    is RawEvent.TotalUnreadChanged -> Event.TotalUnreadChanged(v1.toLong())
    is RawEvent.KickedOffline -> Event.KickedOffline(v1.toError())
    is RawEvent.LoginExpiring -> Event.LoginExpiring(inSeconds.toLong())
    is RawEvent.LoginExpired -> Event.LoginExpired(v1.toError())
    is RawEvent.StoreReset -> Event.StoreReset(setAside)
}

internal fun WhinchatConfig.raw(): ClientConfig = ClientConfig(
    server = server,
    appId = appId.coerceAtLeast(0).toULong(),
    dataDir = dataDir.path,
    platform = when (deviceKind) {
        DeviceKind.ANDROID -> Platform.ANDROID
        DeviceKind.IOS -> Platform.IOS
        DeviceKind.TABLET -> Platform.TABLET
        DeviceKind.DESKTOP -> Platform.DESKTOP
        DeviceKind.WEB -> Platform.WEB
    },
    deviceId = deviceId,
    caPem = caPem?.array,
    databaseKey = databaseKey?.array,
    backoffBaseMs = backoffBase?.raw(),
    backoffCapMs = backoffCap?.raw(),
    backgroundCapMs = backgroundBackoffCap?.raw(),
    stableAfterMs = stableAfter?.raw(),
    requestTimeoutMs = requestTimeout?.raw(),
    connectTimeoutMs = connectTimeout?.raw(),
    drainTimeMs = drainTime?.raw(),
    expiryLeadMs = expiryLead?.raw(),
    logLevel = logSink?.let { logLevel.raw() },
)

private fun LogLevel.raw(): RawLogLevel = when (this) {
    LogLevel.ERROR -> RawLogLevel.ERROR
    LogLevel.WARNING -> RawLogLevel.WARNING
    LogLevel.INFO -> RawLogLevel.INFO
    LogLevel.DEBUG -> RawLogLevel.DEBUG
}

internal fun RawLogLine.toLine(): LogLine = LogLine(
    level = when (level) {
        RawLogLevel.ERROR -> LogLevel.ERROR
        RawLogLevel.WARNING -> LogLevel.WARNING
        RawLogLevel.INFO -> LogLevel.INFO
        RawLogLevel.DEBUG -> LogLevel.DEBUG
    },
    timeMillis = timeMs,
    target = target,
    text = text,
)

private fun kotlin.time.Duration.raw(): ULong = inWholeMilliseconds.coerceAtLeast(0).toULong()
