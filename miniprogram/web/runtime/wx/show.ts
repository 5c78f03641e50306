/** Toasts, questions, choices, and what leaves the program. */
import { addressOf } from '../files'
import { note } from '../hooks'
import * as over from '../over'
import { answer, type Asked } from './answer'

type Toast = Asked & { title: string; icon?: string; mask?: boolean; duration?: number }
export const showToast = (options: Toast) =>
  answer('showToast', options, () => {
    note('showToast', options)
    over.say(options.title, { icon: options.icon ?? 'success', mask: options.mask ?? false, duration: options.duration ?? 1500, turning: options.icon === 'loading' })
  })
export const hideToast = (options?: Asked) => answer('hideToast', options, over.hush)
export const showLoading = (options: Toast) => answer('showLoading', options, () => over.say(options.title, { mask: options.mask ?? false, turning: true }))
export const hideLoading = (options?: Asked) => answer('hideLoading', options, over.hush)

export const showModal = (options: Asked & over.Question) =>
  answer('showModal', options, async () => {
    note('showModal', options)
    const { confirm, content } = await over.ask(options)
    return { confirm, cancel: !confirm, content: options.editable && confirm ? content : null }
  })

export const showActionSheet = (options: Asked & { itemList: string[]; alertText?: string; itemColor?: string }) =>
  answer('showActionSheet', options, async () => {
    const tapIndex = await over.sheet(options.alertText ?? '', options.itemList, options.itemColor)
    if (tapIndex === null) throw new Error('cancel')
    return { tapIndex }
  })

export const previewImage = (options: Asked & { urls: string[]; current?: string }) =>
  answer('previewImage', options, async () => {
    note('previewImage', options)
    over.photos(await Promise.all(options.urls.map(addressOf)), Math.max(options.urls.indexOf(options.current ?? ''), 0))
  })

export const previewMedia = (options: Asked & { sources: { url: string }[]; current?: number }) =>
  answer('previewMedia', options, async () => over.photos(await Promise.all(options.sources.map(({ url }) => addressOf(url))), options.current ?? 0))

export const setClipboardData = (options: Asked & { data: string }) =>
  answer('setClipboardData', options, async () => {
    note('setClipboardData', options)
    await navigator.clipboard.writeText(options.data).catch(() => undefined) // a browser may refuse; WeChat never does
    over.say('内容已复制', { icon: 'success' })
  })
export const getClipboardData = (options?: Asked) => answer('getClipboardData', options, async () => ({ data: await navigator.clipboard.readText() }))

export const makePhoneCall = (options: Asked & { phoneNumber: string }) =>
  answer('makePhoneCall', options, async () => {
    note('makePhoneCall', options)
    const { confirm } = await over.ask({ title: '拨打电话', content: options.phoneNumber, confirmText: '呼叫' })
    if (!confirm) throw new Error('cancel')
  })

export const vibrateShort = (options?: Asked) => answer('vibrateShort', options, () => void navigator.vibrate?.(15))
export const vibrateLong = (options?: Asked) => answer('vibrateLong', options, () => void navigator.vibrate?.(400))
export const hideKeyboard = (options?: Asked) => answer('hideKeyboard', options, () => (document.activeElement as HTMLElement | null)?.blur())
export const showShareMenu = (options?: Asked) => answer('showShareMenu', options, () => undefined)
export const hideShareMenu = (options?: Asked) => answer('hideShareMenu', options, () => undefined)
export const enableAlertBeforeUnload = (options?: Asked) => answer('enableAlertBeforeUnload', options, () => undefined)
export const disableAlertBeforeUnload = (options?: Asked) => answer('disableAlertBeforeUnload', options, () => undefined)
