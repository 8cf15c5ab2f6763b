// A `whinchat` that serves pages: started, heard, stopped.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PATIENCE = 30_000

/** Starts it and waits for the address that it prints. */
export async function start(binary, args) {
  // Its warnings are of use to whoever asks for them.
  const env = { WHINCHAT_LOG: 'error', ...process.env }
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'inherit'], env })
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve))
  const address = await new Promise((resolve, reject) => {
    let said = ''
    const timer = setTimeout(() => reject(new Error(`${binary} did not get ready`)), PATIENCE)
    child.stdout.on('data', (bytes) => {
      said += bytes
      const found = /http:\/\/\S+/.exec(said)
      if (found) clearTimeout(timer), resolve(new URL(found[0]))
    })
    ended.then(() => reject(new Error(`${binary} ${args.join(' ')} ended early`)))
  }).catch((error) => {
    child.kill()
    throw error
  })
  return { address, pid: child.pid, stop: () => (child.kill('SIGTERM'), ended) }
}

/** The simulator on a folder of its own that goes with it. */
export async function startSim(binary, { pages, server, appId }) {
  const data = await mkdtemp(join(tmpdir(), 'whinchat-sim-'))
  const elsewhere = server ? ['--server', server, '--app-id', String(appId)] : []
  try {
    const sim = await start(binary, ['sim', '--data', data, '--pages', pages, ...elsewhere])
    return { address: sim.address, pid: sim.pid, stop: async () => (await sim.stop(), await rm(data, { recursive: true, force: true })) }
  } catch (error) {
    await rm(data, { recursive: true, force: true })
    throw error
  }
}
