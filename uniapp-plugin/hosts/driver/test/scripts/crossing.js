var Im = uni.requireNativePlugin('Whinchat-IM')
check(Object.keys(Im).includes('echo') && uni.requireNativePlugin('Other') === undefined, 'the module lists its methods')
var seen = await new Promise(function (resolve) {
  Im.echo({ a: undefined, b: null, f: function () {}, when: new Date(0) }, null, undefined, new Date(0), /x/g, new Uint8Array([1, 2, 3, 4]), resolve)
})
check(JSON.stringify(seen.args.slice(0, 6)) === JSON.stringify([{ b: null, when: '1970-01-01T00:00:00.000Z' }, '', '', '1970-01-01T00:00:00.000Z', '/x/g',
  { '@type': 'binary', dataType: 'Uint8Array', base64: 'AQIDBA==' }]), 'arguments cross as the runtime has them: ' + JSON.stringify(seen.args))
check(/^\d+$/.test(seen.args[6]), 'a function crosses as an id')
var bob = stage.phone('bob')
check((await must(bob, 'remember', { what: 'a thing' })).memory === 'a thing', 'a second phone')
bob.answersNever({}, function () { check(false, 'nobody is left who could answer') })
bob = await stage.restart('bob')
check((await must(bob, 'remember', {})).memory === 'nothing', 'that was really killed')
Im = await stage.restart()
await must(Im, 'getVersion')

// The server's own address leads through the phone's own network; any other one is left alone.
var through = await must(Im, 'echo', { sdkAppId: 1, server: stage.server.url })
check(through.args[0].server === stage.server.url, 'only init is told where the server is')
check((await must(Im, 'init', { sdkAppId: 1, server: stage.server.url })).args[0].server === undefined, 'init goes by the manifest parameter')
check((await must(Im, 'init', { sdkAppId: 1, server: 'ws://elsewhere' })).args[0].server === 'ws://elsewhere', 'init elsewhere goes there')
