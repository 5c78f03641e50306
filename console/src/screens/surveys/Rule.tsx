// The rule of a vote: one of the law's, its article beside it, or the office's own shares and what they rest on.
import { useId } from 'react'
import type { components } from '@mini/services/api'
import type { InputProps } from '../../kit/fields'
import { words } from '../../words'

type RuleIn = components['schemas']['RuleIn']

const CODES = ['general', 'special', 'own'] as const
const SHARES = ['turnout_heads', 'turnout_area', 'majority_heads', 'majority_area'] as const
const USUAL = ['>1/2', '>=1/2', '>=2/3', '>=3/4', '>=4/5'] as const

export function Rule({ value, set, within = [] }: InputProps) {
  const name = useId()
  const rule = value as RuleIn
  const choose = (code: (typeof CODES)[number]): void =>
    set(code === 'own' ? { code, turnout_heads: '>1/2', majority_heads: '>1/2' } : { code })
  return (
    <div className="rows">
      {CODES.map((code) => (
        <label key={code} className="law">
          <input
            type="radio"
            name={name}
            checked={rule.code === code}
            aria-describedby={`${name}-${code}`}
            onChange={() => choose(code)}
          />
          <span className="strong">{words().surveyRules[code]}</span>
          <span className="muted small" id={`${name}-${code}`}>
            {words().surveyLaws[code]}
          </span>
        </label>
      ))}
      {rule.code === 'own' && <OwnRule rule={rule} set={set} />}
      {within.map(({ pointer, detail }) => (
        <p key={pointer} className="bad small" role="alert">
          {detail}
        </p>
      ))}
    </div>
  )
}

function OwnRule({ rule, set }: { rule: RuleIn; set: (rule: RuleIn) => void }) {
  const text = words().surveys
  // What is not asked for is left out.
  const put = (name: keyof RuleIn, said: string): void => {
    const rest = Object.entries(rule).filter(([each]) => each !== name)
    set(Object.fromEntries(said ? [...rest, [name, said]] : rest) as RuleIn)
  }
  return (
    <div className="own-rule">
      {SHARES.map((share) => (
        <label key={share} className="form-field">
          <span className="small">{words().surveyShares[share]}</span>
          <select
            className="field"
            value={rule[share] ?? ''}
            onChange={(event) => put(share, event.target.value)}
          >
            <option value="">{text.noShare}</option>
            {USUAL.map((usual) => (
              <option key={usual} value={usual}>
                {words().shareNames[usual]}
              </option>
            ))}
          </select>
        </label>
      ))}
      <label className="form-field wide">
        <span className="small">{text.basis}</span>
        <input
          className="field"
          placeholder={text.basisHint}
          value={rule.basis ?? ''}
          onChange={(event) => put('basis', event.target.value)}
        />
      </label>
    </div>
  )
}
