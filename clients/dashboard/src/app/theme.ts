export type Theme = "system" | "light" | "dark";

const storageKey = "taskres.theme";
const order: Theme[] = ["system", "light", "dark"];

/** Kept on the machine, since it says nothing of anybody. */
export function storedTheme(): Theme {
  const stored = localStorage.getItem(storageKey) as Theme;
  return order.includes(stored) ? stored : "system";
}

export function applyTheme(theme: Theme) {
  localStorage.setItem(storageKey, theme);
  document.documentElement.dataset.theme = theme;
  // Charts are painted, and must be painted again.
  document.documentElement.dispatchEvent(new Event("themechange"));
}

export const nextTheme = (theme: Theme): Theme => order[(order.indexOf(theme) + 1) % order.length]!;
