import { useEffect, useState } from "preact/hooks";

/** Where the reader is. Pages are paths, so that each can be opened, kept and reloaded by its address. */
export interface Place {
  path: string;
  parts: string[];
  query: URLSearchParams;
}

const moved = new EventTarget();

export function here(): Place {
  return {
    path: location.pathname,
    parts: location.pathname.split("/").filter(Boolean).map(decodeURIComponent),
    query: new URLSearchParams(location.search),
  };
}

export function go(path: string, { replace = false } = {}) {
  if (path === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", path);
  moved.dispatchEvent(new Event("move"));
  scrollTo(0, 0);
}

export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const update = () => setPlace(here());
    moved.addEventListener("move", update);
    addEventListener("popstate", update);
    return () => {
      moved.removeEventListener("move", update);
      removeEventListener("popstate", update);
    };
  }, []);
  return place;
}

/** Links within the dashboard do not load the page anew. */
export function followLinks(event: MouseEvent) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element).closest("a");
  if (!link || link.origin !== location.origin || link.target || link.hasAttribute("download") || !link.hasAttribute("href")) return;
  event.preventDefault();
  go(link.pathname + link.search);
}

/** A path of these parts. */
export const pathTo = (...parts: string[]) => `/${parts.map(encodeURIComponent).join("/")}`;
