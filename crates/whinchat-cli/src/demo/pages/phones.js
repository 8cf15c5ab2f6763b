'use strict'

const words = {
  en: {
    claim: 'Two phones, one server, all of it on this machine.',
    server: 'Server', runs: 'running', stopped: 'stopped', busy: 'one moment …', stop: 'Stop the server', start: 'Start the server',
    online: 'network up', offline: 'no network', cut: 'Cut the network', mend: 'Mend the network', gone: 'The demo does not answer. Was it stopped?',
    hint1: 'Write from one phone to the other.',
    hint2: 'Cut a network and go on writing: the messages wait on the phone.',
    hint3: 'Mend it: each arrives once, in its place.',
  },
  zh: {
    claim: '两部手机，一台服务器，都在这台电脑上。',
    server: '服务器', runs: '运行中', stopped: '已停止', busy: '请稍候……', stop: '停止服务器', start: '启动服务器',
    online: '网络正常', offline: '无网络', cut: '断开网络', mend: '恢复网络', gone: '演示程序没有响应，是否已停止？',
    hint1: '从一部手机给另一部发消息。',
    hint2: '断开网络后继续发送：消息先留在手机上。',
    hint3: '恢复网络：每条消息各到一次，次序不变。',
  },
}
const language = /^zh/i.test(navigator.language) ? 'zh' : 'en'
const say = words[language]
document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
for (const place of document.querySelectorAll('[data-say]')) place.textContent = say[place.dataset.say]

const key = new URLSearchParams(location.search).get('key') || ''
const server = { box: document.querySelector('.server'), running: true }
const fault = document.querySelector('.fault')
const phones = [...document.querySelectorAll('.phone')].map(build)

async function ask(method, path, query) {
  const answer = await fetch(`${path}?${new URLSearchParams({ key, ...query })}`, { method })
  const body = await answer.json()
  if (!answer.ok) throw new Error(body.error)
  return body
}

/** Runs a control; its button waits, and what goes wrong is told. */
async function press(button, work) {
  button.disabled = true
  fault.textContent = ''
  try {
    await work()
  } catch (error) {
    fault.textContent = error instanceof TypeError ? say.gone : error.message
  } finally {
    button.disabled = false
    show()
  }
}

function build(place) {
  const { device, peer, platform } = place.dataset
  const simulator = `ws://${location.host}/sim/socket?key=${key}`
  const query = new URLSearchParams({ whinchat: simulator, device, platform, user: device, autologin: '1' })
  const frame = document.createElement('div')
  frame.className = 'frame'
  const page = document.createElement('iframe')
  page.title = device
  page.name = device
  page.src = `/?${query}#/pages/chat/chat?id=c2c_${peer}`
  frame.append(page)
  const bar = document.createElement('div')
  bar.className = 'bar'
  bar.innerHTML = '<span class="who"></span><span class="state" role="status"></span><button type="button"></button>'
  bar.querySelector('.who').textContent = device
  bar.querySelector('.state').dataset.testid = `network-state-${device}`
  const button = bar.querySelector('button')
  button.dataset.testid = `network-${device}`
  const phone = { place, device, cut: false, button, state: bar.querySelector('.state') }
  button.onclick = () => press(button, async () => {
    await ask('POST', '/control/network', { device, state: phone.cut ? 'open' : 'cut' })
    phone.cut = !phone.cut
  })
  place.append(frame, bar)
  return phone
}

const serverButton = server.box.querySelector('button')
serverButton.onclick = () => press(serverButton, async () => {
  server.box.querySelector('.state').textContent = say.busy
  await ask('POST', '/control/server', { state: server.running ? 'stop' : 'start' })
  server.running = !server.running
  // Phones that wait try at once, as when their system tells them of a network.
  const whole = server.running ? phones.filter((phone) => !phone.cut) : []
  await Promise.all(whole.map(({ device }) => ask('POST', '/control/network', { device, state: 'open' })))
})

function show() {
  for (const phone of phones) {
    phone.place.classList.toggle('cut', phone.cut)
    phone.state.textContent = phone.cut ? say.offline : say.online
    phone.button.textContent = phone.cut ? say.mend : say.cut
    document.querySelector(`[data-wire=${phone.device}]`).classList.toggle('off', phone.cut || !server.running)
  }
  server.box.classList.toggle('stopped', !server.running)
  server.box.querySelector('.state').textContent = server.running ? say.runs : say.stopped
  serverButton.textContent = server.running ? say.stop : say.start
}

/** After a reload the controls show what is. */
async function load() {
  server.running = (await ask('GET', '/control/server', {})).state === 'start'
  for (const phone of phones) phone.cut = (await ask('GET', '/control/network', { device: phone.device })).state !== 'open'
  show()
}

show()
load().catch(() => { fault.textContent = say.gone })
