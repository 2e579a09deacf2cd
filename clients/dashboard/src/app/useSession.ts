import { useEffect, useState } from "preact/hooks";
import { type Session, session } from "../api/session";

export function useSession(): Session | null {
  const [current, setCurrent] = useState(session.current);
  useEffect(() => session.subscribe(() => setCurrent(session.current)), []);
  return current;
}
