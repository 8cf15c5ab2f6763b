package im.whinchat

import im.whinchat.internal.call
import im.whinchat.internal.toMessage
import im.whinchat.internal.translating
import im.whinchat.ffi.SendHandle as RawHandle

/** A message on its way. From [Messages.send]. Letting go of it undoes nothing. */
public class SendHandle internal constructor(private val core: RawHandle) {
    /** The message as it was accepted. */
    public val message: Message = translating { core.message() }.toMessage()

    /** The message's id; it stays the same for good. */
    public val id: MessageId get() = message.id

    /**
     * Waits until the server has the message, and gives it with its place; also while the client sleeps. Cancelling the wait
     * undoes nothing.
     *
     * @throws WhinchatException why the message failed; 7009 when the client was closed or the user logged out before (the
     * message still waits to be sent); 7011 when the user has deleted it meanwhile.
     */
    public suspend fun await(): Message = call { core.settled(null).toMessage() }

    /**
     * Takes the message back, as [Messages.cancel].
     *
     * @throws WhinchatException 8020 it has reached the server.
     */
    public suspend fun cancel(): Unit = call { core.cancelSend(null) }

    override fun toString(): String = "SendHandle($id)"
}
