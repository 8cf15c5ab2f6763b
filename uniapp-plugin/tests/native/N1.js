// N1: section 2.3's conversions, for every method: whatever is passed, a method answers once, with a code.
var Im = uni.requireNativePlugin('Whinchat-IM')
var names = Object.keys(Im)
check(names.length > 200, 'every name of the table is there: ' + names.length)

/** Calls a method with these arguments and a callback behind them; gives the answer. */
function pass(name, args) {
  return new Promise(function (resolve) {
    Im[name].apply(null, args.concat([resolve, function () { check(false, name + ' called a further function') }]))
  })
}
var binary = new Uint8Array([1, 2, 3])
var bad = [undefined, null, '', 'a text', '{"userId":', 7, -1.5, true, [], [1, 'b'], binary, new Date(0), /x/, { userId: function () {}, list: [function () {}] },
  { '@type': 'java.lang.Class', val: 'a' }, { $ref: '$' }, { userId: { a: [null, { b: '\u0000 😀 \ud800' }] } }]
// Setters keep their callback and owe no answer.
var methods = names.filter(function (name) { return !/^set\w+Listend?er$/.test(name) })
// Many at once, below what a context may have without an answer.
for (var at = 0; at < methods.length; at += 50) {
  await Promise.all(methods.slice(at, at + 50).map(async function (name) {
    var answers = await Promise.all(bad.map(function (arg) { return pass(name, [arg]) }))
    answers.forEach(function (ret) {
      check(typeof ret.status === 'boolean' && typeof ret.code === 'number' && ret.msg === ret.desc, name + ' answers: ' + JSON.stringify(ret))
      check(ret.status ? ret.code === 0 : ret.code > 0 && ret.msg !== '', name + ' says why: ' + JSON.stringify(ret))
    })
  }))
}

// What is not even a function in the place of the callback harms nothing, and neither does none at all.
for (var i = 0; i < names.length; i++) {
  var others = [[], [{}], [{}, null], [{}, 7], [{}, {}], [{}, 'text']]
  for (var n = 0; n < others.length; n++) Im[names[i]].apply(null, others[n])
}

// After all that it works, and texts arrive as they were written.
await login(Im, 'alice')
var bob = await login(stage.phone('bob'), 'bob')
var heard = hear(bob, 'setAdvancedMsgListener')
var odd = 'zero \u0000 one, emoji 😀👨‍👩‍👧, 中文, "quoted" \\ and \u2028'
await must(Im, 'sendC2CTextMessage', { text: odd, userId: 'bob' })
check((await heard.next('onRecvNewMessage')).elem.text === odd, 'a text with everything in it')
// A text of JSON in the place of the options is read as such.
check((await ask(Im, 'sendC2CTextMessage', JSON.stringify({ text: 'as text', userId: 'bob' }))).code === 0, 'options as JSON text')
check((await heard.next('onRecvNewMessage')).elem.text === 'as text', 'they count')
