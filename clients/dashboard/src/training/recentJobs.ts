const storageKey = "taskres.jobs";
const mostKept = 8;

/** The jobs started in this tab: the services keep jobs by name, and list none. */
export function recentJobs(tenant: string): string[] {
  return stored().filter((job) => job.startsWith(`tenants/${tenant}/`));
}

export function rememberJob(job: string) {
  sessionStorage.setItem(storageKey, JSON.stringify([job, ...stored()].slice(0, mostKept)));
}

function stored(): string[] {
  return JSON.parse(sessionStorage.getItem(storageKey) ?? "[]");
}
