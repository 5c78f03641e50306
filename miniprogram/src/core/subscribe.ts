// Leave to send a message later. WeChat wants it straight from a tap, before anything is waited for; refusing changes nothing.
import { TEMPLATES } from './config'

export function subscribe(moment: keyof typeof TEMPLATES): void {
  const tmplIds = TEMPLATES[moment].slice(0, 3)
  if (tmplIds.length) wx.requestSubscribeMessage({ tmplIds, fail: () => undefined })
}
