declare module 'generated:manifest' {
  const value: unknown
  export default value
}
declare module 'generated:templates' {
  const value: Record<string, never>
  export default value
}
