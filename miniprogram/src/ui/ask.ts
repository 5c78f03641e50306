// The dialogs of the program. WeChat shows none whose buttons have more than four characters: their words are
// few, the title and the sentence say what it is about (i18n `dialog`).
import { wordsOf } from '../i18n/index'

/** Ask a question; resolves to false when it is declined or could not be shown. */
export function ask(title: string, content = ''): Promise<boolean> {
  const { yes, no } = wordsOf('dialog')
  return new Promise((resolve) => {
    wx.showModal({
      title,
      content,
      confirmText: yes,
      cancelText: no,
      success: ({ confirm }) => resolve(confirm),
      fail: () => resolve(false),
    })
  })
}

/** Say something that has to be read. */
export function tell(title: string, content: string): void {
  wx.showModal({
    title,
    content,
    showCancel: false,
    confirmText: wordsOf('dialog').close,
    fail: () => void wx.showToast({ title: content, icon: 'none', duration: 3000 }),
  })
}
