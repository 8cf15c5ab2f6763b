package im.whinchat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import im.whinchat.testing.TestServer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The library as a Java app meets it. */
class JavaUseTest {
    private static WhinchatFutures chat(TestServer server, String user) {
        WhinchatConfig config = new WhinchatConfig.Builder(server.getAddress(), TestServer.APP_ID, server.folder(user))
                .deviceKind(DeviceKind.DESKTOP)
                .requestTimeoutMillis(20_000)
                .build();
        WhinchatFutures chat = WhinchatFutures.of(Whinchat.open(config));
        chat.login(new UserId(user), server.userSig(user)).join();
        return chat;
    }

    @Test
    void twoPeopleChatWithFuturesAndListeners() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (TestServer server = new TestServer()) {
            WhinchatFutures alice = chat(server, "alice");
            WhinchatFutures bob = chat(server, "bob");
            BlockingQueue<Message> received = new LinkedBlockingQueue<>();
            BlockingQueue<Timeline> shown = new LinkedBlockingQueue<>();
            WhinchatFutures.Subscription events = bob.onEvent(executor, event -> {
                if (event instanceof Event.MessageReceived message) {
                    received.add(message.getMessage());
                    throw new IllegalStateException("of the app");
                }
            });
            ConversationId toAlice = ConversationId.of(new UserId("alice"));
            WhinchatFutures.Subscription list =
                    bob.onMessages(toAlice, TimelineStart.newest(10), executor, shown::add);
            ConversationId toBob = ConversationId.of(new UserId("bob"));
            NewMessage greeting = new NewMessage.Builder().text("hello").timeoutMillis(20_000).build();
            Message sent = alice.send(toBob, greeting).thenCompose(alice::stored).join();
            assertEquals(1, sent.getSeq());
            assertEquals(MessageState.Sent.INSTANCE, sent.getState());
            // The listener threw, and is told the next one all the same.
            alice.send(toBob, "again").thenCompose(alice::stored).join();
            assertEquals("hello", received.poll(30, TimeUnit.SECONDS).getText());
            assertEquals("again", received.poll(30, TimeUnit.SECONDS).getText());
            Timeline newest = shown.poll(30, TimeUnit.SECONDS);
            while (newest.getMessages().size() < 2) {
                newest = shown.poll(30, TimeUnit.SECONDS);
            }
            assertEquals(sent.getId(), newest.getMessages().get(0).getId());
            assertEquals(new UserId("alice"), newest.getMessages().get(0).getSender());
            HistoryPage page = bob.history(toAlice, 1, HistoryFrom.before(newest.getMessages().get(1).getId())).join();
            assertEquals(List.of("hello"), page.getMessages().stream().map(Message::getText).toList());
            list.close();
            list.getEnded().get(30, TimeUnit.SECONDS);
            bob.close().join();
            events.getEnded().get(30, TimeUnit.SECONDS);
            alice.close().join();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void errorsArriveWithTheirCodes() {
        try (TestServer server = new TestServer()) {
            WhinchatFutures alice = chat(server, "alice");
            CompletionException failed = assertThrows(
                    CompletionException.class, () -> alice.send(new ConversationId("nowhere"), "hello").join());
            WhinchatException error = assertInstanceOf(WhinchatException.Refused.class, failed.getCause());
            assertEquals(ErrorCodes.CONVERSATION_ID_MALFORMED, error.getCode());
            alice.close().join();
            failed = assertThrows(CompletionException.class, () -> alice.conversations().join());
            assertEquals(ErrorCodes.CLIENT_NOT_INITIALISED, ((WhinchatException) failed.getCause()).getCode());
            WhinchatConfig nothing = new WhinchatConfig.Builder("", 1, server.folder("x")).build();
            assertThrows(WhinchatException.class, () -> Whinchat.open(nothing));
            assertTrue(Whinchat.getVersion().startsWith("0."));
        }
    }
}
