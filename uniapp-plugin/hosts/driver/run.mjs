// Runs scripts in a host of native code, each on a simulator of its own:
//   node run.mjs --whinchat BINARY --package FOLDER [--server URL --app-id N] [--patience SECONDS] [--brief] FILE.js ... -- HOST ARGS...
import { basename } from 'node:path'
import { hostArgs } from './lib/args.mjs'
import { runFile } from './lib/run.mjs'

const { flags, files, command } = hostArgs(
  {
    whinchat: { type: 'string' },
    package: { type: 'string' },
    server: { type: 'string' },
    'app-id': { type: 'string' },
    patience: { type: 'string', default: '30' },
    brief: { type: 'boolean', default: false },
  },
  true,
)

const settings = {
  whinchat: flags.whinchat,
  command,
  folder: flags.package,
  server: flags.server,
  appId: flags['app-id'],
  patience: Number(flags.patience) * 1000,
  print(level, text) {
    if (level === 'error' || level === 'warn') console.error(text)
    else if (!flags.brief) console.log(text)
  },
}

let failed = 0
for (const file of files) {
  const began = Date.now()
  const failures = await runFile(file, settings).catch((error) => [error.stack ?? String(error)])
  if (failures.length > 0) failed += 1
  for (const failure of failures) console.error(`${basename(file)}: ${failure}`)
  if (flags.brief) console.log(`${failures.length > 0 ? 'FAILED' : 'ok    '} ${basename(file)} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
}
if (flags.brief) console.log(`scripts: ${files.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
