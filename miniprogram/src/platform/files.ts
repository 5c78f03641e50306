// Files on the phone: kept out of the temporary folder, which WeChat may empty at any time, and shown.
export function saveFile(tempFilePath: string): Promise<string> {
  return new Promise((resolve) => {
    wx.getFileSystemManager().saveFile({
      tempFilePath,
      success: ({ savedFilePath }) => resolve(savedFilePath),
      fail: () => resolve(tempFilePath), // storage full, or saved before: use the temporary file for now
    })
  })
}

/** Show a PDF, with the menu to send, save or print it; rejects when the phone cannot. */
export function openPdf(filePath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    wx.openDocument({
      filePath,
      fileType: 'pdf',
      showMenu: true,
      success: () => resolve(),
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    })
  })
}

export function removeFile(filePath: string): void {
  wx.getFileSystemManager().removeSavedFile({ filePath, fail: () => undefined })
}
