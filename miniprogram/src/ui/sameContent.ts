// Whether two values hold the same. Never compare objects of `data` by identity: where WeChat runs a component
// on its older framework, exparser, `this.data.x` is another object inside an observer than outside.
export const sameContent = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other)
