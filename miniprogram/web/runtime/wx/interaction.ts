/** Toasts, dialogs, action sheets, previews, clipboard, phone calls. */
import { addressOf } from '../files'
import { recordCall } from '../harness'
import * as over from '../overlays'
import { asyncCall, type CallOptions } from './asyncCall'

type Toast = CallOptions & { title: string; icon?: string; mask?: boolean; duration?: number }
export const showToast = (options: Toast) =>
  asyncCall('showToast', options, () => {
    recordCall('showToast', options)
    over.showToast(options.title, {
      icon: options.icon ?? 'success',
      mask: options.mask ?? false,
      duration: options.duration ?? 1500,
      turning: options.icon === 'loading',
    })
  })
export const hideToast = (options?: CallOptions) => asyncCall('hideToast', options, over.hideToast)
export const showLoading = (options: Toast) =>
  asyncCall('showLoading', options, () =>
    over.showToast(options.title, { mask: options.mask ?? false, turning: true }),
  )
export const hideLoading = (options?: CallOptions) => asyncCall('hideLoading', options, over.hideToast)

const LONGEST_BUTTON = 4 // characters

export const showModal = (options: CallOptions & over.Question) =>
  asyncCall('showModal', options, async () => {
    recordCall('showModal', options)
    for (const button of ['confirmText', 'cancelText'] as const)
      if ((options[button]?.length ?? 0) > LONGEST_BUTTON)
        throw new Error(`${button} length should not larger than ${LONGEST_BUTTON} Chinese characters`)
    const { confirm, content } = await over.showQuestion(options)
    return { confirm, cancel: !confirm, content: options.editable && confirm ? content : null }
  })

export const showActionSheet = (
  options: CallOptions & { itemList: string[]; alertText?: string; itemColor?: string },
) =>
  asyncCall('showActionSheet', options, async () => {
    const tapIndex = await over.chooseOne(options.alertText ?? '', options.itemList, options.itemColor)
    if (tapIndex === null) throw new Error('cancel')
    return { tapIndex }
  })

export const previewImage = (options: CallOptions & { urls: string[]; current?: string }) =>
  asyncCall('previewImage', options, async () => {
    recordCall('previewImage', options)
    over.showPhotos(
      await Promise.all(options.urls.map(addressOf)),
      Math.max(options.urls.indexOf(options.current ?? ''), 0),
    )
  })

export const previewMedia = (options: CallOptions & { sources: { url: string }[]; current?: number }) =>
  asyncCall('previewMedia', options, async () =>
    over.showPhotos(
      await Promise.all(options.sources.map(({ url }) => addressOf(url))),
      options.current ?? 0,
    ),
  )

export const setClipboardData = (options: CallOptions & { data: string }) =>
  asyncCall('setClipboardData', options, async () => {
    recordCall('setClipboardData', options)
    // A browser may refuse where WeChat does not.
    await navigator.clipboard.writeText(options.data).catch(() => undefined)
    over.showToast('内容已复制', { icon: 'success' })
  })
export const getClipboardData = (options?: CallOptions) =>
  asyncCall('getClipboardData', options, async () => ({ data: await navigator.clipboard.readText() }))

export const makePhoneCall = (options: CallOptions & { phoneNumber: string }) =>
  asyncCall('makePhoneCall', options, async () => {
    recordCall('makePhoneCall', options)
    const { confirm } = await over.showQuestion({
      title: '拨打电话',
      content: options.phoneNumber,
      confirmText: '呼叫',
    })
    if (!confirm) throw new Error('cancel')
  })

export const vibrateShort = (options?: CallOptions) =>
  asyncCall('vibrateShort', options, () => void navigator.vibrate?.(15))
export const vibrateLong = (options?: CallOptions) =>
  asyncCall('vibrateLong', options, () => void navigator.vibrate?.(400))
export const hideKeyboard = (options?: CallOptions) =>
  asyncCall('hideKeyboard', options, () => (document.activeElement as HTMLElement | null)?.blur())
export const showShareMenu = (options?: CallOptions) => asyncCall('showShareMenu', options, () => undefined)
export const hideShareMenu = (options?: CallOptions) => asyncCall('hideShareMenu', options, () => undefined)
export const enableAlertBeforeUnload = (options?: CallOptions) =>
  asyncCall('enableAlertBeforeUnload', options, () => undefined)
export const disableAlertBeforeUnload = (options?: CallOptions) =>
  asyncCall('disableAlertBeforeUnload', options, () => undefined)

/** A browser has no calendar of the phone: what would be written is among the calls. */
export const addPhoneCalendar = (options: CallOptions & { title: string; startTime: number }) =>
  asyncCall('addPhoneCalendar', options, () => recordCall('addPhoneCalendar', options))
