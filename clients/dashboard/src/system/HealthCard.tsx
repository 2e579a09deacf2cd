import { useResource } from "../app/useResource";
import { Badge, Card, ErrorNote, Loading, type Tone } from "../ui/parts";

interface Health {
  status: string;
  dependencies: Record<string, { state: string; description?: string | null }>;
}

const refreshMs = 5000;
const tones: Record<string, Tone> = { ready: "good", degraded: "warn", "not ready": "bad", away: "bad", "circuit open": "bad" };

/** Whether to send work here, and what the service leans on. */
export function HealthCard() {
  const health = useResource(read, [], refreshMs);
  return (
    <Card title="Health" actions={health.data && <Badge tone={tones[health.data.status]}>{health.data.status}</Badge>}>
      <ErrorNote error={health.error} />
      {health.loading && <Loading what="health" />}
      {health.data && (
        <ul class="plain rows">
          {Object.entries(health.data.dependencies).map(([name, { state, description }]) => (
            <li key={name}>
              <span>{name}</span>
              <span class="muted small">{description}</span>
              <Badge tone={tones[state]}>{state}</Badge>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

// 503 carries the same body, and says which dependency is away.
async function read(signal: AbortSignal): Promise<Health> {
  return (await fetch("/health", { signal })).json();
}
