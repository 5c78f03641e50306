// The frame around every screen: navigation, shortcuts, palette, help, what was done last.
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react'
import { Link, Redirect, Route, Switch, useLocation } from 'wouter'
import { rolesOf } from '@mini/domain/roles'
import type { Person } from '@mini/services/shapes'
import { screensFor, type ScreenSpec } from './app'
import { watchIdle } from './idle'
import { Icon } from './kit/Icon'
import { useKeys, usePrefix } from './kit/keys'
import { Empty, Loading } from './kit/Message'
import { Toast } from './kit/Toast'
import { Languages } from './Languages'
import { signOut } from './session'
import { words } from './words'

const Help = lazy(() => import('./Help').then((all) => ({ default: all.Help })))
const Palette = lazy(() => import('./Palette').then((all) => ({ default: all.Palette })))
const AgreementSheet = lazy(() =>
  import('./screens/agreement').then((all) => ({ default: all.AgreementSheet })),
)
const Order = lazy(() => import('./screens/order').then((all) => ({ default: all.Order })))

const GROUPS = ['work', 'common', 'mutual', 'people', 'setup', 'records'] as const
const GO = 'g '

export function Frame({ me }: { me: Person }) {
  const [, navigate] = useLocation()
  const screens = screensFor(rolesOf(me))
  const [open, setOpen] = useState<'palette' | 'help' | ''>('')
  useEffect(watchIdle, [])
  usePrefix()
  useKeys({
    ...Object.fromEntries(
      screens.filter(({ key }) => key).map(({ key, name }) => [GO + key, () => navigate(`/${name}`)]),
    ),
    n: () => screens.some(({ name }) => name === 'register') && navigate('/register'),
    '?': () => setOpen('help'),
  })
  usePaletteKey(() => setOpen('palette'))
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {words().app.skip}
      </a>
      <Nav me={me} screens={screens} onPalette={() => setOpen('palette')} onHelp={() => setOpen('help')} />
      <main id="content" tabIndex={-1}>
        <Offline />
        <Suspense fallback={<Loading />}>
          {me.posts.length ? <Screens screens={screens} /> : <Empty title={words().signIn.noPost} />}
        </Suspense>
      </main>
      <Toast />
      <Suspense>
        {open === 'palette' && <Palette screens={screens} close={() => setOpen('')} />}
        {open === 'help' && <Help screens={screens} close={() => setOpen('')} />}
      </Suspense>
    </div>
  )
}

function Screens({ screens }: { screens: readonly ScreenSpec[] }) {
  const home = screens[0]!.name
  return (
    <Switch>
      <Route path="/">
        <Redirect to={`/${home}`} replace />
      </Route>
      <Route path="/order/:id">{({ id }) => <Order id={id} />}</Route>
      <Route path="/agreement/:id">{({ id }) => <AgreementSheet id={id} />}</Route>
      {screens.map(({ name, View }) => (
        <Route key={name} path={`/${name}/:id?`}>
          {({ id }) => <View id={id} />}
        </Route>
      ))}
      <Route>
        <Empty title={words().app.notHere} />
      </Route>
    </Switch>
  )
}

interface NavProps {
  me: Person
  screens: readonly ScreenSpec[]
  onPalette: () => void
  onHelp: () => void
}

function Nav({ me, screens, onPalette, onHelp }: NavProps) {
  const [at] = useLocation()
  const post = me.posts[0]
  return (
    <header className="side">
      <p className="brand">
        <Icon name="stair_light" />
        {words().app.name}
      </p>
      <button type="button" className="btn plain wide palette-button" onClick={onPalette}>
        <Icon name="search" />
        <span className="grow">{words().app.menu}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <nav aria-label={words().app.nav}>
        {GROUPS.map((group) => {
          const own = screens.filter((screen) => screen.group === group)
          return own.length ? (
            <div key={group} role="group" aria-labelledby={`group-${group}`}>
              <p className="group" id={`group-${group}`}>
                {words().groups[group]}
              </p>
              <ul>
                {own.map(({ name, icon, title, key }) => {
                  const here = at === `/${name}` || at.startsWith(`/${name}/`)
                  return (
                    <li key={name}>
                      <Link
                        href={`/${name}`}
                        className={here ? 'nav on' : 'nav'}
                        aria-current={here ? 'page' : undefined}
                      >
                        <Icon name={icon} />
                        <span className="grow">{title()}</span>
                        {key && <kbd>g {key}</kbd>}
                      </Link>
                    </li>
                  )
                })}
              </ul>
            </div>
          ) : null
        })}
      </nav>
      <div className="who" role="group" aria-label={words().app.account}>
        <p className="who-name" title={post?.label}>
          <span className="strong">{me.name ?? post?.role_name}</span>{' '}
          {post && <span className="muted small">{post.label}</span>}
        </p>
        <div className="row wrap">
          <button type="button" className="btn text small" onClick={() => void signOut()}>
            {words().app.signOut}
          </button>
          <button type="button" className="btn text small" onClick={onHelp}>
            {words().app.help} <kbd>?</kbd>
          </button>
        </div>
        <Languages />
      </div>
    </header>
  )
}

/** Ctrl K and ⌘K work everywhere, while somebody types too. */
function usePaletteKey(open: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'k' || !(event.ctrlKey || event.metaKey) || event.isComposing) return
      event.preventDefault()
      open()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}

const watchNetwork = (watcher: () => void): (() => void) => {
  for (const name of ['online', 'offline']) addEventListener(name, watcher)
  return () => {
    for (const name of ['online', 'offline']) removeEventListener(name, watcher)
  }
}

function Offline() {
  const online = useSyncExternalStore(watchNetwork, () => navigator.onLine)
  return (
    <div role="status">
      {!online && (
        <p className="note soon">
          <Icon name="offline" /> {words().app.offline}
        </p>
      )}
    </div>
  )
}
