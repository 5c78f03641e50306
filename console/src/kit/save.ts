// Writing a file that was fetched with the access token to the reader's disk.
export function save(url: string, name: string): void {
  Object.assign(document.createElement('a'), { href: url, download: name }).click()
}
