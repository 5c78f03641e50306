// Photos of what is not sent yet: moved out of the temporary folder, which WeChat empties as it likes.
export function saved(path: string): Promise<string> {
  return new Promise((resolve) => {
    wx.getFileSystemManager().saveFile({
      tempFilePath: path,
      success: (kept) => resolve(kept.savedFilePath),
      fail: () => resolve(path), // full, or saved already: the temporary one will do for now
    })
  })
}

export function removed(path: string): void {
  wx.getFileSystemManager().removeSavedFile({ filePath: path, fail: () => undefined })
}
