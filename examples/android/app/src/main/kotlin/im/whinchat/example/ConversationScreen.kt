package im.whinchat.example

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import im.whinchat.Message
import im.whinchat.MessageState

@Composable
fun ConversationScreen(model: TimelineModel, modifier: Modifier = Modifier, back: () -> Unit) {
    val timeline by model.timeline.collectAsStateWithLifecycle()
    val draft by model.draft.collectAsStateWithLifecycle()
    Column(modifier.fillMaxSize().imePadding()) {
        Row(verticalAlignment = Alignment.CenterVertically) {
            TextButton(back) { Text(stringResource(R.string.back)) }
            Text(model.conversation.user?.value ?: model.conversation.value, style = MaterialTheme.typography.titleMedium)
        }
        // From the newest upwards: it stays at the end while new ones come.
        LazyColumn(Modifier.weight(1f).padding(horizontal = 16.dp), reverseLayout = true) {
            items(timeline.messages.asReversed(), key = { it.id.value }) { Bubble(it) { model.retry(it) } }
            if (timeline.status.hasOlder) {
                item { TextButton(model::loadOlder) { Text(stringResource(R.string.older)) } }
            }
        }
        Row(Modifier.padding(16.dp), verticalAlignment = Alignment.CenterVertically) {
            OutlinedTextField(
                draft,
                model::write,
                Modifier.weight(1f),
                placeholder = { Text(stringResource(R.string.message)) },
                maxLines = 5,
            )
            TextButton({ model.send() }, enabled = draft.isNotBlank()) { Text(stringResource(R.string.send)) }
        }
    }
}

@Composable
private fun Bubble(message: Message, retry: () -> Unit) {
    val colors = MaterialTheme.colorScheme
    Column(
        Modifier.fillMaxWidth().padding(vertical = 3.dp),
        horizontalAlignment = if (message.isOwn) Alignment.End else Alignment.Start,
    ) {
        Surface(
            color = if (message.isOwn) colors.primary else colors.surfaceVariant,
            shape = RoundedCornerShape(16.dp),
        ) { Text(message.summary, Modifier.padding(horizontal = 12.dp, vertical = 8.dp)) }
        when (val state = message.state) {
            is MessageState.Pending -> Note(stringResource(R.string.waiting))
            is MessageState.Failed ->
                Note(stringResource(R.string.again, state.error.message), Modifier.clickable(onClick = retry))
            is MessageState.Sent -> if (message.isReadByPeer) Note(stringResource(R.string.read))
        }
    }
}

@Composable
private fun Note(text: String, modifier: Modifier = Modifier) {
    Text(text, modifier, style = MaterialTheme.typography.labelSmall)
}
