setTimeout(function () {
  Promise.reject(new Error('rejected on purpose'))
}, 10)
await new Promise(function () {})
