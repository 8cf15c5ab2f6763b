import { createWhinchat } from '@whinchat/uniapp'

/** The one way to the core: the native plugin in the app, the simulator in the browser. */
export const im = createWhinchat()
