/** WeChat's own compilers, wcc and wcsc: where the package miniprogram-compiler has them for this machine. */
const PROGRAMS = {
  'linux x64': ['bin/linux', ''],
  'darwin x64': ['bin/mac', ''],
  'darwin arm64': ['bin/mac', ''], // runs them under Rosetta
  'win32 x64': ['bin/windows', '.exe'],
}

/** Return folder and suffix of the programs; ends the process where there are none, saying what is left out. */
export function wechatPrograms(check) {
  const platform = `${process.platform} ${process.arch}`
  if (PROGRAMS[platform]) return PROGRAMS[platform]
  console.log(`${check} skipped: miniprogram-compiler has no programs for ${platform}`)
  return process.exit(0)
}
