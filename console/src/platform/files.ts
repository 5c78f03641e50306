// Photos are uploaded as soon as they are chosen: there are no files to keep.
export const saveFile = (path: string): Promise<string> => Promise.resolve(path)
export const removeFile = (): void => undefined
