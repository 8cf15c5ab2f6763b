package im.whinchat.example

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Badge
import androidx.compose.material3.ListItem
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import im.whinchat.ConnectionState
import im.whinchat.Conversation
import im.whinchat.ConversationId
import im.whinchat.Element
import im.whinchat.Message
import im.whinchat.UserId

@Composable
fun ConversationsScreen(model: ChatModel, modifier: Modifier = Modifier, open: (ConversationId) -> Unit) {
    val user by model.user.collectAsStateWithLifecycle()
    val connection by model.connection.collectAsStateWithLifecycle()
    val conversations by model.conversations.collectAsStateWithLifecycle()
    var name by rememberSaveable { mutableStateOf("") }
    Column(modifier.fillMaxSize()) {
        Row(
            Modifier.fillMaxWidth().padding(horizontal = 16.dp),
            horizontalArrangement = Arrangement.SpaceBetween,
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Text(user?.value.orEmpty(), style = MaterialTheme.typography.titleLarge)
            // Says nothing as long as all is well.
            if (connection is ConnectionState.Waiting) {
                Text(stringResource(R.string.no_connection), style = MaterialTheme.typography.labelMedium)
            }
            TextButton({ model.signOut() }) { Text(stringResource(R.string.sign_out)) }
        }
        Row(Modifier.padding(horizontal = 16.dp), verticalAlignment = Alignment.CenterVertically) {
            OutlinedTextField(
                name,
                { name = it },
                Modifier.weight(1f),
                label = { Text(stringResource(R.string.to_whom)) },
                singleLine = true,
            )
            TextButton({ open(ConversationId.of(UserId(name))) }, enabled = name.isNotEmpty()) {
                Text(stringResource(R.string.write))
            }
        }
        if (conversations.isEmpty()) {
            Text(stringResource(R.string.nobody), Modifier.padding(24.dp))
        }
        LazyColumn {
            items(conversations, key = { it.id.value }) { Item(it) { open(it.id) } }
        }
    }
}

@Composable
private fun Item(conversation: Conversation, open: () -> Unit) {
    ListItem(
        headlineContent = { Text(conversation.title) },
        supportingContent = {
            Text(conversation.lastMessage?.summary.orEmpty(), maxLines = 1, overflow = TextOverflow.Ellipsis)
        },
        trailingContent = {
            if (conversation.unreadCount > 0) Badge { Text(conversation.unreadCount.toString()) }
        },
        modifier = Modifier.clickable(onClick = open),
    )
}

val Conversation.title: String
    get() = group?.name ?: id.user?.value ?: id.value

/** What there is to show of it in a line. */
val Message.summary: String
    get() = when (val element = elements.firstOrNull()) {
        is Element.Text -> element.text
        is Element.Custom -> element.description
        is Element.GroupTip -> "${element.operator}: ${element.members.joinToString()}"
        else -> "…"
    }
