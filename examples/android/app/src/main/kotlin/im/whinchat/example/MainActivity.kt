package im.whinchat.example

import android.app.Application
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.BackHandler
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Scaffold
import androidx.compose.material3.SnackbarHost
import androidx.compose.material3.SnackbarHostState
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.lifecycle.AndroidViewModel
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewModelScope
import androidx.lifecycle.viewmodel.compose.viewModel
import im.whinchat.ConversationId

/** Keeps the model when the phone is turned. */
class ChatViewModel(application: Application) : AndroidViewModel(application) {
    val model = ChatModel((application as ChatApplication).chat, viewModelScope)
}

class MainActivity : ComponentActivity() {
    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        setContent { MaterialTheme { Chat() } }
    }
}

@Composable
private fun Chat(model: ChatModel = viewModel<ChatViewModel>().model) {
    val user by model.user.collectAsStateWithLifecycle()
    val problem by model.problem.collectAsStateWithLifecycle()
    val snackbar = remember { SnackbarHostState() }
    var open by rememberSaveable { mutableStateOf<String?>(null) }
    LaunchedEffect(problem) {
        problem?.let {
            snackbar.showSnackbar(it)
            model.problemWasRead()
        }
    }
    Scaffold(snackbarHost = { SnackbarHost(snackbar) }) { space ->
        val modifier = Modifier.padding(space)
        val conversation = open
        when {
            user == null -> SignInScreen(model, modifier)
            conversation == null -> ConversationsScreen(model, modifier) { open = it.value }
            else -> {
                BackHandler { open = null }
                val scope = rememberCoroutineScope()
                val timeline = remember(conversation) { model.timeline(ConversationId(conversation), scope) }
                ConversationScreen(timeline, modifier) { open = null }
            }
        }
    }
}
