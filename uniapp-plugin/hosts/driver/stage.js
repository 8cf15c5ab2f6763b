// What a script has beside its own phone: further phones, the server, the networks. The same in every host.

/**
 * `patience` is what a script has for each thing that it waits for, in milliseconds. `take(name, platform)` gives a phone: its counted `module`, `ready`, `end()`, `platform`. `ask(what, given)` asks whoever holds
 * server and networks.
 */
export function makeStage({ watch, info, device, patience, take, ask }) {
  const phones = new Map()
  const named = (name, platform) => {
    const phone = take(name, platform)
    phones.set(name, phone)
    return phone
  }
  const asked = (what, given) => watch.work(`stage ${what}`, ask(what, given))
  const own = named(device, 'android')
  const stage = {
    device,
    appId: info.appId,
    phone: (name, { platform = 'android' } = {}) => (phones.get(name) ?? named(name, platform)).module,
    sig: async (user, seconds) => (await asked('sig', seconds === undefined ? { user } : { user, seconds })).userSig,
    server: {
      url: info.server,
      stop: () => asked('server', { state: 'stop' }),
      start: () => asked('server', { state: 'start' }),
    },
    cut: (name = device) => asked('network', { device: name, state: 'cut' }),
    stall: (name = device) => asked('network', { device: name, state: 'stall' }),
    mend: (name = device) => asked('network', { device: name, state: 'open' }),
    /** What the promise gives; the script fails, and is told of `what`, when that takes longer than the host's patience. */
    within: (what, promise) => watch.within(patience, what, promise),
    restart: (name = device) => watch.work('stage.restart', again(name)),
    done: () => watch.done(),
  }
  const again = async (name) => {
    const before = phones.get(name)
    await before?.end()
    watch.gone(name)
    const phone = named(name, before?.platform ?? 'android')
    await phone.ready
    return phone.module
  }
  const check = (condition, sentence) => {
    if (!condition) watch.fail(new Error(`not so: ${sentence}`))
    return Boolean(condition)
  }
  return { stage, own, check }
}

/** Runs a script to its end; says what went wrong with it. */
export function runScript(watch, { source, name, patience }) {
  // A script that names the end itself has work between its callbacks that nobody can see.
  watch.expectDone = /\bstage\s*\.\s*done\s*\(/.test(source)
  const AsyncFunction = (async () => {}).constructor
  try {
    const main = new AsyncFunction(`${source}\n//# sourceURL=${name}`)
    watch.main(main())
  } catch (error) {
    watch.fail(error)
  }
  return watch.end(patience)
}
