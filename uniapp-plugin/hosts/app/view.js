// What the base puts into each webview. `__webview` is the driver's: id, style, the phone's system, the way to the service layer.
;(() => {
  const { id, os, tell } = window.__webview
  const nothing = () => {}
  const own = {
    id,
    getStyle: () => window.__webview.style,
    setStyle: nothing,
    setSoftinputTemporary: nothing,
    addEventListener: nothing,
    append: nothing,
    remove: nothing,
  }
  window.plus = {
    os: { ...os, language: 'en' },
    screen: { scale: devicePixelRatio, getCurrentSize: () => ({ resolutionWidth: innerWidth, resolutionHeight: innerHeight }) },
    navigator: { isImmersedStatusbar: () => true, getStatusbarHeight: () => 24, getUIStyle: () => 'light' },
    key: { showSoftKeybord: nothing, hideSoftKeybord: nothing },
    io: { convertLocalFileSystemURL: (path) => path },
    webview: { currentWebview: () => own, postMessageToUniNView: (message, to) => void tell(message, to) },
  }
  document.addEventListener('DOMContentLoaded', () => document.dispatchEvent(new Event('plusready')))
})()
