declare module 'made:manifest' {
  const value: unknown
  export default value
}
declare module 'made:templates' {
  const value: Record<string, never>
  export default value
}
