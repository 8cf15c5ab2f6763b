// A phone without a plugin: every method succeeds, unless its name says what goes wrong.
import { createInterface } from 'node:readline'

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')
const METHODS = ['getVersion', 'getLoginStatus', 'init', 'login', 'sendC2CTextMessage', 'setSDKListener', 'remember', 'answersTwice', 'answersNever', 'throws', 'dies', 'echo']
const unanswered = new Map()
let memory = 'nothing'

function call({ page, method, args, callbacks }) {
  const id = args[callbacks[0]]
  const invoke = (data, keep = false) => say({ callback: { page, id, data, keep } })
  const success = { status: true, code: 0, msg: '', desc: '', version: '1' }
  if (id !== undefined) unanswered.set(id, { page, id, method })
  if (method === 'dies') process.exit(3)
  if (method === 'throws') return say({ violation: 'throws threw an exception' })
  if (method === 'answersNever' || method === 'setSDKListener') return
  unanswered.delete(id)
  if (method === 'remember') memory = args[0].what ?? memory
  invoke(method === 'echo' || method === 'init' ? { ...success, args } : method === 'remember' ? { ...success, memory } : success)
  if (method === 'answersTwice') invoke(success)
}

createInterface({ input: process.stdin })
  .on('line', (text) => {
    const line = JSON.parse(text)
    if (line.do === 'start') say({ ready: { host: 'fake', engine: false, plugins: [{ name: 'Whinchat-IM', methods: METHODS }] } })
    else if (line.do === 'call') call(line)
    else if (line.do === 'stats') say({ stats: { calls: 0, callbacks: 0, unanswered: [...unanswered.values()], slow: [] } })
    else if (line.do === 'quit') say({ bye: true }), process.exit(0)
  })
  .on('close', () => process.exit(0))
