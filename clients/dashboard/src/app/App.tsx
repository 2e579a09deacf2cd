import { useEffect } from "preact/hooks";
import { DifficultyPage } from "../classes/DifficultyPage";
import { SignInPage } from "../signin/SignInPage";
import { SystemPage } from "../system/SystemPage";
import { TaskPage } from "../tasks/TaskPage";
import { TasksPage } from "../tasks/TasksPage";
import { TenantPage } from "../tenants/TenantPage";
import { TenantsPage } from "../tenants/TenantsPage";
import { JobPage } from "../training/JobPage";
import { TrainPage } from "../training/TrainPage";
import { TryPage } from "../tryit/TryPage";
import { Empty } from "../ui/parts";
import { Toasts } from "../ui/Toasts";
import { Frame } from "./Frame";
import { followLinks, go, type Place, usePlace } from "./router";
import { useSession } from "./useSession";

export function App() {
  const place = usePlace();
  const session = useSession();
  useEffect(() => {
    if (session && place.path === "/") go("/tasks", { replace: true });
  }, [session, place.path]);
  // A new page is read from its heading, as a loaded one would be.
  useEffect(() => {
    const heading = document.querySelector<HTMLElement>("main h1");
    document.title = heading?.textContent ? `${heading.textContent} · TaskRes` : "TaskRes";
    if (document.activeElement === document.body || document.activeElement?.closest("nav")) heading?.focus({ preventScroll: true });
  }, [place.path, session]);

  if (!session) return <SignInPage />;
  return (
    <div class="app" onClick={followLinks}>
      <a class="skip" href="#main" onClick={skip}>
        To the page
      </a>
      <Frame place={place} session={session} />
      <main id="main" tabIndex={-1} key={session.tenant}>
        {pageAt(place)}
      </main>
      <Toasts />
    </div>
  );
}

function pageAt({ parts: [page, id, part, deeper], query }: Place) {
  if (page === "tasks" && !id) return <TasksPage />;
  if (page === "tasks" && id && !part) return <TaskPage key={id} task={id} />;
  if (page === "tasks" && id && part === "classes") return <DifficultyPage key={id} task={id} />;
  if (page === "tasks" && id && part === "jobs" && deeper) return <JobPage key={deeper} task={id} job={deeper} />;
  if (page === "train") return <TrainPage chosen={query.get("task") ?? ""} />;
  if (page === "try") return <TryPage chosen={query.get("task") ?? ""} />;
  if (page === "system") return <SystemPage />;
  if (page === "tenants" && !id) return <TenantsPage />;
  if (page === "tenants" && id) return <TenantPage key={id} tenant={id} />;
  return (
    <Empty title="There is no such page.">
      <a href="/tasks">To the tasks</a>
    </Empty>
  );
}

function skip(event: Event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
