// Node as the engine of a script whose phones are all elsewhere.
import { createInterface } from 'node:readline'
import vm from 'node:vm'

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')
let runtime

const natives = {
  say: (text) => void process.stdout.write(text + '\n'),
  console: (text) => say({ console: JSON.parse(text) }),
  timer: (text) => {
    const { id, ms } = JSON.parse(text)
    setTimeout(() => runtime.timer(id), ms)
  },
}

function start({ prelude, name, source, given }) {
  const context = vm.createContext({ __native: (kind, text) => natives[kind](text) })
  const evaluate = (script) => vm.runInContext(script.source, context, { filename: script.name })
  const [own, ...helpers] = prelude
  evaluate(own)
  runtime = context.__runtime
  runtime.begin(JSON.stringify(given))
  for (const helper of helpers) evaluate(helper)
  runtime.run(JSON.stringify({ name, source }))
}

process.on('unhandledRejection', (error) => runtime.rejected(error))
process.on('uncaughtException', (error) => (runtime ? runtime.rejected(error) : say({ done: { failures: [String(error.stack)] } })))

createInterface({ input: process.stdin })
  .on('line', (text) => {
    const line = JSON.parse(text)
    if (line.do === 'script') start(line)
    else if (line.do === 'answer') runtime.answered(text)
    else if (line.do === 'from') runtime.invoked(text)
    else if (line.do === 'quit') process.exit(0)
  })
  .on('close', () => process.exit(0))
