// Signing in: a code to scan with WeChat; in demo mode also the people of the demo street.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { problemOf } from '@mini/platform/problem'
import { listAll } from '@mini/services/pages'
import type { Persona, SignInResult } from '@mini/services/shapes'
import { send } from './platform/http'
import { Languages } from './Languages'
import { Problem } from './kit/Message'
import { auth, begin, signInAs, useSession } from './session'
import { words } from './words'

const POLL = 2_000 // milliseconds

interface Scan {
  scan_id: string
  secret: string
  qr_png: string
  expires_in: number
}
interface ScanState extends Partial<SignInResult> {
  status: 'pending' | 'approved' | 'expired'
}

export function SignIn() {
  const { reason } = useSession()
  const text = words().signIn
  useEffect(() => {
    document.title = `${text.title} · ${words().app.name}`
  }, [text])
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <h1>{text.title}</h1>
        {reason && (
          <p className={reason === 'left' ? 'note' : 'note soon'} role="alert">
            {text[reason]}
          </p>
        )}
        <ScanCode />
        <Personas />
        <Languages />
      </div>
    </main>
  )
}

function ScanCode() {
  const text = words().signIn
  const [round, setRound] = useState(0)
  const scan = useQuery({
    queryKey: ['scan', round],
    queryFn: () => auth<Scan>('POST', '/scan'),
    staleTime: Infinity,
    gcTime: 0,
  })
  const poll = useQuery({
    queryKey: ['scan', round, 'state'],
    queryFn: () =>
      auth<ScanState>('GET', `/scan/${scan.data!.scan_id}?secret=${encodeURIComponent(scan.data!.secret)}`),
    enabled: Boolean(scan.data),
    refetchInterval: ({ state }) => (state.data?.status === 'expired' ? false : POLL),
    gcTime: 0,
  })
  const { status, access_token, person } = poll.data ?? {}
  useEffect(() => {
    if (status === 'approved' && access_token && person) begin({ access_token, person })
  }, [status, access_token, person])
  const expired = status === 'expired'
  return (
    <section className="scan">
      <p>{text.scan}</p>
      {scan.data && !expired && (
        <img src={`data:image/png;base64,${scan.data.qr_png}`} alt={text.code} width="200" height="200" />
      )}
      {expired && <p role="status">{text.expired}</p>}
      {(expired || scan.error) && (
        <button type="button" className="btn" onClick={() => setRound(round + 1)}>
          {text.again}
        </button>
      )}
      <Problem error={scan.error} />
    </section>
  )
}

/** Outside demo mode there is no list (404). An answer that did not come is asked for again. */
function noneOutsideDemo(error: unknown): Persona[] {
  if (problemOf(error).status === 404) return []
  throw error
}

function Personas() {
  const { data } = useQuery({
    queryKey: ['personas'],
    queryFn: () => listAll<Persona>('/auth/demo', {}, send).catch(noneOutsideDemo),
    staleTime: Infinity,
  })
  const signIn = useMutation({ mutationFn: signInAs })
  if (!data?.length) return null
  return (
    <section aria-labelledby="demo-title">
      <h2 id="demo-title">{words().signIn.demo}</h2>
      <ul className="personas">
        {data.map(({ persona, label }) => (
          <li key={persona}>
            <button
              type="button"
              className="btn plain"
              disabled={signIn.isPending}
              onClick={() => signIn.mutate(persona)}
            >
              {label}
            </button>
          </li>
        ))}
      </ul>
      <Problem error={signIn.error} />
    </section>
  )
}
