// It asks for ever.
await until('pigs fly', async function () { return (await ask(uni.requireNativePlugin('Whinchat-IM'), 'getVersion')).pigs })
