import { useState } from "preact/hooks";
import { clients } from "../api/clients";
import { lastPart } from "../api/names";
import { type Session, session } from "../api/session";
import { Brand } from "../ui/Brand";
import { Icon, type IconName } from "../ui/icons";
import { type Place } from "./router";
import { applyTheme, nextTheme, storedTheme, type Theme } from "./theme";
import { useResource } from "./useResource";

const pages: { path: string; text: string; icon: IconName; shown: (session: Session) => boolean }[] = [
  { path: "/tasks", text: "Tasks", icon: "tasks", shown: () => true },
  { path: "/train", text: "Train", icon: "train", shown: () => true },
  { path: "/try", text: "Try it", icon: "try", shown: () => true },
  { path: "/system", text: "System", icon: "system", shown: ({ operates }) => operates },
  { path: "/tenants", text: "Tenants", icon: "tenants", shown: ({ administers }) => administers },
];

const themeIcons: Record<Theme, IconName> = { system: "system_theme", light: "light", dark: "dark" };

/** What is around every page: where one can go, whose data it is, the theme, and the way out. */
export function Frame({ place, session: current }: { place: Place; session: Session }) {
  return (
    <header class="frame">
      <div class="frame-inner">
        <a class="brand" href="/tasks" aria-label="TaskRes, to the tasks">
          <Brand size={24} />
        </a>
        <nav aria-label="Pages">
          {pages
            .filter((page) => page.shown(current))
            .map(({ path, text, icon }) => (
              <a key={path} href={path} aria-current={`/${place.parts[0]}` === path ? "page" : undefined}>
                <Icon name={icon} />
                <span>{text}</span>
              </a>
            ))}
        </nav>
        <div class="frame-end">
          <TenantChoice current={current} />
          <div class="frame-buttons">
            <ThemeButton />
            <button type="button" class="quiet" onClick={() => session.end()}>
              <Icon name="out" />
              <span>Sign out</span>
            </button>
          </div>
        </div>
      </div>
    </header>
  );
}

function TenantChoice({ current }: { current: Session }) {
  const { data } = useResource(
    async (signal) => (current.operates ? (await clients().tenants.listTenants({ pageSize: 500 }, { signal })).tenants : []),
    [current.key, location.pathname],
  );
  if (!current.operates)
    return (
      <p class="tenant" title="The tenant of your key">
        {current.tenant}
      </p>
    );
  const ids = new Set([current.tenant, ...(data ?? []).map(({ name }) => lastPart(name))]);
  return (
    <select class="tenant" aria-label="Tenant" value={current.tenant} onChange={(event) => session.choose(event.currentTarget.value)}>
      {[...ids].sort().map((id) => (
        <option key={id}>{id}</option>
      ))}
    </select>
  );
}


function ThemeButton() {
  const [theme, setTheme] = useState(storedTheme);
  const next = nextTheme(theme);
  const change = () => {
    applyTheme(next);
    setTheme(next);
  };
  return (
    <button type="button" class="quiet" onClick={change} aria-label={`Theme: ${theme}. Change to ${next}.`}>
      <Icon name={themeIcons[theme]} />
      <span>Theme: {theme}</span>
    </button>
  );
}
