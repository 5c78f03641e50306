// Looks of a screen, or its usual filters, side by side: one of them is on.
interface Props<Name extends string> {
  label: string
  /** The tabs in their order, with their names. */
  tabs: Readonly<Partial<Record<Name, string>>>
  on: Name | undefined
  choose: (name: Name) => void
}

export function Tabs<Name extends string>({ label, tabs, on, choose }: Props<Name>) {
  return (
    <div className="tabs" role="group" aria-label={label}>
      {(Object.keys(tabs) as Name[]).map((name) => (
        <button
          key={name}
          type="button"
          className={name === on ? 'tab on' : 'tab'}
          aria-pressed={name === on}
          onClick={() => choose(name)}
        >
          {tabs[name]}
        </button>
      ))}
    </div>
  )
}
